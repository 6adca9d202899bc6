//! `/receipts`, `/receipts/{receipt}` for the member, `/verify` for anybody.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    model::{Key, Receipt},
    verify::{Verdict, verify as check},
};
use crate::{
    account::SignedIn,
    dues,
    kernel::{Fen, Timestamp},
    web::{App, AppError, Client, Form, Html, Page, SeeOther, qr},
};

/// A line of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    number: String,
    what: String,
    amount: Fen,
    way: &'static str,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
}

/// `/receipts`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    lines: Vec<Line>,
}

/// What reached one bill.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    what: String,
    bill_no: String,
    amount: Fen,
}

/// `/receipts/{receipt}`, made for paper.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptPage {
    line: Line,
    unit: String,
    uscc: String,
    parts: Vec<Part>,
    taken_back: Fen,
    /// 验证码.
    code: String,
    /// Where the code is checked, and the same as a code, as SVG.
    verify_url: String,
    verify_code: String,
    printed: Timestamp,
}

/// `/verify`
#[derive(Clone, Debug, Serialize)]
pub struct VerifyPage {
    verdict: Verdict,
}

impl Line {
    fn of(receipt: &Receipt) -> Self {
        let (state, chip) = receipt.state();
        Self {
            number: receipt.key.to_string(),
            what: receipt.what(),
            amount: receipt.amount(),
            way: receipt.key.way(),
            at: receipt.at(),
            state,
            chip,
        }
    }

    fn sample(state: &'static str, chip: &'static str) -> Self {
        Self {
            number: "W4200001234202603010000000001".into(),
            what: "2025、2026 年度会费".into(),
            amount: Fen::yuan(4000),
            way: "微信支付",
            at: Timestamp::from_millis(1_772_326_800_000),
            state,
            chip,
        }
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "pages/receipt/list.html";
    const MENU: &'static str = "receipts";

    fn title(&self) -> String {
        "缴费凭据".into()
    }

    fn samples() -> Vec<Self> {
        let lines = vec![Line::sample("有效", "ok"), Line::sample("已全部退回", "off")];
        vec![Self { lines }, Self { lines: Vec::new() }]
    }
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "pages/receipt/one.html";
    const MENU: &'static str = "receipts";

    fn title(&self) -> String {
        "缴费凭据".into()
    }

    fn samples() -> Vec<Self> {
        let url = "https://example.org/h5/verify/W42-0123456789AB".to_owned();
        let part = |year: i64| Part {
            what: format!("{year} 年度会费"),
            bill_no: format!("B{year}00000001"),
            amount: Fen::yuan(2000),
        };
        let page = |line, taken_back| Self {
            line,
            unit: "江苏示例网络科技有限公司".into(),
            uscc: "91320000000000000X".into(),
            parts: vec![part(2025), part(2026)],
            taken_back,
            code: "W4200001234202603010000000001-0123456789AB".into(),
            verify_code: qr::svg(&url).unwrap_or_default(),
            verify_url: url.clone(),
            printed: Timestamp::from_millis(1_772_413_200_000),
        };
        vec![
            page(Line::sample("有效", "ok"), Fen::ZERO),
            page(Line::sample("部分退回", "wait"), Fen::yuan(2000)),
        ]
    }
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "pages/receipt/verify.html";

    fn title(&self) -> String {
        "缴费凭据验证".into()
    }

    fn samples() -> Vec<Self> {
        Verdict::samples().into_iter().map(|verdict| Self { verdict }).collect()
    }
}

/// `GET /receipts`: the last two hundred sums.
#[handler]
pub async fn all(app: App, who: SignedIn) -> Result<Html<ListPage>, AppError> {
    let paid = dues::contributions_of(&app.db, &who.member.id).await?;
    let lines = Receipt::all(&paid).iter().map(Line::of).collect();
    Ok(Html::new(ListPage { lines }))
}

/// `GET /receipts/{receipt}`
#[handler]
pub async fn one(
    app: App,
    who: SignedIn,
    req: &mut Request,
) -> Result<Html<ReceiptPage>, AppError> {
    let key = req.param::<String>("receipt").and_then(|text| Key::parse(&text));
    let key = key.ok_or(AppError::NotFound)?;
    let paid = dues::contributions_of(&app.db, &who.member.id).await?;
    let receipt = Receipt::all(&paid).into_iter().find(|receipt| receipt.key == key);
    let receipt = receipt.ok_or(AppError::NotFound)?;
    let code = key.code(&app.vault);
    let verify_url = app.url(&format!("/h5/verify/{code}"));
    let part = |part: &dues::Contribution| Part {
        what: dues::title(part.year, &part.item),
        bill_no: part.bill_no.clone(),
        amount: part.amount,
    };
    Ok(Html::new(ReceiptPage {
        line: Line::of(&receipt),
        unit: who.member.name,
        uscc: who.member.uscc.to_string(),
        parts: receipt.parts.iter().map(part).collect(),
        taken_back: receipt.taken_back(),
        code,
        verify_code: qr::svg(&verify_url)?,
        verify_url,
        printed: app.clock.now(),
    }))
}

/// `GET /verify` and `GET /verify/{code}`
#[handler]
pub async fn verify(
    app: App,
    client: Client,
    req: &mut Request,
) -> Result<Html<VerifyPage>, AppError> {
    let code = req.param::<String>("code").unwrap_or_default();
    Ok(Html::new(VerifyPage { verdict: check(&app, &client, &code).await? }))
}

/// `POST /verify`
#[handler]
pub async fn look_up(form: Form) -> SeeOther {
    SeeOther::to(format!("/verify/{}", typed(&form)))
}

/// The code that was typed, with nothing in it that an address cannot hold.
pub(super) fn typed(form: &Form) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    form.value("code").chars().filter(fits).take(120).collect()
}
