//! `/admin/members/{member}/account`: 账号与登录.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use super::{
    addressed,
    events::{self, Event},
    path,
    rescue::RescueView,
};
use crate::{
    account::{
        Account, device,
        pc::{DeviceRow, LoginRow},
        rescue,
        secretariat::Act,
        store,
    },
    kernel::Timestamp,
    member::Member,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page, settings::FirstBinding},
};

/// Sign-ins that the page shows.
const MOST: i64 = 10;

pub(super) const FIELDS: &[&str] = &["reason"];

/// `/admin/members/{member}/account`
#[derive(Debug, Serialize)]
pub struct AccountPage {
    path: String,
    unit: String,
    uscc: String,
    state: &'static str,
    chip: &'static str,
    /// Facts in rows.
    facts: Vec<Fact>,
    acts: Vec<Offer>,
    /// What is wrong with the reason of an act; empty at first.
    problem: String,
    /// A code that was made just now, and what it is for.
    code: Option<Code>,
    rescue: Option<RescueView>,
    devices: Vec<DeviceRow>,
    logins: Vec<LoginRow>,
    events: Vec<Event>,
    may_decide: bool,
}

#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

/// Something that may be done now.
#[derive(Debug, Serialize)]
struct Offer {
    word: &'static str,
    text: &'static str,
    warning: &'static str,
    kind: &'static str,
    form: FormState,
}

/// A code that is shown once.
#[derive(Debug, Serialize)]
pub(super) struct Code {
    pub text: String,
    pub purpose: &'static str,
    pub hours: u64,
}

/// What an answer to a form adds to the page.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// The act whose form was refused.
    pub refused: Option<(Act, FormState)>,
    pub code: Option<Code>,
    pub rescue_form: Option<FormState>,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "admin/account/sheet.html";
    const MENU: &'static str = "members";

    fn title(&self) -> String {
        format!("账号与登录：{}", self.unit)
    }

    fn samples() -> Vec<Self> {
        let page = |may_decide, is_full: bool| Self {
            path: "/admin/members/x/account".into(),
            unit: "示例网络科技有限公司".into(),
            uscc: "91329999XY0000012R".into(),
            state: "正常",
            chip: "ok",
            facts: vec![Fact { label: "微信", value: "未绑定".into() }],
            acts: if may_decide {
                Act::ALL.map(|(_, act)| offer(act, None)).into()
            } else {
                vec![]
            },
            problem: if is_full { "请填写原因".into() } else { String::new() },
            code: is_full.then(|| Code {
                text: "ABCDE-23456".into(),
                purpose: "重置码",
                hours: 24,
            }),
            rescue: is_full.then(RescueView::sample),
            devices: if is_full { vec![DeviceRow::sample(false)] } else { Vec::new() },
            logins: if is_full { vec![LoginRow::sample(true)] } else { Vec::new() },
            events: if is_full { vec![Event::sample("account.unlock")] } else { Vec::new() },
            may_decide,
        };
        vec![page(false, false), page(true, true)]
    }
}

/// `GET /admin/members/{member}/account`
#[handler]
pub async fn detail(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<AccountPage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let (account, member) = addressed(&app, req).await?;
    Ok(Html::new(page(&app, &who, (&account, &member), Extra::default()).await?))
}

/// The page as it stands.
pub(super) async fn page(
    app: &App,
    who: &SignedInStaff,
    (account, member): (&Account, &Member),
    extra: Extra,
) -> Result<AccountPage, AppError> {
    let now = app.clock.now();
    let may_decide = who.require(Permission::DecideMembers).is_ok();
    let devices = device::all(app, account).await?;
    let bound = store::binding(&app.db, &app.vault, &account.id).await?.map(|b| b.bound_at);
    let is_hampered = account.failed_count > 0
        || account.locked_until > now
        || devices.iter().any(|(one, _)| one.failed_count > 0 || one.locked_until > now);
    let needs_codes = app.settings.security.first_binding != FirstBinding::None;
    let is_offered = |act: Act| match act {
        Act::Unlock => is_hampered,
        Act::ResetPassword | Act::SignOut | Act::Freeze => account.is_active,
        Act::BindCode => needs_codes && bound.is_none(),
        Act::Unbind => bound.is_some(),
        Act::Unfreeze => !account.is_active,
    };
    let acts = Act::ALL.into_iter().filter(|(_, act)| may_decide && is_offered(*act));
    let refused = extra.refused.as_ref();
    let form_of = |act| refused.filter(|(wrong, _)| *wrong == act).map(|(_, form)| form.clone());
    let logins = store::device::logins(&app.db, &account.id, "", MOST).await?;
    let last = rescue::last(app, &account.id).await?;
    let rescue = last.map(|last| RescueView::of(last, member, extra.rescue_form));
    Ok(AccountPage {
        path: path(member),
        unit: member.name.clone(),
        uscc: member.uscc.to_string(),
        state: if account.is_active { "正常" } else { "停用" },
        chip: if account.is_active { "ok" } else { "off" },
        facts: facts(account, member, bound, now),
        acts: acts.map(|(_, act)| offer(act, form_of(act))).collect(),
        problem: refused
            .and_then(|(_, form)| form.errors.get("reason").cloned())
            .unwrap_or_default(),
        code: extra.code,
        rescue,
        devices: devices.into_iter().map(|device| DeviceRow::of(device, None, now)).collect(),
        logins: logins.into_iter().map(LoginRow::of).collect(),
        events: events::latest(app, account.id.as_str()).await?,
        may_decide,
    })
}

fn facts(
    account: &Account,
    member: &Member,
    bound: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Fact> {
    let lock = if account.locked_until > now {
        format!("已锁定，{} 自动解除", account.locked_until.to_minute())
    } else {
        format!("未锁定（连续输错 {} 次）", account.failed_count)
    };
    let password = if account.password_hash.is_empty() {
        "已重置，等待会员用重置码设置新密码"
    } else {
        "已设置"
    };
    let wechat =
        bound.map_or_else(|| "未绑定".into(), |at| format!("已绑定（{}）", at.to_minute()));
    let profile = if member.has_complete_profile() { "已完善" } else { "未完善" };
    [
        ("登录账号", format!("{}，或 {}", member.uscc, member.contact_mobile.masked())),
        ("密码", password.into()),
        ("锁定", lock),
        ("微信", wechat),
        ("单位信息", profile.into()),
    ]
    .into_iter()
    .map(|(label, value)| Fact { label, value })
    .collect()
}

fn offer(act: Act, form: Option<FormState>) -> Offer {
    let warning = match act {
        Act::Unlock => "解除锁定并清零输错次数，会员可立即再试。",
        Act::ResetPassword => {
            "原密码立即作废，所有设备退出登录。系统生成一次性重置码，请核实对方身份后告知；\
             会员用它自行设置新密码。"
        }
        Act::BindCode => "生成一次性绑定码，请核实对方身份后告知；会员首次扫码时在手机上输入。",
        Act::Unbind => "原微信立即解绑，所有设备退出登录。会员再次登录时，用新的微信扫码绑定。",
        Act::SignOut => "该账号在所有设备上的登录立即失效。",
        Act::Freeze => "账号立即停用，所有设备退出登录，恢复前不能登录。",
        Act::Unfreeze => "账号恢复使用，会员可重新登录。",
    };
    let is_grave = matches!(act, Act::ResetPassword | Act::Unbind | Act::SignOut | Act::Freeze);
    let word = Act::ALL.into_iter().find(|(_, known)| *known == act).map_or("", |(word, _)| word);
    Offer {
        word,
        text: act.label(),
        warning,
        kind: if is_grave { "danger" } else { "primary" },
        form: form.unwrap_or_else(|| FormState::blank(FIELDS)),
    }
}
