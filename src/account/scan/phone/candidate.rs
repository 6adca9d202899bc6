//! The units that a code may lead to: the one that it was made for, or, where no password came
//! before, those that the scanning WeChat is bound to.

use crate::{
    account::{
        Account, bind,
        bind::Match,
        oauth::PhoneUser,
        rescue,
        scan::{Purpose, Ticket},
        sign_in, store,
    },
    member::{self, Member, model::Standing},
    web::{App, AppError},
};

/// A unit, and how the WeChat relates to its account.
pub(super) struct Candidate {
    pub(super) account: Account,
    pub(super) member: Member,
    pub(super) relation: Match,
}

/// The units, and why none is open although the WeChat is bound to one.
#[derive(Default)]
pub(super) struct Candidates {
    pub(super) open: Vec<Candidate>,
    pub(super) closed: Option<&'static str>,
}

const FROZEN: &str = "该单位的账号已停用，请联系秘书处";
const LOCKED: &str = "密码错误次数过多，账号已锁定，请稍后再试，或者联系秘书处解锁";
const INCOMPLETE: &str = "单位信息还没有完善，请先在电脑上用密码登录，完善单位信息";

/// Finds them. A code for an account that does not exist, or that changed meanwhile, has none.
pub(super) async fn find(
    app: &App,
    ticket: &Ticket,
    user: &PhoneUser,
) -> Result<Candidates, AppError> {
    if ticket.purpose == Purpose::Direct {
        return bound(app, ticket, user).await;
    }
    let Some((account, member)) = owner(app, ticket).await? else {
        return Ok(Candidates::default());
    };
    let relation = match bind::compare(app, &account.id, &user.open_id).await? {
        // A new password is for the bound WeChat alone.
        Match::Free if ticket.purpose == Purpose::Reset => Match::Other,
        relation => relation,
    };
    Ok(Candidates { open: vec![Candidate { account, member, relation }], closed: None })
}

/// The account as it was when the code was made, and its unit.
async fn owner(app: &App, ticket: &Ticket) -> Result<Option<(Account, Member)>, AppError> {
    let stands =
        |account: &Account| account.is_active && account.session_generation == ticket.generation;
    let Some(id) = &ticket.account else { return Ok(None) };
    let account = store::by_id(&app.db, id.as_str()).await?.filter(stands);
    let Some(account) = account else { return Ok(None) };
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    Ok(member.map(|member| (account, member)))
}

async fn bound(app: &App, ticket: &Ticket, user: &PhoneUser) -> Result<Candidates, AppError> {
    let index = app.vault.index(user.open_id.as_str());
    let mut found = Candidates::default();
    for id in store::bound_to(&app.db, app.login.app_id(), &index).await? {
        let Some(account) = store::by_id(&app.db, id.as_str()).await? else { continue };
        // A 换绑 whose pause is over takes effect now: this WeChat is the old one.
        if rescue::settle(app, &account).await? {
            continue;
        }
        let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
        let Some(member) = member else { continue };
        match closed(app, ticket, &account, &member).await? {
            Some(why) => found.closed = Some(why),
            None => found.open.push(Candidate { account, member, relation: Match::Bound }),
        }
    }
    Ok(found)
}

/// Why a bound WeChat alone does not lead in now. A lock by strangers' tries is not one for the
/// browsers that the account knows, as with the password.
async fn closed(
    app: &App,
    ticket: &Ticket,
    account: &Account,
    member: &Member,
) -> Result<Option<&'static str>, AppError> {
    Ok(if !account.is_active || member.standing != Standing::Active {
        Some(FROZEN)
    } else if !member.has_complete_profile() {
        Some(INCOMPLETE)
    } else if sign_in::is_locked(app, account, &ticket.device).await? {
        Some(LOCKED)
    } else {
        None
    })
}
