//! The decisions of finance on a parked item; refunding it is a page of `refund`.

use salvo::{Request, Writer as _, handler, http::StatusCode};

use super::{
    find,
    resolve::{self, ResolveError},
    sheet::{ASSIGN, ItemPage, Proposed, item_page},
};
use crate::{
    dues::{self, Bill},
    kernel::{Fen, text},
    member,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

type Answer = Result<Result<SeeOther, Html<ItemPage>>, AppError>;

/// More bills than a member can owe.
const MOST_BILLS: usize = 10;

fn why(typed: &str) -> Result<String, String> {
    text::required(typed, 200).map_err(|error| format!("处理原因{error}"))
}

/// `POST /admin/payments/unexplained/{item}/assign`: first shows what would happen; only the
/// repeat with `confirmed` does it.
#[handler]
pub async fn assign(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let item = find(&app, req).await?;
    let page = item_page(&app, &staff, item.clone()).await?;
    let typed: Vec<&str> = form
        .value("bills")
        .split([' ', ',', '，', '、', '\n'])
        .filter(|no| !no.is_empty())
        .collect();
    let found = dues::bills_by_no(&app.db, typed.get(..MOST_BILLS).unwrap_or(&typed)).await?;
    let mut fields = Fields::of(&form);
    let bills = fields.read("bills", |_| in_order(&typed, &found));
    let reason = fields.read("reason", why);
    let (bills, reason) = match fields.finish(bills.zip(reason)) {
        Ok(read) => read,
        Err(errors) => {
            let state = FormState::refused(ASSIGN, &form, errors);
            return Ok(Err(Html::refused(page.with_assign_form(state))));
        }
    };
    let typed_state = FormState::filled(ASSIGN, |name| form.value(name).to_owned());
    let page = page.with_assign_form(typed_state);
    if !form.is_ticked("confirmed") {
        let proposal = propose(&app, item.amount, &bills).await?;
        let total = Fen::checked_sum(proposal.iter().map(|one| one.part));
        return Ok(Err(if total == Some(item.amount) {
            Html::new(page.with_proposal(proposal))
        } else {
            Html::refused(page.with_problem(&ResolveError::NotOwed))
        }));
    }
    let back = format!("/admin/payments/unexplained/{}", item.id);
    let done = resolve::assign(&app, &staff, (item, bills), (reason, client.ip)).await;
    answer(&app, &staff, req, done, (back, "已记入账单，账簿已更新"), page).await
}

/// The bills in the order in which they were typed.
fn in_order(typed: &[&str], found: &[Bill]) -> Result<Vec<Bill>, String> {
    if typed.is_empty() {
        return Err("请填写账单号，可在会费账单中查到".into());
    }
    if typed.len() > MOST_BILLS {
        return Err(format!("一次最多 {MOST_BILLS} 张账单"));
    }
    let mut bills: Vec<Bill> = Vec::with_capacity(typed.len());
    for no in typed {
        let bill = found.iter().find(|bill| bill.no == *no);
        let bill = bill.ok_or_else(|| format!("没有账单 {no}，请核对"))?;
        if bills.iter().any(|other| other.id == bill.id) {
            return Err(format!("账单 {no} 填写了两次"));
        }
        if bills.iter().any(|other| other.member_id != bill.member_id) {
            return Err("几张账单必须属于同一会员单位".into());
        }
        bills.push(bill.clone());
    }
    Ok(bills)
}

async fn propose(app: &App, amount: Fen, bills: &[Bill]) -> Result<Vec<Proposed>, AppError> {
    let ids: Vec<_> = bills.iter().map(|bill| bill.member_id.clone()).collect();
    let names = member::names(&app.db, &ids).await?;
    let mut left = amount;
    let mut proposal = Vec::with_capacity(bills.len());
    for bill in bills {
        let owed = bill.remaining();
        let part = owed.min(left);
        left = left.checked_sub(part).unwrap_or_default();
        proposal.push(Proposed {
            bill: bill.no.clone(),
            member: names.get(&bill.member_id).cloned().unwrap_or_default(),
            year: bill.year,
            owed,
            part,
        });
    }
    Ok(proposal)
}

/// `POST /admin/payments/unexplained/{item}/explain`
#[handler]
pub async fn explain(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let item = find(&app, req).await?;
    let page = item_page(&app, &staff, item.clone()).await?;
    let mut fields = Fields::of(&form);
    let reason = fields.read("reason", why);
    let reason = match fields.finish(reason) {
        Ok(reason) => reason,
        Err(errors) => {
            let state = FormState::refused(&["reason"], &form, errors);
            return Ok(Err(Html::refused(page.with_explain_form(state))));
        }
    };
    let back = format!("/admin/payments/unexplained/{}", item.id);
    let done = resolve::note(&app, &staff, item, (reason, client.ip)).await;
    answer(&app, &staff, req, done, (back, "已登记说明"), page).await
}

async fn answer(
    app: &App,
    staff: &SignedInStaff,
    req: &Request,
    done: Result<(), ResolveError>,
    (back, words): (String, &'static str),
    page: ItemPage,
) -> Answer {
    match done {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(words))),
        Err(ResolveError::Fault(fault)) => Err(fault),
        Err(refusal @ ResolveError::NotOwed) => Ok(Err(Html::refused(page.with_problem(&refusal)))),
        Err(refusal @ ResolveError::Resolved) => {
            let now = item_page(app, staff, find(app, req).await?).await?;
            Ok(Err(Html::with_status(now.with_problem(&refusal), StatusCode::CONFLICT)))
        }
    }
}
