//! The page of one application: what stands in it, what it looks like, and the three forms.

use serde::Serialize;

use super::grant;
use crate::{
    kernel::Date,
    member::Level,
    registration::{
        Registration, Status,
        model::{AMENDABLE, Amendable, REASONS},
        result::Scan,
        sample,
        view::{Sight, View},
    },
    web::{FormState, Page},
};

pub(super) const RETURN: &[&str] = &[
    "defect",
    "remark-name",
    "remark-uscc",
    "remark-legal_person",
    "remark-legal_mobile",
    "remark-contact",
    "remark-contact_mobile",
    "remark-user_type",
    "remark-scan",
];
pub(super) const REJECT: &[&str] = &["phrase", "reason"];

/// `/admin/registrations/{registration}`
#[derive(Debug, Serialize)]
pub struct DetailPage {
    pub(super) view: View,
    pub(super) action: String,
    pub(super) waited: Option<String>,
    pub(super) is_late: bool,
    pub(super) urged: Option<String>,
    pub(super) consent_ip: String,
    pub(super) decision: Option<Decision>,
    pub(super) endorsed: Option<String>,
    pub(super) kin: Vec<Kindred>,
    pub(super) levels: Vec<Choice>,
    pub(super) scans: Vec<Scan>,
    pub(super) scans_word: &'static str,
    pub(super) history: Vec<Event>,
    pub(super) step: &'static str,
    pub(super) may: May,
    pub(super) amendable: Vec<Ask>,
    pub(super) phrases: &'static [&'static str],
    pub(super) approve_form: FormState,
    pub(super) return_form: FormState,
    pub(super) reject_form: FormState,
}

/// What the reviewer may do with it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct May {
    pub approve: bool,
    pub give_back: bool,
    pub reject: bool,
}

/// Who decided, and with which level.
#[derive(Debug, Serialize)]
pub(super) struct Decision {
    pub by: String,
    pub level: String,
}

/// Another application or member that looks like this one.
#[derive(Debug, Serialize)]
pub(super) struct Kindred {
    pub name: String,
    pub url: Option<String>,
    pub what: String,
}

/// A level.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    value: String,
    text: String,
}

impl Choice {
    pub(super) fn of(level: Level) -> Self {
        Self { value: level.id.into(), text: level.name }
    }

    pub(super) fn sample() -> Self {
        Self { value: "member".into(), text: "会员单位".into() }
    }
}

/// One thing that happened to it.
#[derive(Debug, Serialize)]
pub(super) struct Event {
    pub at: String,
    pub what: &'static str,
    pub by: String,
    pub reason: String,
}

/// A field that can be returned.
#[derive(Debug, Serialize)]
pub(super) struct Ask {
    field: &'static str,
    label: &'static str,
    phrase: &'static str,
    remark: String,
    is_ticked: bool,
}

/// The forms of the page as they were sent.
#[derive(Debug)]
pub(super) struct Forms {
    pub approve: Option<FormState>,
    pub give_back: FormState,
    pub ticked: Vec<String>,
    pub reject: FormState,
}

impl Forms {
    pub(super) fn blank() -> Self {
        Self {
            approve: None,
            give_back: FormState::blank(RETURN),
            ticked: Vec::new(),
            reject: FormState::blank(REJECT),
        }
    }
}

impl DetailPage {
    /// The page with nothing on it yet but the forms.
    pub(super) fn empty(action: String, of: &Registration, forms: Forms, today: Date) -> Self {
        Self {
            view: View::of(of, Sight::Mobiles, 0),
            action,
            waited: None,
            is_late: false,
            urged: None,
            consent_ip: String::new(),
            decision: None,
            endorsed: None,
            kin: Vec::new(),
            levels: Vec::new(),
            scans: Vec::new(),
            scans_word: "未上传",
            history: Vec::new(),
            step: "",
            may: May::default(),
            amendable: AMENDABLE.iter().map(|known| ask(known, &forms)).collect(),
            phrases: REASONS,
            approve_form: forms.approve.unwrap_or_else(|| grant::blank(of, today)),
            return_form: forms.give_back,
            reject_form: forms.reject,
        }
    }

    /// Names who decided.
    pub(super) fn decided_by(mut self, by: String) -> Self {
        if let Some(decision) = &mut self.decision {
            decision.by = by;
        }
        self
    }
}

/// Which of two reviews this is; empty when there is only one.
pub(super) fn step(is_first: bool, status: Status) -> &'static str {
    match (is_first, status) {
        (true, _) => "初审",
        (_, Status::Endorsed) => "复审",
        _ => "",
    }
}

fn ask(known: &Amendable, forms: &Forms) -> Ask {
    let name = format!("remark-{}", known.field);
    let remark = forms.give_back.values.get(name.as_str()).cloned().unwrap_or_default();
    Ask {
        field: known.field,
        label: known.label,
        phrase: known.phrase,
        remark,
        is_ticked: forms.ticked.iter().any(|ticked| ticked == known.field),
    }
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "admin/registration/detail.html";
    const MENU: &'static str = "registrations";

    fn title(&self) -> String {
        "注册审核详情".into()
    }

    fn samples() -> Vec<Self> {
        let all = Status::ALL.into_iter().filter_map(sample::registration);
        all.flat_map(|one| [sample_page(&one, true), sample_page(&one, false)]).collect()
    }
}

fn sample_page(of: &Registration, may_decide: bool) -> DetailPage {
    let mut forms = Forms::blank();
    if may_decide {
        let mut approve = grant::blank(of, of.submitted_at.date());
        approve.errors.insert("joined_on", "日期不能晚于今天".into());
        forms.approve = Some(approve);
        forms.reject.errors.insert("reason", "请填写原因".into());
        forms.give_back.errors.insert("defect", "请勾选".into());
        forms.ticked.push("name".into());
    }
    let action = "/admin/registrations/sample-registration".to_owned();
    let waits = of.status.waits();
    DetailPage {
        view: View::of(of, if may_decide { Sight::Full } else { Sight::Mobiles }, 3),
        waited: waits.then(|| "已等待 9 天（7 个工作日）".into()),
        is_late: waits,
        urged: waits.then(|| "2026-11-24 12:00".into()),
        consent_ip: "192.0.2.1".into(),
        decision: (!waits)
            .then(|| Decision { by: "示例审核员".into(), level: "会员单位".into() }),
        endorsed: (of.status == Status::Endorsed).then(|| "2026-11-24 12:00，示例审核员".into()),
        kin: vec![Kindred {
            name: "示例甲公司".into(),
            url: may_decide.then(|| "/admin/registrations/other".into()),
            what: "申请，待审核；手机号相同".into(),
        }],
        levels: vec![Choice::sample()],
        scans: if may_decide { vec![Scan::sample(&action)] } else { Vec::new() },
        scans_word: "已上传",
        history: vec![Event {
            at: "2026-11-24 12:00".into(),
            what: "退回补正",
            by: "示例审核员".into(),
            reason: "单位名称：请填写全称".into(),
        }],
        step: step(of.status == Status::Pending, of.status),
        may: May {
            approve: may_decide && waits,
            give_back: may_decide && waits,
            reject: may_decide && (waits || of.status == Status::Returned),
        },
        ..DetailPage::empty(action, of, forms, of.submitted_at.date())
    }
}
