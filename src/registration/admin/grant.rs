//! What a reviewer grants with 通过: the level, the tags and the day of joining.

use crate::{
    kernel::Date,
    member::{self, field, tag},
    registration::{
        Registration,
        review::{self, Admission},
    },
    web::{App, AppError, Form, FormState, form::FieldErrors},
};

/// The inputs.
pub(super) const FIELDS: &[&str] = &["level", "tags", "joined_on"];

/// The form before anything was typed: the level that 初审 proposed, and today.
pub(super) fn blank(of: &Registration, today: Date) -> FormState {
    let level = of.level_id.as_ref().map_or(member::level::DEFAULT, |level| level.as_str());
    FormState::filled(FIELDS, |name| match name {
        "level" => level.to_owned(),
        "joined_on" => today.to_string(),
        _ => String::new(),
    })
}

/// What the reviewer grants. A day of joining that was not asked for is today: 初审 and the batch
/// ask for the level alone.
pub(super) async fn read(
    app: &App,
    form: &Form,
) -> Result<Result<Admission, FieldErrors>, AppError> {
    let today = app.clock.now().date();
    let level = review::level(app, form.value("level")).await?;
    let tags = tag::parse(form.value("tags"));
    let asked = form.values("joined_on").first().map(|typed| (*typed).to_owned());
    let joined_on = asked.map_or_else(
        || Ok(today),
        |typed| {
            let day = field::read("joined_on", &typed, today)?;
            day.parse::<Date>().map_err(|error| error.to_string())
        },
    );
    Ok(match (level, tags, joined_on) {
        (Some(level), Ok(tags), Ok(joined_on)) => Ok(Admission { level, tags, joined_on }),
        (level, tags, joined_on) => {
            let no_level = level.is_none().then(|| ("level", "请选择会员等级".to_owned()));
            let wrong = [
                no_level,
                tags.err().map(|error| ("tags", error)),
                joined_on.err().map(|error| ("joined_on", error)),
            ];
            Err(FieldErrors::of(wrong.into_iter().flatten().collect()))
        }
    })
}
