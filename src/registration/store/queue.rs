//! SQL of the reviewer's queue.

use serde::Deserialize;

use super::{Registration, Status, rows};
use crate::{
    db::{self, Run, args, contains},
    kernel::{Timestamp, Uscc, Vault, text::name_key},
    registration::model::Channel,
    web::AppError,
};

/// Which of the applications of a state are listed.
#[derive(Clone, Debug, Default)]
pub(in crate::registration) struct Filter {
    /// What was searched for.
    pub wanted: Wanted,
    /// A code of `dictionary::USER_TYPES`.
    pub user_type: Option<String>,
    /// Where it was filled in.
    pub channel: Option<Channel>,
    /// Only what entered the queue up to this moment.
    pub queued_until: Option<Timestamp>,
    /// Only codes whose check character is wrong.
    pub is_doubtful: bool,
    /// Only those whose applicant asked for haste.
    pub is_urged: bool,
}

/// What was searched for.
#[derive(Clone, Debug, Default)]
pub(in crate::registration) enum Wanted {
    /// Nothing.
    #[default]
    All,
    /// 统一社会信用代码.
    Code(Uscc),
    /// The blind index of either mobile.
    MobileIndex(String),
    /// 申请编号.
    No(String),
    /// A part of the name.
    Name(String),
}

/// A page of the queue: waiting ones from the oldest on, others from the newest on; `key` is the
/// last id of the page before.
pub(in crate::registration) async fn page(
    db: &impl Run,
    vault: &Vault,
    status: Status,
    filter: &Filter,
    (key, most): (&str, i64),
) -> Result<Vec<Registration>, AppError> {
    let mut tail = String::from("status = ?");
    let mut values = args![status];
    narrow(filter, &mut tail, &mut values);
    let (bound, order) = match (status.waits(), key.is_empty()) {
        (true, _) => ("id > ?", "id"),
        (false, true) => ("id <> ?", "id desc"),
        (false, false) => ("id < ?", "id desc"),
    };
    values.extend(args![key, most]);
    // The ids first, from `ix_registration_status` alone, which holds the name as well: a search
    // reads no row that it does not show.
    let tail = format!(
        "id in (select id from (select id from registration where {tail} and {bound} \
         order by {order} limit ?) found) order by {order}"
    );
    rows(db, vault, &tail, values).await
}

fn narrow(filter: &Filter, tail: &mut String, values: &mut Vec<db::Value>) {
    let mut and = |part: &str, more: Vec<db::Value>| {
        tail.push_str(" and ");
        tail.push_str(part);
        values.extend(more);
    };
    match &filter.wanted {
        Wanted::All => {}
        Wanted::Code(uscc) => and("uscc = ?", args![uscc]),
        Wanted::MobileIndex(index) => {
            and("(legal_mobile_index = ? or contact_mobile_index = ?)", args![index, index]);
        }
        Wanted::No(no) => and("no = ?", args![no]),
        Wanted::Name(part) => {
            and("name_key like ? escape '!'", args![contains(&name_key(part))]);
        }
    }
    if let Some(user_type) = &filter.user_type {
        and("user_type = ?", args![user_type]);
    }
    if let Some(channel) = &filter.channel {
        and("channel = ?", args![channel]);
    }
    if let Some(until) = filter.queued_until {
        and("queued_ms <= ?", args![until]);
    }
    if filter.is_doubtful {
        and("uscc_doubtful = 1", Vec::new());
    }
    if filter.is_urged {
        and("urged_ms is not null", Vec::new());
    }
}

/// How many applications have each of the states that somebody must do something about. The others
/// are not counted: they only grow.
pub(in crate::registration) async fn open_counts(
    db: &impl Run,
) -> Result<Vec<(Status, i64)>, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        status: Status,
        n: i64,
    }
    let sql = "select status, count(*) as n from registration where status in (?, ?, ?) \
               group by status";
    let values = args![Status::Pending, Status::Endorsed, Status::Returned];
    let rows: Vec<Row> = db.fetch(sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.status, row.n)).collect())
}

/// How many applications wait for a decision, and since when the oldest does.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        count: i64,
        oldest: Option<Timestamp>,
    }
    let sql = "select count(*) as count, min(queued_ms) as oldest from registration \
               where status in (?, ?)";
    let row: Option<Row> = db.fetch_one(sql, args![Status::Pending, Status::Endorsed]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}
