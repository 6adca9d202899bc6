//! 章程, 隐私政策, and the file by which WeChat checks the domain.

use salvo::{Writer, handler, writing::Text};
use serde::Serialize;

use crate::web::{App, Html, Page, settings::Document};

/// `/charter`, `/privacy`
#[derive(Debug, Serialize)]
pub struct DocumentPage {
    name: String,
    version: String,
    paragraphs: Vec<String>,
}

impl Page for DocumentPage {
    const TEMPLATE: &'static str = "pages/setting/document.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        vec![Self::of(&Document {
            version: "2026-01".into(),
            title: "示例协会章程".into(),
            text: "第一条 示例。\n\n第二条 示例。".into(),
        })]
    }
}

impl DocumentPage {
    fn of(document: &Document) -> Self {
        let paragraphs = document.text.split("\n\n").map(str::trim);
        Self {
            name: document.title.clone(),
            version: document.version.clone(),
            paragraphs: paragraphs.filter(|text| !text.is_empty()).map(str::to_owned).collect(),
        }
    }
}

/// `GET /charter`
#[handler]
pub async fn charter(app: App) -> Html<DocumentPage> {
    Html::new(DocumentPage::of(&app.settings.site.charter))
}

/// `GET /privacy`
#[handler]
pub async fn privacy(app: App) -> Html<DocumentPage> {
    Html::new(DocumentPage::of(&app.settings.site.privacy))
}

/// `GET /MP_verify_….txt`
#[handler]
pub async fn domain_verify(app: App) -> Text<String> {
    Text::Plain(app.settings.domain_verify.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_separate_paragraphs() {
        let [page] = DocumentPage::samples().try_into().unwrap();
        assert_eq!(page.paragraphs, ["第一条 示例。", "第二条 示例。"]);
    }
}
