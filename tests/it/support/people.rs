//! Synthetic units and people (region 329999 does not exist), and what they commonly do.

use huiyuan::{account::puzzle, kernel::Uscc, staff::Role};

use super::{Browser, TestApp, browser::Page};

pub const PASSWORD: &str = "Member-pass-1!";

/// A unit that wants to become a member.
#[derive(Clone, Debug)]
pub struct Unit {
    pub name: String,
    pub uscc: String,
    pub legal_mobile: String,
    pub contact_mobile: String,
}

impl Unit {
    /// Unit number `n`; different numbers differ in everything.
    pub fn sample(n: u32) -> Self {
        let stem = format!("91329999XY{n:07}");
        let uscc = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            .chars()
            .map(|check| format!("{stem}{check}"))
            .find(|code| Uscc::parse(code).is_ok_and(|code| code.is_sound()))
            .unwrap();
        Self {
            name: format!("示例网络科技（{n}）有限公司"),
            uscc,
            legal_mobile: format!("138001{n:05}"),
            contact_mobile: format!("139001{n:05}"),
        }
    }

    /// The registration form, filled in without a mistake.
    pub fn form(&self) -> Vec<(&str, &str)> {
        vec![
            ("name", &self.name),
            ("uscc", &self.uscc),
            ("legal_person", "测试法人"),
            ("legal_mobile", &self.legal_mobile),
            ("contact", "测试联系人"),
            ("contact_mobile", &self.contact_mobile),
            ("user_type", "enterprise"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
            ("agree_charter", "1"),
            ("agree_privacy", "1"),
        ]
    }
}

/// The form with some fields typed differently.
pub fn with<'a>(
    mut form: Vec<(&'a str, &'a str)>,
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    for (name, value) in changes {
        form.retain(|(field, _)| field != name);
        form.push((name, value));
    }
    form
}

/// 完善信息, filled in without a mistake.
pub const PROFILE: &[(&str, &str)] = &[
    ("contact", "测试联系人"),
    ("email", "dues@example.org"),
    ("unit_state", "active"),
    ("unit_nature", "private"),
    ("industry", "I64"),
    ("unit_size", "small"),
    ("region", "320102"),
    ("address", "示例路 1 号"),
];

/// The keys of a throw-away merchant, as environment variables.
pub fn merchant_settings(folder: &std::path::Path) -> Vec<(String, String)> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let options = wechat_sandbox::Options::new(folder.to_path_buf());
        wechat_sandbox::Sandbox::start(options).await.unwrap().env()
    })
}

/// A phone with WeChat; `user` is one of the sandbox's people.
pub struct Phone {
    pub browser: Browser,
    pub user: String,
}

impl TestApp {
    /// Registers a unit on the PC page.
    pub async fn register(&self, unit: &Unit) -> Page {
        let page = self.browser().get("/register").await;
        let answer = page.submit(&unit.form()).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer
    }

    /// Registers a unit and lets an administrator approve it.
    pub async fn member(&self, unit: &Unit) {
        self.register(unit).await;
        let staff = self.staff(Role::Super).await;
        let queue = staff.get("/admin/registrations").await;
        let link = queue
            .links()
            .into_iter()
            .find(|(text, _)| text.contains(&unit.name))
            .unwrap_or_else(|| panic!("{} is not in the queue:\n{}", unit.name, queue.text()));
        let detail = staff.get(&link.1).await;
        let done = detail.submit_form("form[action$='/approve']", &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
    }

    /// The sandbox's first or another WeChat user on a fresh phone.
    pub fn phone(&self, which: usize) -> Phone {
        let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) MicroMessenger/8.0.50";
        let user = self.sandbox.users()[which].id.clone();
        Phone { browser: Browser::with_agent(self.address, agent), user }
    }

    /// Types login name and password on a PC; the puzzle is solved when it is asked for.
    pub async fn log_in(&self, browser: &Browser, login: &str, password: &str) -> Page {
        let page = browser.get("/login").await;
        let fields = [("account", login), ("password", password)];
        let answer = page.submit(&fields).await;
        if answer.status == 422 && answer.error_of("account").contains("安全验证") {
            return answer.submit_solved(&fields).await;
        }
        answer
    }

    /// A member's PC browser, signed in with password, profile and scan, and the phone used.
    pub async fn signed_in(&self, unit: &Unit, which_phone: usize) -> Browser {
        let browser = self.browser();
        let mut page = self.log_in(&browser, &unit.uscc, PASSWORD).await;
        assert_eq!(page.status, 303, "{}", page.text());
        if page.location().as_deref() == Some("/profile") {
            page = page.follow().await.submit(PROFILE).await;
            assert_eq!(page.status, 303, "{}", page.text());
        }
        let scan = page.follow().await;
        let phone = self.phone(which_phone);
        let confirmed = phone.confirm(self, &scan).await;
        assert!(confirmed.status < 400, "{}", confirmed.text());
        self.enter(&browser, &scan).await;
        browser
    }

    /// Lets the PC page poll until it is let in.
    pub async fn enter(&self, browser: &Browser, scan: &Page) {
        let state = browser.ask("GET".parse().unwrap(), &scan.poll_url(), &[]).await;
        assert!(state.headers.contains_key("hx-redirect"), "{} {}", state.status, state.body);
        assert_eq!(browser.get("/").await.status, 200);
    }
}

impl Phone {
    /// Opens an address in WeChat; authorisation is answered by the sandbox.
    pub async fn open(&self, test: &TestApp, path: &str) -> Page {
        let mut page = self.browser.get(path).await;
        for _ in 0..10 {
            let Some(next) = page.location() else { return page };
            if next.starts_with(&test.sandbox.base_url()) {
                let callbacks = test.sandbox.authorize(&next, &self.user).unwrap();
                let Some(callback) = callbacks.first() else { return page };
                page = self.browser.get(callback).await;
            } else {
                page = self.browser.get(&next).await;
            }
        }
        panic!("too many redirects from {path}");
    }

    /// Scans the code of a PC page and confirms with the right number.
    pub async fn confirm(&self, test: &TestApp, scan: &Page) -> Page {
        let opened = self.open(test, &scan.qr_path()).await;
        assert_eq!(opened.status, 200, "{}", opened.text());
        let number = scan.number();
        opened.submit_form("form[action$='/confirm']", &[("number", &number)]).await
    }
}

impl Page {
    /// Fills the main form and solves its puzzle, as the page's script does.
    pub async fn submit_solved(&self, fields: &[(&str, &str)]) -> Page {
        let challenge = self.attribute("[data-puzzle]", "data-puzzle").unwrap();
        let bits = self.attribute("[data-puzzle]", "data-puzzle-bits").unwrap().parse().unwrap();
        let solved = (0..u64::MAX)
            .map(|number| number.to_string())
            .find(|number| puzzle::solves(&challenge, number, bits))
            .unwrap();
        let mut all = fields.to_vec();
        all.push(("puzzle_answer", &solved));
        self.submit(&all).await
    }

    /// Every link with its text.
    pub fn links(&self) -> Vec<(String, String)> {
        let texts = self.texts("a[href]");
        texts.into_iter().zip(self.attributes("a[href]", "href")).collect()
    }

    /// The address in the login code.
    pub fn qr_path(&self) -> String {
        let links = self.attributes("[data-scan-url]", "data-scan-url");
        let url = links.first().unwrap_or_else(|| panic!("no login code:\n{}", self.body));
        format!("/h5/scan/{}", url.rsplit('/').next().unwrap())
    }

    /// The two digits that the PC shows.
    pub fn number(&self) -> String {
        self.texts("[data-scan-number]").into_iter().next().unwrap()
    }

    /// Where the page asks whether anything has changed.
    pub fn poll_url(&self) -> String {
        self.attribute("[data-poll]", "data-poll").unwrap()
    }
}
