//! W12: what a WeChat notice and a login cost on a large database, against a small one. Pages are
//! in `lists`.

use std::sync::Arc;

use crate::{
    Result,
    estate::Estate,
    fill::{PASSWORD, Unit},
    lists::Pair,
    notify,
    place::Place,
    product::Running,
    report::{Report, Target},
    signing,
};

/// Logins of one turn.
const LOGINS: i64 = 60;
/// Payments of one turn, for each of those of W1's turns.
const SHARE: usize = 3;

/// Measures both on both databases, in turns.
pub async fn measure(place: &Place, pair: &Pair, report: &mut Report) -> Result<()> {
    println!("W12 notices and logins, small and large");
    let sides = [&pair.small, &pair.large];
    let mut notices = [const { Vec::new() }; 2];
    let mut logins = [const { Vec::new() }; 2];
    for round in 0..=place.options.rounds {
        for (which, (estate, server)) in sides.iter().enumerate() {
            let count = place.options.payments / SHARE;
            let cost = notify::cost(place, &estate.db, server, count).await?;
            let from = i64::try_from(round)? * LOGINS;
            let entered = login(place, (estate, server), from).await?;
            if round > 0 {
                let facts = serde_json::json!({
                    "payments": estate.size.payments, "notice_cpu_us": cost, "login_cpu_us": entered,
                });
                report.row("W12", "ours", round, &facts)?;
                notices[which].push(cost);
                logins[which].push(entered);
            }
        }
    }
    let [small, large] = &notices;
    report.ratio(("W12", "CPU µs/notice, large against small"), large, small, Target::AtMost(1.3));
    let [small, large] = &logins;
    report.ratio(("W12", "CPU µs/login, large against small"), large, small, Target::AtMost(1.3));
    Ok(())
}

async fn login(place: &Place, (estate, server): (&Estate, &Running), from: i64) -> Result<f64> {
    // Spread over all members, so that their rows are not warm.
    let step = estate.size.members() / (LOGINS * 8);
    let unit = |n: i64| Ok(Unit::member((from + n) * step.max(1))?.uscc);
    let accounts = (0..LOGINS).map(unit).collect::<Result<Vec<_>>>()?;
    let requests = signing::logins(server, &accounts, PASSWORD, u32::try_from(from)?).await?;
    let cost = signing::turn(place, server, Arc::clone(&requests), LOGINS).await?;
    Ok(cost.cpu)
}
