use proptest::prelude::*;

use super::*;

const OWNER: &str = "owner";
const STRANGER: &str = "stranger";
const NUMBER: &str = "42";

/// A world around one code: who is bound, whether the account still stands, and what happened.
#[derive(Debug)]
struct World {
    facts: Facts,
    bound: Option<&'static str>,
    is_unchanged: bool,
    strangers: u64,
    confirmed_by: Option<String>,
    sessions: u32,
}

#[derive(Clone, Debug)]
enum Act {
    Open(&'static str),
    Confirm(&'static str, &'static str),
    Reject(&'static str),
    BindElsewhere(&'static str),
    ChangePassword,
    Expire,
    Collect { is_its_browser: bool, is_profile_complete: bool },
}

impl World {
    fn relation(&self, phone: &str) -> Match {
        match self.bound {
            None => Match::Free,
            Some(bound) if bound == phone => Match::Bound,
            Some(_) => Match::Other,
        }
    }

    fn step(&mut self, event: &Event<'_>) -> Option<State> {
        let next = self.facts.after(event).ok()?;
        self.facts.state = next;
        Some(next)
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Open(phone) => {
                let relation = self.relation(phone);
                self.strangers += u64::from(relation == Match::Other);
                let strangers = self.strangers;
                if self.step(&Event::Open { phone, relation, strangers }) == Some(State::Scanned) {
                    self.facts.phone = phone.into();
                }
            }
            Act::Confirm(phone, number) => {
                let relation = self.relation(phone);
                let next = self.step(&Event::Confirm { phone, relation, number });
                if next == Some(State::Confirmed) {
                    assert_eq!((number, phone), (NUMBER, self.facts.phone.as_str()));
                    self.confirmed_by = Some(phone.into());
                    self.bound.get_or_insert(phone);
                }
            }
            Act::Reject(phone) => drop(self.step(&Event::Reject { phone })),
            Act::BindElsewhere(phone) => self.bound = Some(phone),
            Act::ChangePassword => self.is_unchanged = false,
            Act::Expire => {
                let (now, end) = (Timestamp::from_millis(1), Timestamp::from_millis(1));
                self.facts.state = self.facts.state.at(now, end);
            }
            Act::Collect { is_its_browser, is_profile_complete } => {
                let who = Collector {
                    is_its_browser,
                    is_account_unchanged: self.is_unchanged,
                    is_profile_complete,
                    is_wechat_bound: self.bound
                        == Some(self.facts.phone.as_str())
                            .map(|p| if p == OWNER { OWNER } else { STRANGER }),
                };
                if self.step(&Event::Collect(who)) == Some(State::Consumed) {
                    self.sessions += 1;
                    assert!(is_its_browser, "only the browser that made the code");
                    assert!(self.is_unchanged, "the password still holds");
                    assert!(is_profile_complete, "the profile is complete");
                    assert_eq!(
                        self.bound,
                        self.confirmed_by
                            .as_deref()
                            .map(|p| { if p == OWNER { OWNER } else { STRANGER } }),
                        "the matched WeChat confirmed"
                    );
                }
            }
        }
    }
}

fn phone() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(OWNER), Just(STRANGER)]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => phone().prop_map(Act::Open),
        3 => (phone(), prop_oneof![3 => Just(NUMBER), 1 => Just("17")])
            .prop_map(|(phone, number)| Act::Confirm(phone, number)),
        1 => phone().prop_map(Act::Reject),
        1 => phone().prop_map(Act::BindElsewhere),
        1 => Just(Act::ChangePassword),
        1 => Just(Act::Expire),
        4 => (any::<bool>(), any::<bool>()).prop_map(|(is_its_browser, is_profile_complete)| {
            Act::Collect { is_its_browser, is_profile_complete }
        }),
    ]
}

fn world(bound: Option<&'static str>) -> World {
    let facts = Facts { state: State::Waiting, phone: String::new(), number: NUMBER.into() };
    World { facts, bound, is_unchanged: true, strangers: 0, confirmed_by: None, sessions: 0 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_path_leads_in_without_password_profile_and_matched_wechat(
        bound in prop_oneof![Just(None), Just(Some(OWNER))],
        acts in proptest::collection::vec(act(), 0..20),
    ) {
        let mut world = world(bound);
        for act in &acts {
            let before = world.facts.state;
            world.act(act);
            prop_assert!(!before.is_final() || world.facts.state == before, "{before:?} is final");
        }
        prop_assert!(world.sessions <= 1);
    }
}

#[test]
fn the_straight_path_leads_in_once() {
    let mut world = world(None);
    let collect = Act::Collect { is_its_browser: true, is_profile_complete: true };
    for act in [Act::Open(OWNER), Act::Confirm(OWNER, NUMBER), collect.clone(), collect] {
        world.act(&act);
    }
    assert_eq!((world.sessions, world.bound), (1, Some(OWNER)));
}

#[test]
fn the_fifth_stranger_kills_the_code() {
    let mut world = world(Some(OWNER));
    for _ in 0..4 {
        world.act(&Act::Open(STRANGER));
        assert_eq!(world.facts.state, State::Mismatch);
    }
    world.act(&Act::Open(STRANGER));
    assert_eq!(world.facts.state, State::Rejected);
}

#[test]
fn the_first_wechat_keeps_the_code() {
    let mut world = world(None);
    world.act(&Act::Open(OWNER));
    let second = Event::Open { phone: STRANGER, relation: Match::Free, strangers: 0 };
    assert_eq!(world.facts.after(&second), Err(Refusal::Taken));
    let again = Event::Open { phone: OWNER, relation: Match::Free, strangers: 0 };
    assert_eq!(world.facts.after(&again), Err(Refusal::Already(State::Scanned)));
}

#[test]
fn words_read_back() {
    for state in State::ALL {
        assert_eq!(State::of_word(state.word()), Some(state));
    }
    assert_eq!(State::of_word("open"), None);
}
