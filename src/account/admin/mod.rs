//! Admin pages: a member's account (账号与登录) with what the secretariat may do to it, and the
//! requests to replace a lost WeChat.

mod events;
mod order;
mod rescue;
mod sheet;

pub use order::act;
pub use rescue::{RescuesPage, decide, evidence, queue};
pub use sheet::{AccountPage, detail};

use salvo::Request;

use super::{Account, store};
use crate::{
    kernel::ids::MemberId,
    member::{self, Member},
    web::{App, AppError},
};

/// The account and unit that the path names.
async fn addressed(app: &App, req: &Request) -> Result<(Account, Member), AppError> {
    let id = req.param::<String>("member").and_then(|id| id.parse::<MemberId>().ok());
    let id = id.ok_or(AppError::NotFound)?;
    let member = member::store::find(&app.db, &app.vault, &id).await?;
    let account = store::of_member(&app.db, &id).await?;
    account.zip(member).ok_or(AppError::NotFound)
}

fn path(member: &Member) -> String {
    format!("/admin/members/{}/account", member.id)
}
