//! One suite for both stores; Redis takes part when `TEST_REDIS_URL` names one.

use std::{collections::BTreeMap, time::Duration};

use super::{Advance, Error, Settings, Store, Taken, memory::Memory};
use crate::kernel::{Clock, Ids, Timestamp};

const MINUTE: Duration = Duration::from_mins(1);

/// A store, a prefix that no other test uses, and how to let time pass.
struct Bench {
    store: Store,
    name: String,
    time: Time,
}

enum Time {
    Ours(Clock),
    Of(redis::Client),
}

impl Bench {
    fn key(&self, key: &str) -> String {
        format!("test:{}:{key}", self.name)
    }

    /// Redis has a clock of its own: there the key grows older instead, which needs no waiting and
    /// does not depend on how busy the machine is.
    async fn age(&self, key: &str, span: Duration) {
        let client = match &self.time {
            Time::Ours(clock) => return clock.advance(span),
            Time::Of(client) => client,
        };
        let mut link = client.get_multiplexed_async_connection().await.unwrap();
        let left: i64 = redis::cmd("PTTL").arg(key).query_async(&mut link).await.unwrap();
        assert_ne!(left, -1, "{key} never ends");
        let span = i64::try_from(span.as_millis()).unwrap();
        // Not positive: Redis removes it at once.
        let age = redis::cmd("PEXPIRE").arg(key).arg(left - span).to_owned();
        let (): () = age.query_async(&mut link).await.unwrap();
    }
}

fn benches() -> Vec<Bench> {
    let clock = Clock::manual(Timestamp::from_millis(1_000_000));
    let name = Ids::system().token();
    let memory = Store::memory(clock.clone());
    let mut benches = vec![Bench { store: memory, name: name.clone(), time: Time::Ours(clock) }];
    if let Ok(url) = std::env::var("TEST_REDIS_URL") {
        let time = Time::Of(redis::Client::open(url.as_str()).unwrap());
        let store = Store::connect(&Settings::new(url), Clock::System).unwrap();
        benches.push(Bench { store, name, time });
    }
    benches
}

#[tokio::test]
async fn a_text_lives_until_it_expires_or_is_taken() {
    for bench in benches() {
        let (store, key) = (&bench.store, bench.key("text"));
        let life = MINUTE;
        assert_eq!(store.ping().await, Ok(()));
        assert_eq!(store.get(&key).await, Ok(None));
        store.put(&key, "{\"x\":\"会\"}", life).await.unwrap();
        assert_eq!(store.get(&key).await, Ok(Some("{\"x\":\"会\"}".into())));
        bench.age(&key, life).await;
        assert_eq!(store.get(&key).await, Ok(None));
        assert_eq!(store.renew(&key, MINUTE).await, Ok(false));

        store.put(&key, "old", life * 9).await.unwrap();
        store.put(&key, "new", life).await.unwrap();
        assert_eq!(store.renew(&key, life * 2).await, Ok(true));
        bench.age(&key, life).await;
        assert_eq!(store.take(&key).await, Ok(Some("new".into())));
        assert_eq!(store.take(&key).await, Ok(None));
        assert_eq!(store.remove(&key).await, Ok(()));
    }
}

#[tokio::test]
async fn only_the_first_stores_a_new_text() {
    for bench in benches() {
        let (store, key) = (&bench.store, bench.key("new"));
        let life = MINUTE;
        assert_eq!(store.put_new(&key, "a", life).await, Ok(true));
        assert_eq!(store.put_new(&key, "b", MINUTE).await, Ok(false));
        bench.age(&key, life).await;
        assert_eq!(store.put_new(&key, "c", MINUTE).await, Ok(true));
        assert_eq!(store.get(&key).await, Ok(Some("c".into())));
        store.remove(&key).await.unwrap();
        assert_eq!(store.put_new(&key, "d", Duration::ZERO).await, Ok(true));
        store.remove(&key).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_gone_is_not_brought_back_by_replacing_it() {
    for bench in benches() {
        let (store, key) = (&bench.store, bench.key("replace"));
        assert_eq!(store.replace(&key, "a", MINUTE).await, Ok(false));
        assert_eq!(store.get(&key).await, Ok(None));
        store.put(&key, "b", MINUTE).await.unwrap();
        bench.age(&key, MINUTE / 2).await;
        assert_eq!(store.replace(&key, "c", MINUTE).await, Ok(true));
        assert_eq!(store.get(&key).await, Ok(Some("c".into())));
        bench.age(&key, MINUTE / 2).await;
        assert_eq!(store.get(&key).await, Ok(Some("c".into())), "it lives anew from then");
        store.remove(&key).await.unwrap();
        assert_eq!(store.replace(&key, "d", MINUTE).await, Ok(false));
    }
}

#[tokio::test]
async fn a_count_is_forgotten_at_the_end_of_its_window() {
    for bench in benches() {
        let (store, key) = (&bench.store, bench.key("count"));
        let window = MINUTE * 2;
        assert_eq!(store.count(&key, window).await, Ok(1));
        bench.age(&key, window / 2).await;
        assert_eq!(store.count(&key, window).await, Ok(2));
        // The second does not prolong the window.
        bench.age(&key, window / 2).await;
        assert_eq!(store.count(&key, window).await, Ok(1));
        store.remove(&key).await.unwrap();
    }
}

#[tokio::test]
async fn hashes_are_read_whole_or_in_part() {
    for bench in benches() {
        let (store, key) = (&bench.store, bench.key("hash"));
        assert_eq!(store.hash(&key).await, Ok(None));
        assert_eq!(store.hash_fields(&key, &["state"]).await, Ok(None));
        store.put_hash(&key, &[("left", "over")], MINUTE * 9).await.unwrap();
        let fields = [("state", "waiting"), ("secret", "")];
        store.put_hash(&key, &fields, MINUTE).await.unwrap();

        let part = store.hash_fields(&key, &["secret", "none", "state"]).await;
        assert_eq!(part, Ok(Some(vec![Some(String::new()), None, Some("waiting".into())])));
        assert_eq!(store.hash_fields(&key, &["none"]).await, Ok(Some(vec![None])));
        let whole: BTreeMap<_, _> =
            fields.map(|(field, value)| (field.to_owned(), value.to_owned())).into();
        assert_eq!(store.hash(&key).await, Ok(Some(whole)));

        let to = store.advance(&key, &["waiting"], "scanned", &[("by", "o1")]).await;
        assert_eq!(to, Ok(Advance::Done));
        bench.age(&key, MINUTE).await;
        assert_eq!(store.hash(&key).await, Ok(None), "advancing must not prolong its life");
        assert_eq!(store.advance(&key, &["scanned"], "x", &[]).await, Ok(Advance::Missing));
        assert_eq!(store.take_hash_if(&key, "scanned").await, Ok(Taken::Missing));
    }
}

#[tokio::test]
async fn of_fifty_that_advance_or_take_one_wins() {
    for bench in benches() {
        let key = bench.key("race");
        bench.store.put_hash(&key, &[("state", "waiting")], MINUTE).await.unwrap();

        let advancing: Vec<_> = (0..50)
            .map(|i| {
                let (store, key) = (bench.store.clone(), key.clone());
                let set = i.to_string();
                tokio::spawn(async move {
                    store.advance(&key, &["other", "waiting"], "scanned", &[("by", &set)]).await
                })
            })
            .collect();
        let mut winners = Vec::new();
        for (i, one) in advancing.into_iter().enumerate() {
            match one.await.unwrap().unwrap() {
                Advance::Done => winners.push(i.to_string()),
                lost => assert_eq!(lost, Advance::Lost("scanned".into())),
            }
        }
        assert_eq!(winners.len(), 1);

        let early = bench.store.take_hash_if(&key, "waiting").await;
        assert_eq!(early, Ok(Taken::Lost("scanned".into())));
        let mut taken = 0;
        for _ in 0..3 {
            if let Taken::Done(fields) = bench.store.take_hash_if(&key, "scanned").await.unwrap() {
                assert_eq!((&fields["state"], &fields["by"]), (&"scanned".into(), &winners[0]));
                assert_eq!(fields.len(), 2);
                taken += 1;
            }
        }
        assert_eq!(taken, 1);
    }
}

#[tokio::test]
async fn a_full_memory_refuses_new_entries_until_old_ones_expire() {
    let clock = Clock::manual(Timestamp::from_millis(1_000_000));
    let memory = Memory::bounded(clock.clone(), 2);
    memory.put("a", "1", MINUTE).unwrap();
    memory.put("b", "1", MINUTE * 2).unwrap();
    assert!(matches!(memory.put("c", "1", MINUTE), Err(Error::Unavailable(_))));
    assert_eq!(memory.put("a", "2", MINUTE), Ok(()));
    assert!(memory.count("d", MINUTE).is_err());
    clock.advance(MINUTE);
    assert_eq!(memory.put("c", "1", MINUTE), Ok(()));
}

#[tokio::test]
async fn a_redis_that_is_away_is_told() {
    for url in ["redis://127.0.0.1:1", "redis://127.0.0.1:1,redis://127.0.0.1:2"] {
        let store = Store::connect(&Settings::new(url), Clock::System).unwrap();
        assert!(matches!(store.get("x").await, Err(Error::Unavailable(_))), "{url}");
    }
    assert!(
        Store::connect(&Settings::new("redis://"), Clock::System)
            .is_err_and(|error| matches!(error, Error::Settings(_)))
    );
}
