//! Every contribution in one list, whichever way it came: online payments, which are confirmed by
//! themselves, and reported offline payments. 缴费管理 of a member and of the secretariat.
//!
//! Both kinds have ids that grow with time, so that two lists, each read by its own index, are
//! one list: the newest of both come first, and the last id is where the next page begins.

pub mod admin;
pub mod member;

use crate::{
    dues::{self, OnlineContribution, OnlineFilter},
    kernel::{
        Fen, Timestamp,
        ids::{BillId, MemberId, OfflineId},
    },
    offline::{self, Filter, Needle, OfflinePayment, OfflineStatus},
    web::{App, AppError},
};

/// Lines of a page.
const PAGE: usize = 20;

/// Which way money came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Channel {
    #[default]
    All,
    Online,
    Offline,
}

/// Where a contribution stands, in words that fit both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    All,
    /// 待确认.
    Waiting,
    /// In the books.
    Booked,
    /// 已驳回.
    Rejected,
    /// 已冲正 or 已退款.
    TakenBack,
}

/// What a list shows.
#[derive(Clone, Debug, Default)]
struct Wanted {
    channel: Channel,
    state: State,
    year: Option<i64>,
    needle: Needle,
    before: Option<String>,
}

/// One contribution.
#[derive(Clone, Debug)]
struct Contribution {
    id: String,
    member_id: MemberId,
    bill_id: BillId,
    year: i64,
    /// 缴费编号, or WeChat's number.
    no: String,
    way: &'static str,
    amount: Fen,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
    note: String,
    /// The report, if it came offline.
    offline: Option<OfflineId>,
    /// Its version, while the member may change it.
    open_version: Option<i64>,
}

impl Wanted {
    /// The filter for online payments; `None` when none can fit.
    fn online(&self) -> Option<OnlineFilter> {
        let taken_back = match self.state {
            State::All => None,
            State::Booked => Some(false),
            State::TakenBack => Some(true),
            State::Waiting | State::Rejected => return None,
        };
        let mut filter = OnlineFilter {
            year: self.year,
            taken_back,
            before: self.before.clone(),
            ..OnlineFilter::default()
        };
        match &self.needle {
            Needle::All => {}
            Needle::Number(text) => filter.transaction = Some(text.clone()),
            Needle::Bills(ids) => filter.bills = Some(ids.clone()),
            Needle::Members(ids) => filter.members = Some(ids.clone()),
            Needle::Amount(_) => return None,
        }
        (self.channel != Channel::Offline).then_some(filter)
    }

    /// The filter for offline payments; `None` when none can fit.
    fn offline(&self) -> Option<Filter> {
        let status = match self.state {
            State::All => None,
            State::Waiting => Some(OfflineStatus::Submitted),
            State::Booked => Some(OfflineStatus::Confirmed),
            State::Rejected => Some(OfflineStatus::Rejected),
            State::TakenBack => Some(OfflineStatus::Reversed),
        };
        let filter = Filter {
            status,
            year: self.year,
            needle: self.needle.clone(),
            beyond: self.before.clone(),
            ..Filter::default()
        };
        (self.channel != Channel::Online).then_some(filter)
    }
}

/// A page, and the id where the next one begins, if there is one.
async fn page(app: &App, wanted: &Wanted) -> Result<(Vec<Contribution>, Option<String>), AppError> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut all = Vec::new();
    if let Some(filter) = wanted.online() {
        let rows = dues::online_contributions(&app.db, &filter, most).await?;
        all.extend(rows.into_iter().map(online));
    }
    if let Some(filter) = wanted.offline() {
        let rows = offline::reports(&app.db, &app.vault, &filter, most).await?;
        all.extend(rows.into_iter().map(reported));
    }
    all.sort_by(|a, b| b.id.cmp(&a.id));
    let has_more = all.len() > PAGE;
    all.truncate(PAGE);
    let next = all.last().filter(|_| has_more).map(|last| last.id.clone());
    Ok((all, next))
}

fn online(row: OnlineContribution) -> Contribution {
    let (state, chip) = match row.taken_back {
        Fen::ZERO => ("自动确认", "ok"),
        back if back == row.amount => ("已退回", "off"),
        _ => ("部分退回", "off"),
    };
    let back = row.taken_back;
    Contribution {
        id: row.id,
        member_id: row.member_id,
        bill_id: row.bill_id,
        year: row.year,
        no: row.transaction_id,
        way: "线上（微信支付）",
        amount: row.amount,
        at: row.created_ms,
        state,
        chip,
        note: if back.is_positive() {
            format!("退回 {} 元", back.grouped())
        } else {
            String::new()
        },
        offline: None,
        open_version: None,
    }
}

fn reported(payment: OfflinePayment) -> Contribution {
    let note = match payment.status {
        OfflineStatus::Rejected => format!("驳回原因：{}", payment.reason),
        OfflineStatus::Submitted => "需要秘书处确认到账".into(),
        OfflineStatus::Reversed => "确认已撤销，不计入会费".into(),
        OfflineStatus::Confirmed | OfflineStatus::Deleted => String::new(),
    };
    Contribution {
        id: payment.id.to_string(),
        member_id: payment.member_id,
        bill_id: payment.bill_id,
        year: payment.year,
        no: payment.no,
        way: match payment.method.as_str() {
            "transfer" => "线下（银行转账）",
            "cash" => "线下（现金）",
            _ => "线下（其他）",
        },
        amount: payment.amount,
        at: payment.submitted_at,
        state: payment.status.label(),
        chip: payment.status.chip(),
        note,
        open_version: payment.status.is_open().then_some(payment.version),
        offline: Some(payment.id),
    }
}

/// One of every kind, for samples.
fn samples() -> Vec<Contribution> {
    let payments = offline::pc::sample_payments();
    let bill = payments.first().map(|payment| (payment.member_id.clone(), payment.bill_id.clone()));
    let paid = |(member_id, bill_id), taken_back| {
        online(OnlineContribution {
            id: "sample".into(),
            member_id,
            bill_id,
            bill_no: "B202612345678".into(),
            year: 2026,
            transaction_id: "4200000000202611240000000001".into(),
            amount: Fen::yuan(2000),
            taken_back,
            created_ms: Timestamp::from_millis(1_760_000_000_000),
        })
    };
    let sums = [Fen::ZERO, Fen::yuan(500), Fen::yuan(2000)];
    let online = bill.into_iter().flat_map(|bill| sums.map(|sum| paid(bill.clone(), sum)));
    online.chain(payments.into_iter().map(reported)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_asks_only_where_something_can_be_found() {
        let wanted = |channel, state| Wanted { channel, state, ..Wanted::default() };
        assert!(wanted(Channel::Online, State::Waiting).online().is_none());
        assert!(wanted(Channel::Online, State::All).offline().is_none());
        assert!(wanted(Channel::All, State::Rejected).online().is_none());
        let both = wanted(Channel::All, State::TakenBack);
        assert_eq!(both.online().and_then(|it| it.taken_back), Some(true));
        assert_eq!(both.offline().and_then(|it| it.status), Some(OfflineStatus::Reversed));
    }

    #[test]
    fn only_undecided_reports_can_be_edited() {
        for it in samples() {
            let is_open = matches!(it.state, "待确认" | "已驳回");
            assert_eq!(it.open_version.is_some(), is_open, "{}", it.state);
        }
    }
}
