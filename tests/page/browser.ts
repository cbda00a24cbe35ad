/*
 * browser.ts - a headless Chromium with the page in it, for the tests that click and type.
 *
 * Each opened page is watched: whatever it writes to the console, throws, or asks the network for
 * fails the test when it is closed.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import type { ReportData } from "../../cli/page/src/data.ts";
import { fill } from "./fixture.ts";

const template = readFileSync(process.env.TALLY_PAGE as string, "utf8");
const directory = mkdtempSync(join(tmpdir(), "tally-page-"));
const written = new Map<ReportData | string, string>();
let browser: Browser | undefined;
let context: BrowserContext | undefined;

export async function stop(): Promise<void> {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
}

/** The address of a file with the report in it; or with the text given as it is. */
function address(content: ReportData | string): string {
    let url = written.get(content);
    if (!url) {
        const file = join(directory, `report-${written.size}.html`);
        writeFileSync(
            file,
            typeof content === "string" ? content : fill(template, content, "a < b & c"),
        );
        written.set(content, (url = pathToFileURL(file).href));
    }
    return url;
}

export interface Options {
    fragment?: string;
    width?: number;
    dark?: boolean;
}

export interface Opened {
    page: Page;
    faults: string[];
    /** Goes elsewhere in the same page, as a link would. */
    go(fragment: string): Promise<void>;
}

export async function open(
    content: ReportData | string,
    options: Options,
    use: (opened: Opened) => Promise<void>,
    faulty = false,
): Promise<void> {
    browser ??= await chromium.launch({
        executablePath: process.env.TALLY_CHROMIUM as string,
        args: ["--no-sandbox"],
    });
    context ??= await browser.newContext();
    const page = await context.newPage();
    await page.setViewportSize({ width: options.width ?? 1280, height: 800 });
    await page.emulateMedia({ colorScheme: options.dark ? "dark" : "light" });
    const faults: string[] = [];
    page.on("console", (message) => faults.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    page.on("request", (request) => {
        if (!request.url().startsWith("file:") || request.resourceType() !== "document")
            faults.push(`request: ${request.url()}`);
    });
    page.setDefaultTimeout(5000);
    try {
        await page.goto(address(content) + (options.fragment ?? ""));
        await page.waitForSelector(".tabs, .failure");
        const go = async (fragment: string) => {
            await page.evaluate((to) => (location.hash = to), fragment);
        };
        await use({ page, faults, go });
        if (!faulty) assert.deepEqual(faults, []);
    } finally {
        await page.close();
    }
}

/** The text of an element, with one space for any white space. */
export async function text(page: Page, selector: string): Promise<string> {
    return (await page.locator(selector).first().innerText()).replace(/\s+/g, " ").trim();
}

export async function texts(page: Page, selector: string): Promise<string[]> {
    return (await page.locator(selector).allInnerTexts()).map((t) => t.replace(/\s+/g, " ").trim());
}

/** Rows of the table of functions that are in sight, cells joined by " | ". */
export async function rows(page: Page): Promise<string[]> {
    return page
        .locator(".functions tbody tr:not(.spacer)")
        .evaluateAll((list) =>
            list.map((row) => [...row.children].map((cell) => cell.textContent).join(" | ")),
        );
}
