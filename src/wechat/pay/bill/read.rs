//! The lines of a trade bill: UTF-8 with BOM, CRLF, a plain header, every field of a row behind a
//! back-tick, not quoted; then a summary. Columns are found by their names, because older layouts
//! lack some.

use std::io::{BufRead as _, BufReader, Cursor};

use flate2::read::GzDecoder;

use crate::{
    kernel::{Fen, OpenId, Timestamp},
    wechat::{
        WechatError,
        pay::transaction::{TradeState, Transaction, number, positive},
    },
};

/// A row of the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Somebody has paid.
    Payment(Box<Transaction>),
    /// Money goes, or went, back.
    Refund(Box<RefundLine>),
    /// What only tills know.
    Other,
}

/// A refund on the bill. It says no more than that somebody asked for it: how it ended is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The order's number at the merchant.
    pub out_trade_no: String,
    /// The merchant's number of the refund; of WeChat's making for one that its console began.
    pub out_refund_no: String,
    /// What was asked for, fen.
    pub amount: Fen,
    /// WeChat says that the money is back.
    pub is_success: bool,
}

/// The rows, read one by one; ends at the summary.
#[derive(Debug)]
pub struct Lines {
    rows: std::io::Lines<BufReader<GzDecoder<Cursor<Vec<u8>>>>>,
    columns: Columns,
    is_over: bool,
}

#[derive(Debug)]
struct Columns {
    at: usize,
    app_id: usize,
    mch_id: usize,
    transaction_id: usize,
    out_trade_no: usize,
    open_id: usize,
    trade_type: usize,
    state: usize,
    currency: usize,
    total: usize,
    /// Bills of payments alone lack them.
    refund: Option<RefundColumns>,
}

#[derive(Debug)]
struct RefundColumns {
    out_refund_no: usize,
    amount: usize,
    status: usize,
}

impl Columns {
    fn of(header: &str) -> Option<Self> {
        let names: Vec<&str> =
            header.trim_start_matches('\u{feff}').trim_end().split(',').collect();
        let find = |wanted: &str| names.iter().position(|name| *name == wanted);
        Some(Self {
            at: find("交易时间")?,
            app_id: find("公众账号ID")?,
            mch_id: find("商户号")?,
            transaction_id: find("微信订单号")?,
            out_trade_no: find("商户订单号")?,
            open_id: find("用户标识")?,
            trade_type: find("交易类型")?,
            state: find("交易状态")?,
            currency: find("货币种类")?,
            total: find("订单金额").or_else(|| find("总金额"))?,
            refund: RefundColumns::of(find),
        })
    }

    fn read(&self, row: &str) -> Result<Line, &'static str> {
        let cells: Vec<&str> =
            row.trim_end().strip_prefix('`').unwrap_or_default().split(",`").collect();
        let cell = |column: usize| cells.get(column).map(|cell| cell.trim()).ok_or("a short row");
        match cell(self.state)? {
            "SUCCESS" => {}
            "REFUND" => return self.refund(cell),
            _ => return Ok(Line::Other),
        }
        let at = format!("{}+08:00", cell(self.at)?.replace(' ', "T"));
        let total = Fen::parse_yuan(cell(self.total)?).map_err(|_| "an amount that is none")?;
        Ok(Line::Payment(Box::new(Transaction {
            app_id: number(cell(self.app_id)?.to_owned(), 32)?,
            mch_id: number(cell(self.mch_id)?.to_owned(), 32)?,
            out_trade_no: number(cell(self.out_trade_no)?.to_owned(), 32)?,
            transaction_id: Some(number(cell(self.transaction_id)?.to_owned(), 32)?),
            trade_type: cell(self.trade_type)?.chars().take(32).collect(),
            trade_state: TradeState::Success,
            success_time: Some(Timestamp::from_rfc3339(&at).ok_or("a time that is none")?),
            amount_total: positive(total.get())?,
            payer_total: None,
            currency: cell(self.currency)?.chars().take(16).collect(),
            payer_open_id: OpenId::parse(cell(self.open_id)?).ok(),
        })))
    }

    fn refund<'a>(
        &self,
        cell: impl Fn(usize) -> Result<&'a str, &'static str>,
    ) -> Result<Line, &'static str> {
        let columns = self.refund.as_ref().ok_or("a refund, but no columns of refunds")?;
        let amount =
            Fen::parse_yuan(cell(columns.amount)?).map_err(|_| "an amount that is none")?;
        Ok(Line::Refund(Box::new(RefundLine {
            transaction_id: number(cell(self.transaction_id)?.to_owned(), 32)?,
            out_trade_no: number(cell(self.out_trade_no)?.to_owned(), 32)?,
            out_refund_no: number(cell(columns.out_refund_no)?.to_owned(), 64)?,
            amount: positive(amount.get())?,
            is_success: cell(columns.status)? == "SUCCESS",
        })))
    }
}

impl RefundColumns {
    fn of(find: impl Fn(&str) -> Option<usize>) -> Option<Self> {
        Some(Self {
            out_refund_no: find("商户退款单号")?,
            // What coupons had paid is a part of the refund, too.
            amount: find("申请退款金额").or_else(|| find("退款金额"))?,
            status: find("退款状态")?,
        })
    }
}

impl Lines {
    pub(super) fn of(plain: GzDecoder<Cursor<Vec<u8>>>) -> Result<Self, WechatError> {
        let mut rows = BufReader::new(plain).lines();
        let header = rows.next().and_then(Result::ok).unwrap_or_default();
        let columns = Columns::of(&header)
            .ok_or(WechatError::Malformed("the bill has other columns than we know"))?;
        Ok(Self { rows, columns, is_over: false })
    }
}

impl Iterator for Lines {
    type Item = Result<Line, WechatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.rows.next()? {
            // The summary's header: it has no back-tick.
            Ok(line) if !line.starts_with('`') => {
                self.is_over = true;
                None
            }
            Ok(line) => Some(self.columns.read(&line).map_err(WechatError::Malformed)),
            Err(_) => Some(Err(WechatError::Malformed("the bill is no text"))),
        }
    }
}
