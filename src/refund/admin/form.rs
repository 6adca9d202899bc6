//! What both forms have in common that say which bill gives how much.

use serde::Serialize;

use crate::{
    kernel::Fen,
    refund::{
        hold::Held,
        money::{Lying, Money},
    },
    web::{Fields, FormState},
};

/// A payment lies on no more bills than that on one form; the rest is refunded in a second turn.
pub(super) const PARTS: [&str; 12] = [
    "part-1", "part-2", "part-3", "part-4", "part-5", "part-6", "part-7", "part-8", "part-9",
    "part-10", "part-11", "part-12",
];

/// A line of the form.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShareField {
    name: &'static str,
    label: String,
    hint: String,
}

/// The lines of the form.
pub(super) fn share_fields(shares: &[Lying]) -> Vec<ShareField> {
    let field = |(name, share): (&&'static str, &Lying)| ShareField {
        name,
        label: format!("{} 年度，账单 {}", share.year, share.bill_no),
        hint: format!("可退 {} 元", share.left.plain()),
    };
    PARTS.iter().zip(shares).map(field).collect()
}

/// A form that proposes to give everything back.
pub(super) fn proposed(names: &[&'static str], shares: &[Lying]) -> FormState {
    FormState::filled(names, |name| {
        let found = PARTS.iter().zip(shares).find(|(part, _)| **part == name);
        found.map(|(_, share)| share.left.plain()).unwrap_or_default()
    })
}

/// What was typed per bill; nothing and 0 mean that the bill gives nothing.
pub(super) fn read_parts(fields: &mut Fields<'_>, money: &Money) -> Option<Vec<Held>> {
    let mut parts: Vec<Held> = Vec::new();
    let mut is_fine = true;
    for (name, share) in PARTS.iter().zip(&money.shares) {
        let amount = fields.read(name, |typed| {
            let typed = typed.trim();
            if typed.is_empty() {
                return Ok(Fen::ZERO);
            }
            let amount = Fen::parse_yuan(typed).map_err(|error| error.to_string())?;
            if amount > share.left {
                return Err(format!("最多可退 {} 元", share.left.plain()));
            }
            if parts.iter().any(|held| amount.is_positive() && held.part.bill_id == share.bill_id) {
                return Err("同一张账单的两笔款项请分两次退款".to_owned());
            }
            Ok(amount)
        });
        match amount {
            Some(amount) if amount.is_positive() => parts.push(share.part(amount)),
            Some(_) => {}
            None => is_fine = false,
        }
    }
    if is_fine && parts.is_empty() {
        fields.refuse(PARTS[0], "请填写退款金额");
        return None;
    }
    is_fine.then_some(parts)
}
