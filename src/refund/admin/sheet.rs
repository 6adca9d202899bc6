//! `/admin/refunds/{refund}`: one refund, its way so far, and what may be done about it.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    find,
    form::{PARTS, ShareField, proposed, share_fields},
    receipt::{self, Receipt},
    sample::{sample_fields, sample_refunds},
    told::{Fact, PartLine, People, Step, facts, name_of, part_lines, steps},
};
use crate::{
    kernel::{Fen, ids::MemberId},
    member,
    payment::{self, ParkedStatus},
    refund::{
        Refund,
        model::{Means, RefundStatus},
        money::money,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

/// A form of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Approve,
    Reject,
    Resubmit,
    GiveUp,
    Charge,
}

/// `/admin/refunds/{refund}`
#[derive(Clone, Debug, Serialize)]
pub struct DetailPage {
    path: String,
    state: &'static str,
    chip: &'static str,
    amount: Fen,
    facts: Vec<Fact>,
    parts: Vec<PartLine>,
    receipts: Vec<Receipt>,
    steps: Vec<Step>,
    note: String,
    problem: String,
    /// What this person may do: `approve`, `withdraw`, `manual`, `charge` or nothing.
    may: &'static str,
    is_bank: bool,
    shares: Vec<ShareField>,
    can_park: bool,
    approve_form: FormState,
    reject_form: FormState,
    resubmit_form: FormState,
    give_up_form: FormState,
    charge_form: FormState,
}

/// What stands beside the refund on its page.
struct Beside {
    people: People,
    parts: Vec<PartLine>,
    receipts: Vec<Receipt>,
    shares: Vec<ShareField>,
    charge_form: FormState,
    can_park: bool,
    may: &'static str,
}

fn charge_names() -> Vec<&'static str> {
    PARTS.into_iter().chain(["reason", "parked"]).collect()
}

impl DetailPage {
    fn new(refund: &Refund, beside: Beside) -> Self {
        let reason = || FormState::blank(&["reason"]);
        Self {
            path: format!("/admin/refunds/{}", refund.id),
            state: refund.status.label(),
            chip: refund.status.chip(),
            amount: refund.amount,
            facts: facts(refund, &beside.people),
            steps: steps(refund, &beside.people),
            parts: beside.parts,
            receipts: beside.receipts,
            note: refund.problem.clone(),
            problem: String::new(),
            may: beside.may,
            is_bank: refund.means == Means::Bank,
            shares: beside.shares,
            can_park: beside.can_park,
            approve_form: reason(),
            reject_form: reason(),
            resubmit_form: reason(),
            give_up_form: reason(),
            charge_form: beside.charge_form,
        }
    }

    pub(super) fn with_problem(self, problem: &dyn std::fmt::Display) -> Self {
        Self { problem: problem.to_string(), ..self }
    }

    pub(super) fn with_form(mut self, act: Act, form: FormState) -> Self {
        match act {
            Act::Approve => self.approve_form = form,
            Act::Reject => self.reject_form = form,
            Act::Resubmit => self.resubmit_form = form,
            Act::GiveUp => self.give_up_form = form,
            Act::Charge => {
                // A refused reason must not empty the sums.
                let values = self.charge_form.values.clone();
                self.charge_form = form;
                for (name, value) in values {
                    self.charge_form.values.entry(name).or_insert(value);
                }
            }
        }
        self
    }
}

/// Everything about a refund, for its page.
pub(super) async fn page(
    app: &App,
    staff: &SignedInStaff,
    refund: Refund,
) -> Result<DetailPage, AppError> {
    let member = refund.member_id.parse::<MemberId>().ok();
    let names = member::names(&app.db, &member.iter().cloned().collect::<Vec<_>>()).await?;
    let lying = match refund.status {
        RefundStatus::Foreign => money(app, &refund.of_id).await?,
        _ => None,
    };
    let shares = lying.map(|money| money.shares).unwrap_or_default();
    let beside = Beside {
        people: People {
            requester: name_of(&app.db, &refund.requested_by).await?,
            decider: name_of(&app.db, &refund.decided_by).await?,
            member: member.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        },
        parts: part_lines(app, &refund).await?,
        receipts: receipt::of(app, &refund).await?,
        charge_form: proposed(&charge_names(), &shares),
        shares: share_fields(&shares),
        can_park: can_park(app, &refund).await?,
        may: may(staff, &refund),
    };
    Ok(DetailPage::new(&refund, beside))
}

/// A refund from outside may be of money that waits for a decision.
async fn can_park(app: &App, refund: &Refund) -> Result<bool, AppError> {
    if refund.status != RefundStatus::Foreign {
        return Ok(false);
    }
    let item = payment::parked_of(&app.db, &refund.of_id).await?;
    Ok(item.is_some_and(|item| item.status == ParkedStatus::Open && item.booked.0))
}

fn may(staff: &SignedInStaff, refund: &Refund) -> &'static str {
    let role = staff.0.role;
    let (decides, approves) =
        (role.may(Permission::DecideMoney), role.may(Permission::ApproveMoney));
    match refund.status {
        RefundStatus::Requested if refund.requested_by == staff.0.id.as_str() => "withdraw",
        RefundStatus::Requested if approves => "approve",
        RefundStatus::Refused if decides => "manual",
        RefundStatus::Foreign if decides => "charge",
        _ => "",
    }
}

/// `GET /admin/refunds/{refund}`
#[handler]
pub async fn detail(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<DetailPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let refund = find(&app, req).await?;
    Ok(Html::new(page(&app, &staff, refund).await?))
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "admin/refund/detail.html";
    const MENU: &'static str = "refunds";

    fn title(&self) -> String {
        "退款".into()
    }

    fn samples() -> Vec<Self> {
        let page = |refund: &Refund, may| {
            let is_foreign = refund.status == RefundStatus::Foreign;
            let line =
                PartLine { bill: "B202600000001".into(), year: 2026, amount: Fen::yuan(500) };
            let beside = Beside {
                people: People {
                    requester: "财务一".into(),
                    decider: "财务二".into(),
                    member: "江苏示例网络科技有限公司".into(),
                },
                parts: if is_foreign { Vec::new() } else { vec![line] },
                receipts: if refund.means == Means::Bank {
                    vec![Receipt::sample()]
                } else {
                    Vec::new()
                },
                shares: if is_foreign { sample_fields() } else { Vec::new() },
                charge_form: FormState::blank(&charge_names()),
                can_park: is_foreign,
                may,
            };
            Self::new(refund, beside)
        };
        let may = |refund: &Refund| match refund.status {
            RefundStatus::Requested => "approve",
            RefundStatus::Refused => "manual",
            RefundStatus::Foreign => "charge",
            _ => "",
        };
        let refunds = sample_refunds();
        let mut all: Vec<Self> = refunds.iter().map(|it| page(it, may(it))).collect();
        all.extend(refunds.first().map(|it| page(it, "withdraw").with_problem(&"已由他人处理")));
        all
    }
}
