use proptest::prelude::*;

use super::{ALL, read, read::doubts};
use crate::kernel::Date;

fn today() -> Date {
    Date::new(2026, 11, 24).unwrap()
}

#[test]
fn values_are_read_as_people_write_them() {
    for (field, typed, stored) in [
        ("contact", " 测试 ", "测试"),
        ("contact_mobile", "+86 138-0013-8000", "13800138000"),
        ("wechat_id", "example_wx", "example_wx"),
        ("wechat_id", "138 0013 8000", "13800138000"),
        ("phone", "（025）83343696 转 801", "025-83343696-801"),
        ("phone", "025—83343696", "025-83343696"),
        ("fax", "4008001234", "4008001234"),
        ("postcode", "２１００００", "210000"),
        (
            "domains",
            "HTTPS://www.Example.com/a\n示例.中国\nwww.example.com",
            "www.example.com\n示例.中国",
        ),
        ("licences", "苏B2－20130048", "苏B2-20130048"),
        ("registered_capital", "１,０００.50万", "1000.5"),
        ("paid_capital", "0.00", "0"),
        ("founded_on", "2001-02-03", "2001-02-03"),
        ("region", "320102", "320102 江苏省 南京市 玄武区"),
        ("region", "320102 江苏省 南京市 玄武区", "320102 江苏省 南京市 玄武区"),
        ("region", "江苏省 南京市 玄武区", "320102 江苏省 南京市 玄武区"),
        ("intro", "", ""),
        ("legal_birthday", "1980-01-31", "1980-01-31"),
    ] {
        assert_eq!(read(field, typed, today()).as_deref(), Ok(stored), "{field} {typed}");
    }
}

#[test]
fn what_cannot_be_right_is_refused() {
    for (field, typed) in [
        ("contact", "两\n行"),
        ("wechat_id", "1abcdef"),
        ("phone", "83343696"),
        ("phone", "电话"),
        ("postcode", "21000"),
        ("domains", "localhost"),
        ("domains", "1.2.3.4"),
        ("domains", "a.com\nb.com\nc.com\nd.com\ne.com\nf.com"),
        ("licences", "x"),
        ("registered_capital", "-1"),
        ("registered_capital", "1.234"),
        ("registered_capital", "1234567890123"),
        ("founded_on", "2026-11-25"),
        ("legal_birthday", "2026-11-24"),
        ("legal_birthday", "1980-02-30"),
        ("region", "320100"),
        ("unit_size", "huge"),
        ("status", "active"),
    ] {
        assert!(read(field, typed, today()).is_err(), "{field} {typed}");
    }
}

#[test]
fn required_fields_say_so_and_others_may_stay_empty() {
    for field in ALL {
        assert_eq!(read(field.name, " ", today()).is_err(), field.is_required, "{}", field.name);
    }
}

#[test]
fn odd_values_are_remarked_but_accepted() {
    let value = |name: &str| match name {
        "registered_capital" => "100".to_owned(),
        "paid_capital" => "100.01".to_owned(),
        "licences" => "苏B2-20130048\n粤B1.B2-20040001号\n合字B2-20100001\nX-1".to_owned(),
        "unit_state" => "revoked".to_owned(),
        _ => String::new(),
    };
    let names: Vec<_> = doubts(value).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["paid_capital", "licences", "unit_state"]);
    assert!(doubts(|_| String::new()).is_empty());
}

proptest! {
    /// What was stored is accepted again, and stays as it is: forms are filled from it.
    #[test]
    fn reading_twice_changes_nothing(which in 0..ALL.len(), typed in "\\PC{0,30}") {
        let name = ALL[which].name;
        if let Ok(stored) = read(name, &typed, today()) {
            prop_assert_eq!(read(name, &stored, today()), Ok(stored));
        }
    }

    #[test]
    fn telephones_and_sums_are_stable(typed in "[0-9\\-(), .万转]{0,16}") {
        for name in ["phone", "registered_capital"] {
            if let Ok(stored) = read(name, &typed, today()) {
                prop_assert_eq!(read(name, &stored, today()), Ok(stored));
            }
        }
    }
}
