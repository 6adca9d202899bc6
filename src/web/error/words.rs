//! What the person at the other end is told of an error, and when another try is worth it.

use std::time::Duration;

use salvo::http::StatusCode;

use super::AppError;

/// How long somebody waits whom the password gate has no room for.
const CROWDED: Duration = Duration::from_secs(10);

/// When it is worth asking a part of the house again that is away.
const AWAY: Duration = Duration::from_secs(5);

/// `30 秒` or `5 分钟`, never less than it takes.
fn wait(span: Duration) -> String {
    match span.as_secs().max(1) {
        seconds @ ..60 => format!("{seconds} 秒"),
        seconds => format!("{} 分钟", seconds.div_ceil(60)),
    }
}

impl AppError {
    /// When it is worth another try (`Retry-After`); the pages that poll obey it.
    pub(super) const fn pause(&self) -> Option<Duration> {
        match self {
            Self::TooMany(span) => Some(*span),
            Self::Crowded => Some(CROWDED),
            Self::Unavailable(_) => Some(AWAY),
            _ => None,
        }
    }

    /// Heading and explanation for the person at the other end.
    pub(super) fn words(&self) -> (&'static str, String) {
        match self {
            Self::NotFound => ("页面不存在", "您访问的内容不存在，或者不属于您。".into()),
            Self::SignIn | Self::StaffSignIn => {
                ("请先登录", "登录已失效或尚未登录，请登录后再试。".into())
            }
            Self::Forbidden => ("没有权限", "您的角色不能进行这项操作。".into()),
            Self::Stale => ("页面已过期", "为了安全，请返回上一页刷新后重新提交。".into()),
            Self::Bad(StatusCode::PAYLOAD_TOO_LARGE) => {
                ("提交的内容过大", "请缩小文件或减少内容后重新提交。".into())
            }
            Self::Bad(_) => ("无法识别的请求", "请返回上一页重新操作。".into()),
            Self::Refused(text) => ("操作未完成", text.clone()),
            Self::Crowded => {
                ("当前访问的人较多", format!("您的操作没有生效，请在 {}后再试。", wait(CROWDED)))
            }
            Self::TooMany(span) => ("操作过于频繁", format!("请在 {}后再试。", wait(*span))),
            Self::Unavailable(_) => {
                ("系统暂时繁忙", "您填写的内容没有丢失，请稍后返回上一页重试。".into())
            }
            Self::Fault(_) => ("系统出现问题", "我们已记录该问题，请稍后重试或联系秘书处。".into()),
        }
    }
}
