/*
 * flame.ts - the flame graph, of one side or of both.
 *
 * In a comparison a context is as wide as the larger of its two sides (or as one of them), its colour
 * is its change, and what one side lacks is marked. The canvas is one thing to a reader of the screen;
 * which frame the keyboard is on, and what it holds, is said in a live region.
 */
import type { App, View } from "../app.ts";
import { buttons, h, renew } from "../dom.ts";
import type { Frame, Mark, Scene } from "../flame_canvas.ts";
import { FlameCanvas, ROW, rowTop } from "../flame_canvas.ts";
import type { Direction, FlameLayout } from "../flame_layout.ts";
import {
    isBelow,
    layoutFlame,
    neighbour,
    nodeAt,
    ownWidths,
    sumFound,
    windowOf,
} from "../flame_layout.ts";
import { ROOT, SMALL_CONTEXTS } from "../data.ts";
import type { BySide } from "../model.ts";
import { percent } from "../numbers.ts";
import { changeColour, palette, relativeChange } from "../palette.ts";
import type { State } from "../state.ts";
import { fileColours, type FileColours } from "../files.ts";
import { Tooltip } from "../tooltip.ts";
import { legend } from "./flame_legend.ts";

const KEYS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right" };

export class FlameView implements View {
    readonly name = "flame";
    readonly title: string;
    readonly element: HTMLElement;
    private readonly canvas = new FlameCanvas();
    private readonly bar = h("div", { class: "toolbar" });
    private readonly space = h("div", { class: "flame-space" }, this.canvas.element);
    private readonly scroller = h("div", { class: "flame-scroll" }, this.space);
    private readonly live = h("div", {
        class: "flame-live",
        role: "status",
        "aria-live": "polite",
    });
    private readonly tooltip = new Tooltip();
    private layout: FlameLayout | null = null;
    private laidOut = "";
    private files: FileColours | null = null;
    private found: boolean[] | null = null;
    private focus = 0;

    constructor(private readonly app: App) {
        this.title = app.report.comparison ? "Flame graph of changes" : "Flame graph";
        this.element = h(
            "section",
            { class: "view flame", "aria-label": this.title },
            this.bar,
            this.scroller,
            this.live,
        );
        this.listen();
    }

    update(): void {
        const { app, scroller } = this;
        const { profile, type, widths, orientation, node } = app.state;
        const key = JSON.stringify([profile, type, widths]);
        if (key !== this.laidOut) {
            this.layout = this.lay(app.state);
            this.files = fileColours(app.report, app.profile, type);
            this.laidOut = key;
            this.focus = node;
        }
        this.search();
        this.controls();
        const layout = this.layout as FlameLayout;
        this.space.style.height = `${Math.max(layout.rows.length * ROW, scroller.clientHeight)}px`;
        this.space.classList.toggle("upwards", orientation === "flame");
        this.draw();
    }

    private lay({ type, widths }: State): FlameLayout {
        const { profile, report } = this.app;
        const sides =
            !report.comparison || widths === "both" ? report.sides : [widths === "old" ? 0 : 1];
        return layoutFlame(
            profile.data.tree.parent,
            ownWidths(sides.map((side) => profile.nodeSelf(side, type))),
        );
    }

    private search(): void {
        const { app } = this;
        const { function: functions } = app.profile.data.tree;
        const searched = app.searched;
        this.found = searched
            ? functions.map((f) => f >= 0 && searched.matches(app.report.plainName(f)))
            : null;
    }

    // ---- drawing ----

    private draw(): void {
        const { scroller, app } = this;
        if (!this.layout || scroller.clientWidth === 0) return;
        this.canvas.resize(scroller.clientWidth, scroller.clientHeight);
        this.canvas.draw(this.scene(this.layout), this.offset(), palette(app.dark));
    }

    /** How far the rows are scrolled. In a flame they stand on the ground when there are few. */
    private offset(): number {
        const { scroller, layout, app } = this;
        const rows = (layout?.rows.length ?? 0) * ROW;
        const spare = Math.max(0, scroller.clientHeight - rows);
        return scroller.scrollTop - (app.state.orientation === "flame" ? spare : 0);
    }

    private scene(layout: FlameLayout): Scene {
        return {
            layout,
            window: windowOf(layout, this.app.state.node),
            upwards: this.app.state.orientation === "flame",
            focus: document.activeElement === this.canvas.element ? this.focus : -1,
            frame: (node) => this.frame(node),
        };
    }

    private frame(node: number): Frame {
        const { app, found } = this;
        const f = app.profile.data.tree.function[node];
        return {
            text: app.report.nodeName(app.profile, node),
            fill: this.fill(node, f),
            mark: this.mark(node),
            found: found?.[node] ?? false,
            chosen: f >= 0 && f === app.state.function,
            faded: found !== null && !found[node],
        };
    }

    private fill(node: number, f: number): string {
        const colours = palette(this.app.dark);
        if (this.app.report.comparison) {
            const [old, now] = this.values(node);
            return changeColour(relativeChange(old, now), colours);
        }
        if (f === ROOT || f === SMALL_CONTEXTS) return colours.small;
        const index = this.files?.ofFunction(f) ?? -1;
        return index < 0 ? colours.other : colours.files[index];
    }

    private mark(node: number): Mark {
        if (!this.app.report.comparison) return null;
        const [old, now] = this.values(node);
        return old === now ? null : old === 0n ? "new" : now === 0n ? "gone" : null;
    }

    private values(node: number): BySide {
        const { profile, report, state } = this.app;
        return report.sides.map((side) => profile.nodeTotal(side, state.type)[node]);
    }

    // ---- controls ----

    private controls(): void {
        const { app } = this;
        const { state, report } = app;
        const parts: HTMLElement[] = [
            buttons(
                "Orientation",
                [
                    { value: "icicle", text: "Icicle", title: "Callers above, callees below" },
                    { value: "flame", text: "Flame", title: "Callers below, callees above" },
                ],
                state.orientation,
                (value) => app.go({ orientation: value as State["orientation"] }, "replace"),
            ),
        ];
        if (report.comparison)
            parts.push(
                buttons(
                    "Width",
                    [
                        {
                            value: "both",
                            text: "Both",
                            title: "As wide as the larger side: what vanished is seen",
                        },
                        { value: "old", text: "Old", title: "As wide as the old side" },
                        { value: "new", text: "New", title: "As wide as the new side" },
                    ],
                    state.widths,
                    (value) => app.go({ widths: value as State["widths"] }, "replace"),
                ),
            );
        parts.push(
            h(
                "button",
                { type: "button", disabled: state.node === 0, click: () => this.zoom(0) },
                "Reset zoom",
            ),
            h("span", { class: "found" }, this.foundText()),
            legend(report.comparison, this.files, app.dark),
        );
        renew(this.bar, ...parts);
    }

    private foundText(): string {
        const { app, found } = this;
        if (!found) return "";
        const error = app.searched?.error;
        if (error) return error;
        const { parent } = app.profile.data.tree;
        const sums = app.report.sides.map((side) =>
            sumFound(parent, found, app.profile.nodeTotal(side, app.state.type)),
        );
        const total = app.profile.total(app.state.type);
        return `found: ${sums.map((sum, side) => `${app.value(sum)} (${percent(sum, total[side])})`).join(" → ")}`;
    }

    // ---- the mouse and the keyboard ----

    private listen(): void {
        const { canvas, scroller } = this;
        const { element } = canvas;
        element.tabIndex = 0;
        element.setAttribute("role", "application");
        element.setAttribute("aria-roledescription", "flame graph");
        element.setAttribute(
            "aria-label",
            `${this.title}: arrow keys move, Enter zooms, Backspace zooms out, Escape shows all`,
        );
        element.addEventListener("mousemove", (event) => this.hover(event));
        element.addEventListener("mouseleave", () => this.tooltip.hide());
        element.addEventListener("click", (event) => {
            const node = this.nodeUnder(event);
            if (node >= 0) this.choose(node);
        });
        element.addEventListener("keydown", (event) => this.key(event));
        element.addEventListener("focus", () => this.say(this.focus));
        element.addEventListener("blur", () => this.draw());
        scroller.addEventListener("scroll", () => this.draw(), { passive: true });
        new ResizeObserver(() => this.update()).observe(scroller);
    }

    private nodeUnder(event: MouseEvent): number {
        const layout = this.layout as FlameLayout;
        const box = this.canvas.element.getBoundingClientRect();
        const row = Math.floor((event.clientY - box.top + this.offset()) / ROW);
        const upwards = this.app.state.orientation === "flame";
        const { from, width } = windowOf(layout, this.app.state.node);
        const x = from + ((event.clientX - box.left) / box.width) * width;
        return nodeAt(layout, upwards ? layout.rows.length - 1 - row : row, x);
    }

    private hover(event: MouseEvent): void {
        const node = this.nodeUnder(event);
        this.canvas.element.style.cursor = node >= 0 ? "pointer" : "default";
        if (node < 0) this.tooltip.hide();
        else this.tooltip.show(event, this.describe(node));
    }

    /** Lines of text: the name first. */
    private describe(node: number): string[] {
        const { app } = this;
        const { type } = app.state;
        const f = app.profile.data.tree.function[node];
        const total = app.profile.total(type);
        const values = this.values(node);
        const self = app.report.sides.map((side) => app.profile.nodeSelf(side, type)[node]);
        const share = values.map((value, side) => percent(value, total[side])).join(" → ");
        const mark = this.mark(node);
        return [
            app.report.nodeName(app.profile, node),
            mark === "new"
                ? "new in this context"
                : mark === "gone"
                  ? "vanished from this context"
                  : "",
            `with callees: ${app.sentence(values)}`,
            `${share} of all`,
            `self: ${app.sentence(self)}`,
            f >= 0 ? app.report.place(f) : "",
        ].filter((line) => line !== "");
    }

    private say(node: number): void {
        this.focus = node;
        this.live.textContent = this.describe(node).join(" · ");
        const layout = this.layout as FlameLayout;
        const top = rowTop(
            layout.depth[node],
            layout.rows.length,
            this.app.state.orientation === "flame",
        );
        if (top < this.offset()) this.scroller.scrollTop += top - this.offset();
        const below = top + ROW - this.offset() - this.scroller.clientHeight;
        if (below > 0) this.scroller.scrollTop += below;
        this.draw();
    }

    private choose(node: number): void {
        const f = this.app.profile.data.tree.function[node];
        this.focus = node;
        this.app.go({ node, ...(f >= 0 ? { function: f } : {}) });
        this.say(node);
    }

    private zoom(node: number): void {
        this.focus = node;
        this.app.go({ node });
    }

    private key(event: KeyboardEvent): void {
        const layout = this.layout as FlameLayout;
        const upwards = this.app.state.orientation === "flame";
        let to: number | null = null;
        if (KEYS[event.key]) to = neighbour(layout, this.focus, KEYS[event.key]);
        else if (event.key === "ArrowUp" || event.key === "ArrowDown")
            to = neighbour(
                layout,
                this.focus,
                (event.key === "ArrowUp") !== upwards ? "parent" : "child",
            );
        else if (event.key === "Home") to = 0;
        else if (event.key === "Enter" || event.key === " ") this.choose(this.focus);
        else if (event.key === "Backspace")
            this.zoom(Math.max(0, layout.parent[this.app.state.node]));
        else if (event.key === "Escape" && this.app.state.node !== 0) this.zoom(0);
        else return;
        event.preventDefault();
        event.stopPropagation();
        if (to === null) return;
        this.say(to);
        if (!this.inSight(layout, to)) this.app.go({ node: to }, "replace");
    }

    /** Whether a node can be seen as things are zoomed: it, or what is zoomed to, is below the other. */
    private inSight(layout: FlameLayout, node: number): boolean {
        const { node: zoomed } = this.app.state;
        return isBelow(layout, node, zoomed) || isBelow(layout, zoomed, node);
    }
}
