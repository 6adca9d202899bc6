//! Every link and form on every page leads to a route, and every asset that a page names exists.

use std::collections::BTreeSet;

use huiyuan::{
    routes,
    web::{Surface, page::Chrome},
};
use scraper::{Html, Selector};

use crate::support::TestApp;

/// What the samples of all pages point to: `(is a form, address)`.
fn targets(test: &TestApp) -> BTreeSet<(bool, String)> {
    let mut found = BTreeSet::new();
    for sample in routes::samples() {
        let site = &test.app.settings.site;
        let home = if sample.surface == Surface::H5 { "/h5/" } else { "/" };
        let chrome = Chrome::new(&sample.title, site, "token", home);
        let html = test
            .app
            .templates
            .render(sample.surface, sample.template, &sample.context, &chrome)
            .unwrap();
        let document = Html::parse_document(&html);
        for (selector, attribute) in [
            ("a[href]", "href"),
            ("link[href]", "href"),
            ("script[src]", "src"),
            ("img[src]", "src"),
            ("form[action]", "action"),
        ] {
            let parsed = Selector::parse(selector).unwrap();
            for element in document.select(&parsed) {
                let address = element.value().attr(attribute).unwrap().to_owned();
                let method = element.value().attr("method").unwrap_or("get");
                found.insert((
                    selector.starts_with("form") && method.eq_ignore_ascii_case("post"),
                    address,
                ));
            }
        }
    }
    found
}

#[tokio::test]
async fn every_link_and_form_leads_somewhere() {
    // With everything that is offered only where the association wants it.
    let test = TestApp::start_with(&[("SECURITY__DIRECT_SCAN", "true")]).await;
    let browser = test.browser();
    let mut dead = Vec::new();
    for (is_form, address) in targets(&test) {
        let outside = ["http", "tel:", "mailto:", "data:", "#"];
        if outside.iter().any(|start| address.starts_with(start)) || address.is_empty() {
            continue;
        }
        let path = address.split(['#', '?']).next().unwrap();
        // A form without a token is refused by the route itself, which proves that it exists.
        let status = if is_form {
            browser.post_raw(path, &[]).await.status
        } else {
            browser.get(path).await.status
        };
        // What a stranger cannot tell from missing: 审核结果 with its actions, a batch's
        // outcome, and a payment link that does not open.
        let hidden = ["sample-registration", "/admin/registrations/batches/", "/pay/link/"];
        let is_result = hidden.iter().any(|part| path.contains(part));
        if (status == 404 && !is_result) || status == 405 || status >= 500 {
            dead.push(format!("{status} {address}"));
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}
