//! 所属行业: GB/T 4754-2017《国民经济行业分类》, its 20 sections (门类) and 97 divisions (大类), with the
//! names of the standard; the amendment of 2019 left both as they are. The finer levels, 中类 and 小类,
//! are not asked for.
//!
//! The association's own section stands first, and in it what most of its members do.

mod sections;

pub use sections::SECTIONS;

use serde::Serialize;

use super::dictionary::Entry;

/// A section (门类); a select shows it as a group of choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What is shown.
    #[serde(rename = "text")]
    pub name: &'static str,
    /// Its divisions (大类); a code is the letter of the section and two digits.
    #[serde(rename = "options")]
    pub divisions: &'static [Entry],
}

/// The division of a code.
pub fn division(code: &str) -> Option<&'static Entry> {
    SECTIONS.iter().flat_map(|section| section.divisions).find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_that_of_the_standard() {
        let codes: Vec<&str> =
            SECTIONS.iter().flat_map(|section| section.divisions).map(|entry| entry.code).collect();
        let mut letters: Vec<&str> = codes.iter().map(|code| &code[..1]).collect();
        let mut numbers: Vec<u8> = codes.iter().map(|code| code[1..].parse().unwrap()).collect();
        letters.sort_unstable();
        letters.dedup();
        numbers.sort_unstable();
        assert_eq!(letters.concat(), "ABCDEFGHIJKLMNOPQRST");
        assert_eq!(numbers, (1..=97).collect::<Vec<u8>>(), "each number once");
        for section in SECTIONS {
            let letter = &section.divisions[0].code[..1];
            assert!(section.divisions.iter().all(|entry| entry.code.starts_with(letter)));
        }
    }

    #[test]
    fn a_division_is_found_by_its_code() {
        assert_eq!(division("I64").map(|entry| entry.label), Some("互联网和相关服务"));
        assert_eq!(division("I"), None, "a section alone says too little");
    }
}
