//! One try at one notice: which channel, and what came of it.

use tracing::info;

use super::{
    Recipient, Topic,
    store::Row,
    token::{self, TokenError},
    words,
};
use crate::{
    kernel::{OpenId, Secret},
    web::{App, AppError},
    wechat::message::{MessageError, TemplateMessage},
};

/// What came of a try.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// WeChat took it.
    Sent,
    /// It stands in the log only, for this reason.
    Logged(&'static str),
    /// Later, for this reason.
    Later(String),
    /// Never by itself, for this reason.
    Dead(String),
}

/// Sends a notice to whom it is for.
pub(super) async fn deliver(app: &App, row: &Row, to: &Recipient) -> Result<Outcome, AppError> {
    let Some(topic) = Topic::from_code(&row.topic) else {
        return Ok(Outcome::Dead("未知的通知类型".into()));
    };
    let receiver = match row.receiver.as_str() {
        "" => to.open_id.clone(),
        sealed => OpenId::parse(&app.vault.open(sealed)?).ok(),
    };
    let Some(receiver) = receiver else {
        return Ok(log(row, "未绑定微信"));
    };
    let Some(template) = app.settings.notice.templates.get(topic.code()) else {
        return Ok(log(row, "未配置微信模板"));
    };
    let message = TemplateMessage {
        to: receiver,
        template_id: template.id.clone(),
        url: app.url(words::path(topic)),
        id: row.id.clone(),
        data: words::data(topic, &row.payload.0, row.created_ms, template),
    };
    push(app, row, &message).await
}

/// The log channel; nobody's name, number or WeChat is in it.
fn log(row: &Row, why: &'static str) -> Outcome {
    info!(
        notice.topic = row.topic,
        notice.id = row.id,
        member.id = row.member_id,
        why,
        "notice {} is logged only",
        row.topic
    );
    Outcome::Logged(why)
}

async fn push(app: &App, row: &Row, message: &TemplateMessage) -> Result<Outcome, AppError> {
    let mut refused: Option<Secret> = None;
    // A token that WeChat refuses is replaced once; a second refusal is a matter for later.
    for _ in 0..2 {
        let token = match token::current(app, refused.as_ref()).await {
            Ok(token) => token,
            Err(TokenError::Fault(fault)) => return Err(fault),
            Err(TokenError::Busy) => return Ok(Outcome::Later("正在更换微信访问令牌".into())),
            Err(TokenError::Message(error)) => return Ok(failed(error)),
        };
        match app.messages.send(&token, message).await {
            Ok(number) => {
                info!(notice.id = row.id, wechat.msgid = number, "notice {} sent", row.topic);
                return Ok(Outcome::Sent);
            }
            Err(MessageError::Token(_)) => refused = Some(token),
            Err(error) => return Ok(failed(error)),
        }
    }
    Ok(Outcome::Later("微信不接受访问令牌".into()))
}

fn failed(error: MessageError) -> Outcome {
    match error {
        MessageError::Receiver(43004) => Outcome::Logged("对方未关注服务号"),
        MessageError::Receiver(_) => Outcome::Logged("对方已拒收通知"),
        MessageError::Busy(errcode) => Outcome::Later(format!("微信繁忙或超出限额（{errcode}）")),
        MessageError::Token(errcode) => Outcome::Later(format!("微信访问令牌无效（{errcode}）")),
        MessageError::Unreachable => Outcome::Later("微信没有应答".into()),
        MessageError::Refused { errcode, message } => {
            Outcome::Dead(format!("微信拒绝（{errcode}）：{message}"))
        }
    }
}
