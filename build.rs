//! Builds the styles and scripts of the pages into `$OUT_DIR/dist`, which the binary embeds
//! (`src/web/assets.rs`). With `FRONTEND_DIST=<folder>` it takes a finished folder instead, so that
//! a machine without Node.js or without network can build too.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What a change of must build the pages again. `src` counts because Rust code names CSS classes.
const INPUTS: [&str; 8] =
    ["package.json", "package-lock.json", ".npmrc", "build.mjs", "both", "h5", "pc", "src"];

/// The copy of the lock that says what `node_modules` holds.
const INSTALLED: &str = "node_modules/.installed-lock.json";

fn main() {
    println!("cargo::rerun-if-env-changed=FRONTEND_DIST");
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
    }
    if let Err(problem) = run() {
        for line in problem.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run this through cargo")?;
    let dist = PathBuf::from(out).join("dist");
    match env::var_os("FRONTEND_DIST") {
        Some(ready) if !ready.is_empty() => take(Path::new(&ready), &dist),
        _ => {
            need_node()?;
            install()?;
            run_node(&dist)
        }
    }
}

fn take(ready: &Path, dist: &Path) -> Result<(), String> {
    let say = |e: io::Error| format!("FRONTEND_DIST={}: {e}", ready.display());
    if !ready.join("manifest.json").is_file() {
        return Err(format!("FRONTEND_DIST={}: no manifest.json in it", ready.display()));
    }
    if dist.exists() {
        fs::remove_dir_all(dist).map_err(say)?;
    }
    fs::create_dir_all(dist).map_err(say)?;
    for entry in fs::read_dir(ready).map_err(say)? {
        let entry = entry.map_err(say)?;
        println!("cargo::rerun-if-changed={}", entry.path().display());
        fs::copy(entry.path(), dist.join(entry.file_name())).map_err(say)?;
    }
    Ok(())
}

fn need_node() -> Result<(), String> {
    let version = Command::new("node").arg("--version").output();
    let major = version.ok().and_then(|o| {
        let text = String::from_utf8_lossy(&o.stdout).into_owned();
        text.trim().trim_start_matches('v').split('.').next()?.parse::<u32>().ok()
    });
    match major {
        Some(major) if major >= 20 => Ok(()),
        found => Err(format!(
            "Node.js 20 or newer is needed to build the styles and scripts of the pages ({}).\n\
             Install it (Debian: apt install nodejs npm; others: https://nodejs.org), or set\n\
             FRONTEND_DIST to a folder that `npm ci && FRONTEND_OUT=<folder> npm run build` made elsewhere.",
            found.map_or_else(|| "none found".to_owned(), |m| format!("found {m}")),
        )),
    }
}

/// `npm ci`, but only when the lock changed since the last time: the edit loop stays short.
fn install() -> Result<(), String> {
    let lock = fs::read("package-lock.json").map_err(|e| format!("package-lock.json: {e}"))?;
    if fs::read(INSTALLED).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    call(npm, ["ci", "--ignore-scripts", "--no-progress"], None)?;
    fs::write(INSTALLED, lock).map_err(|e| format!("{INSTALLED}: {e}"))
}

fn run_node(dist: &Path) -> Result<(), String> {
    call("node", ["build.mjs"], Some(dist))
}

fn call<const N: usize>(program: &str, args: [&str; N], out: Option<&Path>) -> Result<(), String> {
    let line = format!("{program} {}", args.join(" "));
    let mut command = Command::new(program);
    command.args(args).envs(out.map(|o| (OsStr::new("FRONTEND_OUT"), o)));
    let output = command.output().map_err(|e| format!("{line}: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{line} failed ({})\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    ))
}
