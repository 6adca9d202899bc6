//! The browser that submitted an application sees it in full: a cookie with ids, each with
//! our mark under it. Nobody else can make the mark.

use salvo::{Request, Response};

use crate::{
    kernel::ids::RegistrationId,
    web::{App, cookie, cookie::Name},
};

/// Long enough for the review; short, because the computer may be shared.
const SECONDS: u64 = 14 * 24 * 3600;
/// An agent registers several units from one browser; older ones are masked for it again.
const MOST: usize = 8;
/// Stands between marks; neither an id nor our mark has it.
const BETWEEN: &str = "~";

fn mark(app: &App, id: &RegistrationId) -> String {
    format!("{id}.{}", app.vault.index(&format!("applicant {id}")))
}

fn marks(app: &App, req: &Request) -> Vec<String> {
    let value = cookie::read(app, req, Name::Applicant).unwrap_or_default();
    value.split(BETWEEN).filter(|mark| !mark.is_empty()).map(str::to_owned).collect()
}

/// Remembers in the browser what it submitted, or what its user has the password of.
pub(super) fn remember(app: &App, req: &Request, res: &mut Response, new: &RegistrationId) {
    let own = mark(app, new);
    let mut all = marks(app, req);
    all.retain(|known| *known != own);
    all.insert(0, own);
    all.truncate(MOST);
    cookie::set(app, res, Name::Applicant, all.join(BETWEEN), Some(SECONDS));
}

/// True for the browser that submitted this application.
pub(super) fn is_here(app: &App, req: &Request, id: &RegistrationId) -> bool {
    let expected = mark(app, id);
    let same = |given: &String| {
        aws_lc_rs::constant_time::verify_slices_are_equal(given.as_bytes(), expected.as_bytes())
            .is_ok()
    };
    marks(app, req).iter().any(same)
}
