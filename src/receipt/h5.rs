//! `/h5/verify/{code}`: what the code on a printed receipt opens.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    pc::typed,
    verify::{Verdict, verify as check},
};
use crate::web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface};

/// `/h5/verify`
#[derive(Clone, Debug, Serialize)]
pub struct VerifyPage {
    verdict: Verdict,
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "pages/receipt/verify.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "缴费凭据验证".into()
    }

    fn samples() -> Vec<Self> {
        Verdict::samples().into_iter().map(|verdict| Self { verdict }).collect()
    }
}

/// `GET /h5/verify` and `GET /h5/verify/{code}`
#[handler]
pub async fn verify(
    app: App,
    client: Client,
    req: &mut Request,
) -> Result<Html<VerifyPage>, AppError> {
    let code = req.param::<String>("code").unwrap_or_default();
    Ok(Html::new(VerifyPage { verdict: check(&app, &client, &code).await? }))
}

/// `POST /h5/verify`
#[handler]
pub async fn look_up(form: Form) -> SeeOther {
    SeeOther::to(format!("/h5/verify/{}", typed(&form)))
}
