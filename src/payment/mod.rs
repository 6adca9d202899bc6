//! 线上缴费: orders over one or several bills, the attempts to pay them with WeChat, and the one
//! function that believes that money came.
//!
//! An order is paid in one or several *attempts*, each under a number of its own at WeChat; at
//! most one attempt of an order is alive. Verifying what WeChat says happens in `wechat::pay`;
//! what a bill is and what is still owed on it is decided in `dues`.

mod absent;
pub mod admin;
mod book;
mod check;
pub mod checkout;
mod contradict;
mod create;
pub mod h5;
pub mod link;
mod linked;
pub mod model;
pub mod notify;
mod paging;
mod park;
pub mod pc;
mod poll;
mod retire;
pub mod settle;
pub mod start;
pub(crate) mod store;
pub mod sweep;
pub mod unexplained;
pub mod verdict;
mod view;

pub use absent::report_absent;
pub use retire::{Retired, retire_for_bill};
pub use store::{
    bill::{Settled, settled_between, settled_of},
    facts::{
        OrderFacts, Received, counts, note_refund, orders_after, received, received_after,
        received_of, set_refunded,
    },
    lookup::orders_of_transactions,
    notice::{NewNotice, insert_notice},
    order::live_orders_of_bills,
    parked::{
        Parked, finish_parked, hold_parked, parked, parked_after, parked_among, parked_of,
        parked_total, parked_with_ids, release_parked, waiting,
    },
};

pub use model::{Attempt, AttemptStatus, Order, OrderStatus, TradeType};
pub use unexplained::ParkedStatus;

use crate::web::{Sample, page};

/// Every shape of every page of this slice.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<pc::PayPage>(),
        page::samples::<pc::ListPage>(),
        page::samples::<pc::links::LinksPage>(),
        page::samples::<pc::links::LinkPage>(),
        page::samples::<pc::link::PayPage>(),
        page::samples::<h5::link::PayPage>(),
        page::samples::<h5::DuesPage>(),
        page::samples::<h5::PayPage>(),
        page::samples::<admin::ListPage>(),
        page::samples::<unexplained::ListPage>(),
        page::samples::<unexplained::ItemPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
