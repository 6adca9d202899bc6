//! Where WeChat reports refunds. Receiving is `payment::notify`'s: raw bytes in, verified, kept,
//! answered in time.

use salvo::{Request, Response, Writer as _, handler};

use super::conclude::{Received, conclude};
use crate::{
    payment::notify::{keep as keep_payment, receive},
    web::{App, AppError},
    wechat::pay::{PaymentNotice, notice::Facts},
};

/// `POST /wechat/refund/notify`
#[handler]
pub async fn refund(app: App, req: &mut Request, res: &mut Response) {
    receive(&app, req, res, keep).await;
}

async fn keep(app: App, notice: PaymentNotice, body: String) -> Result<(), AppError> {
    let PaymentNotice { notify_id, event_type, facts, .. } = notice.clone();
    let Facts::Refund(said) = facts else { return keep_payment(app, notice, body).await };
    let (no, received) = (said.out_refund_no.clone(), Received { notify_id, event_type, body });
    let concluded = conclude(&app, said, Some(received)).await?;
    tracing::info!(
        refund.no = no,
        refund.outcome = concluded.code(),
        "WeChat reported a refund: {}",
        concluded.code()
    );
    Ok(())
}
