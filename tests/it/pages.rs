//! Every page renders every shape that it can take, and every template has its page.

use std::{collections::BTreeSet, path::Path};

use huiyuan::{
    routes,
    web::{Sample, Surface, page::Chrome, settings::Site, template::Templates},
};

fn site() -> Site {
    let defaults: toml::Table = include_str!("../../config/default.toml").parse().unwrap();
    defaults["site"].clone().try_into().unwrap()
}

fn render(templates: &Templates, sample: &Sample) -> String {
    let site = site();
    let chrome = Chrome::new(&sample.title, &site, "token", "/");
    templates
        .render(sample.surface, sample.template, &sample.context, &chrome)
        .unwrap_or_else(|error| panic!("{}: {error:?}\n{:#}", sample.template, sample.context))
}

#[test]
fn every_page_renders_all_its_samples_and_alike_each_time() {
    let templates = Templates::load().unwrap();
    let samples = routes::samples();
    assert!(samples.len() > 20, "only {} samples", samples.len());
    for sample in &samples {
        let html = render(&templates, sample);
        assert!(html.contains("<title>"), "{} has no title", sample.template);
        assert!(html.contains("lang=\"zh-CN\""), "{} has no language", sample.template);
        assert_eq!(html, render(&templates, sample), "{} differs each time", sample.template);
    }
}

#[test]
fn every_template_of_a_page_is_claimed_by_a_page() {
    let templates = Templates::load().unwrap();
    let claimed: BTreeSet<(bool, String)> = routes::samples()
        .iter()
        .map(|sample| (sample.surface == Surface::H5, sample.template.to_owned()))
        .collect();
    for surface in [Surface::H5, Surface::Pc] {
        for name in templates.names(surface) {
            let is_page = name.starts_with("pages/") || name.starts_with("admin/");
            let is_claimed = claimed.contains(&(surface == Surface::H5, name.clone()));
            assert!(!is_page || is_claimed, "{name} ({surface:?}) belongs to no page");
        }
    }
}

#[test]
fn no_page_carries_script_or_style_inside() {
    let templates = Templates::load().unwrap();
    for sample in routes::samples() {
        let html = render(&templates, &sample);
        for bad in ["<style", " style=\"", " onclick=", " onload=", "javascript:"] {
            assert!(!html.contains(bad), "{} contains {bad}", sample.template);
        }
        for script in html.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains("src="), "{}", sample.template);
        }
    }
}

#[test]
fn what_people_typed_cannot_become_markup() {
    let templates = Templates::load().unwrap();
    for mut sample in routes::samples() {
        poison(&mut sample.context);
        let site = site();
        let chrome = Chrome::new(&sample.title, &site, "token", "/");
        if let Ok(html) =
            templates.render(sample.surface, sample.template, &sample.context, &chrome)
        {
            assert!(!html.contains("<b id=evil>"), "{} does not escape", sample.template);
        }
    }
}

/// Puts markup into every text of a page, pictures that we draw ourselves excepted.
fn poison(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if !text.starts_with("<svg") => {
            text.push_str("<b id=evil>\"'");
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(poison),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(poison),
        _ => {}
    }
}

#[test]
fn every_component_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for surface in ["h5", "pc"] {
        let mut all = String::new();
        read_all(&root.join(surface), &mut all);
        for entry in std::fs::read_dir(root.join(surface).join("components")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(all.contains(&format!("<{name}")), "{surface} component {name} is unused");
        }
    }
}

fn read_all(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, text);
        } else if path.extension().is_some_and(|kind| kind == "html") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}
