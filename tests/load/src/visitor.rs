//! A browser for the few steps that lead to a login code: cookies, forms with their hidden fields.

use std::{net::SocketAddr, sync::Arc};

use reqwest::{
    Client, RequestBuilder, Url,
    cookie::{CookieStore as _, Jar},
    header::LOCATION,
    redirect::Policy,
};
use scraper::{Html, Selector};

use crate::Result;

/// One browser behind its own address.
pub struct Visitor {
    client: Client,
    jar: Arc<Jar>,
    base: Url,
    address: String,
}

/// A page, or a redirect to one.
pub struct Page {
    /// HTTP's.
    pub status: u16,
    /// Where a redirect leads; else empty.
    pub location: String,
    /// What came.
    pub body: String,
}

impl Visitor {
    /// `number` gives the address that the proxy would tell.
    pub fn new(server: SocketAddr, number: u32) -> Result<Self> {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36")
            .build()?;
        Ok(Self { client, jar, base: format!("http://{server}").parse()?, address: ip(number) })
    }

    /// Opens a path; redirects are not followed.
    pub async fn get(&self, path: &str) -> Result<Page> {
        self.send(self.client.get(self.base.join(path)?)).await
    }

    /// Fills the form that the selector finds and submits it. A refusal is an error.
    pub async fn submit(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let (action, mut values) = page.form(form)?;
        values.retain(|(name, _)| !fields.iter().any(|(field, _)| field == name));
        values.extend(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let mut url = self.base.join(&action)?;
        let body = Url::parse_with_params("http://form/", &values)?;
        url.set_fragment(None);
        let request = self
            .client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.query().unwrap_or_default().to_owned());
        let answer = self.send(request).await?;
        if answer.status == 303 {
            return Ok(answer);
        }
        Err(format!("{action} answered {}:\n{}", answer.status, answer.text()).into())
    }

    async fn send(&self, request: RequestBuilder) -> Result<Page> {
        let answer = request.header("x-forwarded-for", &self.address).send().await?;
        let location = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let location = location.unwrap_or_default().to_owned();
        let status = answer.status().as_u16();
        Ok(Page { status, location, body: answer.text().await? })
    }

    /// The `Cookie` header that this browser would send.
    pub fn cookies(&self) -> String {
        let cookies = self.jar.cookies(&self.base);
        cookies.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default()
    }
}

/// Address number `n` of 10.0.0.0/8.
pub fn ip(n: u32) -> String {
    let [_, a, b, c] = (n + 1).to_be_bytes();
    format!("10.{a}.{b}.{c}")
}

fn selector(text: &str) -> Result<Selector> {
    Selector::parse(text).map_err(|error| error.to_string().into())
}

impl Page {
    /// An attribute of the first element that a selector finds.
    pub fn attribute(&self, of: &str, name: &str) -> Result<String> {
        let document = Html::parse_document(&self.body);
        let found = document.select(&selector(of)?).find_map(|found| found.value().attr(name));
        let found = found.map(str::to_owned);
        found.ok_or_else(|| format!("no {of} with {name} on the page:\n{}", self.text()).into())
    }

    /// Where a form leads, and what stands in it.
    pub fn form(&self, form: &str) -> Result<(String, Vec<(String, String)>)> {
        let action = self.attribute(form, "action")?;
        let document = Html::parse_document(&self.body);
        let found = document.select(&selector(form)?).next().ok_or("no form")?;
        let inputs = selector("input[name][value]:not([type=checkbox]):not([type=radio])")?;
        let fields = found.select(&inputs).filter_map(|input| {
            let input = input.value();
            Some((input.attr("name")?.to_owned(), input.attr("value")?.to_owned()))
        });
        Ok((action, fields.collect()))
    }

    fn text(&self) -> String {
        let document = Html::parse_document(&self.body);
        let words: Vec<&str> =
            document.root_element().text().flat_map(str::split_whitespace).collect();
        words.join(" ").chars().take(600).collect()
    }
}
