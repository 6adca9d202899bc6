//! `/h5/profile`: the profile on a phone, for reading, and for the short fields that change often.

use salvo::{Request, Response, Writer as _, handler};
use serde::Serialize;

use super::{
    meanwhile::{Meanwhile, merge},
    save,
    view::Told,
};
use crate::{
    account::{Editor, SignedIn},
    kernel::ids::MemberId,
    member::{
        amend::{AmendError, Amendment},
        candidate,
        change::{self, Status},
        field::{ALL, LIGHT, Values},
        level, profile as rules,
        sheet::{self, Sheet, masked_words},
        tag,
    },
    web::{
        App, AppError, Client, Form, FormState, Html, Page, SeeOther, Surface,
        session::{self, Kind},
    },
};

/// `/h5/profile`
#[derive(Debug, Serialize)]
pub struct ProfilePage {
    form: FormState,
    name: String,
    facts: Vec<(&'static str, String)>,
    meanwhile: Vec<Told>,
    latest: Vec<Latest>,
}

/// The latest 变更申请 and the latest list of candidates, and what became of them.
#[derive(Debug, Serialize)]
struct Latest {
    title: &'static str,
    note: String,
    state: &'static str,
    chip: &'static str,
}

impl Latest {
    fn of(title: &'static str, status: Status, no: &str, decision: &str) -> Self {
        let words: Vec<&str> = [no, decision].into_iter().filter(|text| !text.is_empty()).collect();
        Self { title, note: words.join("："), state: status.label(), chip: status.chip() }
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "pages/account/profile.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "单位信息".into()
    }

    fn samples() -> Vec<Self> {
        let inputs = rules::inputs(&rules::light_fields(), &["version"]);
        let mut wrong = FormState::blank(&inputs);
        wrong.errors.insert("email", "请填写邮箱".into());
        let page = |form, meanwhile| Self {
            form,
            name: "示例网络科技有限公司".into(),
            facts: vec![("会员等级", "理事单位".into())],
            meanwhile,
            latest: vec![Latest::of("变更申请", Status::Rejected, "G20261124000001", "请补充执照")],
        };
        vec![page(FormState::blank(&inputs), Vec::new()), page(wrong, vec![Told::sample()])]
    }
}

async fn look(
    app: &App,
    sheet: &Sheet,
    (form, meanwhile): (FormState, Vec<Told>),
) -> Result<ProfilePage, AppError> {
    let level = level::find(&app.db, &sheet.member.level_id).await?;
    let tags = tag::of(&app.db, &sheet.member.id).await?;
    let mut facts = vec![
        ("会员编号", sheet.member.no.clone()),
        ("会员等级", level.map_or_else(String::new, |level| level.name)),
        ("会员标签", tags.join("、")),
    ];
    for field in ALL.iter().filter(|field| !LIGHT.contains(&field.name)) {
        facts.push((field.label, masked_words(field.name, &sheet.value(field.name))));
    }
    facts.retain(|(_, value)| !value.is_empty());
    let name = sheet.member.name.clone();
    Ok(ProfilePage { form, name, facts, meanwhile, latest: latest(app, &sheet.member.id).await? })
}

async fn latest(app: &App, member: &MemberId) -> Result<Vec<Latest>, AppError> {
    let requests = change::of_member(&app.db, &app.vault, member, 1).await?;
    let lists = candidate::of_member(&app.db, &app.vault, member, 1).await?;
    let requests = requests
        .iter()
        .map(|found| Latest::of("变更申请", found.status, &found.no, &found.decision));
    let lists =
        lists.iter().map(|found| Latest::of("理事相关人选", found.status, "", &found.decision));
    Ok(requests.chain(lists).collect())
}

/// `GET /h5/profile`
#[handler]
pub async fn show(app: App, who: SignedIn) -> Result<Html<ProfilePage>, AppError> {
    let sheet = sheet::of_member(&app.db, &app.vault, who.member).await?;
    let more = [("version", sheet.member.version.to_string())];
    let state = rules::filled(&rules::light_fields(), &sheet.values(), &more);
    Ok(Html::new(look(&app, &sheet, (state, Vec::new())).await?))
}

/// `POST /h5/profile`
#[handler]
pub async fn submit(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
) -> Result<Result<SeeOther, Html<ProfilePage>>, AppError> {
    let fields = rules::light_fields();
    let sheet = sheet::of_member(&app.db, &app.vault, who.member.clone()).await?;
    let values = match rules::parse(&form, &fields, app.clock.now().date(), |_| false) {
        Ok(values) => values,
        Err(errors) => {
            let inputs = rules::inputs(&fields, &["version"]);
            let state = FormState::refused(&inputs, &form, errors);
            return Ok(Err(Html::refused(look(&app, &sheet, (state, Vec::new())).await?)));
        }
    };
    let meanwhile = Meanwhile::find(&app, &sheet, rules::version(&form)).await?;
    if meanwhile.touches(&fields) {
        return told(&app, &who, &form, &values).await.map(Err);
    }
    let who_edits =
        Editor { account: who.account.clone(), member: who.member.clone(), is_signed_in: true };
    let whole = super::by_member(&who_edits, &client, values.clone());
    // The short form does not make a profile complete.
    let amendment = Amendment { completes: false, ..whole };
    match save::save(&app, &sheet, amendment).await {
        Ok(_) => Ok(Ok(SeeOther::to("/h5/profile").saying(meanwhile.added_to("信息已保存")))),
        Err(AmendError::Changed) => told(&app, &who, &form, &values).await.map(Err),
        Err(AmendError::Fault(fault)) => Err(fault),
        Err(taken @ AmendError::Taken(_)) => Err(AppError::Refused(taken.to_string())),
    }
}

async fn told(
    app: &App,
    who: &SignedIn,
    form: &Form,
    typed: &Values,
) -> Result<Html<ProfilePage>, AppError> {
    let now = sheet::find(&app.db, &app.vault, &who.member.id).await?.ok_or(AppError::NotFound)?;
    let fields = rules::light_fields();
    let merged = merge(app, &now, (&fields, rules::version(form)), typed).await?;
    Ok(Html::refused(look(app, &now, merged).await?))
}
