//! 缴费凭证: the files of a form.

use crate::{
    file::{self, Owner, Taken, Wanted},
    kernel::ids::MemberId,
    web::{App, AppError, Form},
};

/// Files of one report.
pub(super) const MOST_FILES: usize = 5;

const WANTED: Wanted =
    Wanted { field: "voucher", word: "凭证", most: MOST_FILES, most_uploads: 100 };

/// Takes the vouchers of a form in; none at all is a mistake.
pub(super) async fn take(app: &App, member: &MemberId, form: &Form) -> Result<Taken, AppError> {
    let owner = Owner::Member(member.clone());
    let mut taken = file::take(app, &owner, form, WANTED).await?;
    if taken.files.is_empty() && taken.problem.is_none() {
        taken.problem = Some("请上传缴费凭证，例如银行回单的照片或 PDF".into());
    }
    Ok(taken)
}
