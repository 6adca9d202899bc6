//! The closed lists of the forms: codes that are stored, labels that are shown.
//!
//! Unit states follow the wording of credit publicity. Industries are in `industry`.

use serde::Serialize;

/// One choice of a list; a select takes it as `value` and `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What is stored.
    #[serde(rename = "value")]
    pub code: &'static str,
    /// What is shown.
    #[serde(rename = "text")]
    pub label: &'static str,
}

const fn entry(code: &'static str, label: &'static str) -> Entry {
    Entry { code, label }
}

/// 用户类型.
pub const USER_TYPES: &[Entry] = &[
    entry("enterprise", "企业"),
    entry("institution", "事业单位"),
    entry("society", "社会组织"),
    entry("academy", "高校/科研院所"),
    entry("other", "其他"),
];

/// 单位状态.
pub const UNIT_STATES: &[Entry] = &[
    entry("active", "存续/在业"),
    entry("suspended", "停业"),
    entry("liquidating", "清算"),
    entry("moved", "迁出"),
    entry("revoked", "吊销未注销"),
    entry("deregistered", "注销"),
    entry("rescinded", "撤销"),
];

/// 单位性质.
pub const UNIT_NATURES: &[Entry] = &[
    entry("private", "民营企业"),
    entry("state", "国有(控股)企业"),
    entry("collective", "集体企业"),
    entry("foreign", "外商投资"),
    entry("hkmotw", "港澳台投资"),
    entry("mixed", "混合所有制"),
    entry("institution", "事业单位"),
    entry("association", "社会团体"),
    entry("nonprofit", "民办非企业单位"),
    entry("foundation", "基金会"),
    entry("authority", "机关"),
    entry("individual", "个体工商户"),
    entry("other", "其他"),
];

/// 单位规模 (统计上大中小微型企业划分办法 2017).
pub const UNIT_SIZES: &[Entry] = &[
    entry("large", "大型"),
    entry("medium", "中型"),
    entry("small", "小型"),
    entry("micro", "微型"),
];

/// 性别 of a candidate.
pub const GENDERS: &[Entry] = &[entry("female", "女"), entry("male", "男")];

/// 拟任职务 of a candidate.
pub const SEATS: &[Entry] = &[
    entry("director", "理事"),
    entry("standing", "常务理事"),
    entry("vice-president", "副理事长"),
    entry("liaison", "联络员"),
];

/// How an offline payment was made.
pub const OFFLINE_METHODS: &[Entry] =
    &[entry("transfer", "银行转账"), entry("cash", "现金"), entry("other", "其他")];

/// The label of a code, or the code itself when the list has since changed.
pub fn label<'a>(list: &[Entry], code: &'a str) -> &'a str {
    list.iter().find(|entry| entry.code == code).map_or(code, |entry| entry.label)
}

/// True when the list has the code.
pub fn contains(list: &[Entry], code: &str) -> bool {
    list.iter().any(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_within_their_list() {
        let small = [USER_TYPES, UNIT_SIZES, GENDERS, SEATS, OFFLINE_METHODS];
        for list in small.into_iter().chain([UNIT_STATES, UNIT_NATURES]) {
            let mut codes: Vec<_> = list.iter().map(|entry| entry.code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), list.len());
        }
        assert_eq!(label(UNIT_SIZES, "micro"), "微型");
        assert_eq!(label(UNIT_SIZES, "gone"), "gone");
    }
}
