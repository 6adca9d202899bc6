//! `/admin/members/{member}/edit`: the secretariat edits any field, locked ones too, with a reason.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    super::{
        meanwhile::{Meanwhile, merge},
        rows::{self, Row, shown},
        save,
        view::{OPTIONS, Options, Told},
    },
    reason,
};
use crate::{
    member::{
        admin::detail::of_address,
        amend::{AmendError, Amendment},
        field::{ALL, Field, Values},
        history::Source,
        profile as rules,
        sheet::Sheet,
    },
    staff::{Permission, SignedInStaff},
    web::{
        App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther, form::FieldErrors,
    },
};

/// `/admin/members/{member}/edit`
#[derive(Debug, Serialize)]
pub struct EditPage {
    path: String,
    name: String,
    form: FormState,
    domains: Vec<Row>,
    licences: Vec<Row>,
    options: Options,
    meanwhile: Vec<Told>,
    asks_birthday: bool,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "admin/member/edit.html";
    const MENU: &'static str = "members";

    fn title(&self) -> String {
        format!("修改资料：{}", self.name)
    }

    fn samples() -> Vec<Self> {
        let inputs = rules::inputs(&fields(), &["version", "reason"]);
        let mut wrong = FormState::blank(&inputs);
        wrong.errors.insert("reason", "请填写修改原因".into());
        let page = |form: FormState, meanwhile| Self {
            path: "/admin/members/x".into(),
            name: "示例网络科技有限公司".into(),
            domains: shown(&form, "domains", 0),
            licences: shown(&form, "licences", 2),
            form,
            options: OPTIONS,
            meanwhile,
            asks_birthday: true,
        };
        vec![page(FormState::blank(&inputs), Vec::new()), page(wrong, vec![Told::sample()])]
    }
}

fn fields() -> Vec<&'static Field> {
    ALL.iter().collect()
}

fn look(app: &App, sheet: &Sheet, form: FormState) -> EditPage {
    EditPage {
        path: format!("/admin/members/{}", sheet.member.id),
        name: sheet.member.name.clone(),
        domains: shown(&form, "domains", 0),
        licences: shown(&form, "licences", 0),
        form,
        options: OPTIONS,
        meanwhile: Vec::new(),
        asks_birthday: app.settings.site.asks_birthday,
    }
}

/// `GET /admin/members/{member}/edit`
#[handler]
pub async fn show(
    app: App,
    who: SignedInStaff,
    client: Client,
    req: &mut Request,
) -> Result<Html<EditPage>, AppError> {
    who.require(Permission::DecideMembers)?;
    let sheet = of_address(&app, req).await?;
    who.has_seen(&app, &client, ("member.view", "member"), sheet.member.id.as_str()).await?;
    let more = [("version", sheet.member.version.to_string()), ("reason", String::new())];
    let state = rules::filled(&fields(), &sheet.values(), &more);
    Ok(Html::new(look(&app, &sheet, state)))
}

/// `POST /admin/members/{member}/edit`
#[handler]
pub async fn submit(
    app: App,
    client: Client,
    who: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<EditPage>>, AppError> {
    who.require(Permission::DecideMembers)?;
    let sheet = of_address(&app, req).await?;
    let inputs = rules::inputs(&fields(), &["version", "reason"]);
    let act = form.value("act");
    if !matches!(act, "" | "save") {
        let mut state = FormState::filled(&inputs, |name| form.value(name).to_owned());
        let wanted = rows::change(&mut state, &form, act);
        let mut page = look(&app, &sheet, state);
        for (field, count) in wanted {
            let rows = shown(&page.form, field, count);
            if field == "domains" { page.domains = rows } else { page.licences = rows }
        }
        return Ok(Err(Html::new(page)));
    }
    let (values, why) = match read(&app, &sheet, &form) {
        Ok(read) => read,
        Err(errors) => {
            let state = FormState::refused(&inputs, &form, errors);
            return Ok(Err(Html::refused(look(&app, &sheet, state))));
        }
    };
    let meanwhile = Meanwhile::find(&app, &sheet, rules::version(&form)).await?;
    if meanwhile.touches(&fields()) {
        return told(&app, &form, (&sheet, values, why)).await.map(Err);
    }
    let amendment = Amendment {
        actor: who.actor(),
        source: Source::Staff,
        reason: why.clone(),
        ip: client.ip,
        values: values.clone(),
        completes: false,
    };
    match save::save(&app, &sheet, amendment).await {
        Ok(_) => {
            let to = format!("/admin/members/{}", sheet.member.id);
            Ok(Ok(SeeOther::to(to).saying(meanwhile.added_to("资料已修改"))))
        }
        Err(AmendError::Changed) => {
            let now = of_address(&app, req).await?;
            told(&app, &form, (&now, values, why)).await.map(Err)
        }
        Err(AmendError::Fault(fault)) => Err(fault),
        Err(taken @ AmendError::Taken(label)) => {
            let field = if label == "单位名称" { "name" } else { "uscc" };
            let state = FormState::refused(&inputs, &form, FieldErrors::one(field, taken));
            Ok(Err(Html::refused(look(&app, &sheet, state))))
        }
    }
}

/// All values and the reason. What the member has not filled in yet, staff may leave open.
fn read(app: &App, sheet: &Sheet, form: &Form) -> Result<(Values, String), FieldErrors> {
    let mut asked = fields();
    // A field that the page does not show is not sent, and stays.
    asked.retain(|field| field.name != "legal_birthday" || app.settings.site.asks_birthday);
    let may_lack = |name: &str| sheet.value(name).is_empty();
    let parsed = rules::parse(form, &asked, app.clock.now().date(), may_lack);
    let mut rest = Fields::of(form);
    let why = reason(&mut rest, "修改原因");
    match (parsed, rest.finish(why)) {
        (Ok(values), Ok(why)) => Ok((values, why)),
        (parsed, why) => {
            let mut all = parsed.err().map(|errors| errors.list().to_vec()).unwrap_or_default();
            all.extend(why.err().iter().flat_map(|errors| errors.list().to_vec()));
            Err(FieldErrors::of(all))
        }
    }
}

async fn told(
    app: &App,
    form: &Form,
    (now, typed, why): (&Sheet, Values, String),
) -> Result<Html<EditPage>, AppError> {
    let version = rules::version(form);
    let (mut state, meanwhile) = merge(app, now, (&fields(), version), &typed).await?;
    state.values.insert("reason", why);
    let mut page = look(app, now, state);
    page.meanwhile = meanwhile;
    Ok(Html::refused(page))
}
