/*
 * main.ts - where the page begins: reads the data, and shows it or says why not.
 */
import { decodeReport } from "./data.ts";
import { h } from "./dom.ts";
import { Report } from "./model.ts";
import { Shell } from "./shell.ts";
import { startTheme } from "./theme.ts";

async function start(): Promise<void> {
    let shell: Shell | null = null;
    startTheme(() => shell?.refresh());
    try {
        const data = document.getElementById("tally-data")?.textContent ?? "";
        const report = new Report(await decodeReport(data));
        shell = new Shell(report);
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        document.body.replaceChildren(
            h(
                "div",
                { class: "failure", role: "alert" },
                h("h1", {}, "This report cannot be shown"),
                h("p", {}, reason),
            ),
        );
        throw error;
    }
}

void start();
