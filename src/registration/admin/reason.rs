//! What reviewers write: the reason of a rejection, and what must be amended.

use crate::{
    kernel::text::{self, TextError},
    registration::model::{AMENDABLE, Defect, REASONS},
    web::{Fields, Form, form::FieldErrors},
};

/// A phrase and this many characters fit into the column.
const LONGEST: usize = 300;
/// What an applicant reads beside one field.
const LONGEST_REMARK: usize = 100;

/// A phrase of ours, words of the reviewer's own, or both: `phrase：words`.
pub(super) fn rejection(form: &Form) -> Result<String, FieldErrors> {
    let mut fields = Fields::of(form);
    let phrase = REASONS.iter().copied().find(|phrase| *phrase == form.value("phrase"));
    let words = fields.read("reason", |typed| match phrase {
        Some(_) => text::optional(typed, LONGEST).map_err(|error| error.to_string()),
        None => text::required(typed, LONGEST).map_err(|error| match error {
            TextError::Empty => "请选择或填写不通过的原因，申请单位将看到该原因".to_owned(),
            other => other.to_string(),
        }),
    });
    fields.finish(words.map(|words| match phrase {
        Some(phrase) if words.is_empty() => phrase.to_owned(),
        Some(phrase) => format!("{phrase}：{words}"),
        None => words,
    }))
}

/// The ticked fields (`defect`), each with its remark (`remark-<field>`, else the usual phrase).
pub(super) fn defects(form: &Form) -> Result<Vec<Defect>, FieldErrors> {
    let mut fields = Fields::of(form);
    let ticked = form.values("defect");
    let mut defects = Vec::new();
    for known in AMENDABLE.iter().filter(|known| ticked.contains(&known.field)) {
        match text::optional(form.value(&format!("remark-{}", known.field)), LONGEST_REMARK) {
            Ok(remark) => {
                let reason = if remark.is_empty() { known.phrase.to_owned() } else { remark };
                defects.push(Defect { field: known.field.to_owned(), reason });
            }
            Err(error) => fields.refuse("defect", format!("{}：{error}", known.label)),
        }
    }
    if ticked.is_empty() || defects.is_empty() {
        fields.refuse("defect", "请勾选需要补正的内容，申请单位只能修改勾选的内容");
    }
    fields.finish(Some(defects))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::of_pairs(pairs.iter().map(|(name, text)| ((*name).into(), (*text).into())))
    }

    #[test]
    fn a_reason_is_a_phrase_or_words_or_both() {
        let reason = |phrase, words| rejection(&form(&[("phrase", phrase), ("reason", words)]));
        assert_eq!(reason(REASONS[0], "").as_deref(), Ok(REASONS[0]));
        assert_eq!(reason("", "请核对").as_deref(), Ok("请核对"));
        assert_eq!(reason(REASONS[3], "x").unwrap(), format!("{}：x", REASONS[3]));
        assert!(reason("", " ").is_err());
        assert!(reason("another phrase", "").is_err());
        assert!(reason(REASONS[0], &"长".repeat(301)).is_err());
    }

    #[test]
    fn what_is_returned_names_known_fields_and_says_why() {
        let one = defects(&form(&[("defect", "name"), ("remark-name", "请写全称")])).unwrap();
        assert_eq!(one, [Defect { field: "name".into(), reason: "请写全称".into() }]);
        let usual = defects(&form(&[("defect", "scan")])).unwrap();
        assert!(usual[0].reason.contains("公章"));
        assert!(defects(&form(&[])).is_err());
        assert!(defects(&form(&[("defect", "password")])).is_err());
        let long = "长".repeat(101);
        assert!(defects(&form(&[("defect", "name"), ("remark-name", &long)])).is_err());
    }
}
