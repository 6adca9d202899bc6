//! What the phone's pay page shows.

use salvo::Request;
use serde::Serialize;

use crate::{
    account::{SignedIn, oauth::PhoneUser},
    kernel::{identity::masked_name, ids::MemberId},
    member,
    payment::{
        model::{Attempt, TradeType},
        view::{Mode, OrderView},
    },
    web::{App, AppError, Client, Page, Surface},
    wechat::pay::{H5Scene, H5Url, JsapiInvocation, PrepayId},
};

/// What the pay page shows, as a whole page and as the fragment that the poll brings.
#[derive(Clone, Debug, Serialize)]
pub struct Panel {
    pub(super) order: OrderView,
    /// The payer's unit, masked.
    unit: String,
    /// What opens WeChat's payment sheet; nothing until the payer asked for it.
    pub(super) pay: Option<JsapiInvocation>,
    /// WeChat's page that opens the app from a browser; empty until the payer asked for it.
    pub(super) away: String,
    /// The payer asked a moment ago: open the sheet or the page at once.
    pub(super) auto: bool,
    /// The payer comes back from WeChat's page, perhaps without having paid.
    pub(super) is_back: bool,
    /// This browser is WeChat's own.
    in_wechat: bool,
    /// Where the order is cancelled, for the member and for whoever opened the payment that is open
    /// now; empty for everybody else.
    cancel: String,
}

/// Who looks at the page.
pub(super) struct Payer {
    pub user: Option<PhoneUser>,
    pub client: Client,
    /// Signed in as the member whose order it is.
    pub is_member: bool,
}

impl Payer {
    pub(super) async fn find(
        app: &App,
        client: Client,
        req: &Request,
        member: &MemberId,
    ) -> Result<Self, AppError> {
        let who = SignedIn::find(app, req).await?;
        let is_member = who.is_some_and(|who| who.member.id == *member);
        Ok(Self { user: PhoneUser::find(app, req).await?, client, is_member })
    }
}

/// True in WeChat's own browser; anybody can say so, and nothing depends on it but the way to pay.
pub(super) fn is_wechat(client: &Client) -> bool {
    client.user_agent.contains("MicroMessenger")
}

/// True in the browser of a phone, which can open WeChat.
pub(super) fn is_phone(client: &Client) -> bool {
    ["Mobile", "Android", "iPhone", "iPad", "HarmonyOS"]
        .iter()
        .any(|mark| client.user_agent.contains(mark))
}

/// `/h5/pay/{order}`
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct PayPage(pub(super) Panel);

impl Page for PayPage {
    const TEMPLATE: &'static str = "pages/payment/pay.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "会费缴纳".into()
    }

    fn samples() -> Vec<Self> {
        Panel::samples().into_iter().map(Self).collect()
    }
}

impl Panel {
    fn samples() -> Vec<Self> {
        let invocation = JsapiInvocation {
            app_id: "wx0000000000000000".into(),
            time_stamp: "1772326800".into(),
            nonce_str: "593BEC0C930BF1AF".into(),
            package: "prepay_id=wx201410272009395522657a690389285100".into(),
            sign_type: "RSA".into(),
            pay_sign: "c2FtcGxl".into(),
        };
        let page = |mode| Self {
            order: OrderView::sample(mode),
            unit: masked_name("江苏示例网络科技有限公司"),
            pay: None,
            away: String::new(),
            auto: false,
            is_back: false,
            in_wechat: true,
            cancel: "/h5/pay/0/cancel".into(),
        };
        let away = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";
        let browser = Self { in_wechat: false, away: away.into(), ..page(Mode::Browser) };
        let mut pages: Vec<Self> = Mode::ALL.map(page).into();
        pages.push(Self { pay: Some(invocation), ..page(Mode::Phone) });
        pages.push(Self { is_back: true, ..browser.clone() });
        pages.push(browser);
        pages.push(Self { in_wechat: false, cancel: String::new(), ..page(Mode::Idle) });
        pages
    }

    pub(super) async fn draw(
        app: &App,
        member: &MemberId,
        (order, mode, attempt): (OrderView, Mode, Option<Attempt>),
        payer: &Payer,
    ) -> Result<Self, AppError> {
        let member = member::store::find(&app.db, &app.vault, member).await?;
        let unit = member.map(|member| masked_name(&member.name)).unwrap_or_default();
        let mine = attempt.filter(|attempt| is_for(app, attempt, payer));
        let may_cancel = mode.is_pending() && (payer.is_member || mine.is_some());
        let (mut pay, mut away) = (None, String::new());
        match mine.filter(|attempt| attempt.is_fresh(app.clock.now())) {
            Some(attempt) if mode == Mode::Phone => pay = Some(invocation(app, &attempt)?),
            Some(attempt) if mode == Mode::Browser => away = page_of_wechat(app, &attempt)?,
            _ => {}
        }
        let cancel =
            if may_cancel { format!("/h5/pay/{}/cancel", order.id) } else { String::new() };
        let in_wechat = is_wechat(&payer.client);
        Ok(Self { order, unit, pay, away, auto: false, is_back: false, in_wechat, cancel })
    }
}

/// A prepayment belongs to one WeChat, WeChat's page to one address; nobody else can use them.
pub(super) fn is_for(app: &App, attempt: &Attempt, payer: &Payer) -> bool {
    let index = match attempt.trade_type {
        TradeType::Native => None,
        TradeType::Jsapi => payer.user.as_ref().map(|user| app.vault.index(user.open_id.as_str())),
        TradeType::H5 => H5Scene::of(&payer.client.ip, &payer.client.user_agent)
            .filter(|_| !is_wechat(&payer.client) && is_phone(&payer.client))
            .map(|scene| app.vault.index(&scene.client_ip.to_string())),
    };
    index.is_some_and(|index| index == attempt.payer_index)
}

fn invocation(app: &App, attempt: &Attempt) -> Result<JsapiInvocation, AppError> {
    let prepay = PrepayId::parse(&attempt.prepay_id)
        .ok_or_else(|| AppError::Fault("a stored prepay_id is unusable".into()))?;
    app.pay
        .jsapi_invocation(&prepay, app.clock.now(), &app.ids.readable(32))
        .map_err(|error| AppError::Fault(error.to_string()))
}

fn page_of_wechat(app: &App, attempt: &Attempt) -> Result<String, AppError> {
    let url = H5Url::parse(&attempt.code_url)
        .ok_or_else(|| AppError::Fault("a stored h5_url is unusable".into()))?;
    Ok(url.returning_to(&app.url(&format!("/h5/pay/{}?back=1", attempt.order_id))))
}
