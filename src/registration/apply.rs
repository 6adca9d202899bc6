//! A submitted registration form, from either surface: read it, take it, or say what is wrong.

use std::time::Duration;

use salvo::Request;
use serde::Serialize;

use super::{
    Registration, applicant,
    draft::{self, Draft},
    form::{self, FIELDS},
    model::{Channel, Status},
    store,
    submit::{SubmitError, submit},
};
use crate::{
    kernel::{
        Uscc,
        dictionary::{Entry, USER_TYPES},
        password::Known,
    },
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
    draft: Option<String>,
    charter_title: String,
    privacy_title: String,
    review_days: u32,
}

impl Content {
    /// The empty form.
    pub fn blank(app: &App) -> Self {
        Self::new(app, FormState::blank(FIELDS))
    }

    /// The form with what this browser typed before, or with the values of an application of its
    /// own that is over (`?again=…`); nothing when it has neither.
    pub(super) async fn begun(app: &App, req: &Request) -> Result<Option<Self>, AppError> {
        if let Some(draft) = again(app, req).await? {
            let form = FormState::filled(FIELDS, |name| draft.value(name).to_owned());
            return Ok(Some(Self::new(app, form)));
        }
        let draft = draft::load(app, req).await?;
        Ok(draft.map(|draft| {
            let form = FormState::filled(FIELDS, |name| draft.value(name).to_owned());
            let offers_insisting = is_doubtful(draft.value("uscc"));
            let note = Some(draft.saved_at.to_minute());
            Self { draft: note, offers_insisting, ..Self::new(app, form) }
        }))
    }

    fn new(app: &App, form: FormState) -> Self {
        let site = &app.settings.site;
        Self {
            form,
            user_types: USER_TYPES,
            offers_insisting: false,
            is_duplicate: false,
            draft: None,
            charter_title: site.charter.title.clone(),
            privacy_title: site.privacy.title.clone(),
            review_days: site.review_days,
        }
    }

    fn refused(app: &App, form: &Form, errors: FieldErrors) -> Self {
        let offers_insisting = is_doubtful(form.value("uscc"));
        let mut form = FormState::refused(FIELDS, form, errors);
        suggest_user_type(&mut form);
        Self { offers_insisting, ..Self::new(app, form) }
    }

    /// Every shape of the form.
    pub fn samples() -> Vec<Self> {
        let sample = |form: FormState, offers_insisting: bool, is_duplicate| Self {
            draft: offers_insisting.then(|| "2026-11-24 12:00".into()),
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

/// The values of the application that the address names, if this browser submitted it and it is
/// over.
async fn again(app: &App, req: &Request) -> Result<Option<Draft>, AppError> {
    let named = req.query::<String>("again").and_then(|id| id.parse().ok());
    let Some(id) = named.filter(|id| applicant::is_here(app, req, id)) else { return Ok(None) };
    let found = store::find(&app.db, &app.vault, &id).await?;
    let over = found.filter(|one| matches!(one.status, Status::Rejected | Status::Withdrawn));
    Ok(over.map(|one| Draft::of_application(&one, app.clock.now())))
}

/// True when the form must offer 我已核对，仍要提交: a code whose check character alone is wrong.
pub(super) fn is_doubtful(typed: &str) -> bool {
    Uscc::parse(typed).is_ok_and(|uscc| !uscc.is_sound())
}

/// Chooses the kind of unit that the code stands for, where none was chosen.
fn suggest_user_type(form: &mut FormState) {
    let uscc = form.values.get("uscc").and_then(|typed| Uscc::parse(typed).ok());
    if let (Some(uscc), Some(chosen)) = (uscc, form.values.get_mut("user_type"))
        && chosen.is_empty()
    {
        uscc.suggested_user_type().clone_into(chosen);
    }
}

/// What became of a form.
#[derive(Debug)]
pub enum Applied {
    /// The application is stored.
    Taken(Box<Registration>),
    /// The form is shown again.
    Refused(Box<Content>),
}

/// Reads and stores what a browser sent.
pub async fn apply(
    app: &App,
    client: &Client,
    form: &Form,
    channel: Channel,
) -> Result<Applied, AppError> {
    let site = &app.settings.site;
    let ours = Known {
        names: &[&site.name, &site.short_name],
        words: &app.settings.security.forbidden_words,
        ..Known::default()
    };
    let application = match form::read(form, ours) {
        Ok(application) => application,
        Err(errors) => {
            return Ok(Applied::Refused(Box::new(Content::refused(app, form, errors))));
        }
    };
    throttle::pass(app, "register", &client.ip, MOST, WINDOW).await?;
    let (field, refusal) = match submit(app, application, channel, &client.ip).await {
        Ok(registration) => return Ok(Applied::Taken(Box::new(registration))),
        Err(SubmitError::Fault(fault)) => return Err(fault),
        Err(refusal @ SubmitError::SameCode) => ("uscc", refusal),
        Err(refusal @ SubmitError::SameName) => ("name", refusal),
    };
    let content = Content::refused(app, form, FieldErrors::one(field, refusal));
    Ok(Applied::Refused(Box::new(Content { is_duplicate: true, ..content })))
}
