//! Fields that hold several values: in a form each has a row of its own, stored one a line.

/// The rows of 网站域名 in a form.
pub const DOMAIN_ROWS: &[&str] = &["domains_0", "domains_1", "domains_2", "domains_3", "domains_4"];

/// The rows of 增值电信业务许可证号 in a form.
pub const LICENCE_ROWS: &[&str] = &[
    "licences_0",
    "licences_1",
    "licences_2",
    "licences_3",
    "licences_4",
    "licences_5",
    "licences_6",
    "licences_7",
    "licences_8",
    "licences_9",
];

/// The rows of a repeated field; `None` for a field with one value.
pub fn rows(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "domains" => Some(DOMAIN_ROWS),
        "licences" => Some(LICENCE_ROWS),
        _ => None,
    }
}

/// The rows as one text, empty ones left out.
pub fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let filled: Vec<&str> = values.map(str::trim).filter(|text| !text.is_empty()).collect();
    filled.join("\n")
}

/// Reads every line; what is there twice is kept once.
pub(super) fn read(
    typed: &str,
    most: usize,
    one: impl Fn(&str) -> Result<String, &'static str>,
) -> Result<String, String> {
    let mut kept: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let value = one(line).map_err(|error| format!("“{line}”：{error}"))?;
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    if kept.len() > most { Err(format!("最多 {most} 个")) } else { Ok(kept.join("\n")) }
}
