//! URLs of payment links and of 缴费凭据.

use salvo::Router;

use crate::{payment, receipt};

/// 付款链接: the member's side, and what the holder of an address sees without signing in.
pub(super) fn payment_links() -> Router {
    use payment::{
        h5::link as phone,
        pc::{link, links},
    };
    Router::new()
        .push(
            Router::with_path("dues/links").get(links::all).post(links::create).push(
                Router::with_path("{link}")
                    .get(links::one)
                    .push(Router::with_path("revoke").post(links::revoke)),
            ),
        )
        .push(
            Router::with_path("pay/link/{token}")
                .get(link::look)
                .post(link::start)
                .push(Router::with_path("state").get(link::state)),
        )
        .push(Router::with_path("h5/pay/link/{token}").get(phone::look).post(phone::start))
}

/// 缴费凭据: the member's own, and the check that anybody may make.
pub(super) fn receipts() -> Router {
    use receipt::{h5, pc};
    Router::new()
        .push(Router::with_path("receipts").get(pc::all))
        .push(Router::with_path("receipts/{receipt}").get(pc::one))
        .push(Router::with_path("verify").get(pc::verify).post(pc::look_up))
        .push(Router::with_path("verify/{code}").get(pc::verify))
        .push(Router::with_path("h5/verify").get(h5::verify).post(h5::look_up))
        .push(Router::with_path("h5/verify/{code}").get(h5::verify))
}
