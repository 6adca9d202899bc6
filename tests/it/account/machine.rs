//! No sequence of steps leads to a full session without password, complete profile and matched
//! WeChat. Two PCs, two phones and the secretariat take random steps against the real parts; a few
//! facts, kept here by other means than the product's, say who may be in.

use std::time::Duration;

use huiyuan::kernel::Ids;

use super::{is_in, poll};
use crate::support::{Browser, PASSWORD, PROFILE, Phone, TestApp, Unit, browser::Page};

const STEPS: usize = 45;

/// A PC and what is known of it.
struct Pc {
    browser: Browser,
    /// The login code on its screen.
    scan: Option<Page>,
    /// The right password was typed in this generation.
    password: Option<u32>,
    /// The phone that confirmed the code on the screen, and in which generation.
    confirmed: Option<(usize, u32)>,
    /// It may be in, since that generation.
    entered: Option<u32>,
}

struct World {
    test: TestApp,
    unit: Unit,
    ids: Ids,
    pcs: Vec<Pc>,
    phones: Vec<Phone>,
    /// What each phone shows, and of which PC's code.
    asked: Vec<Option<(usize, Page)>>,
    /// Grows when every session must end.
    generation: u32,
    is_frozen: bool,
    trace: Vec<String>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let test = TestApp::start().await;
        let unit = Unit::sample(1);
        test.member(&unit).await;
        let pc = |test: &TestApp| Pc {
            browser: test.browser(),
            scan: None,
            password: None,
            confirmed: None,
            entered: None,
        };
        let (pcs, phones) = (vec![pc(&test), pc(&test)], vec![test.phone(0), test.phone(1)]);
        Self {
            test,
            unit,
            ids: Ids::seeded(seed),
            pcs,
            phones,
            asked: vec![None, None],
            generation: 0,
            is_frozen: false,
            trace: Vec::new(),
        }
    }

    fn draw(&self, below: usize) -> usize {
        self.ids.digits(6).parse::<usize>().unwrap() % below
    }

    async fn step(&mut self) {
        let (pc, phone) = (self.draw(2), self.draw(2));
        // Half of the steps are what an honest person would do next; chance alone gets nowhere.
        let kind = if self.draw(2) == 0 { self.sensible(pc, phone) } else { self.draw(100) };
        self.trace.push(format!("{kind} pc {pc} phone {phone}"));
        match kind {
            0..20 => self.log_in(pc, PASSWORD).await,
            20..24 => self.log_in(pc, "wrong-pass-1!").await,
            24..44 => self.look_at_code(pc).await,
            44..60 => self.open(pc, phone).await,
            60..74 => self.answer(phone, true).await,
            74..77 => self.answer(phone, false).await,
            77..79 => self.reject(phone).await,
            79..92 => self.collect(pc).await,
            92..94 => self.log_out(pc).await,
            94..96 => self.test.advance(Duration::from_secs(130)).await,
            96..98 => self.end("update wechat_binding set active_key = null").await,
            _ => self.freeze().await,
        }
    }

    fn sensible(&self, pc: usize, phone: usize) -> usize {
        let known = &self.pcs[pc];
        match (&known.password, &known.scan, &self.asked[phone], &known.confirmed) {
            (None, ..) => 0,
            (_, _, _, Some(_)) => 79,
            (_, None, ..) => 24,
            (_, _, Some((of, _)), _) if *of == pc => 60,
            _ => 44,
        }
    }

    async fn log_in(&mut self, pc: usize, password: &str) {
        if self.pcs[pc].browser.get("/login").await.status != 200 {
            // Who is in is led home.
            return;
        }
        let answer = self.test.log_in(&self.pcs[pc].browser, &self.unit.uscc, password).await;
        if answer.status != 303 {
            return;
        }
        assert!(password == PASSWORD && !self.is_frozen, "{:?}", self.trace);
        let known = &mut self.pcs[pc];
        (known.password, known.scan, known.confirmed) = (Some(self.generation), None, None);
        if answer.location().as_deref() == Some("/profile") && self.draw(2) == 0 {
            answer.follow().await.submit(PROFILE).await;
        }
    }

    /// `GET /login/scan`, which also collects a confirmed code.
    async fn look_at_code(&mut self, pc: usize) {
        let before = self.pcs[pc].scan.as_ref().map(Page::qr_path);
        let page = self.pcs[pc].browser.get("/login/scan").await;
        if page.status == 200 {
            if before.is_some_and(|before| before != page.qr_path()) {
                self.pcs[pc].confirmed = None;
            }
            self.pcs[pc].scan = Some(page);
        } else {
            self.judge(pc).await;
        }
    }

    async fn open(&mut self, pc: usize, phone: usize) {
        let Some(scan) = &self.pcs[pc].scan else { return };
        let page = self.phones[phone].open(&self.test, &scan.qr_path()).await;
        let is_asked = page.attribute("form[action$='/confirm']", "action").is_some();
        self.asked[phone] = is_asked.then_some((pc, page));
    }

    async fn answer(&mut self, phone: usize, rightly: bool) {
        let Some((pc, page)) = self.asked[phone].take() else { return };
        let Some(scan) = &self.pcs[pc].scan else { return };
        let right = scan.number();
        let wrong = if right == "11" { "12".to_owned() } else { "11".to_owned() };
        let number = if rightly { right } else { wrong };
        let fields = [("number", number.as_str())];
        let told = page.submit_form("form[action$='/confirm']", &fields).await;
        let is_this_code = page.action("form[action$='/confirm']").contains(&scan.qr_path());
        if rightly && is_this_code && told.says("已确认登录") {
            self.pcs[pc].confirmed = Some((phone, self.generation));
        }
    }

    async fn reject(&mut self, phone: usize) {
        let Some((_, page)) = self.asked[phone].take() else { return };
        page.submit_form("form[action$='/reject']", &[]).await;
    }

    async fn collect(&mut self, pc: usize) {
        let Some(scan) = &self.pcs[pc].scan else { return };
        poll(&self.pcs[pc].browser, scan).await;
        self.judge(pc).await;
    }

    /// May this PC be in after it asked? By the tables and by what was seen, not by its answer.
    async fn judge(&mut self, pc: usize) {
        let Some((phone, confirmed_in)) = self.pcs[pc].confirmed else { return };
        let complete = "select count(*) from member where profile_complete_ms is not null";
        let bound = "select open_id_index from wechat_binding where active_key is not null";
        let users = self.test.sandbox.users();
        let index = self.test.app.vault.index(&users[phone].openid);
        let holds = self.pcs[pc].password == Some(self.generation)
            && confirmed_in == self.generation
            && !self.is_frozen
            && self.test.db_count(complete).await == 1
            && self.test.db_text(bound).await == index;
        if holds {
            self.pcs[pc].entered = Some(self.generation);
            self.pcs[pc].password = None;
        }
        self.pcs[pc].confirmed = None;
    }

    async fn log_out(&mut self, pc: usize) {
        let page = self.pcs[pc].browser.get("/login/scan").await;
        let page =
            if page.status == 200 { page } else { self.pcs[pc].browser.get("/password").await };
        if page.attribute("form[action='/logout']", "action").is_some() {
            page.submit_form("form[action='/logout']", &[]).await;
            let known = &mut self.pcs[pc];
            (known.entered, known.password, known.confirmed) = (None, None, None);
        }
    }

    /// Something after which every session must end.
    async fn end(&mut self, change: &str) {
        self.test.db_exec(change).await;
        let next = "update account set session_generation = session_generation + 1";
        self.test.db_exec(next).await;
        self.generation += 1;
    }

    async fn freeze(&mut self) {
        self.is_frozen = !self.is_frozen;
        let status = if self.is_frozen { "frozen" } else { "active" };
        self.end(&format!("update account set status = '{status}'")).await;
    }

    /// Nobody is in who may not be; the number of those who are.
    async fn check(&self) -> usize {
        let mut inside = 0;
        for (n, pc) in self.pcs.iter().enumerate() {
            let is_in = is_in(&pc.browser).await;
            let may_be = pc.entered == Some(self.generation) && !self.is_frozen;
            assert!(!is_in || may_be, "pc {n} is in after {:#?}", self.trace);
            inside += usize::from(is_in);
        }
        for phone in &self.phones {
            // The phones never typed a password.
            assert_ne!(phone.browser.get("/h5/dues").await.status, 200, "{:#?}", self.trace);
        }
        inside
    }
}

#[tokio::test]
async fn nobody_is_in_without_password_profile_and_matched_wechat() {
    let mut seen_inside = 0;
    for seed in 1..=6 {
        let mut world = World::new(seed).await;
        for _ in 0..STEPS {
            world.step().await;
            seen_inside += world.check().await;
        }
    }
    assert!(seen_inside > 0, "the steps must lead in at times, or nothing was tested");
}
