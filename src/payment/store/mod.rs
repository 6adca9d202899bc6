//! SQL of payment. Facts of an order and of an attempt that never change (amounts, bills, payee)
//! are read freely; their states change only where the old state is named in the `where`.

mod attempt;
pub(crate) mod bill;
pub(super) mod facts;
pub(super) mod link;
pub(super) mod list;
pub(super) mod lookup;
pub(super) mod notice;
pub(super) mod order;
pub(super) mod parked;
mod search;
mod settle;

pub(super) use attempt::{
    Code, NewAttempt, attempt, claim, close_attempt, due, insert_attempt, live_attempt,
    paid_attempt, set_code, stop_asking,
};
pub(super) use list::PaymentRow;
pub(super) use notice::{NewNotice, insert_notice};
pub(super) use order::{
    close_order, insert_order, live_orders_of_bills, order, order_of, overdue_orders,
    paid_order_of_bill, shares,
};
pub(super) use search::{Place, Wanted, numbers, search};
pub(super) use settle::{
    Facts, NewUnexplained, explain, facts, free_bills, insert_unexplained, mark_duplicate,
    pay_order, reclose_order, settle_attempt, settled_as,
};
