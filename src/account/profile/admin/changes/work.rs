//! The decision about a request as one transaction.

use crate::{
    account::profile::save,
    db,
    member::{
        amend::{AmendError, Amendment},
        change::{self, Ending, Status},
        field::{self, find},
        history::Source,
        sheet::Sheet,
    },
    web::App,
};

/// The decision and what it changes, or neither.
pub(super) async fn work(
    tx: &db::Tx,
    app: &App,
    (request, sheet): (&change::Request, &Sheet),
    ending: &Ending,
) -> Result<bool, AmendError> {
    if !change::end(tx, app, request, ending).await? {
        return Ok(false);
    }
    if ending.to == Status::Approved {
        let known = |(name, value): (&String, &String)| Some((find(name)?.name, value.clone()));
        let amendment = Amendment {
            actor: ending.actor.clone(),
            source: Source::Request,
            reason: format!("{}：{}", request.no, ending.reason),
            ip: ending.ip.clone(),
            values: request.after.iter().filter_map(known).collect::<field::Values>(),
            completes: false,
        };
        save::write(tx, app, sheet, &amendment).await?;
    }
    Ok(true)
}
