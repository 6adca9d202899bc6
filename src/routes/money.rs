//! URLs of bills, payment links and 缴费凭据.

use salvo::{Router, http::request::SecureMaxSize};

use crate::{dues, payment, receipt};

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

/// Standards, runs, waivers and bills, for the secretariat.
pub(super) fn dues() -> Router {
    use dues::admin::{self as page, member as unit, runs, waivers};
    let resolution = SecureMaxSize::new(11 * 1024 * 1024);
    let run = Router::with_path("runs/{run}")
        .get(runs::one)
        .push(Router::with_path("approve").post(runs::approve))
        .push(Router::with_path("cancel").post(runs::cancel))
        .push(Router::with_path("void").post(runs::void))
        .push(Router::with_path("progress").get(runs::watch));
    let waiver = Router::with_path("waivers/{waiver}")
        .get(waivers::one)
        .push(Router::with_path("approve").post(waivers::approve))
        .push(Router::with_path("refuse").post(waivers::refuse));
    let bill = Router::with_path("bills/{bill}")
        .get(page::one)
        .push(Router::with_path("void").post(page::void))
        .push(Router::with_path("reopen").post(page::reopen))
        .push(Router::with_path("waive").post(page::waive));
    Router::with_path("dues")
        .push(Router::new().hoop(resolution).get(page::list).post(page::add))
        .push(Router::with_path("standards/{standard}/resolution").get(page::resolution))
        .push(Router::with_path("runs").get(runs::all).post(runs::begin))
        .push(run)
        .push(Router::with_path("waivers").get(waivers::list))
        .push(waiver)
        .push(Router::with_path("arrears").get(page::owing))
        .push(Router::with_path("arrears.csv").get(page::download))
        .push(bill)
        .push(Router::with_path("members/{member}").get(unit::one))
        .push(Router::with_path("members/{member}/level").post(unit::save_level))
}
