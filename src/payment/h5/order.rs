//! `/h5/pay/{order}` and its poll. The page asks for no login: its address cannot be guessed, it
//! only takes money, and the accountant who pays need not be the one who signed in.

use salvo::{Depot, Request, Response, Writer, async_trait, handler};
use serde::Serialize;

use crate::{
    account::oauth::{self, PhoneUser},
    kernel::{
        identity::masked_name,
        ids::{MemberId, OrderId},
    },
    member,
    payment::{
        model::{Attempt, Order, TradeType},
        start::{Way, start},
        store,
        view::{Mode, OrderView, answer_shortly, answer_with, look},
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface},
    wechat::pay::{JsapiInvocation, PrepayId},
};

/// What the pay page shows, as a whole page and as the fragment that the poll brings.
#[derive(Clone, Debug, Serialize)]
pub struct Panel {
    order: OrderView,
    /// The payer's unit, masked.
    unit: String,
    /// What opens WeChat's payment sheet; nothing until the payer asked for it.
    pay: Option<JsapiInvocation>,
    /// The payer asked a moment ago: open the sheet at once.
    auto: bool,
}

/// `/h5/pay/{order}`
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct PayPage(Panel);

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
        let page = |mode, sheet| Self {
            order: OrderView::sample(mode),
            unit: masked_name("江苏示例网络科技有限公司"),
            pay: sheet,
            auto: false,
        };
        let mut pages = vec![page(Mode::Phone, Some(invocation))];
        let plain = [
            Mode::Idle,
            Mode::Unanswered,
            Mode::Code,
            Mode::Phone,
            Mode::Paid,
            Mode::Parked,
            Mode::Closed,
        ];
        pages.extend(plain.map(|mode| page(mode, None)));
        pages
    }

    async fn draw(
        app: &App,
        member: &MemberId,
        (order, mode, attempt): (OrderView, Mode, Option<Attempt>),
        payer: Option<&PhoneUser>,
    ) -> Result<Self, AppError> {
        let member = member::store::find(&app.db, &app.vault, member).await?;
        let unit = member.map(|member| masked_name(&member.name)).unwrap_or_default();
        let mine = attempt.filter(|attempt| mode == Mode::Phone && is_for(app, attempt, payer));
        let sheet = mine.map(|attempt| invocation(app, &attempt)).transpose()?;
        Ok(Self { order, unit, pay: sheet, auto: false })
    }
}

/// A prepayment belongs to one WeChat; nobody else can use it.
fn is_for(app: &App, attempt: &Attempt, payer: Option<&PhoneUser>) -> bool {
    attempt.trade_type == TradeType::Jsapi
        && payer.is_some_and(|p| attempt.payer_index == app.vault.index(p.open_id.as_str()))
}

fn invocation(app: &App, attempt: &Attempt) -> Result<JsapiInvocation, AppError> {
    let prepay = PrepayId::parse(&attempt.prepay_id)
        .ok_or_else(|| AppError::Fault("a stored prepay_id is unusable".into()))?;
    app.pay
        .jsapi_invocation(&prepay, app.clock.now(), &app.ids.readable(32))
        .map_err(|error| AppError::Fault(error.to_string()))
}

/// A page, or the way to WeChat and back.
pub enum Answer<P> {
    /// The page.
    Page(Html<P>),
    /// Somewhere else first.
    Away(SeeOther),
}

#[async_trait]
impl<P: Page> Writer for Answer<P> {
    async fn write(self, req: &mut Request, depot: &mut Depot, res: &mut Response) {
        match self {
            Self::Page(page) => page.write(req, depot, res).await,
            Self::Away(away) => away.write(req, depot, res).await,
        }
    }
}

async fn order_of(app: &App, req: &Request) -> Result<Order, AppError> {
    let id: OrderId =
        req.param::<String>("order").and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
    store::order(&app.db, &id).await?.ok_or(AppError::NotFound)
}

/// `GET /h5/pay/{order}`
#[handler]
pub async fn pay(
    app: App,
    client: Client,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer<PayPage>, AppError> {
    let order = order_of(&app, req).await?;
    let payer = PhoneUser::find(&app, req).await?;
    // Inside WeChat the payer is asked for at once, so that one tap pays.
    if payer.is_none()
        && order.is_payable(app.clock.now())
        && client.user_agent.contains("MicroMessenger")
    {
        let here = format!("/h5/pay/{}", order.id);
        return oauth::ask(&app, req, res, &here).await.map(Answer::Away);
    }
    let member = order.member_id.clone();
    let looked = look(&app, order).await?;
    let mut panel = Panel::draw(&app, &member, looked, payer.as_ref()).await?;
    panel.auto = panel.pay.is_some() && req.query::<String>("go").is_some();
    Ok(Answer::Page(Html::new(PayPage(panel))))
}

/// `POST /h5/pay/{order}`: ends the code on the PC, if there is one, and opens the payment here.
#[handler]
pub async fn begin(
    app: App,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    let order = order_of(&app, req).await?;
    let here = format!("/h5/pay/{}", order.id);
    let Some(payer) = PhoneUser::find(&app, req).await? else {
        return oauth::ask(&app, req, res, &here).await;
    };
    start(&app, &order.id, &Way::Jsapi(payer.open_id)).await?;
    Ok(SeeOther::to(format!("{here}?go=1")))
}

/// `GET /h5/pay/{order}/state?seen=`
#[handler]
pub async fn state(app: App, req: &mut Request, res: &mut Response) -> Result<(), AppError> {
    let order = order_of(&app, req).await?;
    let member = order.member_id.clone();
    let looked = look(&app, order).await?;
    if answer_shortly(looked.1, req, res) {
        return Ok(());
    }
    let payer = PhoneUser::find(&app, req).await?;
    let panel = Panel::draw(&app, &member, looked, payer.as_ref()).await?;
    answer_with(Surface::H5, &panel, (&app, req), res)
}
