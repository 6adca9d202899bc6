//! The doors of the member pages. [`SignedIn`] opens them all; [`PreAuth`] opens only the profile
//! (once) and the scan; [`Editor`] is either, for the profile.

use salvo::{
    Depot, Request,
    extract::{Extractible, Metadata},
};

use super::{Account, store};
use crate::{
    member::{self, Member, model::Standing},
    staff::audit::Actor,
    web::{App, AppError, Viewer, session, session::Kind},
};

/// A member with password, complete profile and matched WeChat.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The unit.
    pub member: Member,
}

/// A member whose password was right, before the scan.
#[derive(Clone, Debug)]
pub struct PreAuth {
    /// The account.
    pub account: Account,
    /// The unit.
    pub member: Member,
    /// The id of this pre-auth session; a login code is bound to it.
    pub session_id: String,
}

impl SignedIn {
    /// Who is signed in, if somebody is: for pages that ask for no login.
    pub async fn find(app: &App, req: &Request) -> Result<Option<Self>, AppError> {
        match load(app, req, Kind::Member).await {
            Ok((_, account, member)) => Ok(Some(Self { account, member })),
            Err(AppError::SignIn) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// For the audit log.
    pub fn actor(&self) -> Actor {
        Actor::Member(self.account.id.clone())
    }
}

/// Somebody who may edit the profile: signed in, or between password and scan for the first time.
#[derive(Clone, Debug)]
pub struct Editor {
    /// The account.
    pub account: Account,
    /// The unit.
    pub member: Member,
    /// Fully signed in; else the password was right and the scan is still to come.
    pub is_signed_in: bool,
}

impl Editor {
    /// For the audit log.
    pub fn actor(&self) -> Actor {
        Actor::Member(self.account.id.clone())
    }
}

async fn load(app: &App, req: &Request, kind: Kind) -> Result<(String, Account, Member), AppError> {
    let session = session::find(app, req, kind).await?.ok_or(AppError::SignIn)?;
    let account = store::by_id(&app.db, &session.subject).await?.ok_or(AppError::SignIn)?;
    // Unbinding, a new password and freezing raise the generation and end the session at once.
    if !account.is_active || account.session_generation != session.generation {
        return Err(AppError::SignIn);
    }
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    let member =
        member.ok_or_else(|| AppError::Fault(format!("account {} has no member", account.id)))?;
    // A member that is frozen, has left or was expelled has no business here.
    if member.standing != Standing::Active {
        return Err(AppError::SignIn);
    }
    Ok((session.id, account, member))
}

fn viewer(member: &Member) -> Viewer {
    Viewer { name: member.name.clone(), kind: "member", role: String::new() }
}

impl<'ex> Extractible<'ex> for SignedIn {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("SignedIn"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        let app = App::of(depot)?;
        let (_, account, member) = load(&app, req, Kind::Member).await?;
        depot.insert_typed(viewer(&member));
        Ok(Self { account, member })
    }
}

impl<'ex> Extractible<'ex> for Editor {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("Editor"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        let app = App::of(depot)?;
        match load(&app, req, Kind::Member).await {
            Ok((_, account, member)) => {
                depot.insert_typed(viewer(&member));
                Ok(Self { account, member, is_signed_in: true })
            }
            Err(AppError::SignIn) => {
                let (_, account, member) = load(&app, req, Kind::PreAuth).await?;
                Ok(Self { account, member, is_signed_in: false })
            }
            Err(error) => Err(error),
        }
    }
}

impl<'ex> Extractible<'ex> for PreAuth {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("PreAuth"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        let app = App::of(depot)?;
        let (session_id, account, member) = load(&app, req, Kind::PreAuth).await?;
        Ok(Self { account, member, session_id })
    }
}
