//! `/profile`: 完善信息, before the first scan and later; 变更申请 and 理事相关人选 beside it, and what
//! the secretariat does with all three. The fields and their rules are in `member`; here they meet the
//! account, which signs in with two of them.

pub mod admin;
pub mod candidates;
pub mod changes;
pub mod draft;
mod files;
pub mod h5;
mod meanwhile;
pub mod rows;
pub mod save;
mod view;

pub use view::{CompletePage, ProfilePage};

use salvo::{Request, Response, Writer, handler};

use self::{
    meanwhile::{Meanwhile, merge},
    view::{View, view},
};
use super::{Editor, SignedIn, store, unbind, unbind::UnbindError};
use crate::{
    kernel::Secret,
    member::{
        amend::{AmendError, Amendment},
        field::{Field, Values},
        history::Source,
        profile as rules, sheet,
    },
    web::{
        App, AppError, Client, Form, FormState, Html, Sample, SeeOther, page,
        session::{self, Kind},
        throttle,
    },
};

/// An answer of either shape.
type Answer = Result<Result<SeeOther, Html<CompletePage>>, Html<ProfilePage>>;

#[expect(clippy::result_large_err, reason = "all sides are answers, and none travels far")]
fn page_of(who: &Editor, view: View, is_refused: bool) -> Answer {
    match (who.is_signed_in, is_refused) {
        (true, false) => Err(Html::new(ProfilePage { view })),
        (true, true) => Err(Html::refused(ProfilePage { view })),
        (false, false) => Ok(Err(Html::new(CompletePage { view }))),
        (false, true) => Ok(Err(Html::refused(CompletePage { view }))),
    }
}

/// Before the scan the profile is open once, and only while no WeChat is bound: afterwards a
/// stolen password must not reach it.
async fn elsewhere(app: &App, who: &Editor) -> Result<Option<SeeOther>, AppError> {
    if who.is_signed_in {
        return Ok(None);
    }
    if who.member.has_complete_profile() {
        return Ok(Some(SeeOther::to("/login/scan")));
    }
    if store::binding(&app.db, &app.vault, &who.account.id).await?.is_some() {
        return Err(AppError::Refused("账号信息异常，请联系秘书处处理".into()));
    }
    Ok(None)
}

fn fields(app: &App) -> Vec<&'static Field> {
    rules::own_fields(app.settings.site.asks_birthday)
}

/// `GET /profile`; with `?draft=1` filled from the draft.
#[handler]
pub async fn show(app: App, who: Editor, req: &mut Request) -> Result<Answer, AppError> {
    if let Some(elsewhere) = elsewhere(&app, &who).await? {
        return Ok(Ok(Ok(elsewhere)));
    }
    let sheet = sheet::of_member(&app.db, &app.vault, who.member.clone()).await?;
    let draft = draft::find(&app, &who.account).await?;
    let restored = draft.filter(|_| req.query::<String>("draft").is_some());
    let version = restored.as_ref().map_or(sheet.member.version, |draft| draft.version);
    let more = [("version", version.to_string())];
    let mut state = rules::filled(&fields(&app), &sheet.values(), &more);
    for (name, text) in restored.iter().flat_map(|draft| &draft.values) {
        if let Some(value) = state.values.get_mut(name.as_str()) {
            value.clone_from(text);
        }
    }
    let mut view = view(&app, &who, &sheet, state).await?;
    view.is_restored = restored.is_some();
    Ok(page_of(&who, view, false))
}

/// `POST /profile`: saves, keeps a draft, or adds and removes rows, by the button.
#[handler]
pub async fn submit(app: App, client: Client, who: Editor, form: Form) -> Result<Answer, AppError> {
    if let Some(elsewhere) = elsewhere(&app, &who).await? {
        return Ok(Ok(Ok(elsewhere)));
    }
    let fields = fields(&app);
    let sheet = sheet::of_member(&app.db, &app.vault, who.member.clone()).await?;
    let inputs = rules::inputs(&fields, &["version"]);
    match form.value("act") {
        "" | "save" => {}
        "draft" => {
            draft::keep(&app, &who.account, &form, (&inputs, rules::version(&form))).await?;
            return Ok(Ok(Ok(SeeOther::to("/profile?draft=1").saying("草稿已保存，7 天内有效"))));
        }
        act => {
            let mut state = FormState::filled(&inputs, |name| form.value(name).to_owned());
            let added = rows::change(&mut state, &form, act);
            let mut view = view(&app, &who, &sheet, state).await?;
            view.show_rows(&added);
            return Ok(page_of(&who, view, false));
        }
    }
    let values = match rules::parse(&form, &fields, app.clock.now().date(), |_| false) {
        Ok(values) => values,
        Err(errors) => {
            let state = FormState::refused(&inputs, &form, errors);
            return Ok(page_of(&who, view(&app, &who, &sheet, state).await?, true));
        }
    };
    let meanwhile = Meanwhile::find(&app, &sheet, rules::version(&form)).await?;
    if meanwhile.touches(&fields) {
        return told(&app, &who, &form, values).await;
    }
    let amendment = by_member(&who, &client, values.clone());
    match save::save(&app, &sheet, amendment).await {
        Ok(_) => {
            draft::forget(&app, &who.account).await?;
            let (to, text) = if who.is_signed_in {
                ("/profile", "信息已保存")
            } else {
                ("/login/scan", "信息已保存，请用微信扫码")
            };
            Ok(Ok(Ok(SeeOther::to(to).saying(meanwhile.added_to(text)))))
        }
        Err(AmendError::Changed) => told(&app, &who, &form, values).await,
        Err(AmendError::Fault(fault)) => Err(fault),
        Err(taken @ AmendError::Taken(_)) => Err(AppError::Refused(taken.to_string())),
    }
}

/// What a member itself changes.
pub(super) fn by_member(who: &Editor, client: &Client, values: Values) -> Amendment {
    Amendment {
        actor: who.actor(),
        source: Source::Member,
        reason: String::new(),
        ip: client.ip.clone(),
        values,
        completes: true,
    }
}

/// The page after a concurrent change: what others changed, field by field; what was typed is kept,
/// and what was left alone takes the new value. It carries the new version, so that saving again is
/// a decision made knowingly.
async fn told(app: &App, who: &Editor, form: &Form, typed: Values) -> Result<Answer, AppError> {
    let now = sheet::find(&app.db, &app.vault, &who.member.id).await?.ok_or(AppError::NotFound)?;
    let (state, meanwhile) = merge(app, &now, (&fields(app), rules::version(form)), &typed).await?;
    let mut view = view(app, who, &now, state).await?;
    view.meanwhile = meanwhile;
    Ok(page_of(who, view, true))
}

/// `POST /profile/draft`: the page saves what was typed by itself.
#[handler]
pub async fn keep_draft(
    app: App,
    who: Editor,
    form: Form,
    res: &mut Response,
) -> Result<(), AppError> {
    if elsewhere(&app, &who).await?.is_some() {
        return Err(AppError::SignIn);
    }
    let inputs = rules::inputs(&fields(&app), &[]);
    draft::keep(&app, &who.account, &form, (&inputs, rules::version(&form))).await?;
    res.status_code(salvo::http::StatusCode::NO_CONTENT);
    Ok(())
}

/// `POST /profile/draft/discard`
#[handler]
pub async fn discard_draft(app: App, who: Editor, _form: Form) -> Result<SeeOther, AppError> {
    if elsewhere(&app, &who).await?.is_some() {
        return Err(AppError::SignIn);
    }
    draft::forget(&app, &who.account).await?;
    Ok(SeeOther::to("/profile").saying("草稿已放弃"))
}

/// `POST /profile/unbind`: 微信解绑, with the password once more.
#[handler]
pub async fn unbind_wechat(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    let window = std::time::Duration::from_mins(10);
    throttle::pass(&app, "unbind", who.account.id.as_str(), 10, window).await?;
    let password = Secret::new(form.value("password"));
    match unbind::unbind(&app, &who, &password, &client.ip).await {
        Ok(()) => {}
        Err(UnbindError::Fault(fault)) => return Err(fault),
        Err(refusal) => return Ok(SeeOther::to("/profile").refusing(refusal.to_string())),
    }
    session::end(&app, req, res, Kind::Member).await?;
    Ok(SeeOther::to("/login").saying("微信已解绑，请重新登录并用新的微信扫码"))
}

/// Every shape of every page of this room.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<CompletePage>(),
        page::samples::<ProfilePage>(),
        page::samples::<h5::ProfilePage>(),
        page::samples::<changes::ChangesPage>(),
        page::samples::<candidates::CandidatesPage>(),
        page::samples::<admin::edit::EditPage>(),
        page::samples::<admin::changes::QueuePage>(),
        page::samples::<admin::changes::ChangePage>(),
        page::samples::<admin::candidates::QueuePage>(),
        page::samples::<admin::candidates::ProposalPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
