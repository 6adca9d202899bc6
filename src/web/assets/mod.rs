//! The built styles, scripts and images of the pages, embedded by `build.rs`, and the handler that
//! serves them. Which of them a page asks for is the layouts' matter; uploads live elsewhere.
//!
//! Every file has a hash of its content in its name, so it may be kept for ever; a name that is not
//! in the manifest does not exist, which also settles traversal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::Embed;
use salvo::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use salvo::http::{HeaderValue, StatusCode};
use salvo::prelude::*;

/// Embedded in release builds; read from the same folder at run time in debug builds.
#[derive(Embed)]
#[folder = "$OUT_DIR/dist"]
#[exclude = "*.txt"]
struct Dist;

type Manifest = BTreeMap<String, String>;

static MANIFEST: LazyLock<Manifest> = LazyLock::new(read_manifest);

fn read_manifest() -> Manifest {
    let file = Dist::get("manifest.json");
    file.and_then(|f| serde_json::from_slice(&f.data).ok()).unwrap_or_default()
}

/// In debug builds the manifest is read anew, so that `npm run watch` needs no restart.
fn manifest() -> Cow<'static, Manifest> {
    if cfg!(debug_assertions) { Cow::Owned(read_manifest()) } else { Cow::Borrowed(&MANIFEST) }
}

/// The address of a built file by its logical name: `pc.css` → `/assets/pc.3f2a….css`.
/// Registered as the template function `asset(name="pc.css")`.
#[must_use]
pub fn asset_url(name: &str) -> Option<String> {
    manifest().get(name).map(|file| format!("/assets/{file}"))
}

/// The content of a built file by its logical name, for Rust code that needs the same data as the
/// pages (`regions.json`).
#[must_use]
pub fn asset_bytes(name: &str) -> Option<Cow<'static, [u8]>> {
    manifest().get(name).and_then(|file| Dist::get(file)).map(|f| f.data)
}

/// `GET /assets/{**path}`.
#[handler]
pub async fn serve(req: &mut Request, res: &mut Response) {
    let path = req.param::<String>("path").unwrap_or_default();
    let accepted = header(req, &ACCEPT_ENCODING);
    let Some(file) = find(&path, &accepted) else {
        res.status_code(StatusCode::NOT_FOUND);
        return;
    };
    let headers = res.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(etag) = HeaderValue::from_str(&file.etag) {
        headers.insert(ETAG, etag);
    }
    if matches_etag(&header(req, &IF_NONE_MATCH), &file.etag) {
        res.status_code(StatusCode::NOT_MODIFIED);
        return;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&path)));
    if let Some(coding) = file.coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    let written = match file.data {
        Cow::Borrowed(data) => res.write_body(data),
        Cow::Owned(data) => res.write_body(data),
    };
    if written.is_err() {
        res.status_code(StatusCode::INTERNAL_SERVER_ERROR);
    }
}

/// One representation of a file.
struct Found {
    data: Cow<'static, [u8]>,
    coding: Option<&'static str>,
    etag: String,
}

fn find(path: &str, accepted: &str) -> Option<Found> {
    if !manifest().values().any(|file| file == path) {
        return None;
    }
    let coding = best_coding(accepted);
    let variant = coding.and_then(|(_, end)| Dist::get(&format!("{path}.{end}")));
    let (file, coding) = match variant {
        Some(file) => (file, coding.map(|(name, _)| name)),
        None => (Dist::get(path)?, None),
    };
    let hash = URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash());
    Some(Found { data: file.data, coding, etag: format!("\"{hash}\"") })
}

/// The best coding that the client takes and that we have, as (HTTP name, file ending).
/// Names are compared without case; `q=0` means "not this one" (RFC 9110, 12.5.3).
fn best_coding(accepted: &str) -> Option<(&'static str, &'static str)> {
    [("br", "br"), ("gzip", "gz")].into_iter().find(|(name, _)| takes(accepted, name))
}

fn takes(accepted: &str, coding: &str) -> bool {
    let mut any = false;
    for part in accepted.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let name = pieces.next().unwrap_or_default();
        let refused = pieces.any(is_zero_weight);
        if name.eq_ignore_ascii_case(coding) {
            return !refused;
        }
        any |= name == "*" && !refused;
    }
    any
}

fn is_zero_weight(parameter: &str) -> bool {
    let Some((key, value)) = parameter.split_once('=') else {
        return false;
    };
    let value = value.trim();
    key.trim().eq_ignore_ascii_case("q")
        && value.starts_with('0')
        && value.chars().all(|c| matches!(c, '0' | '.'))
}

/// Weak comparison, as RFC 9110 asks for If-None-Match.
fn matches_etag(wanted: &str, etag: &str) -> bool {
    wanted.split(',').map(str::trim).any(|w| w == "*" || w.trim_start_matches("W/") == etag)
}

fn header(req: &Request, name: &salvo::http::header::HeaderName) -> String {
    req.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// Only the kinds that the build makes.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
