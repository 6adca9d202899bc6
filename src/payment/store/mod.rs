//! SQL of payment. Facts of an order and of an attempt that never change (amounts, bills, payee)
//! are read freely; their states change only where the old state is named in the `where`.

mod attempt;
pub(super) mod facts;
pub(super) mod list;
pub(super) mod lookup;
pub(super) mod order;
pub(super) mod parked;
pub(super) mod settle;

pub(super) use attempt::{
    NewAttempt, attempt, claim, close_attempt, due, insert_attempt, live_attempt, paid_attempt,
    set_code_url, set_prepay_id, stop_asking,
};
pub(super) use list::{ListFilter, PaymentRow, payments, payments_of};
pub(super) use order::{
    close_order, insert_order, live_orders_of_bills, order, order_of, overdue_orders, shares,
};
pub(super) use settle::{
    Facts, NewNotice, NewUnexplained, explain, facts, free_bills, insert_notice,
    insert_unexplained, mark_duplicate, pay_order, reclose_order, settle_attempt,
};
