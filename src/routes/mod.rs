//! Every URL of the product. URL, handler, template, stylesheet and test share one name.

mod access;
mod applicant;
mod books;
mod money;
mod profile;

use salvo::{
    Router, handler,
    http::{StatusCode, request::SecureMaxSize},
    writing::Redirect,
};

use crate::{
    account, dues, ledger, member, notice, offline, payment, receipt, reconcile, refund,
    registration, report, setting, staff,
    web::{App, Sample, assets, error, health, page},
};

/// The router.
pub fn all(app: &App) -> Router {
    Router::new()
        // First, because every open login page asks it every second.
        .push(Router::with_path("login/scan/{ticket}/state").get(account::pc::scan_state))
        .push(old_links())
        .push(applicant::pc())
        .push(applicant::phone())
        .push(member_pc())
        .push(profile::pc())
        .push(money::payment_links())
        .push(member_phone())
        .push(money::receipts())
        .push(wechat(app))
        .push(admin())
        .push(operator())
        .push(Router::with_path("assets/{**path}").get(assets::serve))
}

/// Printed on posters and QR codes of the old system.
fn old_links() -> Router {
    Router::new()
        .push(Router::with_path("framework/hygl/regist.html").get(old_register))
        .push(Router::with_path("h5/hy_register.html").get(old_h5_register))
        .push(Router::with_path("framework/login.jsp").get(old_login))
}

fn member_pc() -> Router {
    use account::pc as sign_in;
    use offline::pc as transfer;
    Router::new()
        .get(report::pc::home)
        .push(
            Router::with_path("login").get(sign_in::login_page).post(registration::sign_in::login),
        )
        .push(Router::with_path("login/scan").get(sign_in::scan_page).post(sign_in::scan_renew))
        .push(
            Router::with_path("login/direct")
                .get(sign_in::direct_page)
                .post(sign_in::direct_renew)
                .push(Router::with_path("{ticket}/state").get(sign_in::direct_state)),
        )
        .push(Router::with_path("logout").post(sign_in::logout))
        .push(Router::with_path("password").get(sign_in::password_page).post(sign_in::password))
        .push(access::member())
        .push(Router::with_path("dues").get(dues::pc::list))
        .push(
            Router::with_path("dues/offline")
                .hoop(SecureMaxSize::new(offline::MAX_BODY))
                .get(transfer::submit_page)
                .post(transfer::submit),
        )
        .push(Router::with_path("dues/offline/uploads/{file}").get(transfer::upload))
        .push(
            Router::with_path("dues/offline/{offline}")
                .hoop(SecureMaxSize::new(offline::MAX_BODY))
                .get(transfer::edit_page)
                .post(transfer::edit)
                .push(Router::with_path("delete").post(transfer::delete))
                .push(Router::with_path("vouchers/{file}").get(transfer::voucher)),
        )
        .push(Router::with_path("dues/records").get(report::contribution::member::records))
        .push(Router::with_path("dues/pay").post(payment::pc::checkout))
        .push(
            Router::with_path("pay/{order}")
                .get(payment::pc::pay)
                .post(payment::pc::restart)
                .push(Router::with_path("cancel").post(payment::pc::cancel))
                .push(Router::with_path("check").post(payment::pc::check_now))
                .push(Router::with_path("state").get(payment::pc::state)),
        )
        .push(Router::with_path("payments").get(payment::pc::list))
}

fn member_phone() -> Router {
    use account::h5;
    Router::with_path("h5")
        .get(report::h5::home)
        .push(Router::with_path("login").get(h5::login_page).post(registration::sign_in::h5_login))
        .push(Router::with_path("login/enter").get(h5::enter))
        .push(Router::with_path("logout").post(h5::logout))
        .push(
            Router::with_path("password/reset")
                .get(h5::reset_page)
                .post(h5::reset)
                .push(Router::with_path("new").get(h5::reset_new_page).post(h5::reset_new)),
        )
        .push(
            Router::with_path("scan/{ticket}")
                .get(h5::scan)
                .push(Router::with_path("confirm").post(h5::confirm))
                .push(Router::with_path("reject").post(h5::reject)),
        )
        .push(profile::phone())
        .push(Router::with_path("dues").get(payment::h5::dues).post(payment::h5::checkout))
        .push(
            Router::with_path("pay/{order}")
                .get(payment::h5::pay)
                .post(payment::h5::begin)
                .push(Router::with_path("cancel").post(payment::h5::cancel))
                .push(Router::with_path("check").post(payment::h5::check_now))
                .push(Router::with_path("state").get(payment::h5::state)),
        )
}

fn wechat(app: &App) -> Router {
    let notify = Router::with_path("wechat/pay/notify").post(payment::notify::payment);
    let refunded = Router::with_path("wechat/refund/notify").post(refund::notify::refund);
    let router = Router::new()
        .push(Router::with_path("wechat/oauth/callback").get(account::oauth::callback))
        .push(notify)
        .push(refunded);
    // WeChat looks for this file at the root of the domain (wechat.md 1.1).
    let verify = &app.settings.domain_verify;
    if verify.name.is_empty() {
        return router;
    }
    router.push(Router::with_path(&verify.name).get(setting::pc::domain_verify))
}

fn admin() -> Router {
    use offline::admin as transfer;
    Router::with_path("admin")
        .get(report::admin::dashboard)
        .push(Router::with_path("login").get(staff::admin::login_page).post(staff::admin::login))
        .push(Router::with_path("logout").post(staff::admin::logout))
        .push(applicant::review())
        .push(Router::with_path("notices").get(notice::admin::list))
        .push(Router::with_path("notices/{notice}/resend").post(notice::admin::resend))
        .push(Router::with_path("members").get(member::admin::list).post(member::admin::search))
        .push(profile::members())
        .push(profile::changes())
        .push(profile::candidates())
        .push(access::admin())
        .push(money::dues())
        .push(Router::with_path("contributions").get(report::contribution::admin::contributions))
        .push(Router::with_path("offline").get(transfer::queue))
        .push(Router::with_path("offline/corrections/{correction}").get(transfer::corrected))
        .push(
            Router::with_path("offline/{offline}")
                .get(transfer::detail)
                .push(Router::with_path("confirm").post(transfer::confirm))
                .push(Router::with_path("reject").post(transfer::reject))
                .push(Router::with_path("corrections").post(transfer::ask))
                .push(Router::with_path("corrections/{correction}").post(transfer::answer))
                .push(Router::with_path("vouchers/{file}").get(transfer::voucher)),
        )
        .push(Router::with_path("payments").get(payment::admin::list))
        .push(books::admin())
}

fn operator() -> Router {
    Router::new()
        .push(Router::with_path("healthz").get(health::healthz))
        .push(Router::with_path("readyz").get(report::ready::readyz))
        .push(Router::with_path("metrics").get(health::metrics))
}

#[handler]
async fn old_register() -> Redirect {
    moved("/register")
}

#[handler]
async fn old_h5_register() -> Redirect {
    moved("/h5/register")
}

#[handler]
async fn old_login() -> Redirect {
    moved("/login")
}

fn moved(to: &str) -> Redirect {
    Redirect::with_status_code(StatusCode::MOVED_PERMANENTLY, to)
        .unwrap_or_else(|_| Redirect::permanent(to))
}

/// Every shape of every page, for the tests that render them all.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<error::ErrorPage>(),
        page::samples::<error::H5ErrorPage>(),
        setting::samples(),
        staff::samples(),
        notice::samples(),
        member::samples(),
        account::samples(),
        dues::samples(),
        registration::samples(),
        payment::samples(),
        offline::samples(),
        receipt::samples(),
        refund::samples(),
        ledger::samples(),
        reconcile::samples(),
        report::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
