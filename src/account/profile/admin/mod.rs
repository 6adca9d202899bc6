//! What the secretariat does with a member's profile: editing it, deciding 变更申请 and 人选, and the
//! small deeds of the member's page.

pub mod candidates;
pub mod changes;
pub mod deeds;
pub mod edit;

use crate::{kernel::text, web::Fields};

/// The reason of an admin form.
fn reason(fields: &mut Fields<'_>, what: &'static str) -> Option<String> {
    fields.read("reason", |typed| {
        text::required(typed, 200).map_err(|error| match error {
            text::TextError::Empty => format!("请填写{what}"),
            other => format!("{what}{other}"),
        })
    })
}
