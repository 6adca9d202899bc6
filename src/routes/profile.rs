//! URLs of a member's profile: its sheet, 变更申请, council candidates, and what staff do with them.

use salvo::{Router, http::request::SecureMaxSize};

use crate::{account, member};

/// The body of a form with a few attachments, in bytes.
const MAX_ATTACHMENTS: usize = 64 * 1024 * 1024;

/// What a unit sees and changes of itself.
pub(super) fn pc() -> Router {
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

/// The same in WeChat.
pub(super) fn phone() -> Router {
    use account::profile::h5;
    Router::new().push(Router::with_path("profile").get(h5::show).post(h5::submit))
}

/// One member, as the secretariat sees it.
pub(super) fn members() -> Router {
    use account::profile::admin::{deeds, edit};
    Router::with_path("members/{member}")
        .get(member::admin::detail::show)
        .push(Router::with_path("edit").get(edit::show).post(edit::submit))
        .push(Router::with_path("standing").post(deeds::set_standing))
        .push(Router::with_path("tags").post(deeds::set_tags))
        .push(Router::with_path("restore").post(deeds::restore))
}

/// 变更申请.
pub(super) fn changes() -> Router {
    use account::profile::admin::changes;
    Router::with_path("changes").get(changes::queue::list).push(
        Router::with_path("{change}")
            .get(changes::show)
            .push(Router::with_path("approve").post(changes::approve))
            .push(Router::with_path("reject").post(changes::reject))
            .push(Router::with_path("files/{file}").get(changes::attachment)),
    )
}

/// 人选审批.
pub(super) fn candidates() -> Router {
    use account::profile::admin::candidates;
    Router::with_path("candidates").get(candidates::queue::list).push(
        Router::with_path("{proposal}")
            .get(candidates::show)
            .push(Router::with_path("approve").post(candidates::approve))
            .push(Router::with_path("reject").post(candidates::reject))
            .push(Router::with_path("files/{file}").get(candidates::attachment)),
    )
}
