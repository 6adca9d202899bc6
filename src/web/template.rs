//! The two sets of templates, h5 and pc, and what both have: components, functions and filters.

use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, TeraResult};

use super::{assets, blank::Blanks, page::Surface};
use crate::kernel::{Fen, Timestamp};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/both"]
#[include = "*.html"]
struct Both;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/h5"]
#[include = "*.html"]
struct H5;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/pc"]
#[include = "*.html"]
struct Pc;

/// All templates, parsed.
pub struct Templates {
    h5: Tera,
    pc: Tera,
    /// What was rendered already and stays the same.
    pub(super) blanks: Blanks,
}

impl Templates {
    /// Parses every template; a broken one stops the start.
    pub fn load() -> TeraResult<Self> {
        let (h5, pc) = (surface::<H5>()?, surface::<Pc>()?);
        Ok(Self { h5, pc, blanks: Blanks::default() })
    }

    /// Renders a template of a surface; `chrome` is what every layout needs.
    pub fn render(
        &self,
        surface: Surface,
        template: &str,
        page: &impl Serialize,
        chrome: &impl Serialize,
    ) -> TeraResult<String> {
        let mut context = Context::from_serialize(page)?;
        context.insert("chrome", chrome);
        self.of(surface).render(template, &context)
    }

    /// The names of a surface's templates.
    pub fn names(&self, surface: Surface) -> Vec<String> {
        self.of(surface).get_template_names().map(str::to_owned).collect()
    }

    const fn of(&self, surface: Surface) -> &Tera {
        match surface {
            Surface::H5 => &self.h5,
            Surface::Pc => &self.pc,
        }
    }
}

fn surface<E: RustEmbed>() -> TeraResult<Tera> {
    let mut tera = Tera::new();
    register(&mut tera);
    let sources = [read::<Both>()?, read::<E>()?].concat();
    tera.add_raw_templates(sources.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    Ok(tera)
}

/// Names and texts of one folder.
fn read<E: RustEmbed>() -> TeraResult<Vec<(String, String)>> {
    let one = |name: std::borrow::Cow<'static, str>| {
        let file = E::get(&name).ok_or_else(|| tera::Error::message(name.to_string()))?;
        let text = String::from_utf8(file.data.into_owned())
            .map_err(|_| tera::Error::message(format!("{name} is not UTF-8")))?;
        Ok((name.into_owned(), text))
    };
    E::iter().map(one).collect()
}

fn register(tera: &mut Tera) {
    tera.register_filter("fen", |fen: i64, _: Kwargs, _: &State<'_>| Fen::new(fen).grouped());
    tera.register_filter("yuan", |fen: i64, _: Kwargs, _: &State<'_>| Fen::new(fen).plain());
    tera.register_filter("rmb_upper", |fen: i64, _: Kwargs, _: &State<'_>| {
        Fen::new(fen).uppercase()
    });
    tera.register_filter("datetime", |millis: i64, _: Kwargs, _: &State<'_>| {
        Timestamp::from_millis(millis).to_minute()
    });
    tera.register_filter("date", |millis: i64, _: Kwargs, _: &State<'_>| {
        Timestamp::from_millis(millis).date().to_string()
    });
    tera.register_function("asset", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name: String = kwargs.must_get("name")?;
        assets::asset_url(&name)
            .ok_or_else(|| tera::Error::message(format!("there is no asset {name}")))
    });
}
