//! A server that dies in the middle of taking a notice.

use huiyuan::{
    config::Settings,
    kernel::{Clock, Ids},
    server,
};
use rand::{RngExt as _, rngs::StdRng};
use tokio::runtime::Builder;
use wechat_sandbox::{Armed, Mishap, Sealed, SignNotice};

use super::Walk;
use crate::support::Browser;

impl Walk {
    /// Some order is paid, and a server of its own that is told dies somewhere on the way, with all
    /// that runs in it. Nobody else is told.
    pub(super) async fn crash(&self, chance: &mut StdRng) {
        let Some(number) = self.any_order(chance) else { return };
        self.test.sandbox.arm(Armed {
            mishap: Mishap::NoNotification,
            sticky: false,
            out_trade_no: Some(number.clone()),
        });
        // Money or the end of the order may have been faster; then its notice comes once more.
        let _ = self.test.sandbox.pay(&number, "xiaolin");
        if self.test.sandbox.truth_of(&number).unwrap().transaction_id.is_none() {
            return;
        }
        let wanted = SignNotice { out_trade_no: Some(number), ..SignNotice::default() };
        let sealed = self.sign(&wanted);
        let (settings, clock) = (self.test.settings.clone(), self.test.app.clock.clone());
        let turns = chance.random_range(0..20_000);
        let dies = move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(die(&settings, clock, sealed, turns));
            runtime.shutdown_background();
        };
        tokio::task::spawn_blocking(dies).await.unwrap();
        // What it had begun is either in or out now: this waits for its locks.
        self.test.db_exec("update payment_order set no = no").await;
    }
}

/// Takes a notice for so many turns of its runtime.
async fn die(settings: &Settings, clock: Clock, sealed: Sealed, turns: u32) {
    let app = server::assemble(settings, clock, Ids::system()).await.unwrap();
    let acceptor = server::bind("127.0.0.1:0").await.unwrap();
    let address = acceptor.local_addr().unwrap();
    let _running = server::serve(&app, acceptor, settings.jobs);
    tokio::spawn(async move {
        let headers: Vec<(&str, &str)> =
            sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Browser::at(address).post_body("/wechat/pay/notify", &headers, sealed.bytes).await
    });
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}
