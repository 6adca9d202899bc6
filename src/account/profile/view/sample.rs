//! Every shape of the profile's pages.

use super::{Council, Locked, Named, OPTIONS, Told, View, shown};
use crate::{member::profile as rules, web::FormState};

pub(super) fn views() -> Vec<View> {
    let locked = || Locked {
        no: "M2026000001".into(),
        level: "副理事长单位".into(),
        standing: "正常",
        tags: vec!["示例标签".into()],
        name: "示例网络科技有限公司".into(),
        uscc: "91329999XY0000012R".into(),
        user_type: "企业".into(),
        legal_person: "示例法人".into(),
        legal_mobile: "138****8000".into(),
        contact_mobile: "139****8000".into(),
        joined_on: "2026-11-24".into(),
        wechat: "已绑定（2026-11-24 12:00）".into(),
        is_bound: true,
    };
    let sample = |asks_birthday: bool, form: FormState| View {
        domains: shown(&form, "domains", 2),
        licences: shown(&form, "licences", 1),
        form,
        missing: Vec::new(),
        meanwhile: Vec::new(),
        doubts: Vec::new(),
        options: OPTIONS,
        locked: locked(),
        council: Council {
            is_asked: asks_birthday,
            effective: 1,
            is_proposed: asks_birthday,
            is_changing: asks_birthday,
        },
        asks_birthday,
        draft: String::new(),
        is_restored: false,
    };
    let inputs = rules::inputs(&rules::own_fields(true), &["version"]);
    let mut blank = sample(true, FormState::blank(&inputs));
    blank.missing = vec![Named { name: "email", label: "邮箱" }];
    blank.draft = "2026-11-24 12:00".into();
    let mut refused = FormState::blank(&inputs);
    refused.errors.insert("email", "请填写邮箱".into());
    let mut wrong = sample(false, refused);
    wrong.meanwhile = vec![Told::sample()];
    wrong.doubts = vec!["实到资金大于注册资金，请核对"];
    wrong.is_restored = true;
    vec![blank, wrong]
}
