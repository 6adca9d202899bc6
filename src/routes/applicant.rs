//! The URLs of applicants, and of those who decide about them.

use salvo::{Router, http::request::SecureMaxSize};

use crate::{registration, setting};

/// On the PC.
pub(super) fn pc() -> Router {
    use registration::{own, pc as page};
    let own_application = Router::with_path("{application}")
        .get(page::result_page)
        .push(
            Router::with_path("amend")
                .hoop(SecureMaxSize::new(registration::scan::MAX_BODY))
                .get(page::amend_page)
                .post(page::amend),
        )
        .push(Router::with_path("print").get(page::printed))
        .push(
            Router::with_path("scans")
                .hoop(SecureMaxSize::new(registration::scan::MAX_BODY))
                .post(page::upload),
        )
        .push(acts());
    let register = Router::with_path("register")
        .get(page::register_page)
        .post(page::register)
        .push(Router::with_path("progress").get(page::progress_page).post(page::progress))
        .push(Router::with_path("carry").get(page::carry_page).post(registration::carry::give))
        .push(Router::with_path("continue").get(page::continue_page).post(page::resume))
        .push(drafts())
        .push(own_application.push(Router::with_path("scans/{file}").get(own::scanned)));
    Router::new()
        .push(register)
        .push(Router::with_path("charter").get(setting::pc::charter))
        .push(Router::with_path("privacy").get(setting::pc::privacy))
}

/// On the phone.
pub(super) fn phone() -> Router {
    use registration::{h5, own};
    let own_application = Router::with_path("{application}")
        .get(h5::result_page)
        .push(
            Router::with_path("amend")
                .hoop(SecureMaxSize::new(registration::scan::MAX_BODY))
                .get(h5::amend_page)
                .post(h5::amend),
        )
        .push(
            Router::with_path("scans")
                .hoop(SecureMaxSize::new(registration::scan::MAX_BODY))
                .post(h5::upload),
        )
        .push(Router::with_path("follow").get(own::follow))
        .push(acts());
    let register = Router::with_path("register")
        .get(h5::register_page)
        .post(h5::register)
        .push(Router::with_path("carry").get(h5::carry_page).post(registration::carry::give))
        .push(Router::with_path("continue").get(h5::continue_page).post(h5::resume))
        .push(drafts())
        .push(own_application.push(Router::with_path("scans/{file}").get(own::scanned)));
    Router::with_path("h5")
        .push(register)
        .push(Router::with_path("progress").get(h5::progress_page).post(h5::progress))
}

/// What both surfaces do with a draft.
fn drafts() -> Router {
    use registration::carry;
    Router::with_path("draft").post(carry::save).push(Router::with_path("clear").post(carry::clear))
}

/// What both surfaces do with an application of one's own.
fn acts() -> Router {
    use registration::own;
    Router::new()
        .push(Router::with_path("withdraw").post(own::withdraw))
        .push(Router::with_path("urge").post(own::urge))
}

/// What the secretariat does with applications.
pub(super) fn review() -> Router {
    use registration::admin as review;
    Router::with_path("registrations")
        .get(review::queue)
        .post(review::find)
        .push(Router::with_path("batch").post(review::batch_submit))
        .push(Router::with_path("batches/{batch}").get(review::batch_result))
        .push(
            Router::with_path("{registration}")
                .get(review::detail)
                .push(Router::with_path("approve").post(review::approve))
                .push(Router::with_path("return").post(review::give_back))
                .push(Router::with_path("reject").post(review::reject))
                .push(Router::with_path("scans/{file}").get(review::scanned)),
        )
}
