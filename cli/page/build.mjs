/*
 * build.mjs - bundles the page into one file, report.html beside it: node build.mjs
 *
 * Needs the packages installed beside it, without those for development. Script and style are part of the file and named by their
 * hashes in its Content-Security-Policy, which allows nothing else. What `tally report` fills in
 * (@TALLY_TITLE@, @TALLY_DATA@) is in neither, and each stands in the template once.
 */
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const modules = join(here, "node_modules");

const BROWSERS = ["chrome103", "firefox113", "safari16.4"]; // those with DecompressionStream

async function bundle(entry, more = {}) {
    const result = await esbuild.build({
        entryPoints: [join(here, entry)],
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        target: BROWSERS,
        legalComments: "none", // all licences are in the file in full
        logLevel: "warning",
        outdir: here,
        ...more,
    });
    return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

/** The packages that the bundle has code of, and those they may have bundled themselves. */
async function licences(inputs) {
    const names = new Set();
    for (const input of inputs) {
        const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll("\\", "/"));
        if (name) names.add(name[1]);
    }
    for (const name of names)
        for (const needed of Object.keys((await about(name)).dependencies ?? {})) names.add(needed);
    return Promise.all([...names].sort().map(licence));
}

async function about(name) {
    return JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
}

async function licence(name) {
    const { version, license } = await about(name);
    const file = (await readdir(join(modules, name))).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    const text = await readFile(join(modules, name, file), "utf8");
    return { name, version, licence: license, text: text.trim() };
}

const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

// What is bundled is known only after bundling; the licences come in the second time.
const first = await bundle("src/main.ts", { define: { LICENCES: "[]" } });
const list = await licences(first.inputs);
const { text: script } = await bundle("src/main.ts", {
    define: { LICENCES: JSON.stringify(list) },
    charset: "utf8",
});
const { text: style } = await bundle("src/style/style.css");
if (/<\/(script|style)/i.test(script + style))
    throw new Error("the bundle would end its own element");

const parts = {
    CSP: [
        "default-src 'none'",
        `script-src ${hash(script)}`,
        `style-src ${hash(style)}`,
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; "),
    STYLE: style,
    SCRIPT: script,
};
const template = await readFile(join(here, "template.html"), "utf8");
const page = template.replace(/@(CSP|STYLE|SCRIPT)@/g, (_, part) => parts[part]);
for (const marker of ["@TALLY_TITLE@", "@TALLY_DATA@"])
    if (page.split(marker).length !== 2)
        throw new Error(`${marker} is not in the page exactly once`);
await writeFile(join(here, "report.html"), page);
