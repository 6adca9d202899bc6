//! One-time codes that the secretariat gives out: for a new password, and for a first WeChat. Only
//! their index is stored, five wrong tries end one, and a new one replaces the one before.

use super::{Account, store};
use crate::{
    db::Run,
    kernel::{ids::AccountId, text},
    web::{App, AppError},
};

/// Wrong tries that a code survives.
const MOST_TRIES: i64 = 5;
/// Characters of a code: 31 to the power of 10 are almost 50 bits, and there are five tries.
const LEN: usize = 10;

/// What a code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new password.
    Reset,
    /// The first WeChat.
    Bind,
}

impl Purpose {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Bind => "bind",
        }
    }
}

/// A code that was right, to be spent with what it is good for.
#[derive(Clone, Debug)]
pub(super) struct Right {
    pub(super) id: String,
}

/// Makes a code and stores its index; only this answer ever holds it. Groups of five characters.
pub(super) async fn issue(
    tx: &impl Run,
    app: &App,
    account: &AccountId,
    purpose: Purpose,
    issued_by: &str,
) -> Result<String, AppError> {
    let (now, code) = (app.clock.now(), app.ids.readable(LEN));
    let hours = app.settings.security.code_hours;
    let new = store::code::New {
        id: &app.ids.next(now),
        account,
        purpose: purpose.code(),
        code_index: &index(app, account, &code),
        issued_by,
        now,
        expires: now + std::time::Duration::from_hours(hours),
    };
    store::code::issue(tx, &new).await?;
    let (first, second) = code.split_at(LEN / 2);
    Ok(format!("{first}-{second}"))
}

/// Looks at a typed code; a wrong one costs a try, and nothing tells why it is refused.
pub(super) async fn check(
    app: &App,
    account: Option<&Account>,
    purpose: Purpose,
    typed: &str,
) -> Result<Option<Right>, AppError> {
    let Some(account) = account else { return Ok(None) };
    let Some(open) = store::code::open(&app.db, &account.id, purpose.code()).await? else {
        return Ok(None);
    };
    if !store::code::take_try(&app.db, &open.id, MOST_TRIES, app.clock.now()).await? {
        return Ok(None);
    }
    let same = aws_lc_rs::constant_time::verify_slices_are_equal(
        index(app, &account.id, &plain(typed)).as_bytes(),
        open.code_index.as_bytes(),
    );
    Ok(same.is_ok().then_some(Right { id: open.id }))
}

fn index(app: &App, account: &AccountId, code: &str) -> String {
    app.vault.index(&format!("code {account} {code}"))
}

/// Without the hyphen, in capitals, half width.
fn plain(typed: &str) -> String {
    text::half_width(typed).to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_code_may_be_typed_as_it_comes() {
        for typed in ["ABCDE-23456", " abcde 23456 ", "ａｂｃｄｅ－２３４５６"] {
            assert_eq!(plain(typed), "ABCDE23456");
        }
    }
}
