//! The official account: authorize, code, tokens, messages.

use serde_json::{Value, json};
use wechat_sandbox::{APP_ID, Mishap};

use crate::merchant::Rig;

fn authorize_url(rig: &Rig, tail: &str) -> String {
    let callback = "http%3A%2F%2F127.0.0.1%3A9%2Fwechat%2Foauth%2Fcallback";
    format!(
        "{}/connect/oauth2/authorize?appid={APP_ID}&redirect_uri={callback}&response_type=code&scope=snsapi_base&state=abc123{tail}",
        rig.sandbox.base_url()
    )
}

fn code_of(callback: &str) -> String {
    assert!(callback.ends_with("&state=abc123"), "{callback}");
    callback.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

async fn exchange(rig: &Rig, code: &str) -> Value {
    let secret = rig.env("WECHAT__APP_SECRET");
    rig.plain(&format!("/sns/oauth2/access_token?appid={APP_ID}&secret={secret}&code={code}&grant_type=authorization_code")).await
}

#[tokio::test]
async fn a_code_names_its_user_once() {
    let rig = Rig::start().await;

    let callbacks =
        rig.sandbox.authorize(&authorize_url(&rig, "#wechat_redirect"), "xiaozhou").unwrap();
    let code = code_of(&callbacks[0]);
    let first = exchange(&rig, &code).await;
    let second = exchange(&rig, &code).await;

    assert_eq!(first["openid"], rig.sandbox.users()[1].openid);
    assert!(first.get("errcode").is_none());
    assert_eq!(second["errcode"], 40163);
    assert!(second["errmsg"].as_str().unwrap().contains("rid: "));
    assert_eq!(exchange(&rig, "unknown").await["errcode"], 40029);
}

#[tokio::test]
async fn authorize_wants_its_parameters_in_order_and_a_registered_host() {
    let rig = Rig::start().await;
    let good = authorize_url(&rig, "&connect_redirect=1");
    let wrong = [
        good.replace(
            "response_type=code&scope=snsapi_base",
            "scope=snsapi_base&response_type=code",
        ),
        good.replace("snsapi_base", "snsapi_login"),
        good.replace("127.0.0.1%3A9", "evil.example"),
        good.replace(APP_ID, "wx0000000000000000"),
        good.replace("abc123", "abc-123"),
        good.replace("&connect_redirect=1", "&extra=1"),
    ];

    assert!(rig.sandbox.authorize(&good, "").is_ok());
    for url in wrong {
        assert!(rig.sandbox.authorize(&url, "").is_err(), "{url}");
    }
}

#[tokio::test]
async fn oauth_goes_wrong_as_ordered() {
    let rig = Rig::start().await;
    let authorize = |mishap| {
        rig.sandbox.mishap(mishap);
        rig.sandbox.authorize(&authorize_url(&rig, ""), "xiaolin").unwrap()
    };

    assert!(authorize(Mishap::OauthRefuse).is_empty());
    let twice = authorize(Mishap::OauthDoubleCallback);
    assert_eq!((twice.len(), &twice[0]), (2, &twice[1]));
    let two = authorize(Mishap::OauthTwoCodes);
    assert_ne!(code_of(&two[0]), code_of(&two[1]));
    assert_eq!(
        exchange(&rig, &code_of(&authorize(Mishap::OauthExpiredCode)[0])).await["errcode"],
        42003
    );
    let snapshot = exchange(&rig, &code_of(&authorize(Mishap::OauthSnapshot)[0])).await;
    assert_eq!(snapshot["is_snapshotuser"], 1);
    let busy = code_of(&authorize(Mishap::OauthBusyThenUsed)[0]);
    assert_eq!(exchange(&rig, &busy).await["errcode"], -1);
    assert_eq!(exchange(&rig, &busy).await["errcode"], 40163);
}

#[tokio::test]
async fn the_two_kinds_of_token_do_not_kill_each_other() {
    let rig = Rig::start().await;
    let secret = rig.env("WECHAT__APP_SECRET");
    let path =
        format!("/cgi-bin/token?grant_type=client_credential&appid={APP_ID}&secret={secret}");
    let stable = async |force: bool| {
        let body = json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": secret, "force_refresh": force });
        let request =
            rig.http.post(format!("{}/cgi-bin/stable_token", rig.sandbox.base_url())).json(&body);
        serde_json::from_str::<Value>(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    };
    let send = async |token: &Value, openid: &str| {
        let url = format!(
            "{}/cgi-bin/message/template/send?access_token={}",
            rig.sandbox.base_url(),
            token.as_str().unwrap()
        );
        let body = json!({ "touser": openid, "template_id": "t1", "data": { "thing1": { "value": "会费" } } });
        let text = rig.http.post(url).json(&body).send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let users = rig.sandbox.users();

    let old = rig.plain(&path).await["access_token"].clone();
    let steady = stable(false).await["access_token"].clone();
    rig.plain(&path).await;
    assert_eq!(send(&old, &users[0].openid).await["errcode"], 0);
    rig.sandbox.advance(5 * 60 * 1000 + 1).await.unwrap();

    assert_eq!(send(&old, &users[0].openid).await["errcode"], 40001);
    assert_eq!(stable(false).await["access_token"], steady);
    assert_eq!(send(&steady, &users[2].openid).await["errcode"], 43004);
    assert_ne!(stable(true).await["access_token"], steady);
    assert_eq!(stable(true).await["errcode"], 45011);
    assert_eq!(rig.sandbox.messages().len(), 1);
}
