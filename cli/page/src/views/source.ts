/*
 * source.ts - the source of the chosen function, with what each line amounts to; in a comparison both
 * versions side by side.
 *
 * Values are those of the chosen function, or the self values of all functions in its file: values
 * with callees of several functions at one line would count what one calls in another twice.
 */
import type { App, View } from "../app.ts";
import { Status } from "../data.ts";
import { buttons, h, renew } from "../dom.ts";
import { compare, largest, type LineMeasure } from "../model.ts";
import { functionName } from "../names.ts";
import { VirtualRows } from "../rows.ts";
import type { LineFigures, Row } from "../source_lines.ts";
import { figuresByLine, linesOf, pairLines } from "../source_lines.ts";
import { visible, visibleLine } from "../text.ts";

const ROW = 20;
const TITLES: Record<LineMeasure, string> = {
    self: "Self",
    cum: "With callees",
    made: "Calls made",
};

export class SourceView implements View {
    readonly name = "source";
    readonly title = "Source";
    readonly element = h("section", { class: "view source", "aria-label": this.title });
    private readonly bar = h("div", { class: "toolbar" });
    private readonly heading = h("div", { class: "source-head" });
    private readonly head = h("thead");
    private readonly groups = h("colgroup");
    private readonly body = h("tbody");
    private readonly scroller = h(
        "div",
        { class: "scroll", tabindex: 0, role: "group", "aria-label": "Source" },
        h("table", { class: "lines" }, this.groups, this.head, this.body),
    );
    private readonly virtual = new VirtualRows(this.scroller, this.body, ROW, (row) =>
        this.row(this.rows[row]),
    );
    private rows: Row[] = [];
    private figures: Map<number, LineFigures>[] = [];
    private most = 0n;
    private bothHaveText = false;
    private wholeFile = false;
    private measure: LineMeasure = "cum";
    private placed = "";

    constructor(private readonly app: App) {
        this.scroller.firstElementChild?.classList.toggle("compared", app.report.comparison);
        this.element.append(this.bar, this.heading, this.scroller);
    }

    update(): void {
        const { app } = this;
        const f = this.subject();
        this.controls(f);
        this.heading.replaceChildren();
        if (f < 0) {
            this.heading.append(
                h("p", { class: "empty" }, "No function of this profile has lines."),
            );
            this.rows = [];
            this.virtual.reset(0);
            return;
        }
        this.collect(f);
        this.heading.append(...this.titles(f));
        this.columns();
        this.virtual.reset(this.rows.length);
        const key = JSON.stringify([f, app.state.profile, this.wholeFile]);
        if (key !== this.placed) this.virtual.center(this.startOf(f));
        this.placed = key;
    }

    /** The chosen function, or else the one with the largest self value whose source is there. */
    private subject(): number {
        const { app } = this;
        const { report, profile, state } = app;
        if (state.function >= 0) return state.function;
        const files = new Set(
            report.data.sources.flat().map((part) => report.data.strings[part.file]),
        );
        const self = (f: number) => largest(profile.ofFunction(f, "self", state.type));
        const candidates = profile.functions.filter((f) =>
            report.sides.some((side) => files.has(report.file(f, side))),
        );
        const all = candidates.length > 0 ? candidates : profile.functions;
        return [...all].sort((a, b) => compare(self(b), self(a)))[0] ?? -1;
    }

    private collect(f: number): void {
        const { report, profile, state } = this.app;
        this.figures = report.sides.map((side) => {
            const file = this.file(f, side);
            const belongs = this.wholeFile
                ? (g: number) => report.file(g, side) === file
                : (g: number) => g === f;
            return figuresByLine(profile, side, state.type, belongs);
        });
        this.rows = pairLines(
            report.sides.map((side) =>
                linesOf(report, side, this.file(f, side), this.figures[side].keys()),
            ),
            report.sides.map((side) => report.data.functions.line[side][f]),
        );
        this.bothHaveText = report.sides.every((side) => this.hasText(this.file(f, side), side));
        this.most = 0n;
        for (const side of this.figures)
            for (const value of side.values())
                this.most = largest([this.most, value[this.measures()[0]]]);
    }

    /** Where the function is; on the side that does not have it, the same file, for what is there now. */
    private file(f: number, side: number): string {
        const { report } = this.app;
        return (
            report.file(f, side) ||
            (this.hasText(report.file(f, 1 - side), side) ? report.file(f, 1 - side) : "")
        );
    }

    private hasText(file: string | undefined, side: number): boolean {
        const { strings, sources } = this.app.report.data;
        return (sources[side] ?? []).some((part) => strings[part.file] === file);
    }

    /** What there is to show of a line: calls of a function say nothing of its lines, those made do. */
    private possible(): LineMeasure[] {
        const { profile, state } = this.app;
        const made: LineMeasure[] = profile.data.calls >= 0 ? ["made"] : [];
        if (!profile.hasCum(state.type)) return made;
        return this.wholeFile ? ["self", ...made] : ["cum", "self", ...made];
    }

    /** All of it, if there is one side; of two, what was asked for. */
    private measures(): LineMeasure[] {
        const possible = this.possible();
        if (!this.app.report.comparison) return possible;
        return [possible.includes(this.measure) ? this.measure : possible[0]];
    }

    private unit(measure: LineMeasure): string {
        const { profile, state } = this.app;
        return profile.types[measure === "made" ? profile.data.calls : state.type].unit;
    }

    private startOf(f: number): number {
        const { report } = this.app;
        for (const side of [...report.sides].reverse()) {
            const line = report.data.functions.line[side][f];
            const at = this.rows.findIndex(
                (row) => row[side] && row[side].line >= line && row[side].line > 0,
            );
            if (line > 0 && at >= 0) return at;
        }
        return 0;
    }

    // ---- what stands above ----

    private controls(f: number): void {
        const { app } = this;
        const choose = (change: () => void) => {
            change();
            this.update();
        };
        const parts: Node[] = [];
        if (f >= 0) parts.push(h("strong", { class: "subject" }, functionName(app.report, f)));
        parts.push(
            buttons(
                "Values of",
                [
                    { value: "function", text: "This function" },
                    {
                        value: "file",
                        text: "All in the file",
                        title: "Self values of all functions in the file",
                    },
                ],
                this.wholeFile ? "file" : "function",
                (value) => choose(() => (this.wholeFile = value === "file")),
            ),
        );
        if (app.report.comparison)
            parts.push(
                buttons(
                    "Measure",
                    this.possible().map((value) => ({ value, text: TITLES[value] })),
                    this.measures()[0],
                    (value) => choose(() => (this.measure = value as LineMeasure)),
                ),
            );
        renew(this.bar, ...parts);
    }

    private titles(f: number): HTMLElement[] {
        const { report } = this.app;
        return report.sides.map((side) => {
            const file = this.file(f, side);
            const name = file ? visible(file) : "no file known";
            const why = file ? this.whyNoText(file, side) : this.whyNoFile(f, side);
            return h(
                "div",
                {},
                report.comparison && h("span", { class: "side" }, side === 0 ? "old" : "new"),
                h("span", { class: "path", title: name }, name),
                why && h("em", {}, why),
            );
        });
    }

    private whyNoText(file: string, side: number): string {
        if (this.hasText(file, side)) return "";
        return [...this.figures[side].keys()].some((line) => line > 0)
            ? "The source was not to be had when the report was made: lines with values only."
            : "The profile has no lines here: debug information (-g) has them.";
    }

    private whyNoFile(f: number, side: number): string {
        const missing = side === 0 ? Status.added : Status.vanished;
        const { comparison, data } = this.app.report;
        return comparison && data.functions.status[f] === missing
            ? "This side does not have the function."
            : "The profile does not say in which file the function is.";
    }

    private columns(): void {
        const { report } = this.app;
        const values = this.measures().map((measure) => TITLES[measure]);
        const titles = report.sides.flatMap(() => ["Line", ...values, "Text"]);
        const kind = (title: string) =>
            title === "Line" ? "line" : title === "Text" ? "text" : "number";
        this.groups.replaceChildren(...titles.map((title) => h("col", { class: kind(title) })));
        this.head.replaceChildren(
            h(
                "tr",
                {},
                ...titles.map((title) => h("th", { scope: "col", class: kind(title) }, title)),
            ),
        );
    }

    // ---- lines ----

    private row(row: Row): HTMLTableRowElement {
        const changed = row.length > 1 && this.bothHaveText && row[0]?.text !== row[1]?.text;
        const element = h("tr", { class: changed ? "changed" : "" });
        row.forEach((_, side) => element.append(...this.cells(row, side)));
        return element;
    }

    private cells(row: Row, side: number): HTMLTableCellElement[] {
        const { app } = this;
        const line = row[side];
        const measures = this.measures();
        if (!line || line.line === 0) {
            const none = line ? "" : " none";
            return [
                h("td", { class: `line${none}` }),
                ...measures.map(() => h("td", { class: `number${none}` })),
                h("td", { class: `text${none}` }, line?.text ?? ""),
            ];
        }
        const figures = this.figures[side].get(line.line);
        const numbers = measures.map((measure) => {
            const value = figures?.[measure] ?? 0n;
            const cell = h(
                "td",
                { class: `number ${this.way(row, side, measure)}` },
                value === 0n ? "" : app.value(value, this.unit(measure)),
            );
            if (value !== 0n) {
                cell.title = app.sentence([value], this.unit(measure));
                if (measure === measures[0]) this.shade(cell, value);
            }
            return cell;
        });
        const text = line.text === null ? "(not in the report)" : visibleLine(line.text);
        return [
            h("td", { class: "line" }, String(line.line)),
            ...numbers,
            h(
                "td",
                {
                    class: line.text === null ? "text missing" : "text",
                    title: text.length > 60 ? text : null,
                },
                text,
            ),
        ];
    }

    /** How the new side's value stands to the old one's. */
    private way(row: Row, side: number, measure: LineMeasure): string {
        if (row.length < 2 || side === 0) return "";
        const of = (s: number) => this.figures[s].get(row[s]?.line ?? 0)?.[measure] ?? 0n;
        return ["less", "", "more"][compare(of(1), of(0)) + 1];
    }

    private shade(cell: HTMLElement, value: bigint): void {
        if (this.most === 0n) return;
        const share = Number(value < 0n ? -value : value) / Number(this.most);
        cell.style.setProperty("--share", `${(100 * Math.min(1, share)).toFixed(1)}%`);
    }
}
