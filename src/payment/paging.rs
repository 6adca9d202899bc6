//! Pages of a list of payments: first, next, previous and last, all by key, all equally cheap.

use salvo::Request;
use serde::Serialize;

use super::store::{PaymentRow, Place};

/// Lines of a page.
pub(super) const PAGE: usize = 20;

/// The addresses of the other pages; nothing where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Pages {
    pub first: Option<String>,
    pub newer: Option<String>,
    pub older: Option<String>,
    pub last: Option<String>,
}

/// The page that an address asks for: `?before=`, `?after=` or `?last=1`. Anything else is the
/// first one.
pub(super) fn place(req: &Request) -> Place {
    let text = |name| req.query::<String>(name).filter(|text| !text.is_empty());
    match (text("before"), text("after"), text("last")) {
        (Some(key), _, _) => Place::Before(key),
        (None, Some(key), _) => Place::After(key),
        (None, None, Some(_)) => Place::Last,
        (None, None, None) => Place::First,
    }
}

/// Cuts rows that were read one too many, puts the newest first, and tells where else to go.
/// `base` is the list's address with its filters, ending in `?` or `&`.
pub(super) fn pages(rows: &mut Vec<PaymentRow>, place: &Place, base: &str) -> Pages {
    let is_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let is_backward = matches!(place, Place::After(_) | Place::Last);
    if is_backward {
        rows.reverse();
    }
    let has_newer = match place {
        Place::First => false,
        Place::Before(_) => true,
        Place::After(_) | Place::Last => is_more,
    };
    let has_older = match place {
        Place::First | Place::Before(_) => is_more,
        Place::After(_) => true,
        Place::Last => false,
    };
    let key = |row: Option<&PaymentRow>| row.map(|row| row.out_trade_no.clone());
    let first = base.trim_end_matches(['?', '&']).to_owned();
    Pages {
        newer: key(rows.first())
            .filter(|_| has_newer)
            .map(|key| format!("{base}after={key}"))
            // An empty page beyond the end still leads back.
            .or_else(|| has_newer.then(|| first.clone())),
        older: key(rows.last()).filter(|_| has_older).map(|key| format!("{base}before={key}")),
        first: has_newer.then_some(first),
        last: has_older.then(|| format!("{base}last=1")),
    }
}
