//! The small deeds on the page of a member: state, tags, putting an earlier value back.

use salvo::{Request, Writer as _, handler, http::StatusCode};

use super::{super::save, reason};
use crate::{
    account::store,
    db,
    member::{
        admin::{
            DetailPage,
            detail::{RESTORE, STANDING, TAGS, look, of_address},
        },
        amend::{AmendError, Amendment},
        field,
        history::Source,
        model::Standing,
        profile as rules,
        sheet::Sheet,
        standing::{self, Order},
        store::history,
        tag,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther, form::FieldErrors},
};

type Answer = Result<Result<SeeOther, Html<DetailPage>>, AppError>;

const CHANGED: &str = "这位会员的资料刚刚被修改，请核对最新内容后再操作";

/// The page again after somebody else was faster.
async fn late(app: &App, who: &SignedInStaff, sheet: &Sheet, text: &str) -> Answer {
    let mut state = FormState::blank(RESTORE);
    state.summary.push(crate::web::form::Mistake { name: "change", text: text.to_owned() });
    let page = look(app, who, sheet, None).await?.with_restore_form(state);
    Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
}

/// `POST /admin/members/{member}/standing`
#[handler]
pub async fn set_standing(
    app: App,
    client: Client,
    who: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let sheet = of_address(&app, req).await?;
    let mut fields = Fields::of(&form);
    let may = sheet.member.standing.next();
    let to = fields.read("to", |code| {
        Standing::of_code(code).filter(|to| may.contains(to)).ok_or("请选择新的会员状态")
    });
    let why = reason(&mut fields, "原因");
    let (to, why) = match fields.finish(to.zip(why)) {
        Ok(read) => read,
        Err(errors) => {
            let state = FormState::refused(STANDING, &form, errors);
            let page = look(&app, &who, &sheet, None).await?.with_standing_form(state);
            return Ok(Err(Html::refused(page)));
        }
    };
    let order = Order { to, reason: why, actor: who.actor(), ip: client.ip };
    let is_current = rules::version(&form) == sheet.member.version;
    if !is_current || !change(&app, &sheet, order).await? {
        let now = of_address(&app, req).await?;
        return late(&app, &who, &now, CHANGED).await;
    }
    let to_page = format!("/admin/members/{}", sheet.member.id);
    Ok(Ok(SeeOther::to(to_page).saying(format!("会员状态已改为{}", to.label()))))
}

/// The state, and with it the end of every session of the member.
async fn change(app: &App, sheet: &Sheet, order: Order) -> Result<bool, AppError> {
    let input = (app.clone(), sheet.member.clone(), order);
    db::transaction(&app.db, input, |tx, (app, member, order)| {
        Box::pin(async move {
            if !standing::set(tx, app, member, order).await? {
                return Ok(false);
            }
            store::end_sessions_of(tx, &member.id).await?;
            Ok(true)
        })
    })
    .await
}

/// `POST /admin/members/{member}/tags`
#[handler]
pub async fn set_tags(
    app: App,
    client: Client,
    who: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let sheet = of_address(&app, req).await?;
    let tags = match tag::parse(form.value("tags")) {
        Ok(tags) => tags,
        Err(error) => {
            let errors = FieldErrors::one("tags", error);
            let state = FormState::refused(TAGS, &form, errors);
            let page = look(&app, &who, &sheet, None).await?.with_tags_form(state);
            return Ok(Err(Html::refused(page)));
        }
    };
    let seen = (rules::version(&form), client.ip);
    if !tag::set(&app, who.actor(), &sheet.member, tags, seen).await? {
        let now = of_address(&app, req).await?;
        return late(&app, &who, &now, CHANGED).await;
    }
    let to = format!("/admin/members/{}", sheet.member.id);
    Ok(Ok(SeeOther::to(to).saying("标签已保存")))
}

/// `POST /admin/members/{member}/restore`: the value before a change is put back.
#[handler]
pub async fn restore(
    app: App,
    client: Client,
    who: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let sheet = of_address(&app, req).await?;
    let mut fields = Fields::of(&form);
    let why = reason(&mut fields, "恢复原因");
    let why = match fields.finish(why) {
        Ok(why) => why,
        Err(errors) => {
            let state = FormState::refused(RESTORE, &form, errors);
            let page = look(&app, &who, &sheet, None).await?.with_restore_form(state);
            return Ok(Err(Html::refused(page)));
        }
    };
    let id = form.value("change");
    let past = history::find(&app.db, &app.vault, &sheet.member.id, id).await?;
    let past = past.ok_or(AppError::NotFound)?;
    let field = field::find(&past.field).ok_or(AppError::NotFound)?;
    if field.is_required && past.before.is_empty() {
        return Err(AppError::NotFound);
    }
    if rules::version(&form) != sheet.member.version {
        return late(&app, &who, &sheet, CHANGED).await;
    }
    let amendment = Amendment {
        actor: who.actor(),
        source: Source::Restore,
        reason: why,
        ip: client.ip,
        values: [(field.name, past.before)].into(),
        completes: false,
    };
    match save::save(&app, &sheet, amendment).await {
        Ok(_) => {
            let to = format!("/admin/members/{}#history", sheet.member.id);
            Ok(Ok(SeeOther::to(to).saying(format!("{}已恢复", field.label))))
        }
        Err(AmendError::Fault(fault)) => Err(fault),
        Err(AmendError::Changed) => {
            let now = of_address(&app, req).await?;
            late(&app, &who, &now, CHANGED).await
        }
        Err(taken @ AmendError::Taken(_)) => late(&app, &who, &sheet, &taken.to_string()).await,
    }
}
