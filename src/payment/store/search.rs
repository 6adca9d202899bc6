//! SQL of the lists of payments: paged by our numbers at WeChat, which begin with the moment of
//! their making, so that their order is the order of time and a day is a range of them.

use crate::{
    db::{self, Run, Value, args, bind, marks},
    kernel::ids::MemberId,
    payment::{
        model::AttemptStatus,
        store::list::{PAYMENT, PaymentRow},
    },
};

/// Which page of a list, by the key of a row at the border of the page before.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(in crate::payment) enum Place {
    /// The newest rows.
    #[default]
    First,
    /// Those older than this key.
    Before(String),
    /// Those newer than this key.
    After(String),
    /// The oldest rows.
    Last,
}

/// What is looked for. Every part narrows; an index serves each of them.
#[derive(Clone, Debug, Default)]
pub(in crate::payment) struct Wanted {
    /// Only these of our numbers.
    pub numbers: Option<Vec<String>>,
    /// Only these members'.
    pub members: Option<Vec<MemberId>>,
    /// Only attempts in one of these states; all when empty.
    pub statuses: Vec<AttemptStatus>,
    /// Only attempts made on this day, as `20260301`; every day when empty.
    pub day: String,
}

/// Our numbers behind one of ours, one of WeChat's, or an order's: three unique keys.
pub(in crate::payment) async fn numbers(
    db: &impl Run,
    number: &str,
) -> Result<Vec<String>, db::Error> {
    let sql = "select out_trade_no from payment_attempt where out_trade_no = ? \
               union select out_trade_no from payment_attempt where transaction_id = ? \
               union select a.out_trade_no from payment_order o \
               join payment_attempt a on a.order_id = o.id where o.no = ?";
    db.fetch(sql, args![number, number, number]).await
}

/// A page of attempts, newest first, at most one row more than `most`: the row too many tells that
/// there is more in the direction of reading.
pub(in crate::payment) async fn search(
    db: &impl Run,
    wanted: &Wanted,
    place: &Place,
    most: i64,
) -> Result<Vec<PaymentRow>, db::Error> {
    let mut values = Vec::new();
    let mut sql = format!("{PAYMENT} where 1 = 1");
    narrow(wanted, &mut sql, &mut values);
    let (bound, order) = match place {
        Place::First => (None, "desc"),
        Place::Before(key) => (Some(("<", key)), "desc"),
        Place::After(key) => (Some((">", key)), "asc"),
        Place::Last => (None, "asc"),
    };
    if let Some((than, key)) = bound {
        sql.extend([" and a.out_trade_no ", than, " ?"]);
        values.push(bind(key));
    }
    sql.extend([" order by a.out_trade_no ", order, " limit ?"]);
    values.push(bind(&(most + 1)));
    db.fetch(&sql, values).await
}

fn narrow(wanted: &Wanted, sql: &mut String, values: &mut Vec<Value>) {
    let mut one_of = |column: &str, among: Vec<Value>| {
        let narrower = match among.len() {
            0 => " and 1 = 0".to_owned(),
            1 => format!(" and {column} = ?"),
            many => format!(" and {column} in ({})", marks(many)),
        };
        sql.push_str(&narrower);
        values.extend(among);
    };
    if let Some(numbers) = &wanted.numbers {
        one_of("a.out_trade_no", numbers.iter().map(bind).collect());
    }
    if let Some(members) = &wanted.members {
        one_of("a.member_id", members.iter().map(bind).collect());
    }
    if !wanted.statuses.is_empty() {
        one_of("a.status", wanted.statuses.iter().map(bind).collect());
    }
    if !wanted.day.is_empty() {
        sql.push_str(" and a.out_trade_no >= ? and a.out_trade_no < ?");
        // `~` sorts after every digit.
        let day = format!("P{}", wanted.day);
        values.extend([bind(&day), bind(&format!("{day}~"))]);
    }
}
