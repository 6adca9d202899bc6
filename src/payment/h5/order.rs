//! `/h5/pay/{order}` and its poll. The page asks for no login: its address cannot be guessed, it
//! only takes money, and the accountant who pays need not be the one who signed in. So whoever
//! holds the address can pay, and take the payment over from the PC's code to do so; the order
//! itself is ended only by its member, and a payment only by whoever has opened it.

use salvo::{
    Depot, Request, Response, Writer, async_trait, handler,
    http::{HeaderValue, header::REFERRER_POLICY},
};

use super::panel::{Panel, PayPage, Payer, is_for, is_phone, is_wechat};
use crate::{
    account::oauth::{self, PhoneUser},
    kernel::ids::OrderId,
    payment::{
        check::check,
        model::Order,
        pc::NOT_YET,
        poll::{answer_shortly, answer_with},
        retire::{Ending, retire, retire_order},
        start::{Started, Way, start},
        store,
        view::look,
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface},
    wechat::pay::H5Scene,
};

/// The part of the page that the poll brings.
const PANEL: &str = "fragments/payment/panel.html";

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
    let payer = Payer::find(&app, client, req, &order.member_id).await?;
    // Inside WeChat the payer is asked for at once, so that one tap pays.
    let is_unknown = payer.user.is_none() && is_wechat(&payer.client);
    if is_unknown && order.is_payable(app.clock.now()) {
        let here = format!("/h5/pay/{}", order.id);
        return oauth::ask(&app, req, res, &here).await.map(Answer::Away);
    }
    let member = order.member_id.clone();
    let looked = look(&app, order).await?;
    let mut panel = Panel::draw(&app, &member, looked, &payer).await?;
    let is_open = panel.pay.is_some() || !panel.away.is_empty();
    panel.auto = is_open && req.query::<String>("go").is_some();
    panel.is_back = panel.order.is_pending && req.query::<String>("back").is_some();
    if !panel.away.is_empty() {
        // WeChat's page wants to see from which site a browser comes (wechat.md 4.3), but not
        // from which order.
        res.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("origin"));
    }
    Ok(Answer::Page(Html::new(PayPage(panel))))
}

/// `POST /h5/pay/{order}`: ends what is open elsewhere, the code on the PC for example, and opens
/// the payment here: inside WeChat at once, from another phone browser by WeChat's own page.
#[handler]
pub async fn begin(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    let order = order_of(&app, req).await?;
    let here = format!("/h5/pay/{}", order.id);
    let way = if !is_wechat(&client) && is_phone(&client) {
        H5Scene::of(&client.ip, &client.user_agent).map(Way::H5)
    } else {
        PhoneUser::find(&app, req).await?.map(|user| Way::Jsapi(user.open_id))
    };
    let Some(way) = way else {
        return oauth::ask(&app, req, res, &here).await;
    };
    Ok(match start(&app, &order.id, &way).await? {
        Started::NotOffered => {
            SeeOther::to(here).refusing("暂不支持在手机浏览器中直接付款，请在微信中打开本页付款")
        }
        Started::Ready(_) | Started::NoAnswer | Started::Over => {
            SeeOther::to(format!("{here}?go=1"))
        }
    })
}

/// `POST /h5/pay/{order}/check`: the payer says that it is paid.
#[handler]
pub async fn check_now(app: App, _form: Form, req: &mut Request) -> Result<SeeOther, AppError> {
    let order = order_of(&app, req).await?;
    let here = format!("/h5/pay/{}", order.id);
    Ok(if check(&app, &order.id).await? {
        SeeOther::to(here)
    } else {
        SeeOther::to(format!("{here}?back=1")).refusing(NOT_YET)
    })
}

/// `POST /h5/pay/{order}/cancel`: the member ends the order. Anybody else ends the payment that
/// they have opened here, and the order waits for another one.
#[handler]
pub async fn cancel(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let order = order_of(&app, req).await?;
    let here = SeeOther::to(format!("/h5/pay/{}", order.id));
    let payer = Payer::find(&app, client, req, &order.member_id).await?;
    let (ending, done) = if payer.is_member {
        (retire_order(&app, &order.id).await?, "订单已取消，没有扣款")
    } else {
        let live = store::live_attempt(&app.db, &order.id).await?;
        let Some(attempt) = live.filter(|attempt| is_for(&app, attempt, &payer)) else {
            return Ok(here.refusing("只有登录的会员或打开这笔支付的付款人可以取消支付"));
        };
        (retire(&app, &attempt).await?, "支付已取消，没有扣款")
    };
    Ok(match ending {
        Ending::Closed => here.saying(done),
        Ending::Paid => here,
        Ending::Unclear => here.refusing("微信支付暂时没有响应，订单尚未取消，请稍后重试"),
    })
}

/// `GET /h5/pay/{order}/state?seen=`
#[handler]
pub async fn state(
    app: App,
    client: Client,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    let order = order_of(&app, req).await?;
    let member = order.member_id.clone();
    let looked = look(&app, order).await?;
    if answer_shortly(looked.1, req, res) {
        return Ok(());
    }
    let payer = Payer::find(&app, client, req, &member).await?;
    let panel = Panel::draw(&app, &member, looked, &payer).await?;
    answer_with((Surface::H5, PANEL), &panel, (&app, req), res)
}
