//! The configuration contract: layers, and what stops a start.

use huiyuan::config::Settings;

/// The settings that the defaults lack, with sound values.
fn sound() -> Vec<(String, String)> {
    let folder = std::env::temp_dir().join(format!("huiyuan-config-{}", std::process::id()));
    let made = crate::support::merchant_settings(&folder);
    let mut environment = made;
    environment.push(("HUIYUAN__SECURITY__JWT_SECRET".into(), "j".repeat(32)));
    environment.push(("HUIYUAN__SECURITY__DATA_KEY".into(), "d".repeat(32)));
    environment
}

fn load(extra: &[(&str, &str)]) -> Result<Settings, String> {
    let mut environment = sound();
    for (key, value) in extra {
        environment.push((format!("HUIYUAN__{key}"), (*value).to_owned()));
    }
    Settings::load(None, environment).map_err(|problems| problems.to_string())
}

#[test]
fn the_environment_wins_over_the_defaults() {
    let settings = load(&[("SERVER__LISTEN", "127.0.0.1:9999"), ("SITE__BANK__ACCOUNT", "1234")]);
    let settings = settings.unwrap();
    assert_eq!(settings.server.listen, "127.0.0.1:9999");
    assert_eq!(settings.site.bank.account, "1234");
    assert_eq!(settings.security.scan_seconds, 120);
}

#[test]
fn every_problem_is_told_in_a_line_of_its_own() {
    let problems = Settings::load(None, Vec::new()).unwrap_err().to_string();
    for part in [
        "security.jwt_secret",
        "security.data_key",
        "wechat.app_id",
        "wechat_pay.merchant_private_key",
        "wechat_pay.public_keys",
    ] {
        assert!(problems.lines().any(|line| line.contains(part)), "{part} in:\n{problems}");
    }
}

#[test]
fn an_unknown_key_or_a_value_of_the_wrong_kind_is_refused_by_name() {
    for (key, value) in [
        ("SERVER__LISTENN", "127.0.0.1:1"),
        ("SERVR__LISTEN", "127.0.0.1:1"),
        ("DATABASE__MAX_CONNECTIONS", "many"),
        ("SERVER__TRUSTED_PROXIES", "not json"),
    ] {
        let problem = load(&[(key, value)]).unwrap_err();
        assert!(problem.contains(key), "{problem}");
    }
}

#[test]
fn production_refuses_what_could_lose_money_or_leak_data() {
    let problems = load(&[("SERVER__PROFILE", "production")]).unwrap_err();
    for part in ["https://", "WeChat's own", "SQLite"] {
        assert!(problems.contains(part), "{part} in:\n{problems}");
    }
    let one_store = load(&[("SERVER__INSTANCES", "2")]).unwrap_err();
    assert!(one_store.contains("redis.url"), "{one_store}");
}

#[test]
fn a_staff_scan_that_is_not_offered_is_refused_instead_of_ignored() {
    let problem = load(&[("STAFF__SECOND_FACTOR", "wechat")]).unwrap_err();
    assert!(problem.contains("staff.second_factor"), "{problem}");
}
