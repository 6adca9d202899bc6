//! A submitted registration form, from either surface: read it, take it, or say what is wrong.

use std::time::Duration;

use serde::Serialize;

use super::{
    Registration,
    form::{self, FIELDS},
    model::Channel,
    submit::{SubmitError, submit},
};
use crate::{
    kernel::dictionary::{Entry, USER_TYPES},
    web::{
        App, AppError, Client, Form, FormState,
        form::{FieldErrors, Mistake},
        throttle,
    },
};

/// One address may send this many acceptable forms in the window. Several units share an address
/// (an agent, a meeting room), and a form that is refused costs nothing.
const MOST: u64 = 60;
const WINDOW: Duration = Duration::from_mins(10);

/// What the registration pages of both surfaces show.
#[derive(Debug, Serialize)]
pub struct Content {
    form: FormState,
    user_types: &'static [Entry],
    offers_insisting: bool,
    is_duplicate: bool,
    charter_title: String,
    privacy_title: String,
    review_days: u32,
}

impl Content {
    /// The empty form.
    pub fn blank(app: &App) -> Self {
        Self::new(app, FormState::blank(FIELDS))
    }

    fn new(app: &App, form: FormState) -> Self {
        let site = &app.settings.site;
        Self {
            form,
            user_types: USER_TYPES,
            offers_insisting: false,
            is_duplicate: false,
            charter_title: site.charter.title.clone(),
            privacy_title: site.privacy.title.clone(),
            review_days: site.review_days,
        }
    }

    fn refused(app: &App, form: &Form, errors: FieldErrors) -> Self {
        let offers_insisting = form::offers_insisting(form);
        let form = FormState::refused(FIELDS, form, errors);
        Self { offers_insisting, ..Self::new(app, form) }
    }

    /// Every shape of the form.
    pub fn samples() -> Vec<Self> {
        let sample = |form: FormState, offers_insisting, is_duplicate| Self {
            form,
            user_types: USER_TYPES,
            offers_insisting,
            is_duplicate,
            charter_title: "示例协会章程".into(),
            privacy_title: "隐私政策".into(),
            review_days: 3,
        };
        let mut wrong = FormState::blank(FIELDS);
        for name in FIELDS {
            wrong.errors.insert(name, "请修改".into());
            wrong.summary.push(Mistake { name, text: "请修改".into() });
        }
        vec![
            sample(FormState::blank(FIELDS), false, false),
            sample(wrong, true, false),
            sample(FormState::blank(FIELDS), false, true),
        ]
    }
}

/// What became of a form.
#[derive(Debug)]
pub enum Applied {
    /// The application is stored.
    Taken(Box<Registration>),
    /// The form is shown again.
    Refused(Content),
}

/// Reads and stores what a browser sent.
pub async fn apply(
    app: &App,
    client: &Client,
    form: &Form,
    channel: Channel,
) -> Result<Applied, AppError> {
    let application = match form::read(form) {
        Ok(application) => application,
        Err(errors) => return Ok(Applied::Refused(Content::refused(app, form, errors))),
    };
    throttle::pass(app, "register", &client.ip, MOST, WINDOW).await?;
    let (field, refusal) = match submit(app, application, channel, &client.ip).await {
        Ok(registration) => return Ok(Applied::Taken(Box::new(registration))),
        Err(SubmitError::Fault(fault)) => return Err(fault),
        Err(refusal @ SubmitError::SameCode) => ("uscc", refusal),
        Err(refusal @ SubmitError::SameName) => ("name", refusal),
    };
    let content = Content::refused(app, form, FieldErrors::one(field, refusal));
    Ok(Applied::Refused(Content { is_duplicate: true, ..content }))
}
