//! A browser without a screen: cookies, links, forms with their hidden fields. It can only do what
//! a person can do.

use std::net::SocketAddr;

use reqwest::{Client, ClientBuilder, Method, Response, header::HeaderMap, redirect::Policy};

/// One browser with its cookies. Redirects are not followed by themselves.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    base: String,
}

/// What came back.
pub struct Page {
    pub browser: Browser,
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    /// A fresh one.
    pub fn at(address: SocketAddr) -> Self {
        Self::with_agent(address, "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36")
    }

    /// A fresh one whose requests come through a proxy, from that address.
    pub fn behind(&self, ip: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", ip.parse().unwrap());
        let client = Client::builder().default_headers(headers);
        Self { client: Self::finish(client, "Mozilla/5.0 Chrome/130.0"), base: self.base.clone() }
    }

    /// A fresh one that calls itself as given.
    pub fn with_agent(address: SocketAddr, agent: &str) -> Self {
        let client = Self::finish(Client::builder(), agent);
        Self { client, base: format!("http://{address}") }
    }

    fn finish(client: ClientBuilder, agent: &str) -> Client {
        client
            .cookie_store(true)
            .redirect(Policy::none())
            .user_agent(agent)
            .no_proxy()
            .build()
            .unwrap()
    }

    /// The same browser (the same cookies) talking to another server, as behind a load balancer.
    pub fn on(&self, address: SocketAddr) -> Self {
        Self { client: self.client.clone(), base: format!("http://{address}") }
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    pub async fn page(&self, path: &str, response: Response) -> Page {
        Page {
            browser: self.clone(),
            path: path.to_owned(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    /// Opens an address.
    pub async fn get(&self, path: &str) -> Page {
        let response = self.client.get(self.url(path)).send().await.unwrap();
        self.page(path, response).await
    }

    /// Opens an address and follows redirects to the end, within the product.
    pub async fn open(&self, path: &str) -> Page {
        let mut page = self.get(path).await;
        for _ in 0..10 {
            let Some(next) = page.location() else { return page };
            page = self.get(&next).await;
        }
        panic!("too many redirects from {path}");
    }

    /// Asks with headers of one's own.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
        let mut request = self.client.request(method, self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.page(path, request.send().await.unwrap()).await
    }

    /// Posts fields as they are, without any token: what a foreign page could do.
    pub async fn post_raw(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = encode(fields.iter().map(|(name, value)| (*name, *value)));
        let request = self
            .client
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.page(path, request.send().await.unwrap()).await
    }

    /// Posts a body as it is.
    pub async fn post_body(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Page {
        let mut request = self.client.post(self.url(path)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.page(path, request.send().await.unwrap()).await
    }
}

/// Percent-encodes fields.
pub fn encode<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut url = reqwest::Url::parse("http://x/").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}
