//! Saving a draft, and carrying it from phone to PC or back. The addresses are the same on both
//! surfaces, below `/register` and below `/h5/register`.

use std::time::Duration;

use salvo::{Request, Response, Writer, handler, http::StatusCode};
use serde::Serialize;

use super::draft::{self, CARRY, CODE_LEN, Draft};
use crate::{
    kernel::text::half_width,
    web::{
        App, AppError, Client, Form, FormState, SeeOther, Surface, form::FieldErrors, qr, throttle,
    },
};

const FIELDS: &[&str] = &["code"];
/// Autosaving asks often; this many from one address in ten minutes are people.
const MOST_SAVES: u64 = 600;
/// Nobody types more codes than this in ten minutes.
const MOST_CODES: u64 = 20;
const WINDOW: Duration = Duration::from_mins(10);

/// What the carrying pages of both surfaces show.
#[derive(Debug, Serialize)]
pub struct Content {
    form: FormState,
    code: String,
    link: String,
    qr: String,
    minutes: u64,
    here: &'static str,
}

impl Content {
    /// The page that gives a code out; empty when the draft has none that is fresh.
    pub(super) async fn given(app: &App, req: &Request) -> Result<Option<Self>, AppError> {
        let here = here(req);
        let code = draft::load(app, req).await?.and_then(|draft| draft.code);
        let Some(code) = code else { return Ok(None) };
        if !draft::is_fresh(app, &code).await? {
            return Ok(None);
        }
        // A phone shows the address of the PC's page, a PC that of the phone's.
        let there = if here == PHONE { PC } else { PHONE };
        let link = app.url(&format!("{there}/continue?code={code}"));
        let qr = qr::svg(&link)?;
        Ok(Some(Self { form: FormState::blank(FIELDS), code, link, qr, minutes: minutes(), here }))
    }

    /// The page that takes a code, with the one of the address in it.
    pub(super) fn asked(req: &Request) -> Self {
        let code = req.query::<String>("code").unwrap_or_default();
        let code: String = code.chars().take(CODE_LEN).collect();
        Self::of(FormState::filled(FIELDS, |_| code.clone()), here(req))
    }

    fn of(form: FormState, here: &'static str) -> Self {
        let (code, link, qr) = (String::new(), String::new(), String::new());
        Self { form, code, link, qr, minutes: minutes(), here }
    }

    /// Every shape of the page that gives a code out.
    pub(super) fn samples_given(here: &'static str) -> Vec<Self> {
        vec![Self {
            code: "ABCD2345".into(),
            link: "https://member.example.org/register/continue?code=ABCD2345".into(),
            qr: "<svg></svg>".into(),
            ..Self::of(FormState::blank(FIELDS), here)
        }]
    }

    /// Every shape of the page that takes a code.
    pub(super) fn samples_asked(here: &'static str) -> Vec<Self> {
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("code", "接续码无效".into());
        vec![Self::of(FormState::blank(FIELDS), here), Self::of(wrong, here)]
    }
}

pub(super) const PC: &str = "/register";
pub(super) const PHONE: &str = "/h5/register";

const fn minutes() -> u64 {
    CARRY.as_secs() / 60
}

/// Where this surface registers.
pub(super) fn here(req: &Request) -> &'static str {
    match Surface::of_path(req.uri().path()) {
        Surface::H5 => PHONE,
        Surface::Pc => PC,
    }
}

/// `POST …/draft`: by a script that wants no page (204), or by the button.
#[handler]
pub async fn save(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, StatusCode>, AppError> {
    throttle::pass(&app, "draft", &client.ip, MOST_SAVES, WINDOW).await?;
    let kept = Draft::of_form(&form, app.clock.now());
    draft::save(&app, req, res, &kept).await?;
    let accepts = req.headers().get("accept").and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.starts_with("application/json")) {
        return Ok(Err(StatusCode::NO_CONTENT));
    }
    let text = "草稿已保存，24 小时内用本浏览器打开可以继续填写（密码不保存）";
    Ok(Ok(SeeOther::to(here(req)).saying(text)))
}

/// `POST …/draft/clear`
#[handler]
pub async fn clear(
    app: App,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    draft::forget(&app, req, res).await?;
    Ok(SeeOther::to(here(req)).saying("草稿已清除"))
}

/// `POST …/carry`: saves the draft and gives a code out for it.
#[handler]
pub async fn give(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    throttle::pass(&app, "draft-carry", &client.ip, MOST_CODES, WINDOW).await?;
    let mut kept = Draft::of_form(&form, app.clock.now());
    let here = here(req);
    if kept.is_empty() {
        return Ok(SeeOther::to(here).refusing("还没有填写内容，填写后再换设备继续"));
    }
    kept.code = Some(draft::hand_out(&app, &kept).await?);
    draft::save(&app, req, res, &kept).await?;
    Ok(SeeOther::to(format!("{here}/carry")))
}

/// Takes a code in; `Err` is the page again, with what is wrong.
pub(super) async fn take(
    app: &App,
    client: &Client,
    form: &Form,
    (req, res): (&Request, &mut Response),
) -> Result<Result<SeeOther, Content>, AppError> {
    throttle::pass(app, "draft-code", &client.ip, MOST_CODES, WINDOW).await?;
    let typed = half_width(form.value("code"));
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let here = here(req);
    let carried = match code.to_ascii_uppercase() {
        code if code.len() == CODE_LEN => draft::take_over(app, &code).await?,
        _ => None,
    };
    let Some(carried) = carried else {
        let text = "接续码无效或已过期，请在原设备上重新生成";
        let form = FormState::refused(FIELDS, form, FieldErrors::one("code", text));
        return Ok(Err(Content::of(form, here)));
    };
    draft::save(app, req, res, &carried).await?;
    Ok(Ok(
        SeeOther::to(here).saying("已接续在另一设备上填写的内容，请核对后继续（密码需要重新填写）")
    ))
}
