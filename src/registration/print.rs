//! 入会申请表: the application on paper, for signature and seal.

use serde::Serialize;

use super::{
    Registration, sample,
    view::{Sight, View},
};
use crate::web::App;

/// What the printed form shows.
#[derive(Debug, Serialize)]
pub struct Content {
    view: View,
    back: String,
    association: String,
    charter_title: String,
}

impl Content {
    /// The form of an application, for its applicant.
    pub(super) fn of(app: &App, of: &Registration) -> Self {
        let site = &app.settings.site;
        Self {
            view: View::of(of, Sight::Own, site.review_days),
            back: format!("/register/{}", of.id),
            association: site.name.clone(),
            charter_title: site.charter.title.clone(),
        }
    }

    /// Every shape of the page.
    pub(super) fn samples() -> Vec<Self> {
        let all = sample::views(Sight::Own).into_iter();
        let page = |view| Self {
            view,
            back: "/register/sample-registration".into(),
            association: "示例协会".into(),
            charter_title: "示例协会章程".into(),
        };
        all.map(page).collect()
    }
}
