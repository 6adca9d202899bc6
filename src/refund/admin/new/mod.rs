//! `/admin/refunds/new`: asking for a refund of money that lies on bills.

mod page;

use salvo::{Request, Writer as _, handler, http::StatusCode};

pub use page::NewPage;

use super::{form::read_parts, receipt};
use crate::{
    file::Taken,
    kernel::{Date, text},
    refund::{
        model::Means,
        money::{Money, money},
        push::push_now,
        request::{RequestError, Wanted, request},
        store::Transfer,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};
use page::names;

/// `GET /admin/refunds/new?number=`
#[handler]
pub async fn blank(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<NewPage>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let number = req.query::<String>("number").unwrap_or_default().trim().to_owned();
    if number.is_empty() {
        return Ok(Html::new(NewPage::empty(number)));
    }
    Ok(Html::new(match money(&app, &number).await? {
        Some(money) => NewPage::of(&app, &money),
        None => NewPage::empty(number),
    }))
}

/// `POST /admin/refunds`
#[handler]
pub async fn ask(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
) -> Result<Result<SeeOther, Html<NewPage>>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let number = form.value("number").trim();
    let Some(found) = money(&app, number).await? else {
        return Ok(Err(Html::refused(NewPage::empty(number.to_owned()))));
    };
    let taken = receipt::take(&app, &staff, &form).await?;
    let page = NewPage::of(&app, &found).with_kept(&taken.files);
    let today = app.clock.now().date();
    let wanted = match read(&form, (&found, taken), (today, client.ip)) {
        Ok(wanted) => wanted,
        Err(form) => return Ok(Err(Html::refused(page.with_form(form, String::new())))),
    };
    let typed = FormState::filled(&names(), |name| form.value(name).to_owned());
    match request(&app, &staff, found, wanted).await {
        Ok(id) => {
            push_now(&app, &id).await?;
            Ok(Ok(SeeOther::to(format!("/admin/refunds/{id}")).saying("退款申请已登记")))
        }
        Err(RequestError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let page = page.with_form(typed, refusal.to_string());
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}

fn read(
    form: &Form,
    (money, taken): (&Money, Taken),
    (today, ip): (Date, String),
) -> Result<Wanted, FormState> {
    let mut fields = Fields::of(form);
    let parts = read_parts(&mut fields, money);
    let means = fields.read("means", |typed| match typed {
        "wechat" if money.is_wechat => Ok(Means::Wechat),
        "bank" => Ok(Means::Bank),
        _ => Err("请选择退款方式"),
    });
    let reason = fields.read("reason", |typed| {
        text::required(typed, 80).map_err(|error| format!("退款原因{error}"))
    });
    // Whoever pays back through WeChat has no transfer to tell about.
    let transfer = match means {
        Some(Means::Bank) => read_transfer(&mut fields, taken, today),
        _ => Some(Transfer::default()),
    };
    let reopens = form.is_ticked("reopens");
    let read = parts.zip(means).zip(reason).zip(transfer);
    let read = read.map(|(((parts, means), reason), transfer)| Wanted {
        parts,
        means,
        reason,
        reopens,
        transfer,
        ip,
    });
    fields.finish(read).map_err(|errors| FormState::refused(&names(), form, errors))
}

/// A transfer that was made before: who made it, when, under which number, and the bank's receipt.
fn read_transfer(fields: &mut Fields<'_>, taken: Taken, today: Date) -> Option<Transfer> {
    let paid_by = fields.read("paid_by", |typed| {
        text::required(typed, 50).map_err(|error| format!("转账经办人{error}"))
    });
    let paid_on = fields.read("paid_on", |typed| match typed.parse::<Date>() {
        Ok(day) if day > today => Err("转账日期不能晚于今天".to_owned()),
        Ok(day) => Ok(day.to_string()),
        Err(error) => Err(error.to_string()),
    });
    let evidence = fields.read("evidence", |typed| {
        text::required(typed, 200).map_err(|error| format!("银行流水号{error}"))
    });
    let Taken { files, problem } = taken;
    let problem = problem.or_else(|| files.is_empty().then(|| "请上传银行回单".to_owned()));
    let is_fine = problem.is_none();
    if let Some(problem) = problem {
        fields.refuse("receipt", problem);
    }
    Some(Transfer {
        paid_by: paid_by?,
        paid_on: paid_on?,
        evidence: evidence?,
        files: is_fine.then(|| files.into_iter().map(|file| file.id).collect())?,
    })
}
