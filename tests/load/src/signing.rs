//! W5: what a login and a registration cost beside one Argon2 hash. W3: what a login code costs, its
//! page and picture included, beside the crate's own drawing of the code.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use huiyuan::kernel::{Secret, password::Hasher};
use qrcode::{EcLevel, QrCode, render::svg};
use serde_json::json;

use crate::{
    Result,
    drive::{Plan, Queue, Requests, drive},
    machine::{Meter, Process},
    place::Place,
    product::Running,
    report::{Report, Target},
    seed,
    visitor::{Visitor, ip},
    wire::Protocol,
};

/// As many at once as the password gate lets wait.
const CLIENTS: usize = 8;
/// Logins, registrations or hashes of one turn.
const TURN: u32 = 80;
/// PCs of one turn, and codes that each may have.
const SCREENS: u32 = 40;
const CODES: usize = 6;
const PASSWORD: &str = "Right-pass-1!";

/// What one request of a turn cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Server and database, µs.
    pub cpu: f64,
    /// The server alone, µs.
    pub server: f64,
}

/// Sends each request once and measures. `count` is how many there are.
pub async fn turn(
    place: &Place,
    server: &Running,
    requests: Arc<Queue>,
    count: i64,
) -> Result<Cost> {
    let plan = Plan {
        address: server.address,
        protocol: Protocol::Http,
        span: Duration::from_mins(2),
        pause: Duration::ZERO,
        right: &[200, 303],
    };
    let meter = Meter::start(&[server.process(), place.options.database()])?;
    let outcome = drive(plan, vec![Requests::Each(requests); CLIENTS]).await?;
    let used = meter.stop()?;
    outcome.must_be_clean("requests")?;
    if outcome.answered != u64::try_from(count)? {
        return Err(format!("{} of {count} requests answered", outcome.answered).into());
    }
    let own = used.iter().filter(|(name, _)| *name == "server").map(|(_, micros)| *micros).sum();
    let all = used.iter().map(|(_, micros)| *micros).sum();
    Ok(Cost { cpu: each(all, count)?, server: each(own, count)? })
}

fn each(micros: u64, count: i64) -> Result<f64> {
    Ok(f64::from(u32::try_from(micros)?) / f64::from(u32::try_from(count)?))
}

/// A form as a browser sends it.
fn post(server: &Running, visitor: &Visitor, (path, body): (&str, &str), from: u32) -> Vec<u8> {
    let (host, cookies, ip) = (server.address, visitor.cookies(), ip(from));
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookies}\r\nx-forwarded-for: {ip}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let encode = huiyuan::web::encoded;
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Right logins of these accounts, each from its own address.
pub async fn logins(
    server: &Running,
    accounts: &[String],
    password: &str,
    from: u32,
) -> Result<Arc<Queue>> {
    let visitor = Visitor::new(server.address, 4)?;
    let page = visitor.get("/login").await?;
    let token = page.attribute("main form input[type=hidden]", "value")?;
    let field = page.attribute("main form input[type=hidden]", "name")?;
    let request = |(n, account): (u32, &String)| {
        let body = form(&[(&field, &token), ("account", account), ("password", password)]);
        post(server, &visitor, ("/login", &body), 100_000 + from + n)
    };
    Ok(Queue::new((0..).zip(accounts).map(request).collect()))
}

async fn registrations(server: &Running, round: u32) -> Result<Arc<Queue>> {
    let visitor = Visitor::new(server.address, 5)?;
    let page = visitor.get("/register").await?;
    let (action, hidden) = page.form("main form[method=post]")?;
    let mut requests = Vec::new();
    for n in 0..TURN {
        let n = round * TURN + n;
        let (name, code) = (format!("示例注册{n}有限公司"), seed::uscc("W", n)?);
        let mobiles = (format!("1371{n:07}"), format!("1361{n:07}"));
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let typed = [
            ("name", name.as_str()),
            ("uscc", &code),
            ("legal_person", "测试法人"),
            ("legal_mobile", &mobiles.0),
            ("contact", "测试联系人"),
            ("contact_mobile", &mobiles.1),
            ("user_type", "enterprise"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
            ("agree_charter", "1"),
            ("agree_privacy", "1"),
        ];
        fields.retain(|(name, _)| typed.iter().all(|(other, _)| other != name));
        fields.extend(typed);
        requests.push(post(server, &visitor, (&action, &form(&fields)), 300_000 + n));
    }
    Ok(Queue::new(requests))
}

/// One hash after another, as the product hashes. µs of processor time each.
async fn hashes(hasher: &Hasher) -> Result<f64> {
    let own = Process { name: "harness", pid: std::process::id() };
    let meter = Meter::start(&[own])?;
    for _ in 0..TURN {
        hasher.hash(&Secret::new(PASSWORD), [3; 16]).await?;
    }
    each(meter.stop()?.iter().map(|(_, micros)| *micros).sum(), i64::from(TURN))
}

/// W5.
pub async fn measure(place: &Place, server: &Running, report: &mut Report) -> Result<()> {
    println!("W5 login and registration, {CLIENTS} connections");
    let hasher = Hasher::new(1, 19_456, 2)?;
    let hash = hasher.hash(&Secret::new(PASSWORD), place.ids.salt()).await?;
    let rounds = u32::try_from(place.options.rounds)?;
    let accounts = seed::series(&place.db, &place.ids, (&hash, 'L'), TURN * (rounds + 1)).await?;
    let (mut logged, mut registered, mut limits) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds {
        let from = usize::try_from(round * TURN)?;
        let these = &accounts[from..from + usize::try_from(TURN)?];
        let requests = logins(server, these, PASSWORD, round * TURN).await?;
        let login = turn(place, server, requests, i64::from(TURN)).await?;
        let requests = registrations(server, round).await?;
        let registration = turn(place, server, requests, i64::from(TURN)).await?;
        let limit = hashes(&hasher).await?;
        if round > 0 {
            let facts = json!({
                "login_us": login.cpu, "registration_us": registration.cpu, "hash_us": limit,
            });
            report.row("W5", "ours", usize::try_from(round)?, &facts)?;
            logged.push(login.cpu);
            registered.push(registration.cpu);
            limits.push(limit);
        }
    }
    let target = Target::AtMost(1.6);
    report.ratio(("W5", "CPU µs/login, against one hash"), &logged, &limits, target);
    report.ratio(("W5", "CPU µs/registration, against one hash"), &registered, &limits, target);
    Ok(())
}

/// W3.
pub async fn measure_codes(place: &Place, server: &Running, report: &mut Report) -> Result<()> {
    println!("W3 login codes with their pictures, {CLIENTS} connections");
    let hash = Hasher::new(1, 19_456, 2)?.hash(&Secret::new(PASSWORD), place.ids.salt()).await?;
    let rounds = u32::try_from(place.options.rounds)?;
    let all = SCREENS * (rounds + 1);
    let accounts = seed::series(&place.db, &place.ids, (&hash, 'Q'), all).await?;
    let (mut ours, mut drawn, mut size) = (Vec::new(), Vec::new(), 0);
    for (round, these) in accounts.chunks(usize::try_from(SCREENS)?).enumerate() {
        let mut requests = Vec::new();
        for (n, account) in (0..).zip(these) {
            let number = 400_000 + u32::try_from(round)? * SCREENS + n;
            let visitor = Visitor::new(server.address, number)?;
            let page = visitor.get("/login").await?;
            let fields = [("account", account.as_str()), ("password", PASSWORD)];
            visitor.submit(&page, "main form[method=post]", &fields).await?;
            // Without the code's own cookie every call makes a new code.
            let request = format!(
                "GET /login/scan HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
                server.address,
                visitor.cookies()
            );
            requests.extend(std::iter::repeat_n(request.into_bytes(), CODES - usize::from(n == 0)));
            if n == 0 {
                size = size.max(picture(&visitor.get("/login/scan").await?.body)?.len());
            }
        }
        let count = i64::try_from(requests.len())?;
        let cost = turn(place, server, Queue::new(requests), count).await?;
        let limit = crate_drawing(server)?;
        if round > 0 {
            let facts = json!({"cpu_us": cost.cpu, "server_us": cost.server, "crate_us": limit});
            report.row("W3", "ours", round, &facts)?;
            ours.push(cost.server);
            drawn.push(limit);
        }
    }
    let what = "CPU µs/code with page, server, against the crate's SVG";
    report.ratio(("W3", what), &ours, &drawn, Target::AtMost(0.4));
    let bytes = f64::from(u32::try_from(size)?);
    report.figure(("W3", "bytes of the SVG"), &[bytes], Target::AtMost(4096.0));
    Ok(())
}

/// The code's picture on the page.
fn picture(body: &str) -> Result<&str> {
    let pictures = body.split("<svg").skip(1).filter_map(|rest| rest.split("</svg>").next());
    let code = pictures.filter(|svg| svg.contains("crispEdges")).max_by_key(|svg| svg.len());
    Ok(code.ok_or("no picture of a code on the page")?)
}

/// What the QR crate takes to draw such a code by itself, µs.
fn crate_drawing(server: &Running) -> Result<f64> {
    let own = Process { name: "harness", pid: std::process::id() };
    let meter = Meter::start(&[own])?;
    let (started, mut count) = (Instant::now(), 0u32);
    while started.elapsed() < Duration::from_secs(1) {
        let text = format!("http://{}/h5/scan/AAAAAAAAAAAAAAAAA{:05}", server.address, count);
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let picture = code.render::<svg::Color>().build();
        count += u32::from(!picture.is_empty());
    }
    each(meter.stop()?.iter().map(|(_, micros)| *micros).sum(), i64::from(count))
}
