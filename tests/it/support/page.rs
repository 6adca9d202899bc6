//! A page as a person sees it: text, links, forms with what they hold already.

use std::collections::BTreeMap;

use reqwest::{header::LOCATION, multipart};
use scraper::{ElementRef, Html, Selector};

use super::browser::{Page, encode};

impl Page {
    /// Where a redirect leads.
    pub fn location(&self) -> Option<String> {
        let to = self.headers.get(LOCATION)?.to_str().unwrap();
        (300..400).contains(&self.status).then(|| to.to_owned())
    }

    /// Follows one redirect.
    pub async fn follow(&self) -> Page {
        let to = self.location().unwrap_or_else(|| panic!("{} is no redirect", self.status));
        self.browser.open(&to).await
    }

    fn document(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The text of the page's main part, blanks levelled.
    pub fn text(&self) -> String {
        let document = self.document();
        let body = Selector::parse("main, body").unwrap();
        let text: Vec<&str> =
            document.select(&body).next().map(|main| main.text().collect()).unwrap_or_default();
        text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// True when the page says so.
    pub fn says(&self, words: &str) -> bool {
        self.text().replace(' ', "").contains(&words.replace(' ', ""))
    }

    /// Fails with the page's text unless it says so.
    #[track_caller]
    pub fn must_say(&self, words: &str) {
        assert!(
            self.says(words),
            "{} {} should say {words}:\n{}",
            self.status,
            self.path,
            self.text()
        );
    }

    /// The error beside a field; empty when there is none.
    pub fn error_of(&self, field: &str) -> String {
        self.texts(&format!("#f-{field}-error")).join(" ")
    }

    /// The texts of all elements that a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.document()
            .select(&selector)
            .map(|found| found.text().collect::<String>().trim().to_owned())
            .collect()
    }

    /// An attribute of the first element that a selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let parsed = Selector::parse(selector).unwrap();
        let document = self.document();
        document.select(&parsed).next()?.value().attr(name).map(str::to_owned)
    }

    /// An attribute of every element that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let parsed = Selector::parse(selector).unwrap();
        let document = self.document();
        let found = document.select(&parsed).filter_map(|found| found.value().attr(name));
        found.map(str::to_owned).collect()
    }

    /// What a form holds before anybody types.
    pub fn fields(&self, form: &str) -> BTreeMap<String, String> {
        let parsed = Selector::parse(form).unwrap();
        let document = self.document();
        let form = document.select(&parsed).next();
        form.map(prefilled).unwrap_or_default()
    }

    /// Fills the main form of the page (the first POST form in `main`) and submits it.
    pub async fn submit(&self, fields: &[(&str, &str)]) -> Page {
        self.submit_form("main form[method=post], main form[method=POST]", fields).await
    }

    /// Fills a form and submits it to its action.
    pub async fn submit_form(&self, form: &str, fields: &[(&str, &str)]) -> Page {
        let values = self.filled(form, fields);
        let pairs = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let (path, body) = (self.action(form), encode(pairs));
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.browser.post_body(&path, &[kind], body.into_bytes()).await
    }

    /// Fills a form with files (`(field, file name, media type, bytes)`) and submits it.
    pub async fn submit_files(
        &self,
        form: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &str, Vec<u8>)],
    ) -> Page {
        let mut body = multipart::Form::new();
        for (name, value) in self.filled(form, fields) {
            body = body.text(name, value);
        }
        for (field, name, kind, bytes) in files {
            let part = multipart::Part::bytes(bytes.clone())
                .file_name((*name).to_owned())
                .mime_str(kind)
                .unwrap();
            body = body.part((*field).to_owned(), part);
        }
        let path = self.action(form);
        let request = self.browser.client.post(self.browser.url(&path)).multipart(body);
        self.browser.page(&path, request.send().await.unwrap()).await
    }

    /// Where a form leads.
    pub fn action(&self, form: &str) -> String {
        let found = self.attribute(form, "action");
        found.unwrap_or_else(|| panic!("no form {form} on {}:\n{}", self.path, self.body))
    }

    fn filled(&self, form: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut values = self.fields(form);
        for (name, _) in fields {
            values.remove(*name);
        }
        let mut values: Vec<(String, String)> = values.into_iter().collect();
        values.extend(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        values
    }
}

/// Inputs with their values, ticked boxes, chosen options, texts of text areas.
fn prefilled(form: ElementRef<'_>) -> BTreeMap<String, String> {
    let all = Selector::parse("input, select, textarea").unwrap();
    let chosen = Selector::parse("option[selected]").unwrap();
    let mut values = BTreeMap::new();
    for element in form.select(&all) {
        let attributes = element.value();
        let Some(name) = attributes.attr("name") else { continue };
        let ticked = attributes.attr("checked").is_some();
        let value = match (attributes.name(), attributes.attr("type")) {
            ("select", _) => element
                .select(&chosen)
                .next()
                .and_then(|option| option.value().attr("value"))
                .unwrap_or_default()
                .to_owned(),
            ("textarea", _) => element.text().collect(),
            (_, Some("checkbox" | "radio")) if !ticked => continue,
            (_, Some("file")) => continue,
            _ => attributes.attr("value").unwrap_or_default().to_owned(),
        };
        values.insert(name.to_owned(), value);
    }
    values
}
