/*
 * callers.ts - one function between its callers and its callees, with the exact value of each edge.
 */
import type { App, View } from "../app.ts";
import { h } from "../dom.ts";
import type { BySide, Edge, Measure } from "../model.ts";
import { compare, largest, way } from "../model.ts";
import { functionName } from "../names.ts";
import { changePercent, human, inFull, percent, ratio, signed } from "../numbers.ts";
import { visible } from "../text.ts";

export class CallersView implements View {
    readonly name = "callers";
    readonly title = "Callers & callees";
    readonly element = h("section", { class: "view callers", "aria-label": this.title });

    constructor(private readonly app: App) {}

    update(): void {
        const { app } = this;
        const { type } = app.state;
        const f = app.profile.has(app.state.function) ? app.state.function : this.heaviest();
        if (f < 0) {
            this.element.replaceChildren(
                h("p", { class: "empty" }, "This profile has no functions."),
            );
            return;
        }
        const most = largest(app.profile.ofFunction(f, app.profile.mainMeasure(type), type));
        const callers = app.profile.callersOf(f, type);
        const callees = app.profile.calleesOf(f, type);
        this.element.replaceChildren(
            h(
                "div",
                { class: "sandwich" },
                this.middle(f),
                this.list("Callers", callers, f, most, (edge) => edge.caller),
                this.list("Callees", callees, f, most, (edge) => edge.callee),
            ),
        );
    }

    /** What to show as long as nothing was chosen: the function with the largest self value. */
    private heaviest(): number {
        const { profile, state } = this.app;
        let best = -1;
        let most = -1n;
        for (const f of profile.functions) {
            const value = largest(profile.ofFunction(f, "self", state.type));
            if (value > most) [best, most] = [f, value];
        }
        return best;
    }

    private middle(f: number): HTMLElement {
        const { app } = this;
        const { profile, report } = app;
        const { type } = app.state;
        const facts = h("dl", { class: "facts" });
        const fact = (name: string, text: string) =>
            text && facts.append(h("dt", {}, name), h("dd", {}, text));
        const { name } = profile.types[type];
        const body = h("tbody");
        if (profile.hasCum(type)) body.append(...this.figures("with callees", f, "cum", type));
        body.append(...this.figures(profile.hasCum(type) ? "self" : name, f, "self", type));
        const count = profile.data.count[type];
        if (count >= 0 && count !== type)
            body.append(...this.figures(profile.types[count].name, f, "self", count));
        fact("defined at", report.place(f));
        const linkage = report.data.strings[report.data.functions.system_name[f]];
        if (linkage !== report.plainName(f)) fact("linkage name", visible(linkage));
        fact("in the comparison", report.pairing(f));
        const heads = report.comparison ? ["Old", "New", "Change"] : [profile.types[type].name];
        const head = h(
            "tr",
            {},
            h("td"),
            ...heads.map((text) => h("th", { scope: "col", class: "number" }, text)),
        );
        const table = h("table", { class: "figures" }, h("thead", {}, head), body);
        return h(
            "div",
            { class: "middle card" },
            h("h2", {}, functionName(report, f)),
            h("div", { class: "sides" }, table, facts),
        );
    }

    /** A value as people read it; below it, dim, in full, and how much of all it is. */
    private figures(title: string, f: number, measure: Measure, type: number): HTMLElement[] {
        const { profile } = this.app;
        const { unit } = profile.types[type];
        const value = profile.ofFunction(f, measure, type);
        const total = profile.total(type);
        const row = (kind: string, label: string, cells: string[]) =>
            h(
                "tr",
                { class: kind },
                label ? h("th", { scope: "row" }, label) : h("td"),
                ...cells.map((text) => h("td", { class: "number" }, text)),
            );
        const rows = [
            row(
                "",
                title,
                value.map((v) => human(v, unit)),
            ),
            row(
                "dim",
                "",
                value.map((v) => (human(v, unit) === inFull(v, unit) ? "" : inFull(v, unit))),
            ),
            row(
                "dim",
                "",
                value.map((v, side) => `${percent(v, total[side])} of all`),
            ),
        ];
        if (value.length > 1) {
            const by = value[1] - value[0];
            const short = signed(by, (size) => human(size, unit));
            const full = signed(by, (size) => inFull(size, unit));
            [short, short === full ? "" : full, changePercent(value[0], value[1])].forEach(
                (text, i) => rows[i].append(h("td", { class: `number ${way(by)}` }, text)),
            );
        }
        return rows.filter((r) => [...r.cells].some((cell) => cell.textContent));
    }

    private list(
        title: string,
        edges: Edge[],
        f: number,
        most: bigint,
        other: (edge: Edge) => number,
    ): HTMLElement {
        const { app } = this;
        const sorted = edges
            .filter((edge) => largest(edge.value) > 0n)
            .sort((a, b) => compare(largest(b.value), largest(a.value)) || other(a) - other(b));
        const body = h("tbody");
        for (const edge of sorted) body.append(this.row(edge, other(edge), f, most));
        const heads = app.report.comparison ? ["Old", "New", "Change", "%"] : ["Value", "%"];
        return h(
            "div",
            { class: `card ${title.toLowerCase()}` },
            h("h3", {}, title, h("small", {}, ` ${app.profile.types[app.state.type].name}`)),
            sorted.length === 0
                ? h("p", { class: "empty" }, "None that is instrumented.")
                : h(
                      "table",
                      { class: "edges" },
                      h(
                          "thead",
                          {},
                          h(
                              "tr",
                              {},
                              h("th", { scope: "col" }, "Function"),
                              ...heads.map((head) =>
                                  h("th", { scope: "col", class: "number" }, head),
                              ),
                          ),
                      ),
                      body,
                  ),
        );
    }

    private row(edge: Edge, other: number, f: number, most: bigint): HTMLTableRowElement {
        const { app } = this;
        const bar = h("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${(100 * Math.min(1, ratio(largest(edge.value), most))).toFixed(2)}%`;
        const name = h(
            "button",
            { type: "button", class: "link", click: () => app.go({ function: other }) },
            functionName(app.report, other),
        );
        return h(
            "tr",
            {},
            h(
                "th",
                { scope: "row" },
                bar,
                name,
                other === f && h("span", { class: "mark plain" }, "itself"),
            ),
            ...this.numbers(edge.value, most),
        );
    }

    private numbers(value: BySide, most: bigint): HTMLTableCellElement[] {
        const { app } = this;
        const cell = (text: string, kind = "") => h("td", { class: `number ${kind}` }, text);
        if (value.length === 1)
            return [cell(app.value(value[0])), cell(percent(value[0], most), "percent")];
        const [old, now] = value;
        const by = now - old;
        return [
            cell(app.value(old), old === 0n ? "zero" : ""),
            cell(app.value(now), now === 0n ? "zero" : ""),
            cell(app.signedValue(by), way(by)),
            cell(changePercent(old, now), `percent ${way(by)}`),
        ];
    }
}
