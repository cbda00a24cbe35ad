/*
 * What `tally report` itself writes, of real runs: the demo's two document processors, in the browser.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ReportData } from "../../cli/page/src/data.ts";
import { Report } from "../../cli/page/src/model.ts";
import { digits } from "../../cli/page/src/numbers.ts";
import { VIEWS } from "../../cli/page/src/state.ts";
import { open, rows, stop, text } from "./browser.ts";

const directory = mkdtempSync(join(tmpdir(), "tally-report-"));
after(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
});

function run(program: string | undefined, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(program as string, args, {
        cwd: directory,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
    });
    assert.equal(status, 0, stderr);
    return stdout;
}

/** Runs the demo, and gives its profile a name. */
function record(processor: string): void {
    run(process.env.TALLY_DEMO, "documents", "--count", "20", "--quiet", `--${processor}`);
    renameSync(join(directory, "tally-demo.tally"), join(directory, `${processor}.tally`));
}

function written(...operands: string[]): { page: string; data: ReportData } {
    run(process.env.TALLY, "report", ...operands, "-o", "report.html");
    return {
        page: readFileSync(join(directory, "report.html"), "utf8"),
        data: JSON.parse(run(process.env.TALLY, "report", "--json", ...operands)) as ReportData,
    };
}

record("naive");
record("optimised");

for (const operands of [["naive.tally"], ["naive.tally", "optimised.tally"]])
    test(`a report of ${operands.join(" and ")}`, async () => {
        const { page: html, data } = written(...operands);
        const report = new Report(data);
        await open(html, {}, async ({ page, go }) => {
            for (const [p, profile] of report.profiles.entries())
                for (const view of VIEWS) {
                    await go(`#view=${view}&profile=${data.profiles[p].kind}`);
                    await page.waitForSelector(`#view-${view}:not([hidden])`);
                    assert.ok((await text(page, `#view-${view}`)).length > 20);
                    assert.ok(profile.functions.length > 0);
                }
            await go("#view=overview");
            await page.waitForSelector("#view-overview:not([hidden])");
            const calls = report.profiles[0].total(0).map(digits).join(" ");
            assert.ok((await text(page, ".totals tbody tr")).startsWith(`calls calls ${calls}`));
        });
    });

test("the tree's sums are the profile's", () => {
    const report = new Report(written("naive.tally", "optimised.tally").data);
    for (const profile of report.profiles)
        for (let type = 0; type < profile.types.length; type++)
            assert.deepEqual(
                report.sides.map((side) => profile.nodeTotal(side, type)[0]),
                profile.total(type),
            );
});

test("patterns are no longer compiled for each document", async () => {
    const { page: html } = written("naive.tally", "optimised.tally");
    const fragment = "#view=table&type=calls&search=whitespace_pattern_compile";
    await open(html, { fragment }, async ({ page }) => {
        assert.match((await rows(page))[0], /^gonewhitespace_pattern_compile \| 20 \| 0 \| −20/);
    });
});
