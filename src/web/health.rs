//! For the operator's probes: is the process alive, can it serve, how busy is it.

use std::fmt::Write as _;

use salvo::{Request, Response, Writer as _, handler};
use serde_json::{Value, json};

use super::{App, AppError};

/// `GET /healthz`: the process answers.
#[handler]
pub async fn healthz(res: &mut Response) {
    res.render("ok\n");
}

/// Whether this server can serve: database and store answer and WeChat's certificates are valid.
/// Certificates that end within 30 days are named.
pub async fn readiness(app: &App) -> (bool, Value) {
    let word = |well: bool| if well { "ok" } else { "away" };
    let database = app.db.ping().await.is_ok();
    let store = app.store.ping().await.is_ok();
    let now = app.clock.now();
    let month = std::time::Duration::from_hours(30 * 24);
    let expiries = app.pay.certificate_expiries();
    let expired = expiries.iter().any(|(_, end)| *end <= now);
    let soon: Vec<&str> = expiries
        .iter()
        .filter(|(_, end)| *end <= now + month)
        .map(|(serial, _)| serial.as_str())
        .collect();
    let facts = json!({
        "database": word(database),
        "store": word(store),
        "certificates": if expired { "expired" } else { "ok" },
        "certificates_ending_soon": soon,
    });
    (database && store && !expired, facts)
}

/// `GET /metrics` in Prometheus' text format, for callers on this machine alone.
#[handler]
pub async fn metrics(app: App, req: &mut Request, res: &mut Response) -> Result<(), AppError> {
    let is_local = req.remote_addr().ip().is_some_and(|ip| ip.is_loopback());
    if !is_local || req.headers().contains_key("x-forwarded-for") {
        return Err(AppError::NotFound);
    }
    let pool = app.db.pool_state();
    let mut text = String::new();
    let lines = [
        ("huiyuan_db_connections_max", pool.max),
        ("huiyuan_db_connections_in_use", pool.in_use),
        ("huiyuan_db_connections_idle", pool.idle),
    ];
    for (name, value) in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# TYPE {name} gauge\n{name} {value}");
    }
    let name = "huiyuan_password_hashes_total";
    let _ = writeln!(text, "# TYPE {name} counter\n{name} {}", app.hasher.count());
    let now = app.clock.now();
    let _ = writeln!(text, "# TYPE huiyuan_certificate_seconds_left gauge");
    for (serial, end) in app.pay.certificate_expiries() {
        let left = end.seconds() - now.seconds();
        let _ = writeln!(text, "huiyuan_certificate_seconds_left{{serial=\"{serial}\"}} {left}");
    }
    res.render(text);
    Ok(())
}
