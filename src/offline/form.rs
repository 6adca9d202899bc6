//! 线下缴费 as a form: reading it, and filling it from what is stored.

use super::model::{self, Draft, OfflinePayment, RuleError};
use crate::{
    dues::Bill,
    kernel::Date,
    web::{Fields, Form, FormState, form::FieldErrors},
};

/// The fields that keep what was typed; vouchers are kept as files.
pub(super) const FIELDS: &[&str] = &[
    "bill",
    "amount",
    "surplus",
    "paid_on",
    "method",
    "payer_name",
    "payer_tail",
    "bank_ref",
    "title",
    "email",
    "remark",
];

/// Parses the form of `unit` against the bills that are open; `vouchers` says what is wrong with
/// the files. 票据抬头 is the unit's name, whatever a browser sends.
pub(super) fn read(
    form: &Form,
    (unit, open): (&str, &[Bill]),
    today: Date,
    vouchers: Option<String>,
) -> Result<Draft, FieldErrors> {
    let mut fields = Fields::of(form);
    let bill = fields.read("bill", |typed| {
        open.iter().find(|bill| bill.id.as_str() == typed).ok_or(RuleError::NoBill)
    });
    let remaining = bill.map(Bill::remaining);
    let meant = form.is_ticked("surplus");
    let amount = fields.read("amount", |typed| model::amount(typed, remaining, meant));
    let paid_on = fields.read("paid_on", |typed| model::paid_on(typed, today));
    let method = fields.read("method", model::method);
    let payer_name = fields.read("payer_name", model::payer_name);
    let payer_tail = fields.read("payer_tail", model::payer_tail);
    let bank_ref = fields.read("bank_ref", model::bank_ref);
    let email = fields.read("email", model::email);
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
            title: unit.to_owned(),
            email: email?,
        })
    })();
    fields.finish(draft)
}

/// A new form: the bill chosen, the amount that it owes, a transfer by the unit itself.
pub(super) fn fresh(chosen: Option<&Bill>, unit: &str, email: &str) -> FormState {
    FormState::filled(FIELDS, |name| match name {
        "bill" => chosen.map(|bill| bill.id.to_string()).unwrap_or_default(),
        "amount" => chosen.map(|bill| bill.remaining().plain()).unwrap_or_default(),
        "method" => "transfer".into(),
        "payer_name" | "title" => unit.to_owned(),
        "email" => email.to_owned(),
        _ => String::new(),
    })
}

/// The form of a report that is to be amended. That more than owed was sent is asked anew.
pub(super) fn stored(payment: &OfflinePayment) -> FormState {
    FormState::filled(FIELDS, |name| match name {
        "bill" => payment.bill_id.to_string(),
        "amount" => payment.amount.plain(),
        "paid_on" => payment.paid_on.to_string(),
        "method" => payment.method.clone(),
        "payer_name" => payment.payer_name.clone(),
        "payer_tail" => payment.payer_tail.clone(),
        "bank_ref" => payment.bank_ref.clone(),
        "title" => payment.title.clone(),
        "email" => payment.email.clone(),
        "remark" => payment.remark.clone(),
        _ => String::new(),
    })
}

/// The form as it was sent, with what is wrong; 票据抬头 stays the unit's name.
pub(super) fn refused(form: &Form, errors: FieldErrors, unit: &str) -> FormState {
    let mut state = FormState::refused(FIELDS, form, errors);
    state.values.insert("title", unit.to_owned());
    state
}
