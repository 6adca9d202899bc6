//! Notices of payments as WeChat would send them, each signed and sealed once.

use std::{fmt::Write as _, sync::Arc};

use huiyuan::kernel::Clock;
use serde_json::json;
use wechat_sandbox::{APP_ID, MCH_ID, Sandbox, SignNotice};

use crate::{Result, product::Running, seed::Payable};

/// Signs a notice for each payment, on all cores: it takes longer than to book them.
pub(super) async fn notices(
    sandbox: &Arc<Sandbox>,
    server: &Running,
    payables: &[Payable],
) -> Result<(Vec<Vec<u8>>, Arc<str>)> {
    let half = payables.len().div_ceil(2).max(1);
    let tasks: Vec<_> = payables
        .chunks(half)
        .map(|part| {
            let (sandbox, part, host) = (Arc::clone(sandbox), part.to_vec(), server.address);
            tokio::task::spawn_blocking(move || {
                part.iter().map(|one| signed(&sandbox, &host.to_string(), one)).collect()
            })
        })
        .collect();
    let mut requests = Vec::with_capacity(payables.len());
    let mut body = Arc::from("");
    for task in tasks {
        let signed: Result<Vec<(Vec<u8>, String)>> = task.await?;
        for (request, text) in signed? {
            body = Arc::from(text);
            requests.push(request);
        }
    }
    Ok((requests, body))
}

fn signed(sandbox: &Sandbox, host: &str, payable: &Payable) -> Result<(Vec<u8>, String)> {
    let total = payable.amount;
    let plain = json!({
        "appid": APP_ID, "mchid": MCH_ID, "out_trade_no": payable.out_trade_no,
        "transaction_id": payable.transaction_id, "trade_type": "NATIVE",
        "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "OTHERS",
        "success_time": Clock::System.now().to_rfc3339(),
        "payer": { "openid": "oLoad-0000000000000000000000" },
        "amount": { "total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY" },
    });
    let wanted = SignNotice { plain: Some(plain), ..SignNotice::default() };
    let sealed = sandbox.sign_notice(&wanted)?;
    let mut head = format!("POST /wechat/pay/notify HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in &sealed.headers {
        write!(head, "{name}: {value}\r\n")?;
    }
    write!(head, "content-length: {}\r\n\r\n", sealed.bytes.len())?;
    let mut request = head.into_bytes();
    request.extend_from_slice(&sealed.bytes);
    Ok((request, sealed.body))
}
