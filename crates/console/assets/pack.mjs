// Bundles the console's styles, scripts, fonts and icons, named by their content, compressed once.
// Run by build.rs: node pack.mjs SOURCES PACKAGES OUT
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [sources, packages, out] = process.argv.slice(2);
const modules = join(packages, "node_modules");
const esbuild = createRequire(join(packages, "package.json"))("esbuild");

const KINDS = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const hashed = (name, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const extension = extname(name);
  const file = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(out, file), content);
  return file;
};

const named = {};

// One stylesheet and one script; fonts beside them, fetched only where their letters are needed.
esbuild.buildSync({
  entryPoints: [join(sources, "style/app.css"), join(sources, "script/app.js")],
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["chrome123", "firefox121", "safari17.5"],
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  entryNames: "[name]",
  outdir: out,
  nodePaths: [modules],
  legalComments: "none",
  logLevel: "warning",
});
for (const file of ["app.css", "app.js"]) {
  const path = join(out, file);
  named[file] = hashed(file, readFileSync(path));
  rmSync(path);
}

// The icons that templates use, as one sprite.
const ICONS = readFileSync(join(sources, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
const symbols = ICONS.map((icon) => {
  const svg = readFileSync(join(modules, "heroicons/24/outline", `${icon}.svg`), "utf8");
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "").trim();
  return `<symbol id="${icon}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6">${body}</symbol>`;
});
named["icons.svg"] = hashed(
  "icons.svg",
  `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`,
);
named["mark.svg"] = hashed("mark.svg", readFileSync(join(sources, "mark.svg")));

// What others wrote comes with their terms.
const lock = JSON.parse(readFileSync(join(packages, "package-lock.json"), "utf8"));
const notices = [];
for (const path of Object.keys(lock.packages)) {
  const found = lock.packages[path];
  if (!path || found.dev || found.optional) continue;
  const folder = join(packages, path);
  const terms = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const text = terms ? readFileSync(join(folder, terms), "utf8") : `License: ${found.license}`;
  notices.push(`${path.replace("node_modules/", "")} ${found.version}\n\n${text.trim()}\n`);
}
named["notices.txt"] = hashed("notices.txt", notices.join("\n----------\n\n"));

// What the server is compiled with.
const rust = (text) => JSON.stringify(text);
const entries = readdirSync(out)
  .sort()
  .map((file) => {
    const path = join(out, file);
    const content = readFileSync(path);
    const variants = { brotli: "None", gzip: "None" };
    if (extname(file) !== ".woff2") {
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
      writeFileSync(`${path}.br`, brotliCompressSync(content, quality));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      variants.brotli = `Some(include_bytes!(${rust(`${path}.br`)}))`;
      variants.gzip = `Some(include_bytes!(${rust(`${path}.gz`)}))`;
    }
    return `    Asset { name: ${rust(file)}, kind: ${rust(KINDS[extname(file)])}, plain: include_bytes!(${rust(path)}), brotli: ${variants.brotli}, gzip: ${variants.gzip} },`;
  });
const constant = (name) => name.replace(/\W/g, "_").toUpperCase();
const names = Object.entries(named).map(
  ([name, file]) => `pub(crate) const ${constant(name)}: &str = ${rust(`/assets/${file}`)};`,
);
writeFileSync(
  join(out, "assets.rs"),
  `${names.join("\n")}\npub(crate) static ALL: &[Asset] = &[\n${entries.join("\n")}\n];\n`,
);
