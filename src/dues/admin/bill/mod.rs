//! One bill: its numbers, the money on it, its waivers, and what staff may do to it.

mod act;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

pub use act::{reopen, void, waive};

use super::{find_bill, waivers::Row as WaiverRow};
use crate::{
    dues::{
        Bill, Contribution,
        pc::{BillRow, sample_bills},
        store,
    },
    kernel::{Fen, Timestamp},
    member::{self, level},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

const FIELDS: &[&str] = &["kind", "yuan", "until", "basis", "void_reason", "reopen_reason"];

/// `/admin/dues/bills/{bill}`
#[derive(Debug, Serialize)]
pub struct BillPage {
    bill: BillRow,
    path: String,
    member: String,
    member_href: String,
    resolution: String,
    reducible: Fen,
    money: Vec<Money>,
    waivers: Vec<WaiverRow>,
    may_void: bool,
    may_reopen: bool,
    may_waive: bool,
    problem: String,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct Money {
    way: &'static str,
    source: String,
    amount: Fen,
    taken_back: Fen,
    at: Timestamp,
}

impl From<Contribution> for Money {
    fn from(from: Contribution) -> Self {
        Self {
            way: if from.source_kind == "offline" { "线下缴费" } else { "微信支付" },
            source: from.source_id,
            amount: from.amount,
            taken_back: from.taken_back,
            at: from.created_ms,
        }
    }
}

impl BillPage {
    fn new(bill: Bill, today: &str, may_decide: bool) -> Self {
        let untouched = bill.paid == Fen::ZERO && bill.refunded == Fen::ZERO;
        let reducible = bill.amounts().reducible();
        Self {
            path: format!("/admin/dues/bills/{}", bill.id),
            member: String::new(),
            member_href: format!("/admin/dues/members/{}", bill.member_id),
            resolution: String::new(),
            reducible,
            money: Vec::new(),
            waivers: Vec::new(),
            may_void: may_decide && untouched && bill.status.is_owed(),
            may_reopen: may_decide && bill.status.is_live() && bill.refunded.is_positive(),
            may_waive: may_decide && bill.status.is_live() && reducible.is_positive(),
            problem: String::new(),
            form: FormState::filled(FIELDS, |name| {
                if name == "kind" { "reduction".into() } else { String::new() }
            }),
            bill: BillRow::new(bill, &[], today),
        }
    }
}

impl Page for BillPage {
    const TEMPLATE: &'static str = "admin/dues/bill.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        format!("账单 {}", self.bill.no)
    }

    fn samples() -> Vec<Self> {
        let mut all: Vec<Self> =
            sample_bills().into_iter().map(|bill| Self::new(bill, "2026-06-01", true)).collect();
        all.extend(sample_bills().into_iter().map(|bill| Self {
            money: vec![Money {
                way: "微信支付",
                source: "4200000000202611240000000001".into(),
                amount: Fen::yuan(2000),
                taken_back: Fen::yuan(500),
                at: Timestamp::from_millis(1_764_100_000_000),
            }],
            waivers: WaiverRow::samples(),
            may_reopen: true,
            problem: "该账单上有款项".into(),
            ..Self::new(bill, "2026-06-01", true)
        }));
        for page in &mut all {
            page.form.errors.insert("void_reason", "原因不能为空".into());
        }
        all.extend(sample_bills().into_iter().map(|bill| Self::new(bill, "2026-06-01", false)));
        all
    }
}

async fn page(app: &App, staff: &SignedInStaff, bill: Bill) -> Result<BillPage, AppError> {
    let levels = level::all(&app.db).await?;
    let today = app.clock.now().date().to_string();
    let may_decide = staff.0.role.may(Permission::DecideMoney);
    let names = member::names(&app.db, std::slice::from_ref(&bill.member_id)).await?;
    let standard = store::standard::find(&app.db, &bill.standard_id).await?;
    let mut money = store::contributions_of(&app.db, &bill.member_id).await?;
    money.retain(|money| money.bill_id == bill.id);
    let waivers = store::waiver::of_bill(&app.db, &bill.id).await?;
    let row = BillRow::new(bill.clone(), &levels, &today);
    Ok(BillPage {
        member: names.get(&bill.member_id).cloned().unwrap_or_default(),
        resolution: standard.map(|standard| standard.resolution).unwrap_or_default(),
        money: money.into_iter().map(Money::from).collect(),
        waivers: waivers.iter().map(|waiver| WaiverRow::new(waiver, "", &row.no)).collect(),
        bill: row,
        ..BillPage::new(bill, &today, may_decide)
    })
}

/// `GET /admin/dues/bills/{bill}`
#[handler]
pub async fn one(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<BillPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let bill = find_bill(&app, req).await?;
    Ok(Html::new(page(&app, &staff, bill).await?))
}
