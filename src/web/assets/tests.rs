//! Tests of the assets handler, over the files that this build embedded.

use salvo::test::{ResponseExt, TestClient};

use super::*;

fn service() -> Service {
    Service::new(Router::with_path("assets/{**path}").get(serve))
}

async fn get(path: &str, headers: &[(&'static str, &str)]) -> Response {
    let mut client = TestClient::get(format!("http://127.0.0.1{path}"));
    for (name, value) in headers {
        client = client.add_header(*name, *value, true);
    }
    client.send(&service()).await
}

fn value(res: &Response, name: &str) -> String {
    res.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn codings_follow_the_clients_weights() {
    assert_eq!(best_coding("gzip, deflate, br").unwrap().0, "br");
    assert_eq!(best_coding("GZIP;q=0.5, br;q=0").unwrap().0, "gzip");
    assert_eq!(best_coding("*").unwrap().0, "br");
    assert_eq!(best_coding("*, br;q=0.000").unwrap().0, "gzip");
    assert!(best_coding("identity").is_none());
    assert!(best_coding("").is_none());
}

#[test]
fn etags_compare_weakly() {
    assert!(matches_etag("W/\"a\", \"b\"", "\"a\""));
    assert!(matches_etag("*", "\"a\""));
    assert!(!matches_etag("\"b\"", "\"a\""));
    assert!(!matches_etag("", "\"a\""));
}

#[tokio::test]
async fn every_built_file_is_served_in_the_coding_asked_for_and_then_kept() {
    let names: Vec<String> = manifest().keys().cloned().collect();
    assert!(
        ["h5.css", "h5.js", "pc.css", "pc.js", "regions.json"]
            .iter()
            .all(|n| names.iter().any(|m| m == n))
    );
    for name in names {
        let url = asset_url(&name).unwrap();
        let plain = get(&url, &[]).await;
        assert_eq!(plain.status_code, Some(StatusCode::OK), "{name}");
        assert_eq!(value(&plain, "content-encoding"), "");
        let packed = get(&url, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(value(&packed, "content-encoding"), "br");
        assert_eq!(value(&packed, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(value(&packed, "x-content-type-options"), "nosniff");
        let etag = value(&packed, "etag");
        assert_ne!(etag, value(&plain, "etag"));
        let again = get(&url, &[("accept-encoding", "gzip, br"), ("if-none-match", &etag)]).await;
        assert_eq!(again.status_code, Some(StatusCode::NOT_MODIFIED));
        assert_eq!(value(&again, "etag"), etag);
    }
}

#[tokio::test]
async fn what_is_not_in_the_manifest_does_not_exist() {
    for path in
        ["manifest.json", "pc.css", "nope.js", "..%2fmanifest.json", "%2e%2e/Cargo.toml", ""]
    {
        let mut res = get(&format!("/assets/{path}"), &[]).await;
        assert_eq!(res.status_code, Some(StatusCode::NOT_FOUND), "{path}");
        assert!(!res.take_string().await.unwrap_or_default().contains("hash"));
    }
}

#[test]
fn regions_start_with_jiangsu_and_have_three_levels() {
    let regions: serde_json::Value =
        serde_json::from_slice(&asset_bytes("regions.json").unwrap()).unwrap();
    assert_eq!(regions[0][1], "江苏省");
    assert_eq!(regions[0][2][0][1], "南京市");
    assert_eq!(regions[0][2][0][2][0][0], "320102");
}
