//! Which applications the queue lists, as an address says it. A mobile stands in an address only as
//! its index, because addresses end up in the logs of proxies.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use crate::{
    kernel::{Mobile, Timestamp, Uscc, dictionary, ids::RegistrationId},
    registration::{
        model::{Channel, Status, age},
        store::queue::{Filter, Wanted},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Form, FormState, SeeOther, address},
};

pub(super) const HERE: &str = "/admin/registrations";
pub(super) const FIELDS: &[&str] = &["q", "user_type", "channel", "flag"];
const LONGEST: usize = 100;

/// A choice of a select.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Choice {
    value: &'static str,
    text: &'static str,
}

pub(super) const CHANNELS: [Choice; 2] =
    [Choice { value: "pc", text: "电脑端" }, Choice { value: "h5", text: "手机端" }];
pub(super) const FLAGS: [Choice; 3] = [
    Choice { value: "late", text: "超过时限" },
    Choice { value: "urged", text: "申请人催办" },
    Choice { value: "doubtful", text: "信用代码校验位不符" },
];

/// What the address asks for; unknown values ask for nothing.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub status: Status,
    typed: String,
    mobile: String,
    user_type: String,
    channel: String,
    flag: String,
    pub after: String,
}

impl Search {
    /// Reads an address.
    pub(super) fn of(req: &Request) -> Result<Self, AppError> {
        let query = |name: &str| req.query::<String>(name).unwrap_or_default();
        let after = query("after");
        if !after.is_empty() && after.parse::<RegistrationId>().is_err() {
            return Err(AppError::NotFound);
        }
        Ok(Self { after, ..Self::read(query) })
    }

    /// Reads what `value` says, from the first page on.
    pub(super) fn read(value: impl Fn(&str) -> String) -> Self {
        let known = |name: &str, list: &[Choice]| {
            let typed = value(name);
            if list.iter().any(|choice| choice.value == typed) { typed } else { String::new() }
        };
        let user_type = value("user_type");
        let is_known = dictionary::contains(dictionary::USER_TYPES, &user_type);
        Self {
            status: Status::from_code(&value("status")).unwrap_or(Status::Pending),
            typed: value("q").trim().chars().take(LONGEST).collect(),
            mobile: value("mobile").chars().filter(char::is_ascii_alphanumeric).collect(),
            user_type: if is_known { user_type } else { String::new() },
            channel: known("channel", &CHANNELS),
            flag: known("flag", &FLAGS),
            after: String::new(),
        }
    }

    /// True when not everything of the state is listed.
    pub(super) fn is_narrowed(&self) -> bool {
        [&self.typed, &self.mobile, &self.user_type, &self.channel, &self.flag]
            .iter()
            .any(|text| !text.is_empty())
    }

    /// The filter in the store's terms.
    pub(super) fn filter(&self, now: Timestamp, review_days: u32) -> Filter {
        let wanted = match (self.mobile.as_str(), self.typed.as_str()) {
            ("", "") => Wanted::All,
            ("", typed) => match Uscc::parse(typed) {
                Ok(uscc) => Wanted::Code(uscc),
                Err(_) if is_no(typed) => Wanted::No(typed.to_ascii_uppercase()),
                Err(_) => Wanted::Name(typed.to_owned()),
            },
            (index, _) => Wanted::MobileIndex(index.to_owned()),
        };
        let is_late = self.flag == "late";
        Filter {
            wanted,
            user_type: Some(self.user_type.clone()).filter(|text| !text.is_empty()),
            channel: match self.channel.as_str() {
                "pc" => Some(Channel::Pc),
                "h5" => Some(Channel::H5),
                _ => None,
            },
            queued_until: is_late.then(|| age::late_before(now, review_days)),
            is_doubtful: self.flag == "doubtful",
            is_urged: self.flag == "urged",
        }
    }

    /// The search form as it was filled.
    pub(super) fn form(&self) -> FormState {
        FormState::filled(FIELDS, |name| match name {
            "q" => self.typed.clone(),
            "user_type" => self.user_type.clone(),
            "channel" => self.channel.clone(),
            _ => self.flag.clone(),
        })
    }

    /// The address of the same list in a state, from after an id on.
    pub(super) fn address(&self, status: Status, after: &str) -> String {
        let parts = [
            ("status", status.code()),
            ("q", &self.typed),
            ("mobile", &self.mobile),
            ("user_type", &self.user_type),
            ("channel", &self.channel),
            ("flag", &self.flag),
            ("after", after),
        ];
        address(HERE, &parts)
    }
}

/// True for 申请编号: `R` and 14 digits.
fn is_no(typed: &str) -> bool {
    typed.len() == 15
        && typed.starts_with(['R', 'r'])
        && typed[1..].bytes().all(|b| b.is_ascii_digit())
}

/// `POST /admin/registrations`: what was typed becomes an address.
#[handler]
pub async fn find(app: App, who: SignedInStaff, form: Form) -> Result<SeeOther, AppError> {
    who.require(Permission::ReadMembers)?;
    let mut search = Search::read(|name| form.value(name).to_owned());
    search.mobile.clear();
    if let Ok(mobile) = Mobile::parse(&search.typed) {
        search.mobile = app.vault.index(mobile.as_str());
        search.typed.clear();
    }
    Ok(SeeOther::to(search.address(search.status, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(pairs: &[(&str, &str)]) -> Search {
        let value = |name: &str| {
            pairs.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value).to_owned()
        };
        Search::read(value)
    }

    #[test]
    fn what_was_typed_decides_what_is_searched() {
        let wanted = |typed| search(&[("q", typed)]).filter(Timestamp::from_millis(0), 3).wanted;
        assert!(matches!(wanted("91329999xy0000012r"), Wanted::Code(_)));
        assert!(matches!(wanted("r20261124000001"), Wanted::No(no) if no.starts_with('R')));
        assert!(matches!(wanted("示例"), Wanted::Name(_)));
        assert!(matches!(wanted(" "), Wanted::All));
    }

    #[test]
    fn unknown_values_ask_for_nothing_and_addresses_read_back() {
        let odd = search(&[("user_type", "x"), ("channel", "fax"), ("flag", "1"), ("status", "?")]);
        assert!(!odd.is_narrowed());
        assert_eq!(odd.address(odd.status, ""), "/admin/registrations?status=pending");
        let narrow = search(&[("q", "a&b"), ("channel", "h5"), ("status", "returned")]);
        assert!(narrow.is_narrowed());
        assert_eq!(
            narrow.address(narrow.status, "x"),
            "/admin/registrations?status=returned&q=a%26b&channel=h5&after=x"
        );
    }
}
