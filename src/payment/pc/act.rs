//! What a member does with an order besides paying it: 取消支付, 我已完成付款.

use salvo::{Request, Writer as _, handler};

use super::order::own_order;
use crate::{
    account::SignedIn,
    payment::{
        check::check,
        retire::{Ending, retire_order},
    },
    web::{App, AppError, Form, SeeOther},
};

/// `POST /pay/{order}/cancel`: closed at WeChat first, then the bills are free again.
#[handler]
pub async fn cancel(
    app: App,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let order = own_order(&app, &who, req).await?;
    let here = format!("/pay/{}", order.id);
    Ok(match retire_order(&app, &order.id).await? {
        Ending::Closed => SeeOther::to("/dues").saying("订单已取消，没有扣款"),
        Ending::Paid => SeeOther::to(here),
        Ending::Unclear => {
            SeeOther::to(here).refusing("微信支付暂时没有响应，订单尚未取消，请稍后重试")
        }
    })
}

/// `POST /pay/{order}/check`: WeChat is asked now instead of later.
#[handler]
pub async fn check_now(
    app: App,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let order = own_order(&app, &who, req).await?;
    let here = SeeOther::to(format!("/pay/{}", order.id));
    Ok(if check(&app, &order.id).await? { here } else { here.refusing(NOT_YET) })
}

/// What a payer reads who says that he has paid, when WeChat does not.
pub(in crate::payment) const NOT_YET: &str =
    "暂未查到付款结果。如已付款，结果会在几分钟内自动更新，请勿重复支付";
