//! The application: every part that a handler may use, made once and handed round.

use std::{ops::Deref, sync::Arc};

use salvo::{
    Depot, Request,
    extract::{Extractible, Metadata},
    http::HeaderValue,
};

use super::{error::AppError, settings::Settings, template::Templates};
use crate::{
    db::Db,
    kernel::{Clock, Ids, Vault, password::Hasher},
    session::Store,
    wechat::{Messages, login::Login, pay::Pay},
};

/// A cheap handle on the parts.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts, made by `server`.
pub struct Parts {
    /// What the operator configured.
    pub settings: Settings,
    /// Durable state.
    pub db: Db,
    /// Short-lived shared state.
    pub store: Store,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Where ids and chance come from.
    pub ids: Ids,
    /// Seals personal data.
    pub vault: Vault,
    /// The password gate.
    pub hasher: Hasher,
    /// Signs session cookies and form tokens.
    pub keys: super::session::Keys,
    /// WeChat web authorisation.
    pub login: Login,
    /// WeChat template messages.
    pub messages: Messages,
    /// WeChat Pay.
    pub pay: Pay,
    /// The content security policy of every page.
    pub policy: HeaderValue,
    /// The pages of both surfaces.
    pub templates: Templates,
}

impl App {
    /// Assembles the application.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// An absolute address of ours, for WeChat and for QR codes.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.server.public_url)
    }

    /// The application of this request.
    pub fn of(depot: &Depot) -> Result<Self, AppError> {
        depot
            .get_typed::<Self>()
            .cloned()
            .map_err(|_| AppError::Fault("the application is not in the depot".into()))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl<'ex> Extractible<'ex> for App {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("App"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(_: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        Self::of(depot)
    }
}
