//! `/h5/dues`: the bills on which money is owed.

use salvo::{Writer as _, handler};
use serde::Serialize;

use crate::{
    account::SignedIn,
    dues::open_bills_of,
    kernel::Fen,
    payment::checkout::{self as verb, CheckoutError},
    web::{App, AppError, Form, Html, Page, SeeOther, Surface},
};

/// An open bill.
#[derive(Clone, Debug, Serialize)]
pub struct BillLine {
    id: String,
    title: String,
    note: String,
    remaining: Fen,
}

/// `/h5/dues`
#[derive(Clone, Debug, Serialize)]
pub struct DuesPage {
    unit: String,
    bills: Vec<BillLine>,
}

impl Page for DuesPage {
    const TEMPLATE: &'static str = "pages/payment/dues.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "会费缴纳".into()
    }

    fn samples() -> Vec<Self> {
        let line = |year: i64| BillLine {
            id: format!("b{year}"),
            title: format!("{year} 年度会费"),
            note: format!("截止 {year}-12-31"),
            remaining: Fen::yuan(2000),
        };
        let unit = "江苏示例网络科技有限公司".to_owned();
        vec![
            Self { unit: unit.clone(), bills: vec![line(2025), line(2026)] },
            Self { unit, bills: Vec::new() },
        ]
    }
}

/// `GET /h5/dues`
#[handler]
pub async fn dues(app: App, who: SignedIn) -> Result<Html<DuesPage>, AppError> {
    let bills = open_bills_of(&app.db, &who.member.id).await?;
    let bills = bills
        .into_iter()
        .map(|bill| BillLine {
            title: bill.title(),
            note: format!("截止 {}", bill.due_on),
            remaining: bill.remaining(),
            id: bill.id.into(),
        })
        .collect();
    Ok(Html::new(DuesPage { unit: who.member.name, bills }))
}

/// `POST /h5/dues`
#[handler]
pub async fn checkout(app: App, who: SignedIn, form: Form) -> Result<SeeOther, AppError> {
    let bills = verb::read_bills(&form.values("bill"));
    if let Err(nothing @ CheckoutError::Nothing) = &bills {
        return Ok(SeeOther::to("/h5/dues").refusing(nothing.to_string()));
    }
    let id = verb::checkout(&app, &who.member.id, &bills?, None).await?;
    Ok(SeeOther::to(format!("/h5/pay/{id}")))
}
