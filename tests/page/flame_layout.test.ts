import assert from "node:assert/strict";
import { test } from "node:test";
import {
    isBelow,
    layoutFlame,
    neighbour,
    nodeAt,
    ownWidths,
    sumFound,
    windowOf,
} from "../../cli/page/src/flame_layout.ts";

//        0
//    1       2        2 is wider than 1, 5 has no value
//   3 4     6 5
const parent = [-1, 0, 0, 1, 1, 2, 2];
const own = [0n, 1n, 2n, 1n, 2n, 0n, 4n];
const layout = layoutFlame(parent, own);

test("wider contexts come first, and what has no value has no place", () => {
    assert.deepEqual(layout.rows, [[0], [2, 1], [6, 4, 3]]);
    assert.equal(layout.width[0], 1);
    assert.equal(layout.width[2], 0.6);
    assert.equal(layout.x[1], 0.6);
    assert.equal(layout.x[3], 0.8);
    assert.equal(layout.width[5], 0);
});

test("children stay within their parents", () => {
    for (const row of layout.rows.slice(1))
        for (const node of row) {
            const above = parent[node];
            assert.ok(layout.x[node] >= layout.x[above]);
            assert.ok(
                layout.x[node] + layout.width[node] <= layout.x[above] + layout.width[above] + 1e-9,
            );
        }
});

test("of two sides the larger one is the width: what vanished is there", () => {
    assert.deepEqual(
        ownWidths([
            [5n, 0n, 7n],
            [3n, 4n, -9n],
        ]),
        [5n, 4n, 9n],
    );
    assert.deepEqual(ownWidths([[5n, 0n]]), [5n, 0n]);
});

test("a place has one node", () => {
    assert.equal(nodeAt(layout, 1, 0.3), 2);
    assert.equal(nodeAt(layout, 1, 0.7), 1);
    assert.equal(nodeAt(layout, 2, 0.5), -1);
    assert.equal(nodeAt(layout, 3, 0.5), -1);
    assert.equal(nodeAt(layout, -1, 0.5), -1);
});

test("neighbours by the arrow keys", () => {
    assert.equal(neighbour(layout, 0, "parent"), 0);
    assert.equal(neighbour(layout, 0, "child"), 2);
    assert.equal(neighbour(layout, 2, "right"), 1);
    assert.equal(neighbour(layout, 2, "left"), 2);
    assert.equal(neighbour(layout, 1, "child"), 4);
    assert.equal(neighbour(layout, 6, "child"), 6);
    assert.equal(neighbour(layout, 4, "parent"), 1);
});

test("zooming to what has no width shows all", () => {
    assert.deepEqual(windowOf(layout, 5), { from: 0, width: 1 });
    assert.deepEqual(windowOf(layout, 2), { from: 0, width: 0.6 });
});

test("below", () => {
    assert.ok(isBelow({ ...layout }, 3, 1));
    assert.ok(isBelow({ ...layout }, 3, 0));
    assert.ok(!isBelow({ ...layout }, 3, 2));
    assert.ok(!isBelow({ ...layout }, 0, 1));
});

test("what is found below something found counts once", () => {
    const totals = [10n, 4n, 6n, 1n, 2n, 0n, 4n];
    const found = (nodes: number[]) => parent.map((_, node) => nodes.includes(node));
    assert.equal(sumFound(parent, found([1, 3, 6]), totals), 8n);
    assert.equal(sumFound(parent, found([]), totals), 0n);
});

test("a tree without values is its root", () => {
    assert.deepEqual(layoutFlame([-1, 0], [0n, 0n]).rows, [[0]]);
});

test("deep trees are laid out", () => {
    const n = 20_000;
    const chain = Array.from({ length: n }, (_, i) => i - 1);
    const deep = layoutFlame(
        chain,
        chain.map(() => 1n),
    );
    assert.equal(deep.rows.length, n);
    assert.equal(deep.width[n - 1], 1 / n);
});
