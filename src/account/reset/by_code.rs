//! With a code of the secretariat.

use std::time::Duration;

use super::{Proof, ResetError, set};
use crate::{
    account::{code, sign_in},
    kernel::Secret,
    web::{App, Client, throttle},
};

/// Tries from one address in ten minutes.
const MOST: u64 = 20;

/// Sets a new password. A weak one costs a try, but does not spend the code.
pub async fn redeem(
    app: &App,
    client: &Client,
    (login, typed): (&str, &str),
    password: &Secret,
) -> Result<(), ResetError> {
    throttle::pass(app, "reset-code", &client.ip, MOST, Duration::from_mins(10)).await?;
    let account = sign_in::find(app, &sign_in::plain(login)).await?;
    let account = account.filter(|account| account.is_active);
    let right = code::check(app, account.as_ref(), code::Purpose::Reset, typed).await?;
    let (Some(account), Some(right)) = (account, right) else {
        return Err(ResetError::WrongCode);
    };
    set(app, &account, password, (Proof::Code, Some(right)), &client.ip).await
}
