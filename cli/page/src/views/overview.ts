/*
 * overview.ts - what ran, what was lost, what is to be known before comparing, and the sum of each
 * sample type of each profile.
 */
import type { App, View } from "../app.ts";
import { h } from "../dom.ts";
import { change, compare, largest, way } from "../model.ts";
import { functionName } from "../names.ts";
import { changePercent, inFull, percent, signed } from "../numbers.ts";
import { factsBySide, type Fact } from "../facts.ts";
import { plural, visible } from "../text.ts";

const TOP = 10;

export class OverviewView implements View {
    readonly name = "overview";
    readonly title = "Overview";
    readonly element = h("section", { class: "view overview", "aria-label": this.title });

    constructor(private readonly app: App) {}

    update(): void {
        this.element.replaceChildren(
            h(
                "div",
                { class: "page" },
                this.warnings(),
                h("div", { class: "cards" }, this.totals(), this.top()),
                this.runs(),
            ),
        );
    }

    /** What may mislead: why the two may not be comparable, what was folded, what was lost. */
    private warnings(): HTMLElement | null {
        const { report } = this.app;
        const { sides, notes } = report.data;
        const items = notes.map((note) => h("li", {}, visible(note)));
        sides.forEach((side, i) => {
            const role = report.comparison ? ` (${i === 0 ? "old" : "new"})` : "";
            for (const loss of side.losses)
                items.push(h("li", {}, h("b", {}, `Lost${role}: `), visible(loss)));
        });
        if (items.length === 0) return null;
        return h(
            "div",
            { class: "warning", role: "note" },
            h("h2", {}, report.comparison ? "Before you compare" : "To be known"),
            h("ul", {}, ...items),
        );
    }

    /** What is known of each run; of two, what differs first. */
    private runs(): HTMLElement {
        const { sides } = this.app.report.data;
        const facts = factsBySide(sides);
        if (sides.length === 1)
            return h("div", { class: "card" }, h("h2", {}, "The run"), this.facts(facts));
        const same = facts.filter(({ values }) => values[0] === values[1]);
        return h(
            "div",
            { class: "card" },
            h("h2", {}, "The runs"),
            this.facts(facts.filter(({ values }) => values[0] !== values[1])),
            same.length > 0 &&
                h(
                    "details",
                    {},
                    h("summary", {}, `${plural(same.length, "fact")} the same on both sides`),
                    this.facts(same),
                ),
        );
    }

    private facts(facts: Fact[]): HTMLElement {
        const { report } = this.app;
        const head = h(
            "tr",
            {},
            h("td"),
            ...report.data.sides.map((side, i) =>
                h(
                    "th",
                    { scope: "col" },
                    h("span", { class: "side" }, i === 0 ? "old" : "new"),
                    visible(side.label),
                ),
            ),
        );
        const rows = facts.map(({ name, values }) =>
            h(
                "tr",
                {},
                h("th", { scope: "row" }, visible(name)),
                ...values.map((value) => h("td", {}, factText(value))),
            ),
        );
        return h(
            "table",
            { class: "facts-by-side" },
            report.comparison && h("thead", {}, head),
            h("tbody", {}, ...rows),
        );
    }

    // ---- sums ----

    private totals(): HTMLElement {
        const { app } = this;
        const { report } = app;
        const body = h("tbody");
        report.profiles.forEach((profile, p) =>
            profile.types.forEach((type, t) => {
                const total = profile.total(t);
                const shown = total.map((value) =>
                    h(
                        "td",
                        { class: "number", title: inFull(value, type.unit) },
                        app.value(value, type.unit),
                    ),
                );
                const name = h(
                    "a",
                    { href: app.link({ profile: p, type: t, view: "flame", node: 0 }) },
                    type.name,
                );
                const row = h(
                    "tr",
                    {},
                    t === 0 ? h("th", { scope: "row" }, visible(profile.data.kind)) : h("td"),
                    h("td", {}, name),
                    ...shown,
                );
                if (report.comparison) {
                    const by = change(total);
                    row.append(
                        h("td", { class: `number ${way(by)}` }, app.signedValue(by, type.unit)),
                        h("td", { class: `number ${way(by)}` }, changePercent(total[0], total[1])),
                    );
                }
                if (t === 0) row.classList.add("first");
                body.append(row);
            }),
        );
        const heads = report.comparison ? ["Old", "New", "Change", "%"] : ["Total"];
        return h(
            "div",
            { class: "card" },
            h("h2", {}, "Totals"),
            h(
                "table",
                { class: "totals" },
                h(
                    "thead",
                    {},
                    h(
                        "tr",
                        {},
                        h("th", { scope: "col" }, "Profile"),
                        h("th", { scope: "col" }, "Type"),
                        ...heads.map((head) => h("th", { scope: "col", class: "number" }, head)),
                    ),
                ),
                body,
            ),
        );
    }

    /** The functions one would look at first. */
    private top(): HTMLElement {
        const { app } = this;
        const { report, profile } = app;
        if (!profile)
            return h("div", { class: "card" }, h("p", { class: "empty" }, "There is no profile."));
        const { type } = app.state;
        const value = (f: number) => profile.ofFunction(f, "self", type);
        const size = (f: number) => {
            const by = report.comparison ? change(value(f)) : value(f)[0];
            return by < 0n ? -by : by;
        };
        const functions = profile.functions
            .filter((f) => size(f) > 0n)
            .sort((a, b) => compare(size(b), size(a)))
            .slice(0, TOP);
        const most = functions.length > 0 ? size(functions[0]) : 1n;
        const { name, unit } = profile.types[type];
        const title = report.comparison ? `Largest changes of self ${name}` : `Most self ${name}`;
        const rows = functions.map((f) => {
            const bar = h("span", { class: "bar", "aria-hidden": "true" });
            bar.style.width = `${(100 * Number(size(f))) / Number(most)}%`;
            const numbers = report.comparison
                ? this.changes(value(f)[0], value(f)[1], unit)
                : [
                      h(
                          "td",
                          { class: "number", title: inFull(value(f)[0], unit) },
                          app.value(value(f)[0]),
                      ),
                      h(
                          "td",
                          { class: "number percent" },
                          percent(value(f)[0], largest(profile.total(type))),
                      ),
                  ];
            return h(
                "tr",
                {},
                h(
                    "th",
                    { scope: "row" },
                    bar,
                    h(
                        "a",
                        { href: app.link({ function: f, view: "callers" }) },
                        functionName(report, f),
                    ),
                ),
                ...numbers,
            );
        });
        return h(
            "div",
            { class: "card" },
            h("h2", {}, title),
            rows.length === 0
                ? h(
                      "p",
                      { class: "empty" },
                      report.comparison
                          ? "Nothing changed: each value is the same on both sides."
                          : "Nothing.",
                  )
                : h("table", { class: "edges" }, h("tbody", {}, ...rows)),
        );
    }

    private changes(old: bigint, now: bigint, unit: string): HTMLElement[] {
        const by = now - old;
        return [
            h(
                "td",
                { class: `number ${way(by)}`, title: signed(by, (size) => inFull(size, unit)) },
                this.app.signedValue(by, unit),
            ),
            h("td", { class: `number percent ${way(by)}` }, changePercent(old, now)),
        ];
    }
}

/** Lines of a fact below each other. */
function factText(value: string): HTMLElement {
    const lines = value.split("\n");
    return h("div", {}, ...lines.flatMap((line, i) => [i > 0 && h("br"), visible(line)]));
}
