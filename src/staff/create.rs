//! Making an administrator, from the command line.

use super::{Role, StaffMember, store};
use crate::{
    db,
    kernel::{
        Clock, Ids, Secret,
        ids::StaffId,
        password::{self, HashError, Hasher, Weakness},
    },
};

/// Why no administrator was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The account name is empty, too long or has odd characters.
    #[error("the account must be 2 to 32 letters, digits, dots, hyphens or underscores")]
    BadAccount,
    /// The password is too weak.
    #[error("{0}")]
    Weak(#[from] Weakness),
    /// The account exists.
    #[error("the account {0} exists already")]
    Exists(String),
    /// Hashing failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database refused.
    #[error(transparent)]
    Db(db::Error),
}

/// Stores a new, active administrator.
pub async fn create(
    db: &db::Db,
    (clock, ids, hasher): (&Clock, &Ids, &Hasher),
    account: &str,
    role: Role,
    password: &Secret,
) -> Result<StaffMember, CreateError> {
    let fits = (2..=32).contains(&account.len())
        && account.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if !fits {
        return Err(CreateError::BadAccount);
    }
    let known = password::Known { numbers: &[account], ..password::Known::default() };
    password::check_new(password.expose(), known)?;
    let now = clock.now();
    let staff = StaffMember {
        id: StaffId::new(ids, now),
        account: account.to_owned(),
        name: account.to_owned(),
        role,
    };
    let hash = hasher.hash(password, ids.salt()).await?;
    match store::insert(db, &staff, &hash, now).await {
        Ok(()) => Ok(staff),
        Err(error) if error.is_duplicate_of("uk_staff_account") => {
            Err(CreateError::Exists(staff.account))
        }
        Err(error) => Err(CreateError::Db(error)),
    }
}
