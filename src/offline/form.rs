//! 线下缴费 as a form: reading it, and filling it from what is stored.

use super::model::{self, Draft, OfflinePayment, RuleError};
use crate::{
    dues::Bill,
    kernel::Date,
    web::{Fields, Form, FormState, form::FieldErrors},
};

/// The fields that keep what was typed; vouchers are kept as files.
pub(super) const FIELDS: &[&str] =
    &["bill", "amount", "paid_on", "method", "payer_name", "payer_tail", "bank_ref", "remark"];

/// Parses the form against the bills that are open; `vouchers` says what is wrong with the files.
pub(super) fn read(
    form: &Form,
    open: &[Bill],
    today: Date,
    vouchers: Option<String>,
) -> Result<Draft, FieldErrors> {
    let mut fields = Fields::of(form);
    let bill = fields.read("bill", |typed| {
        open.iter().find(|bill| bill.id.as_str() == typed).ok_or(RuleError::NoBill)
    });
    let remaining = bill.map(Bill::remaining);
    let amount = fields.read("amount", |typed| model::amount(typed, remaining));
    let paid_on = fields.read("paid_on", |typed| model::paid_on(typed, today));
    let method = fields.read("method", model::method);
    let payer_name = fields.read("payer_name", model::payer_name);
    let payer_tail = fields.read("payer_tail", model::payer_tail);
    let bank_ref = fields.read("bank_ref", model::bank_ref);
    let remark = fields.read("remark", model::remark);
    if let Some(problem) = vouchers {
        fields.refuse("voucher", problem);
    }
    let draft = (|| {
        Some(Draft {
            bill: bill?.clone(),
            amount: amount?,
            paid_on: paid_on?,
            method: method?,
            payer_name: payer_name?,
            payer_tail: payer_tail?,
            bank_ref: bank_ref?,
            remark: remark?,
        })
    })();
    fields.finish(draft)
}

/// A new form: the bill chosen, the amount that it owes, a transfer by the unit itself.
pub(super) fn fresh(chosen: Option<&Bill>, unit: &str) -> FormState {
    FormState::filled(FIELDS, |name| match name {
        "bill" => chosen.map(|bill| bill.id.to_string()).unwrap_or_default(),
        "amount" => chosen.map(|bill| bill.remaining().plain()).unwrap_or_default(),
        "method" => "transfer".into(),
        "payer_name" => unit.to_owned(),
        _ => String::new(),
    })
}

/// The form of a report that is to be amended.
pub(super) fn stored(payment: &OfflinePayment) -> FormState {
    FormState::filled(FIELDS, |name| match name {
        "bill" => payment.bill_id.to_string(),
        "amount" => payment.amount.plain(),
        "paid_on" => payment.paid_on.to_string(),
        "method" => payment.method.clone(),
        "payer_name" => payment.payer_name.clone(),
        "payer_tail" => payment.payer_tail.clone(),
        "bank_ref" => payment.bank_ref.clone(),
        "remark" => payment.remark.clone(),
        _ => String::new(),
    })
}
