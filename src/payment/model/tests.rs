use super::*;

#[test]
fn questions_follow_the_ladder_and_meet_the_end() {
    let start = Timestamp::from_millis(0);
    let end = start + ORDER_LIFE;
    let (mut now, mut gaps) = (start, Vec::new());
    for asked in 0..8 {
        let next = next_query(asked, now, end);
        gaps.push(next.since(now).as_secs());
        now = next;
    }
    assert_eq!(gaps, [5, 30, 60, 180, 300, 600, 626, 1800]);
}
