/*
 * graph.ts - the call graph: the most important functions, callers above callees, laid out by dagre
 * in layers. Drag and wheel move and zoom (d3-zoom), as do the buttons and + - 0.
 */
import { Graph, layout } from "@dagrejs/dagre";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import type { App, View } from "../app.ts";
import { Status } from "../data.ts";
import { choice, h, renew, signLabel, svg } from "../dom.ts";
import { pickGraph, type Picture } from "../graph_pick.ts";
import type { BySide, Edge } from "../model.ts";
import { largest, way } from "../model.ts";
import { changePercent, percent, ratio } from "../numbers.ts";
import { changeColour, palette, relativeChange } from "../palette.ts";
import { plural } from "../text.ts";

const COUNTS = ["15", "30", "60", "120"];
const BOX_HEIGHT = 44;
const READABLE = 0.7;
const LOOP = 40; // how far a call of itself reaches out of its box
const LONGEST = 34; // letters of a name

interface Point {
    x: number;
    y: number;
}
interface Box extends Point {
    width: number;
    height: number;
}

export class GraphView implements View {
    readonly name = "graph";
    readonly title = "Call graph";
    readonly element: HTMLElement;
    private readonly bar = h("div", { class: "toolbar" });
    private readonly content = svg("g");
    private readonly picture = svg(
        "svg",
        { class: "graph-picture", role: "group", "aria-label": "Call graph" },
        svg(
            "defs",
            {},
            svg(
                "marker",
                {
                    id: "arrow",
                    viewBox: "0 0 8 8",
                    refX: 7,
                    refY: 4,
                    markerWidth: 8,
                    markerHeight: 8,
                    orient: "auto",
                    markerUnits: "userSpaceOnUse",
                },
                svg("path", { d: "M0 0L8 4L0 8z", class: "arrow-head" }),
            ),
        ),
        this.content,
    );
    private readonly zoomer = zoom<SVGSVGElement, unknown>().scaleExtent([0.05, 4]);
    private count = "30";
    private shown: Picture | null = null;
    private drawn = "";
    private extent = { width: 1, height: 1 };
    private boxes = new Map<number, Box>();

    constructor(private readonly app: App) {
        this.element = h(
            "section",
            { class: "view graph", "aria-label": this.title },
            this.bar,
            h("div", { class: "graph-space" }, this.picture),
        );
        this.zoomer.on("zoom", ({ transform }) =>
            this.content.setAttribute("transform", transform.toString()),
        );
        select(this.picture).call(this.zoomer).on("dblclick.zoom", null);
        this.picture.addEventListener("keydown", (event) => this.key(event));
        new ResizeObserver(() => this.show()).observe(this.picture);
    }

    update(): void {
        const { app } = this;
        const { profile, type, function: chosen } = app.state;
        // Choosing a function that is shown already does not make the others move.
        const shown = this.boxes.has(chosen) || chosen < 0;
        const key = JSON.stringify([profile, type, this.count]);
        const fresh = key !== this.drawn || !shown;
        const picture = fresh
            ? pickGraph(app.profile, type, Number(this.count), chosen)
            : (this.shown as Picture);
        this.shown = picture;
        this.drawn = key;
        this.controls(picture);
        this.draw(picture);
        if (fresh || this.app.printing) this.show();
        this.mark();
    }
    private controls(picture: Picture): void {
        const button = (text: string, label: string, click: () => void) =>
            h(
                "button",
                { type: "button", "aria-label": signLabel(text, label), title: label, click },
                text,
            );
        renew(
            this.bar,
            choice(
                "Functions shown",
                COUNTS.map((value) => ({ value, text: `${value} functions` })),
                this.count,
                (value) => {
                    this.count = value;
                    this.update();
                },
            ),
            h(
                "div",
                { class: "buttons" },
                button("−", "Zoom out (-)", () => this.scale(1 / 1.4)),
                button("+", "Zoom in (+)", () => this.scale(1.4)),
                button("Fit", "Show all (0)", () => this.fit()),
            ),
            h(
                "span",
                { class: "note" },
                picture.leftOut > 0
                    ? `${plural(picture.leftOut, "function")} with less left out`
                    : "all functions shown",
            ),
        );
    }

    // ---- layout ----

    private draw(picture: Picture): void {
        const graph = new Graph({ multigraph: true });
        graph.setGraph({ rankdir: "TB", nodesep: 18, ranksep: 46, marginx: 12, marginy: 12 });
        for (const f of picture.functions)
            graph.setNode(String(f), { width: this.boxWidth(f), height: BOX_HEIGHT });
        picture.edges.forEach((edge, index) => {
            const text = this.edgeText(edge.value);
            graph.setEdge(
                String(edge.caller),
                String(edge.callee),
                {
                    width: text.length * 6.4 + 8 + (edge.caller === edge.callee ? 2 * LOOP : 0),
                    height: 16,
                    labelpos: "c",
                    weight: this.weight(edge),
                },
                String(index),
            );
        });
        layout(graph);
        const size = graph.graph() as { width?: number; height?: number };
        this.extent = { width: size.width || 1, height: size.height || 1 };
        this.boxes = new Map(picture.functions.map((f) => [f, graph.node(String(f)) as Box]));
        const edges = picture.edges.map((edge, index) => {
            const label = graph.edge(
                String(edge.caller),
                String(edge.callee),
                String(index),
            ) as Box & {
                points: Point[];
            };
            return this.edge(edge, label);
        });
        renew(this.content, ...edges, ...picture.functions.map((f) => this.box(f)));
    }

    private values(f: number): BySide {
        const { profile, state } = this.app;
        return profile.ofFunction(f, profile.mainMeasure(state.type), state.type);
    }

    private edgeText(value: BySide): string {
        if (value.length === 1) return this.app.value(value[0]);
        const [old, now] = value;
        if (old === now) return this.app.value(now);
        return `${this.app.value(old)} → ${this.app.value(now)}`;
    }

    private boxTexts(f: number): [string, string] {
        const { app } = this;
        const mark = { new: "+ ", gone: "− " }[this.status(f)] ?? "";
        const name = app.report.names[f];
        const short = mark + (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);
        const values = this.values(f);
        const total = app.profile.total(app.state.type);
        if (values.length === 1)
            return [short, `${app.value(values[0])} · ${percent(values[0], total[0])}`];
        const [old, now] = values;
        const way = old === now ? "same" : old === 0n ? "" : changePercent(old, now);
        return [short, [this.edgeText(values), way].filter(Boolean).join(" · ")];
    }

    private boxWidth(f: number): number {
        const [name, numbers] = this.boxTexts(f);
        return Math.max(90, name.length * 7.9 + 24, numbers.length * 6.6 + 24);
    }

    private weight(edge: Edge): number {
        const most = largest(this.app.profile.total(this.app.state.type));
        return 1 + Math.round(8 * Math.min(1, ratio(largest(edge.value), most)));
    }

    // ---- what is drawn ----

    private box(f: number): SVGGElement {
        const { app } = this;
        const { x, y, width, height } = this.boxes.get(f) as Box;
        const [name, numbers] = this.boxTexts(f);
        const rect = svg("rect", { width, height, rx: 5 });
        rect.style.fill = this.fill(f);
        const choose = () => app.go({ function: f });
        return svg(
            "g",
            {
                class: `box ${this.status(f)}`,
                transform: `translate(${x - width / 2} ${y - height / 2})`,
                tabindex: 0,
                role: "button",
                "data-function": f,
                click: choose,
                dblclick: () => app.go({ function: f, view: "callers" }),
                keydown: (event: KeyboardEvent) => {
                    if (event.key === "Enter" || event.key === " ") {
                        event.preventDefault();
                        choose();
                    }
                },
            },
            svg("title", {}, `${app.report.names[f]}\n${app.sentence(this.values(f))}`),
            rect,
            svg("text", { x: width / 2, y: 18, class: "box-name" }, name),
            svg("text", { x: width / 2, y: 34, class: "box-numbers" }, numbers),
        );
    }

    private status(f: number): string {
        const { comparison, data } = this.app.report;
        const status = comparison ? data.functions.status[f] : Status.both;
        return status === Status.added ? "new" : status === Status.vanished ? "gone" : "";
    }

    private fill(f: number): string {
        const { app } = this;
        const colours = palette(app.dark);
        const values = this.values(f);
        if (app.report.comparison)
            return changeColour(relativeChange(values[0], values[1]), colours);
        const { type } = app.state;
        const self = app.profile.ofFunction(f, "self", type)[0];
        return changeColour(Math.sqrt(ratio(self, app.profile.total(type)[0])), colours);
    }

    private edge(edge: Edge, label: Box & { points: Point[] }): SVGGElement {
        const { app } = this;
        const most = largest(app.profile.total(app.state.type));
        const itself = edge.caller === edge.callee;
        const box = this.boxes.get(edge.caller) as Box;
        const path = svg("path", {
            d: itself ? loop(box) : curve(label.points),
            "marker-end": "url(#arrow)",
        });
        path.style.strokeWidth = String(
            1 + 5 * Math.sqrt(Math.min(1, ratio(largest(edge.value), most))),
        );
        const names = `${app.report.names[edge.caller]} → ${app.report.names[edge.callee]}`;
        return svg(
            "g",
            {
                class: `edge ${this.edgeKind(edge.value)}`,
                "data-caller": edge.caller,
                "data-callee": edge.callee,
            },
            svg("title", {}, `${names}\n${app.sentence(edge.value)}`),
            path,
            svg(
                "text",
                itself
                    ? { x: box.x + box.width / 2 + LOOP, y: box.y + 4, class: "beside" }
                    : { x: label.x, y: label.y + 4 },
                this.edgeText(edge.value),
            ),
        );
    }

    private edgeKind(value: BySide): string {
        if (value.length === 1) return "";
        const [old, now] = value;
        return old === 0n ? "new" : now === 0n ? "gone" : way(now - old);
    }

    /** The chosen function and its edges stand out; what the search finds is outlined. */
    private mark(): void {
        const { app, content } = this;
        const { searched } = app;
        const chosen = app.state.function;
        content.classList.toggle("has-chosen", this.boxes.has(chosen));
        for (const element of content.children) {
            const { function: f, caller, callee } = (element as SVGGElement).dataset;
            if (f !== undefined) {
                element.classList.toggle("chosen", Number(f) === chosen);
                element.classList.toggle(
                    "found",
                    searched?.matches(app.report.plainName(Number(f))) ?? false,
                );
            } else
                element.classList.toggle(
                    "near",
                    Number(caller) === chosen || Number(callee) === chosen,
                );
        }
    }

    // ---- moving ----

    private scale(by: number): void {
        this.zoomer.scaleBy(select(this.picture), by);
    }

    /** As a view begins; on paper there is no moving about, so all of it. */
    private show(): void {
        this.fit(this.app.printing ? 0 : READABLE);
    }

    /** Shows all; or, if letters would be too small, what is around the chosen or the topmost function. */
    private fit(smallest = 0): void {
        const { clientWidth, clientHeight } = this.picture.parentElement ?? this.picture;
        if (clientWidth === 0) return;
        const { width, height } = this.extent;
        this.picture.setAttribute("viewBox", `0 0 ${clientWidth} ${clientHeight}`);
        const k = Math.max(smallest, Math.min(1.25, clientWidth / width, clientHeight / height));
        const around = this.boxes.get(this.app.state.function) ?? this.topmost();
        const offset = (extent: number, room: number, middle: number) =>
            extent * k <= room
                ? (room - extent * k) / 2
                : Math.max(room - extent * k, Math.min(0, room / 2 - middle * k));
        const x = offset(width, clientWidth, around.x);
        const y = offset(height, clientHeight, around.y);
        this.zoomer.transform(select(this.picture), zoomIdentity.translate(x, y).scale(k));
    }

    private topmost(): Point {
        let top: Point | null = null;
        for (const box of this.boxes.values()) if (!top || box.y < top.y) top = box;
        return top ?? { x: 0, y: 0 };
    }

    private key(event: KeyboardEvent): void {
        if (event.key === "+" || event.key === "=") this.scale(1.4);
        else if (event.key === "-") this.scale(1 / 1.4);
        else if (event.key === "0") this.fit();
        else return;
        event.preventDefault();
    }
}

/** Out of the right side of a box and in again. */
function loop({ x, y, width }: Box): string {
    const right = x + width / 2;
    return `M${right} ${y - 10}C${right + LOOP} ${y - 26} ${right + LOOP} ${y + 26} ${right + 1} ${y + 10}`;
}

/** A smooth line through the middles between the points. */
function curve(points: Point[]): string {
    const [first, ...rest] = points;
    let d = `M${first.x} ${first.y}`;
    for (let i = 0; i + 1 < rest.length; i++) {
        const [a, b] = [rest[i], rest[i + 1]];
        const end = i + 2 === rest.length ? b : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
        d += `Q${a.x} ${a.y} ${end.x} ${end.y}`;
    }
    if (rest.length === 1) d += `L${rest[0].x} ${rest[0].y}`;
    return d;
}
