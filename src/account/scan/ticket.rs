//! Login codes in the shared store. Their number and the poll secret are kept as indexes only.

use std::{collections::BTreeMap, time::Duration};

use super::state::{Facts, State};
use crate::{
    kernel::{Timestamp, ids::AccountId},
    session::Advance,
    web::{App, AppError, cookie},
};

/// The number of a login code: 128 random bits, part of the address in the QR code.
#[derive(Clone, PartialEq, Eq)]
pub struct TicketNo(String);

impl std::fmt::Debug for TicketNo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketNo(…)")
    }
}

impl TicketNo {
    /// A new one.
    pub fn new(app: &App) -> Self {
        Self(app.ids.token())
    }

    /// Reads one from an address; what cannot be one is not found.
    pub fn parse(text: Option<String>) -> Result<Self, AppError> {
        let fits = |text: &String| {
            text.len() == 22
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        text.filter(fits).map(Self).ok_or(AppError::NotFound)
    }

    /// The number as in the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What opens on the phone.
    pub fn phone_path(&self) -> String {
        format!("/h5/scan/{}", self.0)
    }

    pub(super) fn key(&self, app: &App) -> String {
        format!("ticket:{}", app.vault.index(&self.0))
    }
}

/// What a confirmed code leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in, after the password.
    Login,
    /// A new password, without the old one: the bound WeChat is the proof.
    Reset,
    /// Signing in without the password, where the association allows it: the bound WeChat is the
    /// proof, and says for which of its units.
    Direct,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Login, Self::Reset, Self::Direct];

    const fn word(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Reset => "reset",
            Self::Direct => "direct",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }

    /// The cookie that holds the poll secret of such a code.
    pub const fn holder(self) -> cookie::Name {
        match self {
            Self::Login => cookie::Name::Scan,
            Self::Reset => cookie::Name::Reset,
            Self::Direct => cookie::Name::Direct,
        }
    }
}

/// A login code.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// What it leads to.
    pub purpose: Purpose,
    /// Index of the device cookie of the PC's browser; empty when it has none.
    pub device: String,
    /// State, first WeChat and number.
    pub facts: Facts,
    /// Whom it signs in; none until the phone says it, where no password came before.
    pub account: Option<AccountId>,
    /// The account's session generation when it was known.
    pub generation: i64,
    /// The pre-auth session that it was made in, or the browser's try without one.
    pub pre_auth: String,
    /// Index of the poll secret.
    pub secret: String,
    /// Three numbers, the right one among them, for the phone.
    pub numbers: Vec<String>,
    /// The PC's browser in words.
    pub browser: String,
    /// The PC's address.
    pub ip: String,
    /// When it was made.
    pub created: Timestamp,
    /// Until when the next step may come.
    pub expires: Timestamp,
}

/// The store forgets a code after this many spans of `security.scan_seconds`: opening and
/// confirming each begin a new span, and the end must still be told.
const SPANS: u32 = 4;

/// Stores a new code.
pub(super) async fn put(app: &App, no: &TicketNo, ticket: &Ticket) -> Result<(), AppError> {
    let numbers = ticket.numbers.join(",");
    let generation = ticket.generation.to_string();
    let created = ticket.created.millis().to_string();
    let expires = ticket.expires.millis().to_string();
    let account = ticket.account.as_ref().map_or("", AccountId::as_str);
    let fields = [
        ("purpose", ticket.purpose.word()),
        ("device", ticket.device.as_str()),
        ("state", ticket.facts.state.word()),
        ("phone", ticket.facts.phone.as_str()),
        ("number", ticket.facts.number.as_str()),
        ("account", account),
        ("generation", &generation),
        ("pre_auth", &ticket.pre_auth),
        ("secret", &ticket.secret),
        ("numbers", &numbers),
        ("browser", &ticket.browser),
        ("ip", &ticket.ip),
        ("created", &created),
        ("expires", &expires),
    ];
    let life = app.settings.security.scan() * SPANS;
    Ok(app.store.put_hash(&no.key(app), &fields, life).await?)
}

/// A code as it is now; nothing when there is none.
pub(in crate::account) async fn find(app: &App, no: &TicketNo) -> Result<Option<Ticket>, AppError> {
    let Some(fields) = app.store.hash(&no.key(app)).await? else { return Ok(None) };
    let ticket = read(&fields, app.clock.now());
    ticket.map(Some).ok_or_else(|| AppError::Fault("a login code in the store is broken".into()))
}

fn read(fields: &BTreeMap<String, String>, now: Timestamp) -> Option<Ticket> {
    let text = |name: &str| fields.get(name).cloned();
    let millis = |name: &str| text(name)?.parse().ok().map(Timestamp::from_millis);
    let expires = millis("expires")?;
    let state = State::of_word(fields.get("state")?)?.at(now, expires);
    Some(Ticket {
        purpose: Purpose::of_word(fields.get("purpose")?)?,
        device: text("device")?,
        facts: Facts { state, phone: text("phone")?, number: text("number")? },
        account: match fields.get("account")?.as_str() {
            "" => None,
            id => Some(id.parse().ok()?),
        },
        generation: text("generation")?.parse().ok()?,
        pre_auth: text("pre_auth")?,
        secret: text("secret")?,
        numbers: text("numbers")?.split(',').map(str::to_owned).collect(),
        browser: text("browser")?,
        ip: text("ip")?,
        created: millis("created")?,
        expires,
    })
}

/// What a poll needs, in one round trip: state, index of the secret.
pub(super) async fn glance(app: &App, no: &TicketNo) -> Result<Option<(State, String)>, AppError> {
    let wanted = ["state", "secret", "expires"];
    let Some(fields) = app.store.hash_fields(&no.key(app), &wanted).await? else {
        return Ok(None);
    };
    let mut fields = fields.into_iter().flatten();
    let read = (|| {
        let state = State::of_word(&fields.next()?)?;
        let secret = fields.next()?;
        let expires = Timestamp::from_millis(fields.next()?.parse().ok()?);
        Some((state.at(app.clock.now(), expires), secret))
    })();
    Ok(read)
}

/// One step, if the code is still where it was; a step that leads on begins a new span.
/// `false`: somebody else was faster.
pub(in crate::account) async fn step(
    app: &App,
    no: &TicketNo,
    from: State,
    to: State,
    set: &[(&str, &str)],
) -> Result<bool, AppError> {
    let expires = (app.clock.now() + app.settings.security.scan()).millis().to_string();
    let mut fields = set.to_vec();
    if matches!(to, State::Scanned | State::Confirmed) {
        fields.push(("expires", &expires));
    }
    let done = app.store.advance(&no.key(app), &[from.word()], to.word(), &fields).await?;
    Ok(done == Advance::Done)
}

/// The states that a newer code ends.
const OPEN: [&str; 4] =
    [State::Waiting.word(), State::Scanned.word(), State::Mismatch.word(), State::Confirmed.word()];

/// Whose only code it is: the account's, or without a password the browser's, because anybody may
/// ask for such a code and must not end those of others.
fn current_key(ticket: &Ticket) -> String {
    match (ticket.purpose, &ticket.account) {
        (Purpose::Login, Some(account)) => format!("ticket-of:{account}"),
        (purpose, _) => format!("ticket-of:{}:{}", purpose.word(), ticket.pre_auth),
    }
}

/// Makes this code the only one: the one before is expired from now on, and its page says so.
pub(super) async fn make_current(
    app: &App,
    ticket: &Ticket,
    no: &TicketNo,
    life: Duration,
) -> Result<(), AppError> {
    let (current, key) = (current_key(ticket), no.key(app));
    if let Some(before) = app.store.get(&current).await? {
        app.store.advance(&before, &OPEN, State::Expired.word(), &[]).await?;
    }
    Ok(app.store.put(&current, &key, life).await?)
}

/// True while no newer code was made.
pub(super) async fn is_current(
    app: &App,
    ticket: &Ticket,
    no: &TicketNo,
) -> Result<bool, AppError> {
    let current = app.store.get(&current_key(ticket)).await?;
    Ok(current.as_deref() == Some(no.key(app).as_str()))
}
