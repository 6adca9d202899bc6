//! Every state is shown somewhere, and WeChat is never asked too often.

use super::*;

#[test]
fn questions_become_rarer_but_never_end() {
    let start = Timestamp::from_millis(0);
    let minutes = |tries| next_try(tries, start).since(start).as_secs() / 60;
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 600].map(minutes), [1, 1, 2, 5, 10, 30, 30, 30]);
}

#[test]
fn every_state_stands_in_one_list() {
    use RefundStatus::*;
    let all =
        [Requested, Submitting, Processing, Refused, Abnormal, Success, Closed, Rejected, Foreign];
    for status in all {
        let lists = GROUPS.iter().filter(|(_, _, of)| of.contains(&status)).count();
        assert_eq!(lists, 1, "{status:?}");
    }
}
