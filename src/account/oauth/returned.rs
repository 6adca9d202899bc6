//! WeChat comes back with a code. The web view may call twice, with one code or with two: the
//! first call works, the others wait for its result and answer the same.

use std::time::Duration;

use salvo::{
    Request, Response, Writer, handler,
    http::{HeaderValue, StatusCode, header::REFERRER_POLICY},
};
use serde::Serialize;

use super::{
    PhoneUser, phone_index,
    state::{self, Failure, Pending, Stage},
};
use crate::{
    web::{App, AppError, Html, Page, SeeOther, Surface},
    wechat::login::LoginError,
};

/// After so many codes that WeChat did not take, the user presses a button.
const MOST_RESTARTS: u32 = 2;
/// How often and how long the second call looks for the result of the first.
const LOOKS: u32 = 30;
const PAUSE: Duration = Duration::from_millis(100);

/// A phone page with one message: a success, a refusal, or what to do now.
#[derive(Debug, Serialize)]
pub struct PhonePage {
    /// `ok`, `wait`, `error` or `info`.
    pub kind: &'static str,
    /// What happened.
    pub heading: String,
    /// What to do now.
    pub text: String,
    /// Where the button leads; empty for no button.
    pub action_url: String,
    /// What the button says.
    pub action_text: String,
}

impl PhonePage {
    /// A message without a button.
    pub fn new(kind: &'static str, heading: &str, text: &str) -> Self {
        let (action_url, action_text) = (String::new(), String::new());
        Self { kind, heading: heading.into(), text: text.into(), action_url, action_text }
    }

    /// With a button that leads somewhere.
    #[must_use]
    pub fn with_action(mut self, text: &str, url: &str) -> Self {
        self.action_text = text.into();
        self.action_url = url.into();
        self
    }
}

impl Page for PhonePage {
    const TEMPLATE: &'static str = "pages/account/message.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn samples() -> Vec<Self> {
        let failures =
            [Failure::Invalid, Failure::Snapshot, Failure::Busy, Failure::Away, Failure::Config];
        let mut samples: Vec<_> =
            failures.into_iter().map(|failure| failed(failure, "/h5/login")).collect();
        samples.push(stale());
        samples.push(Self::new("ok", "已确认登录", "请回到电脑继续操作"));
        samples
    }
}

type Answer = Result<SeeOther, Html<PhonePage>>;

/// `GET /wechat/oauth/callback`: always on to an address without the code, or a clear page.
#[handler]
pub async fn callback(app: App, req: &mut Request, res: &mut Response) -> Result<Answer, AppError> {
    // The address holds code and state; neither may travel on.
    res.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let state = req.query::<String>("state").unwrap_or_default();
    let code = req.query::<String>("code").unwrap_or_default();
    let Some(pending) = state::find(&app, &state).await? else { return Ok(Err(refuse(stale()))) };
    // A state of another browser: somebody was given a prepared link.
    if phone_index(&app, req).as_deref() != Some(pending.phone.as_str()) {
        return Ok(Err(refuse(stale())));
    }
    let is_code = (1..=128).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_graphic());
    if !is_code {
        return Ok(Err(refuse(failed(Failure::Invalid, &pending.next))));
    }
    let stage = if state::step(&app, &state, Stage::Open, Stage::Busy).await? {
        let stage = exchange(&app, &code, &pending).await?;
        state::step(&app, &state, Stage::Busy, stage).await?;
        stage
    } else {
        settled(&app, &state).await?
    };
    answer(&app, pending, stage).await
}

/// Asks WeChat who it is; the code is used up whatever comes back.
async fn exchange(app: &App, code: &str, pending: &Pending) -> Result<Stage, AppError> {
    let failure = match app.login.exchange(code).await {
        Ok(user) if user.is_snapshot => Failure::Snapshot,
        Ok(user) => {
            PhoneUser::remember(app, &pending.phone, &user.open_id).await?;
            return Ok(Stage::Done);
        }
        Err(LoginError::CodeInvalid(_)) => Failure::Invalid,
        Err(LoginError::Busy(errcode)) => {
            tracing::warn!(errcode, "WeChat is too busy to exchange a code");
            Failure::Busy
        }
        Err(error @ LoginError::Config { .. }) => {
            tracing::error!(alarm = true, %error, "nobody can sign in with WeChat");
            Failure::Config
        }
        Err(error @ (LoginError::Unreachable | LoginError::Malformed)) => {
            tracing::warn!(%error, "a code was not exchanged");
            Failure::Away
        }
    };
    Ok(Stage::Failed(failure))
}

/// The result of the call that was first; it has a few seconds.
async fn settled(app: &App, state: &str) -> Result<Stage, AppError> {
    for _ in 0..LOOKS {
        match state::find(app, state).await?.map(|pending| pending.stage) {
            Some(Stage::Busy) => tokio::time::sleep(PAUSE).await,
            Some(decided) => return Ok(decided),
            None => return Ok(Stage::Failed(Failure::Invalid)),
        }
    }
    Ok(Stage::Failed(Failure::Away))
}

async fn answer(app: &App, pending: Pending, stage: Stage) -> Result<Answer, AppError> {
    let failure = match stage {
        Stage::Done => return Ok(Ok(SeeOther::to(pending.next))),
        Stage::Failed(Failure::Invalid) if pending.restarts < MOST_RESTARTS => {
            let restarts = pending.restarts + 1;
            let address = state::begin(app, &pending.phone, &pending.next, restarts).await?;
            return Ok(Ok(SeeOther::to(address)));
        }
        Stage::Failed(failure) => failure,
        Stage::Open | Stage::Busy => Failure::Away,
    };
    let status = match failure {
        Failure::Invalid | Failure::Snapshot => StatusCode::FORBIDDEN,
        Failure::Busy | Failure::Away | Failure::Config => StatusCode::SERVICE_UNAVAILABLE,
    };
    Ok(Err(Html::with_status(failed(failure, &pending.next), status)))
}

const fn refuse(page: PhonePage) -> Html<PhonePage> {
    Html::with_status(page, StatusCode::FORBIDDEN)
}

fn stale() -> PhonePage {
    PhonePage::new("info", "微信授权已失效", "请在微信中重新扫描二维码，或者重新打开原来的页面")
}

fn failed(failure: Failure, next: &str) -> PhonePage {
    match failure {
        Failure::Invalid => PhonePage::new("info", "微信授权没有完成", "请点击下面的按钮再试一次")
            .with_action("重新授权", next),
        Failure::Snapshot => PhonePage::new(
            "info",
            "请使用完整服务",
            "当前是微信的快照页面，无法确认您的身份。请点击页面下方的“使用完整服务”后继续",
        )
        .with_action("已打开完整服务，继续", next),
        Failure::Busy => PhonePage::new("wait", "微信暂时繁忙", "请稍等片刻再试一次")
            .with_action("再试一次", next),
        Failure::Away => PhonePage::new("wait", "暂时无法连接微信", "请检查网络，稍等片刻再试一次")
            .with_action("再试一次", next),
        Failure::Config => PhonePage::new(
            "error",
            "微信登录暂不可用",
            "系统已通知技术人员处理，请稍后再试，或者联系秘书处",
        )
        .with_action("再试一次", next),
    }
}
