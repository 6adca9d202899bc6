//! 通过 and 不通过.

use salvo::{Request, Writer, handler};

use super::sheet::{DetailPage, REJECT, addressed, decider, page};
use crate::{
    kernel::{
        Timestamp,
        text::{self, TextError},
    },
    registration::{
        Registration, Status,
        model::REASONS,
        review::{self, Outcome, Reviewer},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther, form::FieldErrors},
};

const QUEUE: &str = "/admin/registrations";
/// A phrase and this many characters fit into the column.
const LONGEST: usize = 300;

/// `POST /admin/registrations/{registration}/approve`
#[handler]
pub async fn approve(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    who.require(Permission::DecideMembers)?;
    let registration = addressed(&app, req).await?;
    let Some(level) = review::level(&app, form.value("level")).await? else {
        let back = format!("{QUEUE}/{}", registration.id);
        return Ok(SeeOther::to(back).refusing("请选择会员等级"));
    };
    let name = level.name.clone();
    let by = Reviewer { staff: who, ip: client.ip };
    match review::approve(&app, by, &registration.id, level).await? {
        Outcome::Done(done) => {
            let text = format!("已通过“{}”的申请，会员等级为{name}", done.name);
            Ok(SeeOther::to(QUEUE).saying(text))
        }
        Outcome::Decided(other) => second(&app, &other).await,
    }
}

/// `POST /admin/registrations/{registration}/reject`
#[handler]
pub async fn reject(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<DetailPage>>, AppError> {
    who.require(Permission::DecideMembers)?;
    let registration = addressed(&app, req).await?;
    let reason = match reason(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let state = FormState::refused(REJECT, &form, errors);
            let again = page(&app, &who, &registration, state).await?;
            return Ok(Err(Html::refused(again)));
        }
    };
    let by = Reviewer { staff: who, ip: client.ip };
    Ok(Ok(match review::reject(&app, by, &registration.id, reason).await? {
        Outcome::Done(done) => {
            SeeOther::to(QUEUE).saying(format!("已将“{}”的申请设为不通过", done.name))
        }
        Outcome::Decided(other) => second(&app, &other).await?,
    }))
}

/// A phrase of ours, words of the reviewer's own, or both: `phrase：words`.
fn reason(form: &Form) -> Result<String, FieldErrors> {
    let mut fields = Fields::of(form);
    let phrase = REASONS.iter().copied().find(|phrase| *phrase == form.value("phrase"));
    let words = fields.read("reason", |typed| match phrase {
        Some(_) => text::optional(typed, LONGEST).map_err(|error| error.to_string()),
        None => text::required(typed, LONGEST).map_err(|error| match error {
            TextError::Empty => "请选择或填写不通过的原因，申请单位将看到该原因".to_owned(),
            other => other.to_string(),
        }),
    });
    fields.finish(words.map(|words| match phrase {
        Some(phrase) if words.is_empty() => phrase.to_owned(),
        Some(phrase) => format!("{phrase}：{words}"),
        None => words,
    }))
}

/// The answer for the reviewer who came second.
async fn second(app: &App, decided: &Registration) -> Result<SeeOther, AppError> {
    let by = decider(app, decided).await?;
    let at = decided.decided_at.map(Timestamp::to_minute).unwrap_or_default();
    let outcome = match decided.status {
        Status::Pending => "处理",
        Status::Approved => "审核通过",
        Status::Rejected => "审核为不通过",
    };
    let text = format!("该申请已由{by}处理：{at} {outcome}，您的操作未生效");
    Ok(SeeOther::to(format!("{QUEUE}/{}", decided.id)).refusing(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(phrase: &str, words: &str) -> Form {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        Form::of_pairs([pair("phrase", phrase), pair("reason", words)])
    }

    #[test]
    fn a_reason_is_a_phrase_or_words_or_both() {
        assert_eq!(reason(&form(REASONS[0], "")).as_deref(), Ok(REASONS[0]));
        assert_eq!(reason(&form("", "请核对")).as_deref(), Ok("请核对"));
        assert_eq!(reason(&form(REASONS[3], "x")).unwrap(), format!("{}：x", REASONS[3]));
        assert!(reason(&form("", " ")).is_err());
        assert!(reason(&form("another phrase", "")).is_err());
        assert!(reason(&form(REASONS[0], &"长".repeat(301))).is_err());
    }
}
