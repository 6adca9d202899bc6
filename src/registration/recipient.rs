//! Who a notice is for: the member with the WeChat that is bound now, or an applicant with the
//! WeChat that asked to be told.

use super::store;
use crate::{
    account, member,
    notice::{Addressee, Recipient},
    web::{App, AppError},
};

/// Who that is; a unit that is gone has no name and no WeChat.
pub async fn recipient(app: App, who: Addressee) -> Result<Recipient, AppError> {
    // A returned application is named with its version: `id.version`.
    let object = who.object.split('.').next().unwrap_or_default();
    let applicant = match object.parse() {
        Ok(id) => store::find(&app.db, &app.vault, &id).await?,
        Err(_) => None,
    };
    let asked = applicant.as_ref().and_then(|applicant| applicant.open_id.clone());
    let Ok(member_id) = who.member_id.parse() else {
        let unit = applicant.map(|applicant| applicant.name).unwrap_or_default();
        return Ok(Recipient { unit, open_id: asked });
    };
    let member = member::store::find(&app.db, &app.vault, &member_id).await?;
    let bound = account::bind::of_member(&app, &member_id).await?;
    Ok(Recipient {
        unit: member.map(|member| member.name).unwrap_or_default(),
        open_id: bound.or(asked),
    })
}
