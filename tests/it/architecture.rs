//! The house keeps its plan: who may use what, how long a file may grow, how files are named.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Each module with the modules directly below it that it may use; what they may use is allowed
/// as well.
const PLAN: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("db", &["kernel"]),
    ("session", &["kernel"]),
    ("wechat", &["kernel"]),
    ("web", &["db", "session", "wechat"]),
    ("setting", &["web"]),
    ("file", &["web"]),
    ("staff", &["setting", "web"]),
    ("notice", &["staff"]),
    ("member", &["setting", "file", "staff", "notice"]),
    ("account", &["member"]),
    // Its page shows the books to staff; no slice is known to it.
    ("ledger", &["staff"]),
    ("dues", &["account", "ledger"]),
    ("registration", &["dues", "account"]),
    ("payment", &["dues", "account", "ledger"]),
    ("offline", &["payment"]),
    ("receipt", &["payment", "offline"]),
    // Money goes back by WeChat or from the bank: a refund knows both ways in, and neither knows it.
    ("refund", &["payment", "offline"]),
    // Compares the books with every slice that moves money, and with WeChat's bills.
    ("reconcile", &["refund"]),
    ("report", &["registration", "reconcile"]),
    ("routes", &["report", "receipt"]),
    ("config", &["report"]),
    ("jobs", &["config", "report"]),
    ("server", &["routes", "jobs", "config"]),
    ("cli", &["server"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

const LONGEST_FILE: usize = 250;
const BUCKETS: [&str; 6] = ["service", "utils", "common", "helpers", "types", "manager"];

fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, kind));
        } else if path.extension().is_some_and(|extension| extension == kind) {
            found.push(path);
        }
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The room of a file: the first part of its path below `src`.
fn room(path: &Path) -> String {
    let inner = path.strip_prefix(root().join("src")).unwrap();
    let first = inner.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::x` of a file; `use crate::{a, b::{c}}` included.
fn uses(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = code[at + "crate::".len()..].trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(first_names(group));
        } else {
            found.extend(
                rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(Into::into),
            );
        }
    }
    found.retain(|name: &String| PLAN.iter().any(|(room, _)| room == name));
    found
}

/// The names at depth zero of a use group whose opening brace was read already.
fn first_names(group: &str) -> Vec<String> {
    let mut depth = 0usize;
    let mut names = Vec::new();
    let mut current = String::new();
    let mut in_name = true;
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(std::mem::take(&mut current));
                in_name = true;
            }
            ':' if depth == 0 => in_name = false,
            c if depth == 0 && in_name && (c.is_alphanumeric() || c == '_') => current.push(c),
            _ => {}
        }
    }
    names.push(current);
    names
}

fn allowed(room: &str) -> BTreeSet<String> {
    let plan: BTreeMap<_, _> = PLAN.iter().copied().collect();
    let direct = plan.get(room).unwrap_or_else(|| panic!("{room} is not in the plan"));
    let mut all: BTreeSet<String> = [room.to_owned()].into();
    for below in *direct {
        all.extend(allowed(below));
    }
    all
}

#[test]
fn every_room_uses_only_what_lies_below_it() {
    let mut wrong = Vec::new();
    for path in files(&root().join("src"), "rs") {
        let (room, text) = (room(&path), fs::read_to_string(&path).unwrap());
        let allowed = allowed(&room);
        for used in uses(&text) {
            if !allowed.contains(&used) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut long = Vec::new();
    for folder in ["src", "tests", "h5", "pc", "migrations"] {
        for kind in ["rs", "html", "js", "css", "sql", "mjs"] {
            for path in files(&root().join(folder), kind) {
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                if lines > LONGEST_FILE {
                    long.push(format!("{lines} {}", path.display()));
                }
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn no_file_is_a_bucket() {
    for path in files(&root().join("src"), "rs") {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(!BUCKETS.contains(&stem), "{} says nothing", path.display());
    }
}

#[test]
fn sql_stands_in_stores_only() {
    let words = ["select ", "insert into ", "update ", "delete from "];
    for path in files(&root().join("src"), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let is_store = path.components().any(|part| {
            part.as_os_str().to_str().is_some_and(|part| part.trim_end_matches(".rs") == "store")
        });
        if is_store || room(&path) == "db" {
            continue;
        }
        for word in words {
            let quoted = format!("\"{word}");
            assert!(!text.contains(&quoted), "{} has SQL: {word}", path.display());
        }
    }
}

#[test]
fn the_product_does_not_know_the_sandbox() {
    for path in files(&root().join("src"), "rs") {
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        for line in text.lines().filter(|line| line.contains("sandbox")) {
            // The word is also a directive of the content security policy.
            assert!(line.contains("policy") || line.contains("default-src"), "{}", path.display());
        }
    }
}

#[test]
fn use_groups_are_read_to_their_end() {
    let text =
        "use crate::{\n  db::{self, Run},\n  kernel::Fen,\n  web,\n};\nfn f() { crate::dues::x() }";
    let expected: BTreeSet<String> = ["db", "kernel", "web", "dues"].map(Into::into).into();
    assert_eq!(uses(text), expected);
}
