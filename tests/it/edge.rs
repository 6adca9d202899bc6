//! The edge: headers, tokens, error pages, limits, old links.

use reqwest::Method;

use crate::support::TestApp;

#[tokio::test]
async fn links_printed_on_posters_still_lead_to_their_pages() {
    let test = TestApp::start().await;
    let browser = test.browser();
    for (old, new) in [
        ("/framework/hygl/regist.html", "/register"),
        ("/h5/hy_register.html", "/h5/register"),
        ("/framework/login.jsp", "/login"),
    ] {
        let page = browser.get(old).await;
        assert_eq!((page.status, page.location().as_deref()), (301, Some(new)), "{old}");
        assert_eq!(page.follow().await.status, 200, "{new}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let test = TestApp::start().await;
    for path in ["/register", "/h5/register", "/nowhere", "/healthz", "/admin"] {
        let page = test.browser().get(path).await;
        let header = |name: &str| {
            page.headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let policy = header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        // A form on the phone leads on to WeChat's authorisation, which is another origin.
        let wechat = format!("form-action 'self' {};", test.sandbox.base_url());
        assert!(policy.contains(&wechat), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert!(!header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn unknown_pages_and_wrong_methods_get_our_own_page() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let missing = browser.get("/nowhere").await;
    assert_eq!(missing.status, 404);
    missing.must_say("页面不存在");
    assert!(!missing.body.to_lowercase().contains("salvo"));
    let phone = browser.get("/h5/nowhere").await;
    assert_eq!(phone.status, 404);
    let json = browser.ask(Method::GET, "/nowhere", &[("accept", "application/json")]).await;
    assert!(json.body.starts_with('{'), "{}", json.body);
    let method = browser.ask(Method::DELETE, "/register", &[]).await;
    assert_eq!(method.status, 405);
}

#[tokio::test]
async fn a_form_without_its_token_or_with_a_foreign_one_changes_nothing() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let page = browser.get("/admin/login").await;
    let own = page.fields("main form")["csrf"].clone();
    for token in ["", "x", &"A".repeat(22)] {
        let answer = browser.post_raw("/admin/login", &[("csrf", token), ("account", "a")]).await;
        assert_eq!(answer.status, 403, "{token}");
        answer.must_say("页面已过期");
    }
    let stranger = test.browser();
    stranger.get("/admin/login").await;
    assert_eq!(stranger.post_raw("/admin/login", &[("csrf", &own)]).await.status, 403);
    let right = browser.post_raw("/admin/login", &[("csrf", &own), ("account", "a")]).await;
    assert_eq!(right.status, 422);
}

#[tokio::test]
async fn bodies_that_are_too_large_or_no_form_are_refused() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let big = browser.post_body("/register", &[form], vec![b'a'; 200_000]).await;
    assert_eq!(big.status, 413);
    let odd =
        browser.post_body("/register", &[("content-type", "text/plain")], b"{}".to_vec()).await;
    assert!((400..500).contains(&odd.status), "{}", odd.status);
}

#[tokio::test]
async fn probes_tell_the_operator_how_it_stands() {
    let test = TestApp::start().await;
    let browser = test.browser();
    assert_eq!(browser.get("/healthz").await.status, 200);
    let ready = browser.get("/readyz").await;
    assert_eq!(ready.status, 200);
    assert!(ready.body.contains("\"database\":\"ok\""), "{}", ready.body);
}

#[tokio::test]
async fn admin_pages_send_strangers_to_the_sign_in() {
    let test = TestApp::start().await;
    for path in [
        "/admin",
        "/admin/registrations",
        "/admin/members",
        "/admin/dues",
        "/admin/offline",
        "/admin/payments",
        "/admin/payments/unexplained",
    ] {
        let page = test.browser().get(path).await;
        assert_eq!(page.location().as_deref(), Some("/admin/login"), "{path}");
    }
}

#[tokio::test]
async fn member_pages_send_strangers_to_the_login() {
    let test = TestApp::start().await;
    for path in
        ["/", "/profile", "/password", "/dues", "/dues/offline", "/dues/records", "/payments"]
    {
        let page = test.browser().get(path).await;
        assert_eq!(page.location().as_deref(), Some("/login"), "{path}");
    }
}
