//! Every shape of the detail page.

use super::{
    detail::{Choice, DetailPage, Fact, Link, RESTORE, STANDING, TAGS},
    timeline::{Event, Line},
};
use crate::web::FormState;

pub(super) fn details() -> Vec<DetailPage> {
    let mut refused = FormState::blank(STANDING);
    refused.errors.insert("reason", "请填写原因".into());
    let mut bare = sample();
    bare.events.clear();
    bare.tags.clear();
    bare.waiting.clear();
    bare.people.clear();
    bare.may_decide = false;
    bare.newer = Some("/admin/members/x#history".into());
    bare.problem = "请填写恢复原因".into();
    vec![sample(), sample().with_standing_form(refused), bare]
}

fn sample() -> DetailPage {
    let line = |is_restorable| Line {
        id: "c1".into(),
        label: "详细地址",
        before: "示例路 1 号".into(),
        after: "示例路 2 号".into(),
        is_restorable,
    };
    DetailPage {
        path: "/admin/members/x".into(),
        dues: "/admin/dues/members/x".into(),
        name: "示例网络科技有限公司".into(),
        no: "M2026000001".into(),
        version: 3,
        state: "正常",
        chip: "ok",
        next: vec![Choice { value: "frozen", text: "冻结" }],
        tags: vec!["示例标签".into()],
        facts: vec![Fact { label: "会员等级".into(), value: "理事单位".into() }],
        doubts: vec!["实到资金大于注册资金，请核对"],
        people: vec![Fact { label: "理事".into(), value: "示例甲，总经理".into() }],
        waiting: vec![Link {
            text: "变更申请待审核".into(), href: "/admin/changes/x".into()
        }],
        events: vec![Event {
            version: 3,
            at: "2026-11-24 12:00".into(),
            source: "会员修改",
            who: "会员".into(),
            reason: String::new(),
            lines: vec![line(true), line(false)],
        }],
        older: Some("/admin/members/x?before=3".into()),
        newer: None,
        may_decide: true,
        problem: String::new(),
        standing_form: FormState::blank(STANDING),
        tags_form: FormState::blank(TAGS),
        restore_form: FormState::blank(RESTORE),
    }
}
