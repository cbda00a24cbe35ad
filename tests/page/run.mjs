/*
 * run.mjs - runs a test of the page: node run.mjs COPY-WITH-PACKAGES TEST.ts [OPTION...]
 *
 * Tests are TypeScript, as the page is, and import its modules: they are bundled first, since the
 * oldest node that builds the page runs JavaScript only. The bundle lies in the copy, where the
 * packages are. Options are those of node --test, such as --test-name-pattern=flame.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";

const SKIPPED = 77; // to ctest

if (process.env.TALLY_CHROMIUM === "") {
    console.log("skipped: there is no Chromium (Debian: chromium)");
    process.exit(SKIPPED);
}
const [copy, file] = process.argv.slice(2, 4).map((path) => resolve(path));
const esbuild = createRequire(join(copy, "package.json"))("esbuild");
const bundle = join(copy, "tests", basename(file).replace(/ts$/, "mjs"));

await esbuild.build({
    entryPoints: [file],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    nodePaths: [join(copy, "node_modules")],
    external: ["playwright-core"],
    sourcemap: "inline",
    logLevel: "warning",
});
const options = [
    "--enable-source-maps",
    "--test-reporter=spec",
    "--test",
    ...process.argv.slice(4),
];
const { status } = spawnSync(process.execPath, [...options, bundle], { stdio: "inherit" });
process.exit(status ?? 1);
