/*
 * rows.ts - a table body of which only the rows in sight exist.
 *
 * All rows have one height; spacer rows above and below stand for the others. Printed are the rows from
 * the first in sight, as many as a reader may want on paper.
 */
import { h } from "./dom.ts";

const MARGIN = 12; // rows made beyond those in sight
const PRINTED = 200;

export class VirtualRows {
    private count = 0;
    private first = 0;
    private last = 0;
    private printing = false;
    private printedFrom = 0;

    constructor(
        private readonly scroller: HTMLElement,
        private readonly body: HTMLTableSectionElement,
        private readonly height: number,
        private readonly render: (row: number) => HTMLTableRowElement,
    ) {
        scroller.addEventListener("scroll", () => this.show(false), { passive: true });
        new ResizeObserver(() => this.show(false)).observe(scroller);
        window.addEventListener("beforeprint", () => this.print(true));
        window.addEventListener("afterprint", () => this.print(false));
    }

    /** Shows other rows. */
    reset(count: number): void {
        this.count = count;
        this.show(true);
    }

    /** Scrolls as little as it takes for the row to be in sight below a header of this height. */
    reveal(row: number, header: number): void {
        const { scroller, height } = this;
        const top = row * height;
        const bottom = top + height + header;
        if (top < scroller.scrollTop) scroller.scrollTop = top;
        else if (bottom > scroller.scrollTop + scroller.clientHeight)
            scroller.scrollTop = bottom - scroller.clientHeight;
        this.show(true);
    }

    center(row: number): void {
        this.scroller.scrollTop = Math.max(0, row * this.height - this.scroller.clientHeight / 3);
        this.show(true);
    }

    private print(printing: boolean): void {
        if (printing) this.printedFrom = Math.floor(this.scroller.scrollTop / this.height);
        this.printing = printing;
        this.show(true);
    }

    private show(always: boolean): void {
        const { scroller, height, count } = this;
        const seen = Math.ceil(scroller.clientHeight / height);
        const at = this.printing ? this.printedFrom : Math.floor(scroller.scrollTop / height);
        const margin = this.printing ? 0 : MARGIN;
        const first = Math.max(0, Math.min(at, count) - margin);
        const last = Math.min(count, this.printing ? at + PRINTED : at + seen + MARGIN);
        if (!always && first === this.first && last === this.last) return;
        this.first = first;
        this.last = last;
        const rows: HTMLTableRowElement[] = [this.spacer(this.printing ? 0 : first)];
        for (let row = first; row < last; row++) rows.push(this.render(row));
        rows.push(this.spacer(this.printing ? 0 : count - last));
        this.body.replaceChildren(...rows);
    }

    private spacer(rows: number): HTMLTableRowElement {
        const spacer = h("tr", { class: "spacer", "aria-hidden": "true" });
        spacer.style.height = `${rows * this.height}px`;
        return spacer;
    }
}
