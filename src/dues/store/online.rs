//! SQL of the list of money that came online, filtered and paged by key.

use serde::Deserialize;

use crate::{
    db::{self, Run, Value, bind, marks},
    kernel::{
        Fen, Timestamp,
        ids::{BillId, MemberId},
    },
};

/// Money that came online and was put on a bill.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnlineContribution {
    /// Row id; newer rows have greater ones.
    pub id: String,
    /// Whose bill it is.
    pub member_id: MemberId,
    /// The bill.
    pub bill_id: BillId,
    /// 账单号.
    pub bill_no: String,
    /// 缴费年度.
    pub year: i64,
    /// WeChat's number of the transaction.
    pub transaction_id: String,
    /// Fen.
    pub amount: Fen,
    /// How much of it was taken back since, fen.
    pub taken_back: Fen,
    /// When it was put there.
    pub created_ms: Timestamp,
}

/// Which of them a list shows.
#[derive(Clone, Debug, Default)]
pub struct OnlineFilter {
    /// Of these members; `None` = of all.
    pub members: Option<Vec<MemberId>>,
    /// On these bills; `None` = on all.
    pub bills: Option<Vec<BillId>>,
    /// With this transaction of WeChat's.
    pub transaction: Option<String>,
    /// For this year.
    pub year: Option<i64>,
    /// Taken back wholly or in part, or not at all.
    pub taken_back: Option<bool>,
    /// Only rows older than this one.
    pub before: Option<String>,
}

impl OnlineFilter {
    fn conditions(&self) -> (String, Vec<Value>) {
        let mut sql = String::new();
        let mut values = Vec::new();
        let mut and = |condition: &str, more: Vec<Value>| {
            sql.push_str(" and ");
            sql.push_str(condition);
            values.extend(more);
        };
        if let Some(ids) = &self.members {
            let among = format!("b.member_id in ({})", marks(ids.len()));
            and(&among, ids.iter().map(db::bind).collect());
        }
        if let Some(ids) = &self.bills {
            let among = format!("a.bill_id in ({})", marks(ids.len()));
            and(&among, ids.iter().map(db::bind).collect());
        }
        if let Some(transaction) = &self.transaction {
            and("a.source_id = ?", vec![bind(transaction)]);
        }
        if let Some(year) = self.year {
            and("a.year = ?", vec![bind(&year)]);
        }
        match self.taken_back {
            None => {}
            Some(true) => and("a.taken_back > 0", Vec::new()),
            Some(false) => and("a.taken_back = 0", Vec::new()),
        }
        if let Some(before) = &self.before {
            and("a.id < ?", vec![bind(before)]);
        }
        (sql, values)
    }
}

const TAKEN_BACK: &str = "join (select distinct of_id from allocation \
    where of_kind = 'payment') t on t.of_id = a.source_id ";

/// Money that came online, newest first.
pub async fn online_contributions(
    db: &impl Run,
    filter: &OnlineFilter,
    most: i64,
) -> Result<Vec<OnlineContribution>, db::Error> {
    let (conditions, mut values) = filter.conditions();
    values.push(bind(&most));
    // What was taken back is rare, and found from what took it.
    let rare = if filter.taken_back == Some(true) { TAKEN_BACK } else { "" };
    let sql = format!(
        "select a.id, b.member_id, a.bill_id, b.no as bill_no, a.year, \
         a.source_id as transaction_id, a.amount, a.taken_back, a.created_ms \
         from allocation a {rare}join dues_bill b on b.id = a.bill_id \
         where a.source_kind = 'payment' and a.of_id is null{conditions} \
         order by a.id desc limit ?"
    );
    db.fetch(&sql, values).await
}
