/*
 * flame_layout.ts - where each context stands in the flame graph.
 *
 * Why this is not d3-flame-graph: it makes an element of each frame and holds values as doubles; here
 * twenty thousand contexts are drawn on a canvas, values are exact, and what vanished has a width. The
 * tree comes as columns, parents first, so its layout is one pass.
 *
 * Positions are in parts of the root's width, 0 to 1; a row is all contexts of one depth, from left
 * to right. A context without value has no place.
 */
import { compare } from "./model.ts";
import { addUp } from "./model.ts";
import { ratio } from "./numbers.ts";

export interface FlameLayout {
    x: Float64Array;
    width: Float64Array; // 0: not in any row
    depth: Int32Array;
    row: Int32Array; // index within the row
    rows: number[][];
    parent: number[];
}

/** The width of each context by itself: of one side, or the larger of both. */
export function ownWidths(sides: bigint[][]): bigint[] {
    const size = (v: bigint) => (v < 0n ? -v : v);
    return sides[0].map((first, node) =>
        sides.reduce(
            (most, side) => (size(side[node]) > most ? size(side[node]) : most),
            size(first),
        ),
    );
}

/** `own`: by node, its width without what is below it. Wider ones come first. */
export function layoutFlame(parent: number[], own: bigint[]): FlameLayout {
    const n = parent.length;
    const totals = addUp(parent, own);
    const layout: FlameLayout = {
        x: new Float64Array(n),
        width: new Float64Array(n),
        depth: new Int32Array(n),
        row: new Int32Array(n),
        rows: [],
        parent,
    };
    const children = childrenOf(parent, totals);
    if (n > 0) layout.width[0] = 1;
    let row = n > 0 ? [0] : [];
    while (row.length > 0) {
        layout.rows.push(row);
        const below: number[] = [];
        row.forEach((node, index) => {
            layout.row[node] = index;
            let x = layout.x[node];
            for (const child of children[node]) {
                layout.x[child] = x;
                layout.width[child] = ratio(totals[child], totals[0]);
                layout.depth[child] = layout.depth[node] + 1;
                x += layout.width[child];
                below.push(child);
            }
        });
        row = below;
    }
    return layout;
}

function childrenOf(parent: number[], totals: bigint[]): number[][] {
    const children: number[][] = parent.map(() => []);
    for (let node = 1; node < parent.length; node++)
        if (totals[node] > 0n) children[parent[node]].push(node);
    for (const list of children)
        if (list.length > 1) list.sort((a, b) => compare(totals[b], totals[a]) || a - b);
    return children;
}

/** The part of the width that is in sight when a node is zoomed to. */
export interface Window {
    from: number;
    width: number;
}

export function windowOf(layout: FlameLayout, node: number): Window {
    const width = layout.width[node];
    return width > 0 ? { from: layout.x[node], width } : { from: 0, width: 1 };
}

/** Index in the row of the first node that ends right of x. */
export function firstRightOf(layout: FlameLayout, row: number[], x: number): number {
    let low = 0;
    let high = row.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (layout.x[row[middle]] + layout.width[row[middle]] > x) high = middle;
        else low = middle + 1;
    }
    return low;
}

/** The node at a place, or -1. */
export function nodeAt(layout: FlameLayout, depth: number, x: number): number {
    const row = layout.rows[depth];
    if (!row) return -1;
    const node = row[firstRightOf(layout, row, x)];
    return node !== undefined && layout.x[node] <= x ? node : -1;
}

export type Direction = "parent" | "child" | "left" | "right";

/** The neighbour of a node, or the node itself if there is none. */
export function neighbour(layout: FlameLayout, node: number, direction: Direction): number {
    const row = layout.rows[layout.depth[node]];
    if (direction === "parent") return Math.max(0, layout.parent[node]);
    if (direction === "left") return row[layout.row[node] - 1] ?? node;
    if (direction === "right") return row[layout.row[node] + 1] ?? node;
    const below = layout.rows[layout.depth[node] + 1];
    const child = below?.[firstRightOf(layout, below, layout.x[node])];
    return child !== undefined && layout.parent[child] === node ? child : node;
}

export function isBelow(layout: FlameLayout, node: number, ancestor: number): boolean {
    let at = node;
    while (at > ancestor) at = layout.parent[at]; // parents have smaller numbers
    return at === ancestor;
}

/** What is found, of all: nodes below one that is found add nothing. */
export function sumFound(parent: number[], found: boolean[], totals: bigint[]): bigint {
    const inside: boolean[] = [];
    let sum = 0n;
    for (let node = 0; node < parent.length; node++) {
        const above = node > 0 && inside[parent[node]];
        inside[node] = above || found[node];
        if (found[node] && !above) sum += totals[node];
    }
    return sum;
}
