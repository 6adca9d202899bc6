//! How far is my application? Asked with the code or with a mobile, by anybody, so the answer
//! says little.

use super::{Registration, store};
use crate::{
    kernel::{Mobile, Uscc},
    web::{App, AppError},
};

/// More than these nobody needs to see, and a browser shall not list an agent's clients.
const MOST: i64 = 5;

/// What somebody asks with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// 统一社会信用代码.
    Code(Uscc),
    /// Either mobile of the application.
    Mobile(Mobile),
}

impl Query {
    /// The code or the number.
    pub fn text(&self) -> &str {
        match self {
            Self::Code(uscc) => uscc.as_str(),
            Self::Mobile(mobile) => mobile.as_str(),
        }
    }
}

/// A text that is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("请输入 11 位手机号，或 18 位统一社会信用代码")]
pub struct NotAQuery;

impl std::str::FromStr for Query {
    type Err = NotAQuery;

    fn from_str(text: &str) -> Result<Self, NotAQuery> {
        if let Ok(mobile) = Mobile::parse(text) {
            return Ok(Self::Mobile(mobile));
        }
        Uscc::parse(text).map(Self::Code).map_err(|_| NotAQuery)
    }
}

/// The newest applications that fit, newest first.
pub async fn status_of(app: &App, query: &Query) -> Result<Vec<Registration>, AppError> {
    match query {
        // Older ones of the same unit were turned down and say nothing any more.
        Query::Code(uscc) => store::by_uscc(&app.db, &app.vault, uscc, 1).await,
        Query::Mobile(mobile) => store::by_mobile(&app.db, &app.vault, mobile, MOST).await,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_and_mobiles_are_told_apart() {
        assert!(matches!("138 0000 0001".parse(), Ok(Query::Mobile(_))));
        assert!(matches!("91329999xy0000012r".parse(), Ok(Query::Code(_))));
        assert_eq!("".parse::<Query>(), Err(NotAQuery));
        assert_eq!("江苏示例".parse::<Query>(), Err(NotAQuery));
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = text.parse::<Query>();
        }
    }
}
