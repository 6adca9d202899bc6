//! `/profile`: 完善信息, before the first scan and later.

mod view;

pub use view::{CompletePage, ProfilePage};

use salvo::{Request, Response, Writer, handler};

use self::view::{Fact, View, stored, view};
use super::{Editor, SignedIn, store, unbind, unbind::UnbindError};
use crate::{
    kernel::Secret,
    member::{
        model::Profile,
        profile::{self as rules, SaveError},
    },
    web::{
        App, AppError, Client, Form, FormState, Html, SeeOther,
        form::FieldErrors,
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

/// `GET /profile`
#[handler]
pub async fn page(app: App, who: Editor) -> Result<Answer, AppError> {
    if let Some(elsewhere) = elsewhere(&app, &who).await? {
        return Ok(Ok(Ok(elsewhere)));
    }
    let view = view(&app, &who, stored(&who.member)).await?;
    Ok(page_of(&who, view, false))
}

/// `POST /profile`
#[handler]
pub async fn save(app: App, client: Client, who: Editor, form: Form) -> Result<Answer, AppError> {
    if let Some(elsewhere) = elsewhere(&app, &who).await? {
        return Ok(Ok(Ok(elsewhere)));
    }
    let parsed = match rules::parse(&form) {
        Ok(parsed) => parsed,
        Err(errors) => return refuse(&app, &who, &form, errors, None).await,
    };
    let typed = parsed.0.clone();
    match rules::save(&app, who.actor(), &who.member, parsed, &client.ip).await {
        Ok(()) if who.is_signed_in => Ok(Ok(Ok(SeeOther::to("/profile").saying("信息已保存")))),
        Ok(()) => Ok(Ok(Ok(SeeOther::to("/login/scan").saying("信息已保存，请用微信扫码")))),
        Err(SaveError::Fault(fault)) => Err(fault),
        Err(SaveError::Changed) => {
            let errors = FieldErrors::one("contact", SaveError::Changed);
            refuse(&app, &who, &form, errors, Some(typed)).await
        }
    }
}

/// The page again with what was typed. After a concurrent change it also shows what is stored now,
/// and carries the new version, so that submitting again is a decision made knowingly.
async fn refuse(
    app: &App,
    who: &Editor,
    form: &Form,
    errors: FieldErrors,
    typed: Option<Profile>,
) -> Result<Answer, AppError> {
    let mut state = FormState::refused(rules::FIELDS, form, errors);
    let Some(typed) = typed else {
        return Ok(page_of(who, view(app, who, state).await?, true));
    };
    let now = crate::member::store::find(&app.db, &app.vault, &who.member.id).await?;
    let now = now.ok_or(AppError::NotFound)?;
    state.values.insert("version", now.version.to_string());
    state.errors.clear();
    state.summary.clear();
    let differing = now.profile.differing(&typed);
    let mut view = view(app, who, state).await?;
    view.meanwhile = differing
        .into_iter()
        .map(|(name, label)| Fact { label, value: now.profile.words(name).to_owned() })
        .collect();
    if view.meanwhile.is_empty() {
        view.meanwhile.push(Fact { label: "其他信息", value: "已由秘书处更新".into() });
    }
    Ok(page_of(who, view, true))
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
