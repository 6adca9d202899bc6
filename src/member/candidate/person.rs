//! A candidate, and how a row of the form is read.

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        Date, Mobile,
        dictionary::{self, label},
        text,
    },
    member::email,
};

/// A person whom the unit proposes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// 姓名.
    pub name: String,
    /// 性别, a code of `dictionary::GENDERS`; may be empty.
    pub gender: String,
    /// 出生年月, `1980-01`; may be empty.
    pub born: String,
    /// 单位职务.
    pub post: String,
    /// 拟任职务, a code of `dictionary::SEATS`.
    pub seat: String,
    /// 移动电话.
    pub mobile: String,
    /// 邮箱; may be empty.
    pub email: String,
    /// 届次, for example 第七届; may be empty.
    pub term: String,
    /// 照片, a file id; may be empty.
    pub photo: String,
    /// 简历附件, a file id; may be empty.
    pub resume: String,
}

/// The columns with their labels, in the order of the form.
pub const COLUMNS: &[(&str, &str)] = &[
    ("name", "姓名"),
    ("gender", "性别"),
    ("born", "出生年月"),
    ("post", "单位职务"),
    ("seat", "拟任职务"),
    ("mobile", "移动电话"),
    ("email", "邮箱"),
    ("term", "届次"),
    ("photo", "照片"),
    ("resume", "简历附件"),
];

impl Person {
    /// What a column holds.
    pub fn value(&self, column: &str) -> &str {
        match column {
            "name" => &self.name,
            "gender" => &self.gender,
            "born" => &self.born,
            "post" => &self.post,
            "seat" => &self.seat,
            "mobile" => &self.mobile,
            "email" => &self.email,
            "term" => &self.term,
            "photo" => &self.photo,
            "resume" => &self.resume,
            _ => "",
        }
    }

    /// The same in words; a file only as 已上传.
    pub fn words(&self, column: &str) -> String {
        let value = self.value(column);
        match column {
            "gender" => label(dictionary::GENDERS, value).to_owned(),
            "seat" => label(dictionary::SEATS, value).to_owned(),
            "photo" | "resume" if !value.is_empty() => "已上传".to_owned(),
            _ => value.to_owned(),
        }
    }

    /// Reads a row; `typed` gives what a column holds. Files are not read here.
    pub fn parse<'a>(
        typed: impl Fn(&str) -> &'a str,
        today: Date,
    ) -> Result<Self, Vec<(&'static str, String)>> {
        let mut errors = Vec::new();
        let mut person = Self::default();
        for (column, label) in COLUMNS.iter().take(8) {
            match read(column, label, typed(column), today) {
                Ok(value) => person.put(column, value),
                Err(error) => errors.push((*column, error)),
            }
        }
        if errors.is_empty() { Ok(person) } else { Err(errors) }
    }

    /// Puts a stored value into its column.
    pub fn put(&mut self, column: &str, value: String) {
        match column {
            "name" => self.name = value,
            "gender" => self.gender = value,
            "born" => self.born = value,
            "post" => self.post = value,
            "seat" => self.seat = value,
            "mobile" => self.mobile = value,
            "email" => self.email = value,
            "term" => self.term = value,
            "photo" => self.photo = value,
            "resume" => self.resume = value,
            _ => {}
        }
    }
}

fn read(column: &str, label: &str, typed: &str, today: Date) -> Result<String, String> {
    let is_optional = matches!(column, "gender" | "born" | "email" | "term");
    if is_optional && typed.trim().is_empty() {
        return Ok(String::new());
    }
    let line = |max| match text::required(typed, max) {
        Ok(text) if text.contains('\n') => Err(format!("{label}请写在一行里")),
        Ok(text) => Ok(text),
        Err(text::TextError::Empty) => Err(format!("请填写{label}")),
        Err(error) => Err(format!("{label}{error}")),
    };
    match column {
        "gender" | "seat" => {
            let list = if column == "seat" { dictionary::SEATS } else { dictionary::GENDERS };
            let known = dictionary::contains(list, typed);
            if known { Ok(typed.to_owned()) } else { Err(format!("请选择{label}")) }
        }
        "born" => match format!("{}-01", typed.trim()).parse::<Date>() {
            Ok(day) if day < today && day.year() > 1900 => Ok(typed.trim().to_owned()),
            _ => Err("请填写出生年月，例如 1980-01".into()),
        },
        "mobile" => Mobile::parse(typed).map(Into::into).map_err(|error| error.to_string()),
        "email" => email::parse(typed).map_err(Into::into),
        "term" => line(20),
        _ => line(50),
    }
}
