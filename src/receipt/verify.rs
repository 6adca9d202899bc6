//! Whether a code is genuine, and what may be said about it to anybody: no personal data.

use std::time::Duration;

use serde::Serialize;

use super::model::{Key, Receipt};
use crate::{
    dues,
    kernel::{Fen, Timestamp, identity::masked_name},
    ledger::Source,
    member,
    web::{App, AppError, Client, throttle},
};

/// Looks from one address within [`WINDOW`].
const MOST: u64 = 60;
const WINDOW: Duration = Duration::from_mins(10);

/// What a code turned out to be.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Verdict {
    /// What was asked about; empty before anything was.
    pub code: String,
    /// What it proves; nothing when it proves nothing.
    pub genuine: Option<Facts>,
}

/// A genuine receipt as anybody may see it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Facts {
    number: String,
    /// The payer's unit, masked.
    unit: String,
    what: String,
    amount: Fen,
    taken_back: Fen,
    way: &'static str,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
}

/// Looks a code up; an empty one is not asked about.
pub(super) async fn verify(app: &App, client: &Client, code: &str) -> Result<Verdict, AppError> {
    let code: String = code.trim().chars().take(120).collect();
    if code.is_empty() {
        return Ok(Verdict { code, genuine: None });
    }
    throttle::pass(app, "receipt-verify", &client.ip, MOST, WINDOW).await?;
    let genuine = match Key::of_code(&app.vault, &code) {
        Some(key) => find(app, &key).await?,
        None => None,
    };
    Ok(Verdict { code, genuine })
}

/// What the books say about a number.
async fn find(app: &App, key: &Key) -> Result<Option<Facts>, AppError> {
    let (kind, id) = key.source();
    let parts = dues::allocations_of(&app.db, &Source { kind, id: id.to_owned() }).await?;
    let Some(first) = parts.first() else { return Ok(None) };
    let Some(bill) = dues::bill(&app.db, &first.bill_id).await? else { return Ok(None) };
    let paid = dues::contributions_of(&app.db, &bill.member_id).await?;
    let Some(receipt) = Receipt::all(&paid).into_iter().find(|one| one.key == *key) else {
        return Ok(None);
    };
    let member = member::store::find(&app.db, &app.vault, &bill.member_id).await?;
    let (state, chip) = receipt.state();
    Ok(Some(Facts {
        number: key.to_string(),
        unit: member.map(|member| masked_name(&member.name)).unwrap_or_default(),
        what: receipt.what(),
        amount: receipt.amount(),
        taken_back: receipt.taken_back(),
        way: key.way(),
        at: receipt.at(),
        state,
        chip,
    }))
}

impl Verdict {
    /// Every shape, for the pages' samples.
    pub(super) fn samples() -> Vec<Self> {
        let facts = |state, chip, taken_back| Facts {
            number: "W4200001234202603010000000001".into(),
            unit: masked_name("江苏示例网络科技有限公司"),
            what: "2026 年度会费".into(),
            amount: Fen::yuan(2000),
            taken_back,
            way: "微信支付",
            at: Timestamp::from_millis(1_772_326_800_000),
            state,
            chip,
        };
        let verdict = |genuine| Self { code: "W42-0123456789AB".into(), genuine };
        vec![
            Self { code: String::new(), genuine: None },
            verdict(None),
            verdict(Some(facts("有效", "ok", Fen::ZERO))),
            verdict(Some(facts("部分退回", "wait", Fen::yuan(500)))),
        ]
    }
}
