//! The door of the admin pages: being staff is an argument of a handler, not a check inside it.

use salvo::{
    Depot, Request,
    extract::{Extractible, Metadata},
};

use super::{
    Permission, StaffMember,
    audit::{self, Actor, Entry},
    store,
};
use crate::web::{App, AppError, Client, Viewer, session, session::Kind};

/// Staff, signed in and active.
#[derive(Clone, Debug)]
pub struct SignedInStaff(pub StaffMember);

impl SignedInStaff {
    /// Refuses unless the role includes the permission.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        if self.0.role.may(permission) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// For the audit log.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.0.id.clone())
    }

    /// Leaves the trace of having looked at personal data in full, which the privacy policy
    /// promises.
    pub async fn has_seen(
        &self,
        app: &App,
        client: &Client,
        (action, object_kind): (&'static str, &'static str),
        object: &str,
    ) -> Result<(), AppError> {
        let entry = Entry {
            actor: self.actor(),
            action,
            object_kind,
            object_id: object.to_owned(),
            reason: String::new(),
            detail: (),
            ip: client.ip.clone(),
        };
        Ok(audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?)
    }
}

impl<'ex> Extractible<'ex> for SignedInStaff {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("SignedInStaff"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        let app = App::of(depot)?;
        let session = session::find(&app, req, Kind::Staff).await?.ok_or(AppError::StaffSignIn)?;
        let row = store::by_id(&app.db, &session.subject).await?.ok_or(AppError::StaffSignIn)?;
        // Rights are read afresh, so that a change acts at once.
        if !row.is_active() || row.session_generation != session.generation {
            return Err(AppError::StaffSignIn);
        }
        let staff = row.member();
        let role = staff.role.label().to_owned();
        depot.insert_typed(Viewer { name: staff.name.clone(), kind: "staff", role });
        Ok(Self(staff))
    }
}
