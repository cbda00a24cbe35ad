/*
 * shell.ts - what is around the views: the heading with what to look at, the tabs, the line of the
 * chosen function, and the keys that work everywhere.
 */
import { App, type View } from "./app.ts";
import { choice, h, renew, signLabel } from "./dom.ts";
import { Help } from "./help.ts";
import type { Report } from "./model.ts";
import { functionName } from "./names.ts";
import type { ViewName } from "./state.ts";
import { visible } from "./text.ts";
import { nextTheme, theme } from "./theme.ts";
import { AboutView } from "./views/about.ts";
import { CallersView } from "./views/callers.ts";
import { FlameView } from "./views/flame.ts";
import { GraphView } from "./views/graph.ts";
import { OverviewView } from "./views/overview.ts";
import { SourceView } from "./views/source.ts";
import { TableView } from "./views/table.ts";

const LINKS: [ViewName, string][] = [
    ["table", "Table"],
    ["graph", "Graph"],
    ["callers", "Callers"],
    ["source", "Source"],
];

export class Shell {
    private readonly app: App;
    private readonly views: View[];
    private readonly tabs: HTMLElement[];
    private readonly header = h("header");
    private readonly chosen = h("footer", { class: "chosen", "aria-label": "Chosen function" });
    private readonly main = h("main");
    private readonly help = new Help();
    private readonly search: HTMLInputElement;
    private readonly picks = h("span", { class: "pick" });
    private readonly units = this.button("1,234", "Numbers in full or in human units (x)", () =>
        this.toggleUnits(),
    );
    private readonly theme = this.button("◐", "", () => this.toggleTheme());

    constructor(report: Report) {
        this.app = new App(report, () => this.show());
        const { app } = this;
        this.views = [
            new OverviewView(app),
            ...(report.profiles.length > 0
                ? [
                      new FlameView(app),
                      new TableView(app),
                      new GraphView(app),
                      new CallersView(app),
                      new SourceView(app),
                  ]
                : []),
            new AboutView(app),
        ];
        this.tabs = this.views.map((view) => this.tab(view));
        this.search = h("input", {
            type: "search",
            placeholder: "Search functions ( / )",
            "aria-label": "Search functions",
            title: "Text, or a regular expression between slashes",
            spellcheck: "false",
            autocomplete: "off",
            input: () => app.go({ search: this.search.value }, "replace"),
            keydown: (event: KeyboardEvent) => this.searchKey(event),
        });
        for (const view of this.views) {
            view.element.id = `view-${view.name}`;
            view.element.setAttribute("role", "tabpanel");
            view.element.setAttribute("aria-labelledby", `tab-${view.name}`);
        }
        this.fillHeader();
        this.main.append(...this.views.map((view) => view.element));
        document.body.replaceChildren(
            this.header,
            h(
                "nav",
                {},
                h("div", { class: "tabs", role: "tablist", "aria-label": "Views" }, ...this.tabs),
            ),
            this.main,
            this.chosen,
            ...document.querySelectorAll("dialog"),
        );
        this.listen();
        this.show();
    }

    /** Shows everything anew. */
    refresh(): void {
        this.app.refresh();
    }

    private show(): void {
        const { app } = this;
        const view = this.views.find((v) => v.name === app.state.view) ?? this.views[0];
        this.heading();
        this.footer();
        for (const [i, v] of this.views.entries()) {
            v.element.hidden = v !== view;
            this.tabs[i].setAttribute("aria-selected", String(v === view));
            this.tabs[i].tabIndex = v === view ? 0 : -1;
        }
        view.update();
    }

    // ---- the heading ----

    private fillHeader(): void {
        const labels = this.app.report.data.sides.map((side) => visible(side.label)).join(" → ");
        this.header.append(
            h("h1", { title: labels }, h("b", {}, "tally"), h("bdi", {}, labels)),
            this.lossesLink(),
            this.picks,
            this.search,
            this.units,
            this.theme,
            this.button("?", "Keys (?)", () => this.help.toggle()),
        );
    }

    private button(text: string, title: string, click: () => void): HTMLButtonElement {
        const label = signLabel(text, title);
        return h(
            "button",
            { type: "button", class: "quiet", title, "aria-label": label, click },
            text,
        );
    }

    private heading(): void {
        const { app } = this;
        if (this.search.value !== app.state.search) this.search.value = app.state.search;
        this.search.classList.toggle("wrong", app.searched?.error != null);
        this.units.setAttribute("aria-pressed", String(app.inFull));
        const title = `Theme: ${theme() === "auto" ? "as the system has it" : theme()} (t)`;
        this.theme.title = title;
        this.theme.setAttribute("aria-label", title);
        this.pick();
    }

    private lossesLink(): HTMLElement | string {
        const { sides, notes } = this.app.report.data;
        const n = notes.length + sides.reduce((sum, side) => sum + side.losses.length, 0);
        if (n === 0) return "";
        const title = "Losses and notes: see the overview";
        return h(
            "a",
            { class: "warn", href: this.app.link({ view: "overview" }), title },
            `⚠ ${n}`,
        );
    }

    private pick(): void {
        const { app } = this;
        const { report, state } = app;
        if (report.profiles.length === 0) return;
        renew(
            this.picks,
            choice(
                "Profile",
                report.profiles.map((p, i) => ({ value: String(i), text: visible(p.data.kind) })),
                String(state.profile),
                (value) => app.go({ profile: Number(value) }),
            ),
            choice(
                "Sample type",
                app.profile.types.map((t, i) => ({ value: String(i), text: visible(t.name) })),
                String(state.type),
                (value) => app.go({ type: Number(value) }),
            ),
        );
    }

    private toggleUnits(): void {
        this.app.inFull = !this.app.inFull;
        this.app.refresh();
    }

    private toggleTheme(): void {
        nextTheme();
        this.app.refresh();
    }

    // ---- tabs ----

    private tab(view: View): HTMLElement {
        return h(
            "button",
            {
                type: "button",
                role: "tab",
                id: `tab-${view.name}`,
                "aria-controls": `view-${view.name}`,
                click: () => this.app.go({ view: view.name }),
                keydown: (event: KeyboardEvent) => this.tabKey(event),
            },
            view.title,
        );
    }

    private tabKey(event: KeyboardEvent): void {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (step === 0) return;
        const n = this.views.length;
        const to = (this.views.findIndex((v) => v.name === this.app.state.view) + step + n) % n;
        this.app.go({ view: this.views[to].name });
        this.tabs[to].focus();
        event.preventDefault();
    }

    // ---- the chosen function ----

    private footer(): void {
        const { app } = this;
        const { report, state } = app;
        const f = state.function;
        this.chosen.hidden = f < 0 || report.profiles.length === 0;
        if (this.chosen.hidden) return;
        const { profile } = app;
        const parts: Node[] = [h("strong", {}, functionName(report, f))];
        if (!profile.has(f)) parts.push(h("span", {}, "not in this profile"));
        else {
            const { name } = profile.types[state.type];
            const self = app.sentence(profile.ofFunction(f, "self", state.type));
            parts.push(
                h(
                    "span",
                    {},
                    profile.hasCum(state.type) ? `self ${name}: ${self}` : `${name}: ${self}`,
                ),
            );
            if (profile.hasCum(state.type))
                parts.push(
                    h(
                        "span",
                        {},
                        `with callees: ${app.sentence(profile.ofFunction(f, "cum", state.type))}`,
                    ),
                );
        }
        const pairing = report.pairing(f);
        if (pairing) parts.push(h("span", { class: "pairing" }, pairing));
        const links = LINKS.filter(([name]) => name !== state.view).map(([view, text]) =>
            h("a", { href: app.link({ view }) }, text),
        );
        const clear = () => app.go({ function: -1 });
        this.chosen.replaceChildren(
            h("div", { class: "about-chosen" }, ...parts),
            h(
                "nav",
                { "aria-label": "The chosen function in other views" },
                ...links,
                h(
                    "button",
                    {
                        type: "button",
                        class: "quiet",
                        title: "Choose no function",
                        "aria-label": "Choose no function",
                        click: clear,
                    },
                    "×",
                ),
            ),
        );
    }

    // ---- keys, theme and print ----

    private listen(): void {
        document.addEventListener("keydown", (event) => this.key(event));
        const print = (printing: boolean): void => {
            this.app.printing = printing;
            this.app.refresh();
        };
        window.addEventListener("beforeprint", () => print(true));
        window.addEventListener("afterprint", () => print(false));
    }

    private searchKey(event: KeyboardEvent): void {
        if (event.key !== "Escape" && event.key !== "Enter") return;
        if (event.key === "Escape") this.app.go({ search: "" }, "replace");
        this.search.blur();
        event.preventDefault();
        event.stopPropagation();
    }

    private key(event: KeyboardEvent): void {
        const target = event.target as HTMLElement;
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (target.matches("input, select, textarea, dialog[open] *") && event.key !== "Escape")
            return;
        const number = Number(event.key);
        if (event.key === "/") {
            this.search.focus();
            this.search.select();
        } else if (event.key === "?") this.help.toggle();
        else if (event.key === "x") this.toggleUnits();
        else if (event.key === "t") this.toggleTheme();
        else if (number >= 1 && number <= this.views.length)
            this.app.go({ view: this.views[number - 1].name });
        else return;
        event.preventDefault();
    }
}
