// Builds the styles, scripts and data files of the pages into one folder:
//
//   <name>.<hash>.<ext>   plain, .br and .gz     every file that a page may ask for
//   manifest.json         {"pc.css": "pc.3f2a….css", …}
//
// build.rs runs it with FRONTEND_OUT=$OUT_DIR/dist, and the binary embeds that folder.
// By hand: `npm run build`, or `npm run watch` beside a running debug server, which reads the
// folder from disk, so that a reload shows the change.
//
// One bundle per surface. Nobody lists files: every assets/css/*.css and assets/js/*.js of a
// surface is taken, in the order of `layers` first and then by name, so a slice adds its
// stylesheet by adding the file.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const root = dirname(fileURLToPath(import.meta.url));
const layers = ["tokens.css", "base.css", "components.css"];

const surfaces = [
  {
    name: "h5",
    vendor: ["weui/dist/style/weui.css"],
    // WeChat's WebViews. esbuild refuses to lower destructuring below Safari 14.1.
    target: ["chrome80", "safari14.1"],
    adapt: (css) => css,
  },
  {
    name: "pc",
    vendor: ["@tabler/core/dist/css/tabler.css"],
    // Chrome 109 is the last one for Windows 7, which offices still run.
    target: ["chrome109", "firefox115", "safari15.4"],
    adapt: keepLight,
  },
];

// Classes and attributes that only scripts or native behaviour bring about.
const safelist = { standard: ["body", "html", "dialog"], greedy: [/^is-/, /^htmx-/, /data-bs-theme/] };

/** PC pages are always light, and Chrome before 123 does not know light-dark(): keep its first half. */
function keepLight(css) {
  let out = "";
  for (let at = 0; ; ) {
    const start = css.indexOf("light-dark(", at);
    if (start < 0) return out + css.slice(at);
    const open = start + "light-dark(".length;
    let depth = 1, comma = -1, end = open;
    for (; depth > 0; end++) {
      if (css[end] === "(") depth++;
      else if (css[end] === ")") depth--;
      else if (css[end] === "," && depth === 1 && comma < 0) comma = end;
    }
    out += css.slice(at, start) + css.slice(open, comma);
    at = end;
  }
}

function walk(folder, wanted) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? walk(join(folder, e.name), wanted) : [join(folder, e.name)]))
    .filter((file) => wanted.includes(extname(file)))
    .sort();
}

function own(folderName, kind) {
  const folder = join(root, folderName, "assets", kind);
  const names = existsSync(folder) ? readdirSync(folder).filter((n) => extname(n) === `.${kind}`).sort() : [];
  const first = layers.filter((n) => names.includes(n));
  return [...first, ...names.filter((n) => !first.includes(n))].map((n) => `./${folderName}/assets/${kind}/${n}`);
}

/** A warning of esbuild (a late @import, an unknown property) is a fault of ours: fail. */
async function bundle(contents, loader, options) {
  const result = await build({
    stdin: { contents, loader, resolveDir: root, sourcefile: `entry.${loader}` },
    absWorkingDir: root, bundle: true, write: false, legalComments: "none", logLevel: "warning", ...options,
  });
  if (result.warnings.length > 0) throw new Error("warnings are errors in this build");
  return result.outputFiles[0].text;
}

async function styles(surface) {
  const files = [...surface.vendor, ...own(surface.name, "css")];
  const all = await bundle(files.map((f) => `@import ${JSON.stringify(f)};`).join("\n"), "css", {});
  // Classes come from the templates and scripts the surface shows, and from Rust, which names states.
  const pages = ["both", surface.name].flatMap((name) => walk(join(root, name), [".html", ".js"]));
  const content = [...pages, ...walk(join(root, "src"), [".rs"])];
  const [kept] = await new PurgeCSS().purge({
    content, css: [{ raw: surface.adapt(all) }], safelist, keyframes: true, fontFace: true,
    // Not `variables`: it drops custom properties that only our own rules use.
    variables: false,
  });
  return (await transform(kept.css, { loader: "css", minify: true, target: surface.target, legalComments: "none" })).code;
}

function scripts(surface) {
  const files = [...own("both", "js"), ...own(surface.name, "js")];
  const entry = files.map((f) => `import ${JSON.stringify(f)};`).join("\n");
  return bundle(entry, "js", { minify: true, format: "iife", target: surface.target });
}

/** For the program alone: under no hashed name and never served. */
const FREQUENT = "frequent-passwords.txt";

/** [[code, name, [[code, name, [[code, name], …]], …]], …] with 江苏省 first. */
async function regions() {
  const { areaList } = await import("@vant/area-data");
  const below = (list, prefix) =>
    Object.entries(list).filter(([code]) => code.startsWith(prefix)).sort(([a], [b]) => a.localeCompare(b));
  const provinces = below(areaList.province_list, "").map(([code, name]) => [
    code, name,
    below(areaList.city_list, code.slice(0, 2)).map(([c, n]) => [c, n, below(areaList.county_list, c.slice(0, 4))]),
  ]);
  const home = provinces.findIndex(([code]) => code === "320000");
  return JSON.stringify([provinces[home], ...provinces.filter((_, i) => i !== home)]);
}

/** Passwords that attackers try first, one a line: `src/kernel/password/frequent.rs` reads it. */
async function frequentPasswords() {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const cores = dictionary["passwords-common"]
    .map((password) => String(password).toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""))
    .filter((core) => core.length >= 6 && core.length <= 16);
  return [...new Set(cores)].slice(0, 20_000).join("\n");
}

function images(folderName) {
  const folder = join(root, folderName, "assets", "img");
  return walk(folder, [".svg", ".png", ".ico", ".webp"]).map((file) => [
    `${folderName}-${file.slice(folder.length + 1).replaceAll("\\", "/").replaceAll("/", "-")}`, readFileSync(file),
  ]);
}

/** Writes one file under its hashed name; an unchanged one is already there with its variants. */
function emit(out, name, data) {
  const bytes = Buffer.from(data);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const hashed = name.replace(/(\.[a-z0-9]+)$/, `.${hash}$1`);
  if (!existsSync(join(out, `${hashed}.gz`))) {
    writeFileSync(join(out, hashed), bytes);
    writeFileSync(join(out, `${hashed}.br`), brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }));
    writeFileSync(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  }
  return hashed;
}

function sweep(out, manifest) {
  const keep = new Set(["manifest.json", FREQUENT]);
  for (const file of Object.values(manifest)) for (const end of ["", ".br", ".gz"]) keep.add(file + end);
  for (const file of readdirSync(out)) if (!keep.has(file)) rmSync(join(out, file), { recursive: true });
}

async function buildAll(out) {
  mkdirSync(out, { recursive: true });
  const parts = [["regions.json", regions()], ...images("both")];
  for (const surface of surfaces) {
    parts.push([`${surface.name}.css`, styles(surface)], [`${surface.name}.js`, scripts(surface)]);
    parts.push(...images(surface.name));
  }
  const made = await Promise.all(parts.map(async ([name, data]) => [name, await data]));
  const manifest = Object.fromEntries(made.map(([name, data]) => [name, emit(out, name, data)]));
  writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
  writeFileSync(join(out, FREQUENT), await frequentPasswords());
  sweep(out, manifest);
  return manifest;
}

/** FRONTEND_OUT, or the folder that the newest debug build reads from. */
function outFolder() {
  if (process.env.FRONTEND_OUT) return process.env.FRONTEND_OUT;
  const builds = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug", "build");
  const found = (existsSync(builds) ? readdirSync(builds) : [])
    .filter((name) => name.startsWith("huiyuan-"))
    .map((name) => join(builds, name, "out", "dist"))
    .filter((dist) => existsSync(dist))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return found[0] ?? join(root, "target", "dist");
}

function report(out, manifest) {
  for (const [name, file] of Object.entries(manifest)) {
    console.log(`${name.padEnd(20)} ${statSync(join(out, file)).size} B, br ${statSync(join(out, `${file}.br`)).size} B`);
  }
  console.log(`in ${out}`);
}

async function main() {
  const out = outFolder();
  report(out, await buildAll(out));
  if (!process.argv.includes("--watch")) return;
  let timer;
  const again = () => buildAll(out).then(() => console.log("built"), (e) => console.error(e.message));
  for (const folder of ["both", "h5", "pc"]) {
    watch(join(root, folder), { recursive: true }, () => { clearTimeout(timer); timer = setTimeout(again, 80); });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
