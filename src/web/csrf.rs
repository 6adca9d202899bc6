//! Form tokens: a keyed hash of the visitor cookie, so that another site can neither read nor
//! make one. [`super::Form`] checks it; a handler cannot forget to.

use salvo::{Request, Response};

use super::{App, cookie, cookie::Name};

/// The token for this browser's forms. A browser without a visitor cookie is given one.
pub fn token(app: &App, req: &Request, res: &mut Response) -> String {
    let visitor = cookie::read(app, req, Name::Visitor).filter(|id| id.len() == 22);
    let visitor = visitor.unwrap_or_else(|| {
        let fresh = app.ids.token();
        cookie::set(app, res, Name::Visitor, fresh.clone(), None);
        fresh
    });
    app.keys.form_token(&visitor)
}

/// True when the token belongs to the browser that sent it.
pub fn holds(app: &App, req: &Request, token: &str) -> bool {
    let Some(visitor) = cookie::read(app, req, Name::Visitor) else { return false };
    let expected = app.keys.form_token(&visitor);
    aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), token.as_bytes()).is_ok()
}
