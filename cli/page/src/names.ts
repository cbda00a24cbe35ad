/*
 * names.ts - a function's name as an element, with what is to be said of its two sides.
 */
import { Status } from "./data.ts";
import { h } from "./dom.ts";
import type { Report } from "./model.ts";

const MARKS: Record<number, { text: string; kind: string }> = {
    [Status.added]: { text: "new", kind: "new" },
    [Status.vanished]: { text: "gone", kind: "gone" },
    [Status.renamed]: { text: "renamed?", kind: "renamed" },
    [Status.byRule]: { text: "matched", kind: "renamed" },
};

/** "new", "gone", "renamed?" … as a small label, or null. */
export function statusMark(report: Report, f: number): HTMLElement | null {
    const mark = report.comparison ? MARKS[report.data.functions.status[f]] : undefined;
    return mark
        ? h("span", { class: `mark ${mark.kind}`, title: report.pairing(f) }, mark.text)
        : null;
}

export function functionName(report: Report, f: number): HTMLElement {
    const inlined = report.data.functions.inlined[f] === 1;
    return h(
        "span",
        { class: "fn", title: [report.names[f], report.place(f)].filter(Boolean).join("\n") },
        statusMark(report, f),
        h("bdi", {}, report.names[f]),
        inlined && h("span", { class: "mark plain", title: "inlined in its callers" }, "inlined"),
    );
}
