import assert from "node:assert/strict";
import { test } from "node:test";
import {
    average,
    changePercent,
    digits,
    exact,
    human,
    humanAndFull,
    inFull,
    percent,
    signed,
} from "../../cli/page/src/numbers.ts";

test("values beyond doubles stay exact", () => {
    assert.equal(exact("9007199254740993") + exact(1), 9007199254740994n);
    assert.equal(exact(-5), -5n);
    assert.equal(inFull(exact("170141183460469231731687303715884105727"), "count").length, 51);
});

test("digits are separated by thousands", () => {
    assert.deepEqual([0n, 999n, 1000n, -1234567n].map(digits), ["0", "999", "1,000", "-1,234,567"]);
});

test("times and sizes have three significant digits, and the unit is chosen after rounding", () => {
    const ns = (value: bigint) => human(value, "nanoseconds");
    assert.deepEqual(
        [0n, 999n, 1000n, 1234n, 12345n, 999_499n, 999_700n, 90_000_000_000n, -1500n].map(ns),
        [
            "0",
            "999 ns",
            "1.00 µs",
            "1.23 µs",
            "12.3 µs",
            "999 µs",
            "1.00 ms",
            "1.50 min",
            "-1.50 µs",
        ],
    );
    const bytes = (value: bigint) => human(value, "bytes");
    assert.deepEqual([1023n, 1024n, 1048576n, 3n * 2n ** 40n].map(bytes), [
        "1023 B",
        "1.00 KiB",
        "1.00 MiB",
        "3.00 TiB",
    ]);
    assert.equal(human(2n, "milliseconds"), "2.00 ms");
});

test("counts and unknown units are shown in full", () => {
    assert.equal(human(1234567n, "count"), "1,234,567");
    assert.equal(human(1234567n, "samples"), "1,234,567 samples");
    assert.equal(inFull(1234567n, "nanoseconds"), "1,234,567 ns");
    assert.equal(humanAndFull(1234567n, "nanoseconds"), "1.23 ms (1,234,567 ns)");
    assert.equal(humanAndFull(12n, "nanoseconds"), "12 ns");
    assert.equal(humanAndFull(12n, "count"), "12");
});

test("changes have their sign", () => {
    assert.deepEqual(
        [5n, -5n, 0n].map((value) => signed(value, digits)),
        ["+5", "−5", "0"],
    );
    assert.equal(changePercent(100n, 150n), "+50.0%");
    assert.equal(changePercent(100n, 50n), "−50.0%");
    assert.equal(changePercent(-100n, -50n), "+50.0%");
    assert.equal(changePercent(0n, 50n), "–");
    assert.equal(changePercent(50n, 0n), "−100.0%");
    assert.equal(changePercent(50n, 50n), "0%");
});

test("what is little is not nothing", () => {
    assert.equal(percent(1n, 1_000_000n), "<0.1%");
    assert.equal(percent(0n, 1_000_000n), "0.0%");
    assert.equal(percent(1n, 0n), "–");
});

test("averages", () => {
    assert.equal(average(10n, 4n, "count"), "2.50");
    assert.equal(average(10n, 5n, "nanoseconds"), "2 ns");
    assert.equal(average(10n, 4n, "nanoseconds"), "2.50 ns");
    assert.equal(average(10n, 0n, "nanoseconds"), "–");
});
