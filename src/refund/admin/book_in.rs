//! 登记: what a refund from outside was for.

use salvo::{Request, Writer as _, handler};

use super::{
    act::{Answer, second, why},
    find,
    form::{PARTS, read_parts},
    sheet::{Act, page},
};
use crate::{
    payment::{self, ParkedStatus},
    refund::{
        Refund,
        book::BookError,
        foreign::{self, Charge},
        money::money,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

/// `POST /admin/refunds/{refund}/charge`
#[handler]
pub async fn charge(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let refund = find(&app, req).await?;
    let words = match why(&app, &staff, (&form, Act::Charge), &refund).await? {
        Ok(words) => words,
        Err(page) => return Ok(Err(page)),
    };
    let to = match target(&app, &form, &refund).await? {
        Ok(to) => to,
        Err(state) => {
            let page = page(&app, &staff, refund).await?;
            return Ok(Err(Html::refused(page.with_form(Act::Charge, state))));
        }
    };
    let back = format!("/admin/refunds/{}", refund.id);
    match foreign::charge(&app, &staff, (refund.clone(), to), (words, client.ip)).await {
        Ok(true) => Ok(Ok(SeeOther::to(back).saying("已登记，账单和账簿已更新"))),
        Ok(false) => second(&app, &staff, &refund, &"这笔退款刚刚已由其他人登记").await,
        Err(BookError::Fault(fault)) => Err(fault),
        Err(refusal @ BookError::NotThere) => second(&app, &staff, &refund, &refusal).await,
    }
}

async fn target(
    app: &App,
    form: &Form,
    refund: &Refund,
) -> Result<Result<Charge, FormState>, AppError> {
    let names: Vec<&'static str> = PARTS.into_iter().chain(["reason", "parked"]).collect();
    let mut fields = Fields::of(form);
    if form.is_ticked("parked") {
        let item = payment::parked_of(&app.db, &refund.of_id).await?;
        let item = item.filter(|item| item.status == ParkedStatus::Open && item.booked.0);
        if item.as_ref().is_some_and(|item| item.amount != refund.amount) {
            fields.refuse("parked", "待处理款项与退款金额不一致");
        } else if item.is_none() {
            fields.refuse("parked", "没有对应的待处理款项");
        }
        let to = fields.finish(item.map(|item| Charge::Parked(Box::new(item))));
        return Ok(to.map_err(|errors| FormState::refused(&names, form, errors)));
    }
    let Some(found) = money(app, &refund.of_id).await? else {
        fields.refuse(PARTS[0], "对应的付款还没有入账，请稍后再登记");
        let to = fields.finish(None);
        return Ok(to.map_err(|errors| FormState::refused(&names, form, errors)));
    };
    let parts = read_parts(&mut fields, &found);
    let sum = parts.as_ref().and_then(|parts| {
        crate::kernel::Fen::checked_sum(parts.iter().map(|held| held.part.amount))
    });
    if parts.is_some() && sum != Some(refund.amount) {
        fields.refuse(PARTS[0], format!("合计必须等于退款金额 {} 元", refund.amount.plain()));
    }
    let to = fields.finish(parts.map(Charge::Bills));
    Ok(to.map_err(|errors| FormState::refused(&names, form, errors)))
}
