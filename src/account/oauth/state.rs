//! Pending authorisations in the shared store: one per `state`, tied to a phone and a path, used
//! once, and with its outcome remembered for whoever asks again.

use super::{MEMORY, is_own_path};
use crate::{
    session::Advance,
    web::{App, AppError},
};

/// The characters of [`crate::kernel::Ids::readable`] carry almost five bits each: 26 of them are
/// 128 bits, in letters and digits only, as WeChat demands.
const STATE_LEN: usize = 26;

/// Where an authorisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// WeChat has not come back.
    Open,
    /// A callback is being worked on.
    Busy,
    /// The WeChat is known.
    Done,
    /// It failed in this way.
    Failed(Failure),
}

/// Why an authorisation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The code was used or is too old.
    Invalid,
    /// A snapshot visitor.
    Snapshot,
    /// WeChat is busy.
    Busy,
    /// WeChat cannot be reached, or its answer cannot be read.
    Away,
    /// WeChat refuses our account.
    Config,
}

const FAILURES: [(Failure, &str); 5] = [
    (Failure::Invalid, "invalid"),
    (Failure::Snapshot, "snapshot"),
    (Failure::Busy, "wechat-busy"),
    (Failure::Away, "away"),
    (Failure::Config, "config"),
];

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Busy => "busy",
            Self::Done => "done",
            Self::Failed(failure) => FAILURES
                .iter()
                .find(|(known, _)| *known == failure)
                .map_or("invalid", |(_, word)| word),
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        match word {
            "open" => Some(Self::Open),
            "busy" => Some(Self::Busy),
            "done" => Some(Self::Done),
            other => FAILURES
                .iter()
                .find(|(_, known)| *known == other)
                .map(|(failure, _)| Self::Failed(*failure)),
        }
    }
}

/// A pending authorisation.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) stage: Stage,
    /// Index of the phone's cookie.
    pub(super) phone: String,
    /// Where the phone goes afterwards.
    pub(super) next: String,
    /// How often it was begun again.
    pub(super) restarts: u32,
}

fn key(app: &App, state: &str) -> String {
    format!("oauth:{}", app.vault.index(state))
}

/// Begins one; returns WeChat's address for the phone.
pub(super) async fn begin(
    app: &App,
    phone: &str,
    next: &str,
    restarts: u32,
) -> Result<String, AppError> {
    if !is_own_path(next) {
        return Err(AppError::Fault("an authorisation must end on a path of ours".into()));
    }
    let state = app.ids.readable(STATE_LEN);
    let restarts = restarts.to_string();
    let fields = [
        ("state", Stage::Open.word()),
        ("phone", phone),
        ("next", next),
        ("restarts", restarts.as_str()),
    ];
    app.store.put_hash(&key(app, &state), &fields, MEMORY).await?;
    Ok(app.login.authorize_url(&app.url("/wechat/oauth/callback"), &state))
}

/// The authorisation of a `state` that came back.
pub(super) async fn find(app: &App, state: &str) -> Result<Option<Pending>, AppError> {
    if state.len() != STATE_LEN || !state.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let wanted = ["state", "phone", "next", "restarts"];
    let Some(fields) = app.store.hash_fields(&key(app, state), &wanted).await? else {
        return Ok(None);
    };
    let mut fields = fields.into_iter().flatten();
    let read = (|| {
        Some(Pending {
            stage: Stage::of_word(&fields.next()?)?,
            phone: fields.next()?,
            next: fields.next()?,
            restarts: fields.next()?.parse().ok()?,
        })
    })();
    Ok(read)
}

/// Moves it on; `false` when somebody else did.
pub(super) async fn step(app: &App, state: &str, from: Stage, to: Stage) -> Result<bool, AppError> {
    let done = app.store.advance(&key(app, state), &[from.word()], to.word(), &[]).await?;
    Ok(done == Advance::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        let failed = FAILURES.iter().map(|(failure, _)| Stage::Failed(*failure));
        for stage in [Stage::Open, Stage::Busy, Stage::Done].into_iter().chain(failed) {
            assert_eq!(Stage::of_word(stage.word()), Some(stage));
        }
    }
}
