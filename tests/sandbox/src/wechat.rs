//! The HTTP side of `oauth`, `sns` and `cgi`: queries in, `text/plain` JSON out.

use std::time::Duration;

use salvo::http::StatusCode;
use salvo::prelude::{Depot, Request, Response, Text, handler};
use serde_json::Value;

use crate::mishap::Mishap;
use crate::world::world;
use crate::{cgi, phone, sns};

/// `GET /connect/oauth2/authorize`, opened in a browser that is not WeChat's.
#[handler]
pub async fn authorize(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let query = request.uri().query().unwrap_or_default();
    response.render(Text::Html(phone::outside(&world, query)));
}

/// `GET /sns/oauth2/access_token`.
#[handler]
pub async fn access_token(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    if world.books().mishaps.strikes(None, &Mishap::OauthHttp500) {
        response.render_with_status(
            StatusCode::INTERNAL_SERVER_ERROR,
            Text::Html("<h1>500 Internal Server Error</h1>"),
        );
        return;
    }
    let wait = world.books().mishaps.take(None, |mishap| match mishap {
        Mishap::OauthHang { seconds } => Some(*seconds),
        _ => None,
    });
    let answer = sns::access_token(&world, query_of(request));
    if let Some(seconds) = wait {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
    plain(response, &answer);
}

/// `GET /sns/oauth2/refresh_token`.
#[handler]
pub async fn refresh_token(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    plain(response, &sns::refresh_token(&world, query_of(request)));
}

/// `GET /sns/userinfo`.
#[handler]
pub async fn userinfo(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    plain(response, &sns::userinfo(&world, query_of(request)));
}

/// `GET /sns/auth`.
#[handler]
pub async fn auth(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    plain(response, &sns::auth(&world, query_of(request)));
}

/// `GET /cgi-bin/token`.
#[handler]
pub async fn token(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    plain(response, &cgi::token(&world, query_of(request)));
}

/// `POST /cgi-bin/stable_token`.
#[handler]
pub async fn stable_token(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let body = request.payload().await.map(|bytes| bytes.to_vec()).unwrap_or_default();
    plain(response, &cgi::stable_token(&world, &body));
}

/// `GET /cgi-bin/ticket/getticket`.
#[handler]
pub async fn ticket(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    plain(response, &cgi::ticket(&world, query_of(request)));
}

/// `POST /cgi-bin/message/template/send`.
#[handler]
pub async fn send_template(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let access = query_of(request)("access_token");
    let body = request.payload().await.map(|bytes| bytes.to_vec()).unwrap_or_default();
    plain(response, &cgi::send_template(&world, &access, &body));
}

fn query_of(request: &Request) -> impl Fn(&str) -> String + use<> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    move |name| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }
}

/// WeChat labels its JSON as text.
fn plain(response: &mut Response, answer: &Value) {
    response.render(Text::Plain(answer.to_string()));
}
