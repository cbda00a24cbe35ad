import assert from "node:assert/strict";
import { test } from "node:test";
import { fileColours } from "../../cli/page/src/files.ts";
import { pickGraph } from "../../cli/page/src/graph_pick.ts";
import { Report } from "../../cli/page/src/model.ts";
import { changeColour, palette, relativeChange } from "../../cli/page/src/palette.ts";
import { parseSearch } from "../../cli/page/src/search.ts";
import { figuresByLine, linesOf, pairLines } from "../../cli/page/src/source_lines.ts";
import { changed, initialState, parseFragment, toFragment } from "../../cli/page/src/state.ts";
import { baseName, plural, visible, visibleLine } from "../../cli/page/src/text.ts";
import { comparison, HOSTILE, hostile, large, single } from "./documents.ts";

// ---- text and search ----

test("what has no shape is shown as its code point", () => {
    assert.equal(visible("a\u202eb\u0007\n"), "a⟨U+202E⟩b⟨U+0007⟩⟨U+000A⟩");
    assert.equal(visible("äß λ <b>"), "äß λ <b>");
});

test("tabs reach to the next eighth column", () => {
    assert.equal(visibleLine("\tint a;\r"), "        int a;");
    assert.equal(visibleLine("ab\tc"), "ab      c");
});

test("small words", () => {
    assert.equal(baseName("/src/a/b.c"), "b.c");
    assert.equal(baseName("b.c"), "b.c");
    assert.equal(plural(1, "function"), "1 function");
    assert.equal(plural(1234, "function"), "1,234 functions");
});

test("searching for text, and for regular expressions", () => {
    assert.equal(parseSearch(""), null);
    assert.ok(parseSearch("WORD")?.matches("find_words"));
    assert.ok(parseSearch("a.b")?.matches("xa.by"));
    assert.ok(!parseSearch("a.b")?.matches("a_b"));
    assert.ok(parseSearch("/^find_.*s$/")?.matches("find_words"));
    assert.ok(!parseSearch("/^words/")?.matches("find_words"));
    assert.ok(parseSearch("/FIND/i")?.matches("find_words"));
    assert.ok(parseSearch("/(/")?.error);
});

// ---- state ----

test("a link leads back to where it was made", () => {
    const report = new Report(comparison());
    const state = {
        ...initialState(report),
        view: "flame" as const,
        profile: 1,
        type: 0,
        function: report.find("find_words"),
        search: "/a|b/ &#=%",
        node: 3,
        widths: "old" as const,
        orientation: "flame" as const,
        sort: "-self.old",
    };
    assert.deepEqual(parseFragment(toFragment(state, report), report), state);
});

test("any name can be in a link", () => {
    const report = new Report(hostile());
    HOSTILE.forEach((_, f) => {
        const state = { ...initialState(report), function: f };
        assert.equal(parseFragment(toFragment(state, report), report).function, f);
    });
});

test("a wrong link leads to the start", () => {
    const report = new Report(single());
    const start = initialState(report);
    for (const link of [
        "",
        "#",
        "#view=nowhere&profile=x&type=y&node=99999&function=nobody",
        "#node=-1&%E0%A4%A",
        "#node=1.5",
    ])
        assert.deepEqual(parseFragment(link, report), start);
});

test("another profile begins with its own type", () => {
    const report = new Report(single());
    const state = { ...initialState(report), type: 0, node: 4 };
    const next = changed(state, { profile: 1 }, report);
    assert.deepEqual([next.type, next.node], [1, 0]);
    assert.equal(changed(state, { profile: 1, type: 0 }, report).type, 0);
});

// ---- the views' choices ----

test("the call graph has the most important functions, and always the chosen one", () => {
    const report = new Report(comparison());
    const [calls] = report.profiles;
    const small = pickGraph(calls, 1, 3, -1);
    assert.deepEqual(small.functions.map((f) => report.names[f]).sort(), [
        "main",
        "process_document",
        "walk",
    ]);
    assert.equal(small.leftOut, 9);
    const chosen = pickGraph(calls, 1, 3, report.find("hash_block"));
    assert.ok(chosen.functions.includes(report.find("hash_block")));
    assert.ok(chosen.functions.includes(report.find("hash_update")));
});

test("no function of the call graph hangs in the air", () => {
    const report = new Report(large(3000));
    const picture = pickGraph(report.profiles[0], 1, 60, -1);
    assert.equal(picture.functions.length, 60);
    const called = new Set(picture.edges.filter((e) => e.caller !== e.callee).map((e) => e.callee));
    const roots = picture.functions.filter((f) => !called.has(f));
    assert.deepEqual(
        roots.map((f) => report.names[f]),
        ["module_0::function_0"],
    );
});

test("files with the most are coloured", () => {
    const report = new Report(single());
    const colours = fileColours(report, report.profiles[0], 1);
    assert.deepEqual(colours.files.map(baseName), ["words.c", "hash.c", "processor.c"]);
    assert.equal(colours.ofFunction(report.find("hash_update")), 1);
    assert.equal(colours.ofFunction(11), -1);
});

test("colours of changes", () => {
    const light = palette(false);
    assert.equal(relativeChange(0n, 5n), 1);
    assert.equal(relativeChange(5n, 0n), -1);
    assert.equal(relativeChange(0n, 0n), 0);
    assert.equal(relativeChange(100n, 50n), -0.5);
    assert.notEqual(changeColour(0.001, light), changeColour(0, light));
    assert.notEqual(changeColour(0.5, light), changeColour(-0.5, light));
});

// ---- source ----

test("lines of two sides are paired by their text", () => {
    const lines = (text: string) => text.split(" ").map((text, i) => ({ line: i + 1, text }));
    const rows = pairLines([lines("a b c d"), lines("a x y c")]);
    assert.deepEqual(
        rows.map((row) => row.map((line) => line?.text ?? "-").join("")),
        ["aa", "bx", "-y", "cc", "d-"],
    );
});

test("a function begins in one row, wherever it is in either file", () => {
    const lines = (text: string) => text.split(" ").map((text, i) => ({ line: i + 1, text }));
    const rows = pairLines([lines("f { x }"), lines("a b c g { y }")], [1, 4]);
    assert.deepEqual(
        rows.map((row) => row.map((line) => line?.text ?? "-").join("")),
        ["-a", "-b", "-c", "fg", "{{", "xy", "}}"],
    );
});

test("lines with values are there without text, and gaps are shown", () => {
    const report = new Report(single());
    const file = "/src/documents/words.c";
    const lines = linesOf(report, 0, file, [6, 40, 0]);
    assert.deepEqual(lines.slice(-3), [
        { line: 24, text: "}" },
        { line: 0, text: "⋯" },
        { line: 40, text: null },
    ]);
    assert.deepEqual(linesOf(report, 0, "/elsewhere.c", [7]), [{ line: 7, text: null }]);
    assert.deepEqual(linesOf(report, 0, "/elsewhere.c", []), []);
});

test("values by line, of a function or of a file", () => {
    const report = new Report(comparison());
    const [calls] = report.profiles;
    const f = report.find("find_words");
    assert.deepEqual(
        figuresByLine(calls, 0, 1, (g) => g === f),
        new Map([[6, { self: 48_200_000n, cum: 48_200_000n, made: 140n }]]),
    );
    const file = figuresByLine(calls, 1, 1, (g) => report.file(g, 1) === "/src/documents/words.c");
    assert.deepEqual([...file.keys()], [6, 15, 31]);
});
