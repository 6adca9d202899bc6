//! Every shape of the page of a request.

use super::{ChangePage, FIELDS, Line};
use crate::web::FormState;

pub(super) fn pages() -> Vec<ChangePage> {
    let line = |is_overtaken| Line {
        label: "单位名称",
        before: "示例".into(),
        now: "示例".into(),
        after: "新示例".into(),
        is_overtaken,
    };
    let page = |may_decide: bool, decided: &str| ChangePage {
        path: "/admin/changes/x".into(),
        no: "G20261124000001".into(),
        name: "示例网络科技有限公司".into(),
        member: "/admin/members/x".into(),
        version: 1,
        at: "2026-11-24 12:00".into(),
        note: "更名".into(),
        state: "待审核",
        chip: "wait",
        lines: vec![line(false), line(true)],
        files: vec!["/admin/changes/x/files/y".into()],
        decided: decided.into(),
        decision: "核对无误".into(),
        may_decide,
        problem: if may_decide { String::new() } else { "已由他人处理".into() },
        approve_form: FormState::blank(FIELDS),
        reject_form: FormState::blank(FIELDS),
    };
    vec![page(true, ""), page(false, "示例管理员，2026-11-24 12:00")]
}
