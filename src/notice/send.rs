//! Sending what is due: each notice is claimed by one server, tried, and marked.

use super::{
    Addressee, Recipient, State,
    deliver::{Outcome, deliver},
    model::{MOST_TRIES, pause},
    store::{self, Marked, Row},
};
use crate::{
    db,
    web::{App, AppError},
};

const BATCH: i64 = 50;

/// Sends what is due; returns how many notices were dealt with for good. `recipient` tells who an
/// addressee is: the outbox lies below the slices that know.
pub async fn send_due<F, Fut>(app: &App, recipient: F) -> Result<usize, AppError>
where
    F: Fn(App, Addressee) -> Fut + Sync,
    Fut: Future<Output = Result<Recipient, AppError>> + Send,
{
    let now = app.clock.now();
    let mut done = 0;
    for row in store::due(&app.db, now, BATCH).await? {
        // The next try is put off at once: a server that dies here loses nothing.
        if !store::claim(&app.db, &row, now + pause(row.attempts + 1)).await? {
            continue;
        }
        let who = Addressee { member_id: row.member_id.clone(), object: row.object().to_owned() };
        let to = recipient(app.clone(), who).await;
        let tried = match &to {
            Ok(to) => deliver(app, &row, to).await,
            Err(error) => Ok(Outcome::Later(error.to_string())),
        };
        // One notice that cannot be read must not keep the others waiting.
        let outcome = tried.unwrap_or_else(|fault| {
            tracing::warn!(notice.id = row.id, error = %fault, "a notice could not be sent");
            Outcome::Later("系统暂时繁忙".into())
        });
        let unit = to.map(|to| to.unit).unwrap_or_default();
        done += usize::from(mark(app, &row, unit, outcome).await?);
    }
    Ok(done)
}

/// Writes down what came of it; true when nothing more will happen by itself.
async fn mark(app: &App, row: &Row, unit: String, outcome: Outcome) -> Result<bool, db::Error> {
    let (state, note) = match outcome {
        Outcome::Sent => (State::Sent, String::new()),
        Outcome::Logged(why) => (State::Logged, why.to_owned()),
        Outcome::Dead(why) => (State::Dead, why),
        Outcome::Later(why) if row.attempts + 1 >= MOST_TRIES => (State::Dead, why),
        Outcome::Later(why) => (State::Queued, why),
    };
    let note = note.chars().take(300).collect();
    let sent_at = (state == State::Sent).then(|| app.clock.now());
    let marked = Marked { state, note, unit, sent_at };
    store::mark(&app.db, row, &marked).await?;
    Ok(state != State::Queued)
}
