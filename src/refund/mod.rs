//! 退款: asked for by one person, approved by another, given back by WeChat or by bank transfer,
//! and booked once the money is gone.
//!
//! A refund has one number from its first day, at WeChat too. What it will take is set aside when
//! it is asked for (`hold`), so that the sum of refunds never exceeds what was paid. Which bill is
//! owed again afterwards is `dues`' business; WeChat's protocol is `wechat::pay::refund`.

pub mod admin;
pub mod book;
pub mod conclude;
mod decide;
mod foreign;
mod hold;
mod manual;
pub mod model;
mod money;
pub mod notify;
pub mod push;
mod request;
pub(crate) mod store;

use crate::web::{Sample, page};

/// Bytes that the route of the form must accept: five receipts of 10 MB and the form around them.
pub const MAX_BODY: usize = (admin::MOST_FILES + 1) * 10 * 1024 * 1024;

pub use model::{Refund, RefundStatus};
pub use push::push_due;
pub use store::{
    FileRef, LimitFacts, RefundFact, counts, done_of, file_count, files_after, gone_between, known,
    limits_after, refunds_after, waiting, with_ids, with_numbers,
};

/// The pages of this slice in every shape.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<admin::ListPage>(),
        page::samples::<admin::NewPage>(),
        page::samples::<admin::DetailPage>(),
    ]
    .concat()
}
