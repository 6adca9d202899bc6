//! Ending well: signals, and a child process that ends with us.

use std::process::{Child, Command};
use std::time::Duration;

use tokio::signal;

const LOOK_EVERY: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(15);

/// Returns on Ctrl-C or SIGTERM.
pub async fn stop_signal() {
    let interrupt = async {
        // Without a handler there is nothing to wait for but the other signal.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate() => {}
    }
}

#[cfg(unix)]
async fn terminate() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending().await
}

/// Waits for the child; a signal to us is passed on to it. Its exit code, 0 when we stopped it.
pub async fn wait_or_stop(child: &mut Child) -> Option<i32> {
    let stop = stop_signal();
    tokio::pin!(stop);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return status.code();
        }
        tokio::select! {
            () = &mut stop => {
                end(child).await;
                return Some(0);
            }
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Asks the child to end, and ends it when it does not.
pub async fn end(child: &mut Child) {
    ask(child);
    let looks = PATIENCE.as_millis() / LOOK_EVERY.as_millis();
    for _ in 0..looks {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// SIGTERM by the system's own tool: the standard library can only kill.
fn ask(child: &mut Child) {
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    if !asked.is_ok_and(|status| status.success()) {
        let _ = child.kill();
    }
}
