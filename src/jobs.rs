//! What runs on a timer, and how often. What a job does is a verb of its slice.

use std::{fmt::Display, time::Duration};

use tokio::{task::JoinHandle, time::MissedTickBehavior};

use crate::{
    account, config::Jobs, dues, file, notice, payment, reconcile, refund, registration, web::App,
};

/// Starts every job whose period is not zero.
pub fn start(app: &App, periods: Jobs) -> Vec<JoinHandle<()>> {
    let sweep = every(app, "payment sweep", periods.sweep_seconds, async |app: App| {
        payment::sweep::sweep_due(&app).await
    });
    let outbox = every(app, "notice sending", periods.outbox_seconds, async |app: App| {
        notice::send::send_due(&app, registration::recipient).await
    });
    let rescue = every(app, "WeChat change", periods.rescue_seconds, async |app: App| {
        account::rescue::take_due(&app).await
    });
    let refunds = every(app, "refunds", periods.refund_seconds, async |app: App| {
        refund::push_due(&app).await
    });
    // It looks often whether the last check is old enough, so that a restart skips none.
    let age = Duration::from_secs(periods.ledger_check_seconds);
    let look = periods.ledger_check_seconds.min(600);
    let check = every(app, "ledger check", look, move |app: App| async move {
        reconcile::check_if_due(&app, age).await
    });
    let uploads = every(app, "upload tidying", periods.uploads_seconds, async |app: App| {
        file::tidy::delete_abandoned(&app).await
    });
    let dues = every(app, "dues", periods.dues_seconds, async |app: App| dues::work(&app).await);
    let bills = every(app, "bill comparison", periods.bill_seconds, async |app: App| {
        reconcile::bill::compare_due(&app).await
    });
    [sweep, outbox, rescue, refunds, uploads, dues, bills, check].into_iter().flatten().collect()
}

/// Repeats a job; a failure is logged and the next turn tries again.
fn every<F, Fut, E>(app: &App, name: &'static str, seconds: u64, job: F) -> Option<JoinHandle<()>>
where
    F: Fn(App) -> Fut + Send + 'static,
    Fut: Future<Output = Result<usize, E>> + Send,
    E: Display,
{
    if seconds == 0 {
        return None;
    }
    let app = app.clone();
    Some(tokio::spawn(async move {
        let mut timer = tokio::time::interval(Duration::from_secs(seconds));
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            match job(app.clone()).await {
                Ok(0) => {}
                Ok(done) => tracing::info!(job = name, done, "{name}: {done} done"),
                Err(error) => tracing::warn!(job = name, %error, "{name} failed, will try again"),
            }
        }
    }))
}
