//! `POST /admin/members/{member}/account/{act}`

use salvo::{Request, Writer, handler};

use super::{
    addressed, path,
    sheet::{AccountPage, Code, Extra, FIELDS, page},
};
use crate::{
    account::secretariat::{self, Act, Order, Outcome},
    kernel::text,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

/// Does what the address names. A new code is in the answer itself, once: it travels through no
/// address and no cookie.
#[handler]
pub async fn act(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<AccountPage>>, AppError> {
    who.require(Permission::DecideMembers)?;
    let wanted = req.param::<String>("act").and_then(|word| Act::of_word(&word));
    let wanted = wanted.ok_or(AppError::NotFound)?;
    let (account, member) = addressed(&app, req).await?;
    let mut fields = Fields::of(&form);
    let reason = fields.read("reason", |typed| text::required(typed, 300));
    let reason = match fields.finish(reason) {
        Ok(reason) => reason,
        Err(errors) => {
            let refused = Some((wanted, FormState::refused(FIELDS, &form, errors)));
            let extra = Extra { refused, ..Extra::default() };
            return Ok(Err(Html::refused(page(&app, &who, (&account, &member), extra).await?)));
        }
    };
    let order = Order { by: who.clone(), ip: client.ip, reason };
    let label = wanted.label();
    match secretariat::act(&app, &account, wanted, order).await? {
        Outcome::Done => Ok(Ok(SeeOther::to(path(&member)).saying(format!("{label}：已完成")))),
        Outcome::Nothing => {
            let text = format!("{label}：当前状态下无需此操作，可能刚刚已由他人处理");
            Ok(Ok(SeeOther::to(path(&member)).refusing(text)))
        }
        Outcome::Code(text) => {
            let purpose = if wanted == Act::BindCode { "绑定码" } else { "重置码" };
            let hours = app.settings.security.code_hours;
            let extra = Extra { code: Some(Code { text, purpose, hours }), ..Extra::default() };
            let (account, member) = addressed(&app, req).await?;
            Ok(Err(Html::new(page(&app, &who, (&account, &member), extra).await?)))
        }
    }
}
