//! The form that adds a standard.

use std::collections::BTreeSet;

use salvo::{Writer as _, handler};

use super::standards::{FIELDS, Kept, StandardsPage, choices, page};
use crate::{
    db,
    dues::{
        standard::{self, NewStandard, StandardError},
        store,
    },
    file::{self, FileError, Owner, StoredFile},
    kernel::{Fen, Timestamp, text},
    member::{Level, level},
    staff::{
        Permission, SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther, form::FieldErrors},
};

/// `POST /admin/dues`
#[handler]
pub async fn add(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
) -> Result<Result<SeeOther, Html<StandardsPage>>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let levels = level::all(&app.db).await?;
    let file = resolution_file(&app, &form).await?;
    let errors = match read(&form, &levels, &file) {
        Ok(new) => match store_standard(&app, &staff, client.ip, new).await {
            Ok(()) => return Ok(Ok(SeeOther::to("/admin/dues").saying("会费标准已保存"))),
            Err(StandardError::Db(error)) => return Err(error.into()),
            Err(refusal) => FieldErrors::one("from_year", refusal),
        },
        Err(errors) => errors,
    };
    let mut page = page(&app, &staff).await?;
    let lines = store::standard::all(&app.db).await?;
    page.levels = choices(&lines, &levels, &form.values("level"));
    page.kept = file.ok().flatten().as_ref().map(Kept::from);
    page.replaces = form.is_ticked("replaces");
    page.form = FormState::refused(FIELDS, &form, errors);
    Ok(Err(Html::refused(page)))
}

/// The resolution that came with the form, or that a refused form brought before; or what is wrong
/// with it.
async fn resolution_file(
    app: &App,
    form: &Form,
) -> Result<Result<Option<StoredFile>, String>, AppError> {
    if let Some(part) = form.files("file").first() {
        let name = part.name().unwrap_or_default();
        return match file::upload(app, &Owner::Association, name, part.path()).await {
            Ok(file) => Ok(Ok(Some(file))),
            Err(FileError::Fault(fault)) => Err(fault),
            Err(refusal) => Ok(Err(refusal.to_string())),
        };
    }
    match form.value("kept").parse() {
        Ok(kept) => {
            let found = file::find(&app.db, &Owner::Association, &kept).await?;
            Ok(found.map(Some).ok_or_else(|| file::GONE.to_owned()))
        }
        Err(_) => Ok(Ok(None)),
    }
}

fn read(
    form: &Form,
    levels: &[Level],
    file: &Result<Option<StoredFile>, String>,
) -> Result<NewStandard, FieldErrors> {
    let mut fields = Fields::of(form);
    let tier = fields.read("tier", |v| text::required(v, 20).map_err(|e| format!("档次名称{e}")));
    let ticked: BTreeSet<&str> = form.values("level").into_iter().collect();
    let names = levels.iter().map(|level| level.name.as_str());
    let chosen: Vec<String> =
        names.filter(|name| ticked.contains(name)).map(str::to_owned).collect();
    let from_year = fields.read("from_year", year);
    let to_year = fields.read("to_year", |typed| last_year(typed, from_year));
    let amount = fields.read("yuan", amount);
    let resolution =
        fields.read("resolution", |v| text::required(v, 190).map_err(|e| format!("决议依据{e}")));
    let file = fields.read("file", |_| file.clone());
    let new = (|| {
        Some(NewStandard {
            tier: tier?,
            levels: chosen,
            from_year: from_year?,
            to_year: to_year?,
            amount: amount?,
            resolution: resolution?,
            file: file?.map(|file| file.id),
            replaces: form.is_ticked("replaces"),
        })
    })();
    fields.finish(new)
}

/// The last year of a standard; nothing typed means that there is none yet.
fn last_year(typed: &str, from: Option<i64>) -> Result<Option<i64>, &'static str> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match year(typed)? {
        last if from.is_some_and(|from| last < from) => Err("终止年度不能早于起始年度"),
        last => Ok(Some(last)),
    }
}

/// A year in which the association can have levied dues.
pub(super) fn year(text: &str) -> Result<i64, &'static str> {
    let year = text::half_width(text.trim()).parse::<i64>().ok();
    year.filter(|year| (1990..=2100).contains(year)).ok_or("请输入四位年份，例如 2027")
}

pub(super) fn amount(text: &str) -> Result<Fen, String> {
    match Fen::parse_yuan(&text::half_width(text)) {
        Ok(amount) if amount.is_positive() => Ok(amount),
        Ok(_) => Err("金额要大于 0".into()),
        Err(error) => Err(error.to_string()),
    }
}

type Input = (App, Actor, String, NewStandard, Timestamp);

async fn store_standard(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    new: NewStandard,
) -> Result<(), StandardError> {
    let input: Input = (app.clone(), staff.actor(), ip, new, app.clock.now());
    db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await
}

async fn work(tx: &db::Tx, input: &Input) -> Result<(), StandardError> {
    let (app, actor, ip, new, now) = input;
    let by = match actor {
        Actor::Staff(id) => id.as_str(),
        _ => "",
    };
    if let Some(resolution) = &new.file
        && !file::claim(tx, std::slice::from_ref(resolution)).await?
    {
        let gone = db::Error::Other("the resolution was tidied away meanwhile".into());
        return Err(gone.into());
    }
    let standard = standard::add(tx, &app.ids, *now, by, new).await?;
    let entry = Entry {
        actor: actor.clone(),
        action: "dues.standard-add",
        object_kind: "dues-standard",
        object_id: standard.id.to_string(),
        reason: new.resolution.clone(),
        detail: serde_json::json!({
            "tier": new.tier, "levels": new.levels, "from_year": new.from_year,
            "to_year": new.to_year, "version": standard.version, "fen": new.amount.get(),
            "file": new.file,
        }),
        ip: ip.clone(),
    };
    Ok(audit::record(tx, &app.ids, *now, &entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_amounts_are_read_as_people_type_them() {
        assert_eq!(year(" 2027 "), Ok(2027));
        assert_eq!(year("２０２７"), Ok(2027));
        assert!(year("27").is_err() && year("明年").is_err() && year("").is_err());
        assert_eq!(amount("2,000元"), Ok(Fen::yuan(2000)));
        assert!(amount("0").is_err() && amount("-5").is_err() && amount("x").is_err());
    }
}
