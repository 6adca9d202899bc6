//! URLs of a member's account beside signing in: new passwords, a lost WeChat, devices.

use salvo::{Router, http::request::SecureMaxSize};

use crate::account::{MAX_BODY, admin as page, pc};

/// A new password, a lost WeChat, and where an account is signed in.
pub(super) fn member() -> Router {
    Router::new()
        .push(
            Router::with_path("password/reset")
                .get(pc::reset_page)
                .post(pc::reset)
                .push(Router::with_path("code").get(pc::reset_code_page).post(pc::reset_code))
                .push(Router::with_path("scan").get(pc::reset_scan_page).post(pc::reset_scan_renew))
                .push(Router::with_path("new").get(pc::reset_new_page).post(pc::reset_new))
                .push(Router::with_path("{ticket}/state").get(pc::reset_state)),
        )
        .push(
            Router::with_path("login/rescue")
                .hoop(SecureMaxSize::new(MAX_BODY))
                .get(pc::rescue_page)
                .post(pc::request_rescue),
        )
        .push(
            Router::with_path("account/sessions")
                .get(pc::sessions_page)
                .push(Router::with_path("end").post(pc::sessions_end))
                .push(Router::with_path("{device}/end").post(pc::session_end)),
        )
}

/// A member's account, and requests to replace a lost WeChat.
pub(super) fn admin() -> Router {
    Router::new().push(Router::with_path("rescues").get(page::queue)).push(
        Router::with_path("members/{member}/account")
            .get(page::detail)
            .push(Router::with_path("rescue/evidence").get(page::evidence))
            .push(Router::with_path("rescue/{decision}").post(page::decide))
            .push(Router::with_path("{act}").post(page::act)),
    )
}
