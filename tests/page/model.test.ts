import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { decodeReport } from "../../cli/page/src/data.ts";
import { addUp, largest, Report } from "../../cli/page/src/model.ts";
import { BEYOND, comparison, HOSTILE, hostile, single } from "./documents.ts";
import { report } from "./fixture.ts";

const packed = (value: unknown) => gzipSync(Buffer.from(JSON.stringify(value))).toString("base64");

test("what is written is read", async () => {
    const data = comparison();
    assert.deepEqual(await decodeReport(`\n${packed(data)}\n`), data);
});

test("what cannot be read is said", async () => {
    await assert.rejects(decodeReport("no base64!"), /damaged/);
    await assert.rejects(decodeReport(packed(single()).slice(0, 200)), /damaged/);
    await assert.rejects(decodeReport(packed({ format: 2 })), /format 2; this page reads format 1/);
});

test("a node's total is its own value and all below it", () => {
    assert.deepEqual(addUp([-1, 0, 1, 1, 0], [0n, 1n, 20n, 300n, BEYOND]), [
        BEYOND + 321n,
        321n,
        20n,
        300n,
        BEYOND,
    ]);
});

test("the tree's total is the profile's, exactly", () => {
    for (const model of [new Report(single()), new Report(comparison())])
        for (const profile of model.profiles)
            for (const side of model.sides)
                for (let type = 0; type < profile.types.length; type++)
                    assert.equal(profile.nodeTotal(side, type)[0], profile.total(type)[side]);
});

test("values of functions and edges", () => {
    const model = new Report(comparison());
    const [calls, heap] = model.profiles;
    const f = (name: string) => model.find(name);
    assert.deepEqual(calls.ofFunction(f("is_stop_word"), "self", 1), [96_000_000n, 15_000_000n]);
    assert.deepEqual(calls.ofFunction(f("is_stop_word"), "cum", 1), [498_000_000n, 53_000_000n]);
    assert.deepEqual(calls.calleesOf(f("is_stop_word"), 0), [
        { caller: f("is_stop_word"), callee: f("compare_words"), value: [58_123_456n, 0n] },
        { caller: f("is_stop_word"), callee: f("set_contains"), value: [0n, 812_300n] },
    ]);
    assert.deepEqual(
        calls.callersOf(f("walk"), 0).map((edge) => edge.value),
        [
            [1n, 1n],
            [14n, 14n],
        ],
    );
    assert.deepEqual(heap.ofFunction(f("read_file"), "self", 1), [BEYOND, BEYOND + 1n]);
    assert.deepEqual(heap.ofFunction(f("hash_block"), "self", 1), [0n, 0n]);
    assert.equal(calls.mainMeasure(0), "self");
    assert.equal(calls.mainMeasure(1), "cum");
});

test("small contexts and the root have words for names", () => {
    const data = single();
    data.profiles[0].tree.function[3] = -2;
    data.profiles[0].tree.contexts[3] = 1234;
    const model = new Report(data);
    assert.equal(model.nodeName(model.profiles[0], 0), "all");
    assert.equal(model.nodeName(model.profiles[0], 1), "main");
    assert.equal(model.nodeName(model.profiles[0], 3), "1,234 small contexts");
});

test("how functions were paired is said in words", () => {
    const model = new Report(comparison());
    assert.match(
        model.pairing(model.find("hash_block")),
        /renamed\? It was hash_one_block \(score 87 of 100; same callers\)/,
    );
    assert.match(model.pairing(model.find("compare_words")), /vanished/);
    assert.match(model.pairing(model.find("set_contains")), /new/);
    assert.equal(model.pairing(model.find("main")), "");
});

test("names that look like JavaScript's own are names", () => {
    const model = new Report(hostile());
    for (const name of HOSTILE) assert.equal(model.plainName(model.find(name)), name);
    assert.equal(model.find("toString"), -1);
});

test("the larger side counts, whatever its sign", () => {
    assert.equal(largest([-7n, 3n]), 7n);
    assert.equal(largest([0n]), 0n);
});

test("a report without profiles is one", () => {
    const model = new Report(report({ sides: single().sides, functions: [], profiles: [] }));
    assert.equal(model.profiles.length, 0);
});
