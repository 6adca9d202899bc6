//! URLs of parked money, refunds and the books, below `/admin`.

use salvo::{Router, http::request::SecureMaxSize};

use crate::{
    ledger,
    payment::unexplained as parked,
    reconcile::admin as check,
    refund::{self, admin as back},
};

/// Parked money, refunds, the books.
pub(super) fn admin() -> Router {
    Router::new()
        .push(Router::with_path("payments/unexplained").get(parked::list))
        .push(
            Router::with_path("payments/unexplained/{item}")
                .get(parked::detail)
                .push(Router::with_path("assign").post(parked::assign))
                .push(Router::with_path("explain").post(parked::explain)),
        )
        .push(Router::with_path("refunds").get(back::queue))
        .push(
            Router::with_path("refunds").hoop(SecureMaxSize::new(refund::MAX_BODY)).post(back::ask),
        )
        .push(Router::with_path("refunds/new").get(back::blank))
        .push(Router::with_path("refunds/uploads/{file}").get(back::uploaded))
        .push(Router::with_path("refunds/parked").post(back::ask_parked))
        .push(
            Router::with_path("refunds/{refund}")
                .get(back::detail)
                .push(Router::with_path("files/{file}").get(back::file))
                .push(Router::with_path("approve").post(back::approve))
                .push(Router::with_path("reject").post(back::reject))
                .push(Router::with_path("withdraw").post(back::withdraw))
                .push(Router::with_path("resubmit").post(back::resubmit))
                .push(Router::with_path("give-up").post(back::give_up))
                .push(Router::with_path("charge").post(back::charge)),
        )
        .push(Router::with_path("reconciliation").get(check::list))
        .push(Router::with_path("reconciliation/{day}").get(check::one).post(check::again))
        .push(Router::with_path("ledger").get(ledger::admin::list))
        .push(Router::with_path("ledger/check").get(check::history).post(check::begin))
        .push(Router::with_path("ledger/check/state").get(check::state))
}
