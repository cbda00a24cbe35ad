/*
 * flame_canvas.ts - draws the part of a flame graph that is in sight.
 *
 * The canvas is as large as the window onto it and stays in place while the rows scroll below it. All
 * lengths are in CSS pixels.
 */
import type { FlameLayout, Window } from "./flame_layout.ts";
import { firstRightOf } from "./flame_layout.ts";
import type { Palette } from "./palette.ts";

export const ROW = 20;
const GAP = 1;
const NARROWEST = 0.35; // frames narrower than this are not drawn
const TEXT_FROM = 24;
const FONT = "12px system-ui, sans-serif";

export type Mark = "new" | "gone" | null;

/** What a frame looks like. */
export interface Frame {
    text: string;
    fill: string;
    mark: Mark;
    found: boolean; // by the search
    chosen: boolean; // of the chosen function
    faded: boolean; // a search finds others
}

export interface Scene {
    layout: FlameLayout;
    window: Window;
    upwards: boolean;
    focus: number; // -1: none
    frame(node: number): Frame;
}

export class FlameCanvas {
    readonly element = document.createElement("canvas");
    private readonly context = this.element.getContext("2d") as CanvasRenderingContext2D;
    private readonly widths = new Map<string, number>();
    private width = 0;
    private height = 0;

    resize(width: number, height: number): void {
        const scale = window.devicePixelRatio || 1;
        this.width = width;
        this.height = height;
        this.element.width = Math.round(width * scale);
        this.element.height = Math.round(height * scale);
        this.element.style.width = `${width}px`;
        this.element.style.height = `${height}px`;
        this.context.setTransform(scale, 0, 0, scale, 0, 0);
    }

    /** `scrolled`: how many pixels of the rows are above what is in sight. */
    draw(scene: Scene, scrolled: number, palette: Palette): void {
        const { context, width, height } = this;
        context.clearRect(0, 0, width, height);
        context.font = FONT;
        context.textBaseline = "middle";
        const hatch = this.hatch(palette.mark);
        const { rows } = scene.layout;
        for (let depth = 0; depth < rows.length; depth++) {
            const y = rowTop(depth, rows.length, scene.upwards) - scrolled;
            if (y + ROW >= 0 && y <= height) this.drawRow(scene, depth, y, palette, hatch);
        }
    }

    private drawRow(
        scene: Scene,
        depth: number,
        y: number,
        palette: Palette,
        hatch: CanvasPattern | null,
    ) {
        const { layout, window } = scene;
        const row = layout.rows[depth];
        const right = window.from + window.width;
        for (let i = firstRightOf(layout, row, window.from); i < row.length; i++) {
            const node = row[i];
            if (layout.x[node] >= right) break;
            const from = Math.max(0, ((layout.x[node] - window.from) / window.width) * this.width);
            const end =
                ((layout.x[node] + layout.width[node] - window.from) / window.width) * this.width;
            const wide = Math.min(this.width, end) - from;
            if (wide >= NARROWEST)
                this.drawFrame(
                    scene.frame(node),
                    node === scene.focus,
                    from,
                    y,
                    wide,
                    palette,
                    hatch,
                );
        }
    }

    private drawFrame(
        frame: Frame,
        focused: boolean,
        x: number,
        y: number,
        wide: number,
        palette: Palette,
        hatch: CanvasPattern | null,
    ): void {
        const { context } = this;
        const w = Math.max(0.5, wide - (wide > 3 ? GAP : 0));
        const h = ROW - GAP;
        context.globalAlpha = frame.faded ? 0.35 : 1;
        context.fillStyle = frame.fill;
        context.fillRect(x, y, w, h);
        if (frame.mark === "gone" && hatch) {
            context.globalAlpha = frame.faded ? 0.08 : 0.16;
            context.fillStyle = hatch;
            context.fillRect(x, y, w, h);
            context.globalAlpha = frame.faded ? 0.35 : 1;
        }
        if (frame.mark && w > 5)
            this.outline(
                x,
                y,
                w,
                h,
                palette.mark,
                frame.mark === "gone" ? 1 : 1.5,
                frame.mark === "gone",
            );
        if (frame.found) {
            context.fillStyle = palette.found;
            context.fillRect(x, y + h - 3, w, 3);
        }
        if (frame.chosen) this.outline(x, y, w, h, palette.found, 2, false);
        if (focused) this.outline(x, y, w, h, palette.focus, 3, false);
        if (w >= TEXT_FROM) this.label(frame, x, y, w, h, palette);
        context.globalAlpha = 1;
    }

    private label(
        frame: Frame,
        x: number,
        y: number,
        w: number,
        h: number,
        palette: Palette,
    ): void {
        const mark = frame.mark === "new" ? "+ " : frame.mark === "gone" ? "− " : "";
        const text = this.fit(mark + frame.text, w - 10);
        const { context } = this;
        if (frame.mark === "gone" && !frame.faded) {
            // hatched: the letters need ground
            context.setLineDash([]);
            context.lineWidth = 4;
            context.lineJoin = "round";
            context.strokeStyle = frame.fill;
            context.strokeText(text, x + 5, y + h / 2 + 0.5);
        }
        context.fillStyle = palette.text;
        context.fillText(text, x + 5, y + h / 2 + 0.5);
    }

    private outline(
        x: number,
        y: number,
        w: number,
        h: number,
        colour: string,
        line: number,
        dashed: boolean,
    ) {
        const { context } = this;
        context.strokeStyle = colour;
        context.lineWidth = line;
        context.setLineDash(dashed ? [3, 3] : []);
        context.strokeRect(x + line / 2, y + line / 2, Math.max(0, w - line), h - line);
    }

    /** As much of the text as there is room for. */
    private fit(text: string, width: number): string {
        const full = this.widthOf(text);
        if (full <= width) return text;
        let letters = Math.floor((text.length * width) / full);
        while (letters > 0 && this.context.measureText(`${text.slice(0, letters)}…`).width > width)
            letters--;
        return letters === 0 ? "" : `${text.slice(0, letters)}…`;
    }

    private widthOf(text: string): number {
        let width = this.widths.get(text);
        if (width === undefined)
            this.widths.set(text, (width = this.context.measureText(text).width));
        return width;
    }

    private hatch(colour: string): CanvasPattern | null {
        const tile = document.createElement("canvas");
        tile.width = tile.height = 8;
        const context = tile.getContext("2d") as CanvasRenderingContext2D;
        context.strokeStyle = colour;
        context.lineWidth = 2;
        context.beginPath();
        for (const at of [-8, 0, 8]) {
            context.moveTo(at, 8);
            context.lineTo(at + 8, 0);
        }
        context.stroke();
        return this.context.createPattern(tile, "repeat");
    }
}

export function rowTop(depth: number, rows: number, upwards: boolean): number {
    return (upwards ? rows - 1 - depth : depth) * ROW;
}
