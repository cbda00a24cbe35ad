/*
 * table.ts - all functions of the profile, sorted by any column, with those the search finds.
 *
 * The scroll container has the keyboard's focus, and names the row that it is on: rows come and go.
 */
import type { App, View } from "../app.ts";
import type { Column } from "../columns.ts";
import { columnsOf } from "../columns.ts";
import { h, renew } from "../dom.ts";
import { largest } from "../model.ts";
import { functionName } from "../names.ts";
import { VirtualRows } from "../rows.ts";
import { plural } from "../text.ts";

const ROW = 28;
const MEASURED = 400; // rows

export class TableView implements View {
    readonly name = "table";
    readonly title = "Table";
    readonly element: HTMLElement;
    private readonly said = h("span", { role: "status" });
    private readonly head = h("thead");
    private readonly groups = h("colgroup");
    private readonly body = h("tbody");
    private readonly table = h(
        "table",
        { class: "functions", role: "grid" },
        this.groups,
        this.head,
        this.body,
    );
    private readonly scroller = h(
        "div",
        {
            class: "scroll",
            tabindex: 0,
            role: "group",
            "aria-label": "Functions: arrow keys move, Enter chooses",
        },
        this.table,
    );
    private readonly rows = new VirtualRows(this.scroller, this.body, ROW, (row) => this.row(row));
    private columns: Column[] = [];
    private shown: number[] = [];
    private active = 0;
    private ordered = "";

    constructor(private readonly app: App) {
        this.element = h(
            "section",
            { class: "view table", "aria-label": this.title },
            h("div", { class: "toolbar" }, this.said),
            this.scroller,
        );
        this.scroller.addEventListener("keydown", (event) => this.key(event));
    }

    update(): void {
        const { app } = this;
        this.columns = columnsOf(app);
        const { column, descending } = this.sorting();
        this.shown = this.select(column, descending);
        this.header(column, descending);
        this.table.setAttribute("aria-rowcount", String(this.shown.length + 1));
        const { profile, type, search, sort, function: chosen } = app.state;
        const order = JSON.stringify([profile, type, search, sort]);
        this.said.textContent = this.summary();
        const at = this.shown.indexOf(chosen);
        if (at >= 0) this.active = at;
        this.active = Math.max(0, Math.min(this.active, this.shown.length - 1));
        this.rows.reset(this.shown.length);
        if (order !== this.ordered) {
            this.ordered = order;
            this.scroller.scrollTop = 0;
        }
        if (at >= 0) this.rows.reveal(at, this.head.offsetHeight);
    }

    private sorting(): { column: Column; descending: boolean } {
        const { app, columns } = this;
        const wanted = app.state.sort;
        const id = wanted.replace(/^-/, "");
        const named = columns.find((column) => column.id === id);
        if (named) return { column: named, descending: wanted.startsWith("-") };
        const standard = app.report.comparison ? "self.change" : "self";
        return { column: columns.find((c) => c.id === standard) as Column, descending: true };
    }

    private select(column: Column, descending: boolean): number[] {
        const { app } = this;
        const { report, profile, searched } = app;
        const { type } = app.state;
        const worth = profile.functions.filter(
            (f) =>
                (!searched || searched.matches(report.plainName(f))) &&
                (searched !== null ||
                    largest(profile.ofFunction(f, "self", type)) > 0n ||
                    largest(profile.ofFunction(f, "cum", type)) > 0n),
        );
        const sign = descending ? -1 : 1;
        return worth.sort(
            (a, b) => sign * column.order(a, b) || (report.names[a] < report.names[b] ? -1 : 1),
        );
    }

    private summary(): string {
        const { app } = this;
        const error = app.searched?.error;
        if (error) return error;
        const all = app.profile.functions.length;
        const { name } = app.profile.types[app.state.type];
        const count = plural(this.shown.length, "function");
        if (app.searched) return `${count} found of ${all.toLocaleString("en-US")}`;
        return this.shown.length === all
            ? count
            : `${count} with ${name}, of ${all.toLocaleString("en-US")}`;
    }

    // ---- rows ----

    private header(sorted: Column, descending: boolean): void {
        const { columns, app } = this;
        this.widths();
        const titles = h(
            "tr",
            {},
            ...columns.map((column) => {
                const is = column.id === sorted.id;
                return h(
                    "th",
                    {
                        scope: "col",
                        class: columnClass(column),
                        "aria-sort": is ? (descending ? "descending" : "ascending") : "none",
                    },
                    h(
                        "button",
                        {
                            type: "button",
                            "data-sort": column.id,
                            title: `Sort by ${`${column.group} ${column.title}`.trim().toLowerCase()}`,
                            click: () => {
                                const down = is ? !descending : column.numeric;
                                app.go({ sort: (down ? "-" : "") + column.id }, "replace");
                            },
                        },
                        column.title,
                        is &&
                            h(
                                "span",
                                { class: "arrow", "aria-hidden": "true" },
                                descending ? " ▾" : " ▴",
                            ),
                    ),
                );
            }),
        );
        renew(this.head, ...(columns.some((c) => c.group) ? [this.groupRow()] : []), titles);
    }

    /** Columns of numbers are as wide as their longest number; the names have what is left. */
    private widths(): void {
        const sample = this.shown.slice(0, MEASURED);
        let sum = 0;
        const columns = this.columns.map((column) => {
            const element = h("col", { class: columnClass(column) });
            if (column.numeric) {
                const texts = [`${column.title} ▾`, ...sample.map((f) => column.text(f))];
                const letters = Math.max(...texts.map((text) => text.length)) + 3.2; // with the padding
                element.style.width = `${letters}ch`;
                sum += letters;
            }
            return element;
        });
        this.groups.replaceChildren(...columns);
        this.table.style.minWidth = `calc(${sum}ch + ${this.columns.length - 1 > 8 ? 240 : 420}px)`;
    }

    private groupRow(): HTMLTableRowElement {
        const row = h("tr", { class: "groups" });
        for (let i = 0; i < this.columns.length;) {
            const { group } = this.columns[i];
            let n = 1;
            while (group && this.columns[i + n]?.group === group) n++;
            row.append(
                group
                    ? h("th", { colspan: n, scope: "colgroup", class: "first" }, group)
                    : h("td", { colspan: n }),
            );
            i += n;
        }
        return row;
    }

    private row(index: number): HTMLTableRowElement {
        const { app } = this;
        const f = this.shown[index];
        const row = h("tr", {
            id: `row-${index}`,
            class: index === this.active ? "active" : "",
            "aria-rowindex": index + 2,
            "aria-selected": String(f === app.state.function),
            click: () => {
                this.active = index;
                app.go({ function: f });
            },
        });
        if (index === this.active) this.scroller.setAttribute("aria-activedescendant", row.id);
        this.columns.forEach((column, i) => row.append(this.cell(column, f, i)));
        return row;
    }

    private cell(column: Column, f: number, i: number): HTMLTableCellElement {
        if (column.id === "name")
            return h(
                "th",
                { scope: "row", class: columnClass(column) },
                functionName(this.app.report, f),
            );
        const text = column.text(f);
        const first = column.group && this.columns[i - 1]?.group !== column.group ? " first" : "";
        const direction = column.direction?.(f) ?? 0;
        const way = direction > 0 ? " more" : direction < 0 ? " less" : "";
        const zero = text === "0" || text === "0%" || text === "0.0%" ? " zero" : "";
        return h(
            "td",
            { class: columnClass(column) + first + way + zero, title: column.more?.(f) ?? text },
            text,
        );
    }

    private key(event: KeyboardEvent): void {
        const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 3);
        const steps: Record<string, number> = {
            ArrowDown: 1,
            ArrowUp: -1,
            PageDown: page,
            PageUp: -page,
            Home: -this.shown.length,
            End: this.shown.length,
        };
        if (event.target !== this.scroller) return;
        if (event.key === "Enter" && this.shown.length > 0)
            this.app.go({ function: this.shown[this.active] });
        else if (steps[event.key] !== undefined) {
            const to = this.active + steps[event.key];
            this.active = Math.max(0, Math.min(this.shown.length - 1, to));
            this.rows.reveal(this.active, this.head.offsetHeight);
        } else return;
        event.preventDefault();
    }
}

function columnClass(column: Column): string {
    if (column.id === "name") return "name";
    if (column.id === "place") return "place";
    const narrow = column.title === "%" ? " percent" : "";
    return `number${narrow}`;
}
