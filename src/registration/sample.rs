//! Made-up applications for the samples of the pages. No real unit, person or number.

use super::{
    model::{AMENDABLE, Channel, Consent, Defect, Registration, Status},
    view::{Sight, View},
};
use crate::kernel::{Mobile, Timestamp, Uscc, ids::RegistrationId};

/// An application in a state; nothing if the kernel should refuse the made-up values.
pub(super) fn registration(status: Status) -> Option<Registration> {
    let submitted = Timestamp::from_millis(1_796_000_000_000);
    let is_decided = !status.waits();
    let defects = AMENDABLE.iter().filter(|_| status == Status::Returned);
    Some(Registration {
        id: "sample-registration".parse::<RegistrationId>().ok()?,
        no: "R20261124000001".into(),
        channel: Channel::Pc,
        name: "江苏示例网络科技有限公司".into(),
        uscc: Uscc::parse("91329999XY0000012R").ok()?,
        uscc_doubtful: is_decided,
        legal_person: "示例甲".into(),
        legal_mobile: Mobile::parse("13800000001").ok()?,
        contact: "示例乙".into(),
        contact_mobile: Mobile::parse("13800000002").ok()?,
        user_type: "enterprise".into(),
        consent: Consent {
            charter: "2026-01".into(),
            privacy: "2026-01".into(),
            at: submitted,
            ip: "192.0.2.1".into(),
        },
        status,
        version: 1,
        defects: defects
            .map(|known| Defect { field: known.field.into(), reason: known.phrase.into() })
            .collect(),
        endorsed_by: String::new(),
        endorsed_at: None,
        queued_at: submitted,
        urged_at: None,
        scans: Vec::new(),
        open_id: None,
        reason: if status == Status::Rejected {
            "申请资料不完整：请补充".into()
        } else {
            String::new()
        },
        level_id: None,
        member_id: None,
        decided_by: if is_decided { "sample-staff".into() } else { String::new() },
        decided_at: is_decided.then_some(submitted),
        submitted_at: submitted,
    })
}

/// The same application in every state, for one pair of eyes.
pub(super) fn views(sight: Sight) -> Vec<View> {
    let all = Status::ALL.into_iter().filter_map(registration);
    all.map(|registration| View::of(&registration, sight, 3)).collect()
}
