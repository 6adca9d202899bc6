//! Every URL of the product. URL, handler, template, stylesheet and test share one name.

use salvo::{
    Router, handler,
    http::{StatusCode, request::SecureMaxSize},
    writing::Redirect,
};

use crate::{
    account, dues, member, offline, payment, receipt, registration, report, setting, staff,
    web::{App, Sample, assets, error, health, page},
};

/// The router.
pub fn all(app: &App) -> Router {
    Router::new()
        // First, because every open login page asks it every second.
        .push(Router::with_path("login/scan/{ticket}/state").get(account::pc::scan_state))
        .push(old_links())
        .push(applicant())
        .push(applicant_phone())
        .push(member_pc())
        .push(profile_pc())
        .push(payment_links())
        .push(member_phone())
        .push(receipts())
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

fn applicant() -> Router {
    use registration::pc;
    Router::new()
        .push(Router::with_path("register").get(pc::register_page).post(pc::register))
        .push(Router::with_path("register/progress").get(pc::progress_page).post(pc::progress))
        .push(Router::with_path("register/{application}").get(pc::result))
        .push(Router::with_path("charter").get(setting::pc::charter))
        .push(Router::with_path("privacy").get(setting::pc::privacy))
}

fn applicant_phone() -> Router {
    use registration::h5;
    Router::with_path("h5")
        .push(Router::with_path("register").get(h5::register_page).post(h5::register))
        .push(Router::with_path("register/{application}").get(h5::result))
        .push(Router::with_path("progress").get(h5::progress_page).post(h5::progress))
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
        .push(Router::with_path("logout").post(sign_in::logout))
        .push(Router::with_path("password").get(sign_in::password_page).post(sign_in::password))
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

fn profile_pc() -> Router {
    use account::profile::{self, candidates, changes};
    Router::with_path("profile")
        .get(profile::show)
        .post(profile::submit)
        .push(Router::with_path("draft").post(profile::keep_draft))
        .push(Router::with_path("draft/discard").post(profile::discard_draft))
        .push(Router::with_path("unbind").post(profile::unbind_wechat))
        .push(
            Router::with_path("changes")
                .hoop(SecureMaxSize::new(MAX_ATTACHMENTS))
                .get(changes::show)
                .post(changes::submit)
                .push(Router::with_path("{change}/withdraw").post(changes::withdraw))
                .push(Router::with_path("{change}/files/{file}").get(changes::attachment)),
        )
        .push(
            Router::with_path("candidates")
                .hoop(SecureMaxSize::new(MAX_ATTACHMENTS))
                .get(candidates::show)
                .post(candidates::submit)
                .push(Router::with_path("files/{file}").get(candidates::attachment)),
        )
}

/// The body of a form with a few attachments, in bytes.
const MAX_ATTACHMENTS: usize = 64 * 1024 * 1024;

fn member_admin() -> Router {
    use account::profile::admin::{deeds, edit};
    Router::with_path("members/{member}")
        .get(member::admin::detail::show)
        .push(Router::with_path("edit").get(edit::show).post(edit::submit))
        .push(Router::with_path("standing").post(deeds::set_standing))
        .push(Router::with_path("tags").post(deeds::set_tags))
        .push(Router::with_path("restore").post(deeds::restore))
}

fn change_admin() -> Router {
    use account::profile::admin::changes;
    Router::with_path("changes").get(changes::queue::list).push(
        Router::with_path("{change}")
            .get(changes::show)
            .push(Router::with_path("approve").post(changes::approve))
            .push(Router::with_path("reject").post(changes::reject))
            .push(Router::with_path("files/{file}").get(changes::attachment)),
    )
}

fn candidate_admin() -> Router {
    use account::profile::admin::candidates;
    Router::with_path("candidates").get(candidates::queue::list).push(
        Router::with_path("{proposal}")
            .get(candidates::show)
            .push(Router::with_path("approve").post(candidates::approve))
            .push(Router::with_path("reject").post(candidates::reject))
            .push(Router::with_path("files/{file}").get(candidates::attachment)),
    )
}

fn member_phone() -> Router {
    use account::h5;
    Router::with_path("h5")
        .get(report::h5::home)
        .push(Router::with_path("login").get(h5::login_page).post(registration::sign_in::h5_login))
        .push(Router::with_path("login/enter").get(h5::enter))
        .push(
            Router::with_path("scan/{ticket}")
                .get(h5::scan)
                .push(Router::with_path("confirm").post(h5::confirm))
                .push(Router::with_path("reject").post(h5::reject)),
        )
        .push(
            Router::with_path("profile")
                .get(account::profile::h5::show)
                .post(account::profile::h5::submit),
        )
        .push(Router::with_path("logout").post(account::profile::h5::leave))
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

/// 付款链接: the member's side, and what the holder of an address sees without signing in.
fn payment_links() -> Router {
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
fn receipts() -> Router {
    use receipt::{h5, pc};
    Router::new()
        .push(Router::with_path("receipts").get(pc::all))
        .push(Router::with_path("receipts/{receipt}").get(pc::one))
        .push(Router::with_path("verify").get(pc::verify).post(pc::look_up))
        .push(Router::with_path("verify/{code}").get(pc::verify))
        .push(Router::with_path("h5/verify").get(h5::verify).post(h5::look_up))
        .push(Router::with_path("h5/verify/{code}").get(h5::verify))
}

fn wechat(app: &App) -> Router {
    let notify = Router::with_path("wechat/pay/notify").post(payment::notify::payment);
    let refund = Router::with_path("wechat/refund/notify").post(payment::notify::refund);
    let router = Router::new()
        .push(Router::with_path("wechat/oauth/callback").get(account::oauth::callback))
        .push(notify)
        .push(refund);
    // WeChat looks for this file at the root of the domain (wechat.md 1.1).
    let verify = &app.settings.domain_verify;
    if verify.name.is_empty() {
        return router;
    }
    router.push(Router::with_path(&verify.name).get(setting::pc::domain_verify))
}

fn admin() -> Router {
    use offline::admin as transfer;
    use registration::admin as review;
    Router::with_path("admin")
        .get(report::admin::dashboard)
        .push(Router::with_path("login").get(staff::admin::login_page).post(staff::admin::login))
        .push(Router::with_path("logout").post(staff::admin::logout))
        .push(Router::with_path("registrations").get(review::queue))
        .push(
            Router::with_path("registrations/{registration}")
                .get(review::detail)
                .push(Router::with_path("approve").post(review::approve))
                .push(Router::with_path("reject").post(review::reject)),
        )
        .push(Router::with_path("members").get(member::admin::list).post(member::admin::search))
        .push(member_admin())
        .push(change_admin())
        .push(candidate_admin())
        .push(admin_dues())
        .push(Router::with_path("contributions").get(report::contribution::admin::contributions))
        .push(Router::with_path("offline").get(transfer::queue))
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
        .push(Router::with_path("payments/unexplained").get(payment::admin::unexplained))
}

fn admin_dues() -> Router {
    use dues::admin::{self as page, member as unit, runs, waivers};
    let resolution = SecureMaxSize::new(11 * 1024 * 1024);
    let run = Router::with_path("runs/{run}")
        .get(runs::one)
        .push(Router::with_path("approve").post(runs::approve))
        .push(Router::with_path("cancel").post(runs::cancel))
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
        .push(bill)
        .push(Router::with_path("members/{member}").get(unit::one))
        .push(Router::with_path("members/{member}/level").post(unit::save_level))
}

fn operator() -> Router {
    Router::new()
        .push(Router::with_path("healthz").get(health::healthz))
        .push(Router::with_path("readyz").get(health::readyz))
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
        member::samples(),
        account::samples(),
        dues::samples(),
        registration::samples(),
        payment::samples(),
        offline::samples(),
        receipt::samples(),
        report::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
