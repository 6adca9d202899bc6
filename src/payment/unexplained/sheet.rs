//! `/admin/payments/unexplained/{item}`: one item with what may be done about it.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{ParkedStatus, find, queue::sample};
use crate::{
    db::Run,
    kernel::{Fen, Timestamp},
    payment::{store::facts::received, store::parked::Parked},
    staff::{self, Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

/// The fields of 记入账单.
pub(super) const ASSIGN: &[&str] = &["bills", "reason"];
/// The only field of the other two forms.
const REASON: &[&str] = &["reason"];

/// `/admin/payments/unexplained/{item}`
#[derive(Clone, Debug, Serialize)]
pub struct ItemPage {
    path: String,
    id: String,
    kind: &'static str,
    out_trade_no: String,
    transaction: String,
    order_no: String,
    amount: Fen,
    currency: String,
    detail: String,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
    /// The money is in our books.
    is_booked: bool,
    may_decide: bool,
    decided: Option<Decided>,
    problem: String,
    assign_form: FormState,
    refund_form: FormState,
    explain_form: FormState,
    /// What 记入账单 would do: the second thought.
    proposal: Vec<Proposed>,
}

#[derive(Clone, Debug, Serialize)]
struct Decided {
    by: String,
    at: Option<Timestamp>,
    reason: String,
    refund_href: String,
}

/// A bill that would get the money.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Proposed {
    pub bill: String,
    pub member: String,
    pub year: i64,
    pub owed: Fen,
    pub part: Fen,
}

impl ItemPage {
    fn new(item: Parked, order_no: String, by: String, may_decide: bool) -> Self {
        let is_open = item.status == ParkedStatus::Open;
        let shows_refund = matches!(item.status, ParkedStatus::Refunding | ParkedStatus::Refunded);
        let decided = (!is_open).then(|| Decided {
            by,
            at: item.resolved_ms,
            reason: item.reason,
            refund_href: if shows_refund {
                format!("/admin/refunds?parked={}", item.id)
            } else {
                String::new()
            },
        });
        Self {
            path: format!("/admin/payments/unexplained/{}", item.id),
            id: item.id.to_string(),
            kind: item.kind.label(),
            out_trade_no: item.out_trade_no,
            transaction: item.transaction_id.trim_end_matches(":explained").to_owned(),
            order_no,
            amount: item.amount,
            currency: item.currency,
            detail: item.detail,
            at: item.created_ms,
            state: item.status.label(),
            chip: item.status.chip(),
            is_booked: item.booked.0,
            may_decide: may_decide && is_open,
            decided,
            problem: String::new(),
            assign_form: FormState::blank(ASSIGN),
            refund_form: FormState::blank(REASON),
            explain_form: FormState::blank(REASON),
            proposal: Vec::new(),
        }
    }

    /// Says why nothing was done.
    #[must_use]
    pub fn with_problem(self, problem: &dyn std::fmt::Display) -> Self {
        Self { problem: problem.to_string(), ..self }
    }

    /// With the refund's form as it was refused.
    #[must_use]
    pub fn with_refund_form(self, refund_form: FormState) -> Self {
        Self { refund_form, ..self }
    }

    pub(super) fn with_assign_form(self, assign_form: FormState) -> Self {
        Self { assign_form, ..self }
    }

    pub(super) fn with_explain_form(self, explain_form: FormState) -> Self {
        Self { explain_form, ..self }
    }

    pub(super) fn with_proposal(self, proposal: Vec<Proposed>) -> Self {
        Self { proposal, ..self }
    }
}

impl Page for ItemPage {
    const TEMPLATE: &'static str = "admin/payment/item.html";
    const MENU: &'static str = "unexplained";

    fn title(&self) -> String {
        "待处理款项".into()
    }

    fn samples() -> Vec<Self> {
        let states = [
            ParkedStatus::Open,
            ParkedStatus::Refunding,
            ParkedStatus::Refunded,
            ParkedStatus::Assigned,
            ParkedStatus::Noted,
            ParkedStatus::Explained,
        ];
        let page = |status| {
            let by = "财务一".to_owned();
            sample(status).map(|item| Self::new(item, "D2026030109".into(), by, true))
        };
        let mut all: Vec<Self> = states.into_iter().filter_map(page).collect();
        let open = all.first().cloned();
        all.extend(open.clone().map(|page| Self { is_booked: false, ..page }));
        all.extend(open.clone().map(|page| page.with_problem(&"所选账单的未缴金额不足")));
        let proposal = Proposed {
            bill: "B202600000001".into(),
            member: "江苏示例网络科技有限公司".into(),
            year: 2026,
            owed: Fen::yuan(2000),
            part: Fen::yuan(2000),
        };
        all.extend(open.map(|page| page.with_proposal(vec![proposal])));
        all
    }
}

/// Everything about an item, for its page.
pub async fn item_page(
    app: &App,
    staff: &SignedInStaff,
    item: Parked,
) -> Result<ItemPage, AppError> {
    let order = received(&app.db, &item.transaction_id).await?.map(|found| found.order_no);
    let by = name_of(&app.db, &item.resolved_by).await?;
    let may_decide = staff.0.role.may(Permission::DecideMoney);
    Ok(ItemPage::new(item, order.unwrap_or_default(), by, may_decide))
}

async fn name_of(db: &impl Run, id: &str) -> Result<String, AppError> {
    if id.is_empty() {
        return Ok("系统".into());
    }
    Ok(staff::store::by_id(db, id).await?.map_or_else(String::new, |row| row.name))
}

/// `GET /admin/payments/unexplained/{item}`
#[handler]
pub async fn detail(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ItemPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let item = find(&app, req).await?;
    Ok(Html::new(item_page(&app, &staff, item).await?))
}
