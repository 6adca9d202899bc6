//! Opening a report: gathering what its page shows, and its vouchers.

use salvo::{Request, Writer as _, handler};

use super::sheet::{DetailPage, Parts, Unit};
use crate::{
    dues,
    file::{self, Owner, Served},
    member::{self, Level, Member, level},
    offline::{decide::decider, model::OfflinePayment, pc::read_voucher, store},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html},
};

/// Everything about a report, for its page.
pub(super) async fn page(
    app: &App,
    staff: &SignedInStaff,
    payment: OfflinePayment,
) -> Result<DetailPage, AppError> {
    let gone = |what: &str| AppError::Fault(format!("offline payment without {what}"));
    let member = member::store::find(&app.db, &app.vault, &payment.member_id).await?;
    let member = member.ok_or_else(|| gone("member"))?;
    let bill = dues::bill(&app.db, &payment.bill_id).await?.ok_or_else(|| gone("bill"))?;
    let levels = level::all(&app.db).await?;
    let files = store::vouchers(&app.db, &payment.id).await?;
    let owner = Owner::Member(payment.member_id.clone());
    let files = file::owned(&app.db, &owner, &files).await?;
    let waiting = store::waiting_on(&app.db, &app.vault, &payment.bill_id).await?.len();
    Ok(DetailPage::new(Parts {
        decider: decider(app, &payment).await?,
        unit: unit(&member, &levels),
        payment,
        bill,
        levels,
        files,
        waiting,
        today: app.clock.now().date().to_string(),
        may_decide: staff.0.role.may(Permission::DecideMoney),
    }))
}

fn unit(member: &Member, levels: &[Level]) -> Unit {
    let level = levels.iter().find(|level| level.id == member.level_id);
    Unit {
        name: member.name.clone(),
        no: member.no.clone(),
        uscc: member.uscc.as_str().to_owned(),
        level: level.map(|level| level.name.clone()).unwrap_or_default(),
    }
}

/// `GET /admin/offline/{offline}`
#[handler]
pub async fn detail(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<DetailPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let payment = super::find(&app, req).await?;
    Ok(Html::new(page(&app, &staff, payment).await?))
}

/// `GET /admin/offline/{offline}/vouchers/{file}`
#[handler]
pub async fn voucher(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Served, AppError> {
    staff.require(Permission::ReadMoney)?;
    let payment = super::find(&app, req).await?;
    let file = req.param::<String>("file").and_then(|id| id.parse().ok());
    read_voucher(&app, &payment, file).await
}
