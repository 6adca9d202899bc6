//! Opening a report: gathering what its page shows, and its vouchers.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};

use super::sheet::{DetailPage, Parts, Unit};
use crate::{
    dues,
    file::{self, Owner, Served, StoredFile},
    kernel::Timestamp,
    member::{self, Level, Member, level},
    offline::{
        correct::other_bills,
        decide::name_of,
        model::{Correction, CorrectionStatus, Event, OfflinePayment},
        online::live_orders,
        pc::{lines, read_voucher},
        store,
    },
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
    let earlier = earlier_files(app, &payment).await?;
    let events = store::events(&app.db, &payment.id).await?;
    let corrections = store::corrections(&app.db, &payment.id).await?;
    let names = names(app, &payment, &events, &corrections).await?;
    let name = |id: &str| names.get(id).cloned().unwrap_or_default();
    Ok(DetailPage::new(Parts {
        decider: name(&payment.decided_by),
        unit: unit(&member, &levels),
        confirmation: store::confirmation(&app.db, &payment.id).await?,
        correction: corrections
            .iter()
            .find(|it| it.status == CorrectionStatus::Asked)
            .map(|it| (name(&it.asked_by), it.clone())),
        past: corrections
            .into_iter()
            .filter(|it| it.status != CorrectionStatus::Asked)
            .map(|it| (name(&it.asked_by), name(&it.answered_by), it))
            .collect(),
        history: lines(events, name),
        files: file::owned(&app.db, &owner, &files).await?,
        earlier,
        waiting: store::waiting_on(&app.db, &app.vault, &payment.bill_id).await?.len(),
        same_reference: store::same_reference(&app.db, &payment).await?,
        online: live_orders(app, &payment.bill_id).await?,
        others: other_bills(app, &payment).await?,
        payment,
        bill,
        levels,
        today: app.clock.now().date().to_string(),
        staff_id: staff.0.id.to_string(),
        may_decide: staff.0.role.may(Permission::DecideMoney),
        may_approve: staff.0.role.may(Permission::ApproveMoney),
    }))
}

/// The vouchers that the member has replaced since, with the moment.
async fn earlier_files(
    app: &App,
    payment: &OfflinePayment,
) -> Result<Vec<(StoredFile, Timestamp)>, AppError> {
    let replaced = store::replaced_vouchers(&app.db, &payment.id).await?;
    let ids: Vec<_> = replaced.iter().map(|it| it.file_id.clone()).collect();
    let owner = Owner::Member(payment.member_id.clone());
    let files = file::owned(&app.db, &owner, &ids).await?;
    let when = |file: &StoredFile| replaced.iter().find(|it| it.file_id == file.id);
    let dated = files.into_iter().filter_map(|file| {
        let at = when(&file)?.replaced_ms;
        Some((file, at))
    });
    Ok(dated.collect())
}

/// The names of everybody of the staff who had to do with it: a handful.
async fn names(
    app: &App,
    payment: &OfflinePayment,
    events: &[Event],
    corrections: &[Correction],
) -> Result<HashMap<String, String>, AppError> {
    let mut ids: Vec<&str> = vec![&payment.decided_by];
    ids.extend(events.iter().map(|event| event.staff_id.as_str()));
    ids.extend(corrections.iter().flat_map(|it| [it.asked_by.as_str(), it.answered_by.as_str()]));
    ids.retain(|id| !id.is_empty());
    ids.sort_unstable();
    ids.dedup();
    let mut names = HashMap::new();
    for id in ids {
        names.insert(id.to_owned(), name_of(app, id).await?);
    }
    Ok(names)
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
