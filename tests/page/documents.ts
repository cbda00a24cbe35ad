/*
 * documents.ts - the report of a small document processor, as one profile and as a comparison of two
 * builds; of names made to do harm; and of many contexts.
 */
import type { ReportData, Side } from "../../cli/page/src/data.ts";
import {
    report,
    type ContextSpec,
    type FunctionSpec,
    type ProfileSpec,
    type Values,
} from "./fixture.ts";

const FILE = "/src/documents/processor.c";
const WORDS = "/src/documents/words.c";
const HASH = "/src/documents/hash.c";

/** More than a double holds exactly, by one. */
export const BEYOND = 2n ** 53n + 1n;

const side = (label: string, losses: string[], level = "-O2"): Side => ({
    label,
    command: "./documents --repeat 10 /usr/share/common-licenses",
    started: "2026-11-21T10:00:00Z",
    duration_ns: 1_234_567_890,
    facts: [
        ["compiler", `clang 19.1.4, ${level}`],
        ["timing", "exact"],
        ["clock", "tsc, 2.400 GHz"],
        ["", "invariant"],
        ["instrumented", "148 functions"],
    ],
    losses,
});

const functions: FunctionSpec[] = [
    { name: "main", file: FILE, line: 3 },
    { name: "process_document", file: FILE, line: 10 },
    { name: "compile_pattern", file: FILE, line: 20, status: 2 },
    { name: "find_words", file: WORDS, line: 4 },
    { name: "is_stop_word", file: WORDS, line: 14, inlined: true },
    { name: "compare_words", file: WORDS, line: 22, status: 2 },
    { name: "set_contains", file: WORDS, line: 30, status: 1 },
    { name: "hash_update", file: HASH, line: 5 },
    {
        name: "hash_block",
        file: HASH,
        line: 12,
        status: 3,
        oldName: "hash_one_block",
        score: 87,
        rule: "same callers",
    },
    { name: "read_file", file: FILE, line: 30 },
    { name: "walk", file: FILE, line: 40 },
    { name: "std::vector<std::pair<std::string, int>>::push_back(std::pair<std::string, int>&&)" },
];

const CALLS = {
    kind: "calls",
    types: [
        { name: "calls", unit: "count" },
        { name: "wall", unit: "nanoseconds" },
    ],
    default: 1,
    count: [0, 0],
    calls: 0,
};

// path, old calls, old wall, new calls, new wall, line
type Told = [string, bigint, bigint, bigint, bigint, number];
const P = "main/walk/walk/process_document";
const calls: Told[] = [
    ["main", 1n, 120_000n, 1n, 110_000n, 4],
    ["main/walk", 1n, 80_000n, 1n, 80_000n, 41],
    ["main/walk/walk", 14n, 410_000n, 14n, 405_000n, 43],
    [P, 140n, 9_300_000n, 140n, 7_900_000n, 12],
    [`${P}/read_file`, 140n, 22_400_000n, 140n, 21_950_000n, 31],
    [`${P}/compile_pattern`, 140n, 61_500_000n, 0n, 0n, 21],
    [`${P}/find_words`, 140n, 48_200_000n, 140n, 46_100_000n, 6],
    [`${P}/find_words/is_stop_word`, 812_300n, 96_000_000n, 812_300n, 15_000_000n, 15],
    [`${P}/find_words/is_stop_word/compare_words`, 58_123_456n, 402_000_000n, 0n, 0n, 23],
    [`${P}/find_words/is_stop_word/set_contains`, 0n, 0n, 812_300n, 38_000_000n, 31],
    [`${P}/hash_update`, 1_400n, 8_100_000n, 140n, 900_000n, 6],
    [`${P}/hash_update/hash_block`, 44_800n, 120_500_000n, 44_800n, 121_000_000n, 13],
    [
        `${P}/std::vector<std::pair<std::string, int>>::push_back(std::pair<std::string, int>&&)`,
        91_000n,
        17_000_000n,
        93_000n,
        19_500_000n,
        0,
    ],
];
const heap: Told[] = [
    [`${P}/compile_pattern`, 9_800n, 4_816_896n, 0n, 0n, 22],
    [`${P}/find_words`, 812_300n, 26_011_648n, 140n, 573_440n, 7],
    [`${P}/read_file`, 140n, BEYOND, 140n, BEYOND + 1n, 32],
];

function contexts(told: Told[], sides: number): ContextSpec[] {
    return told.flatMap(([path, oldCount, old, nowCount, now, line]) => {
        const values: Values =
            sides === 1
                ? [[oldCount, old]]
                : [
                      [oldCount, old],
                      [nowCount, now],
                  ];
        const segments = path.split("/");
        return [{ path: segments, values, line }];
    });
}

function profiles(sides: number): ProfileSpec[] {
    return [
        {
            ...CALLS,
            contexts: contexts(calls, sides),
        },
        {
            kind: "heap",
            types: [
                { name: "alloc_objects", unit: "count" },
                { name: "alloc_space", unit: "bytes" },
            ],
            default: 1,
            count: [0, 0],
            calls: -1,
            contexts: contexts(heap, sides),
        },
    ];
}

const WORDS_OLD = `#include "words.h"

/* Splits the text into words. */
size_t find_words(const char *text, struct word *words) {
    size_t n = 0;
    for (const char *at = text; *at; at = next_word(at))
        words[n++] = word_at(at);
    drop(words, &n, is_stop_word);
    return n;
}

/* Compares with each. */
inline bool
is_stop_word(const struct word *word) {
    for (size_t i = 0; i < n_stop_words; i++)
        if (compare_words(word, &stop_words[i]) == 0)
            return true;
    return false;
}

static int
compare_words(const struct word *a, const struct word *b) {
    return strcmp(a->text, b->text);
}
`;
const WORDS_NEW = `#include "words.h"

/* Splits the text into words. */
size_t find_words(const char *text, struct word *words) {
    size_t n = 0;
    for (const char *at = text; *at; at = next_word(at))
        words[n++] = word_at(at);
    drop(words, &n, is_stop_word);
    return n;
}

/* One look into the set. */
inline bool
is_stop_word(const struct word *word) {
    return set_contains(&stop_words, word);
}

/* Open addressing. */
bool set_contains(const struct set *set, const struct word *word) {
	size_t at = hash(word) & set->mask;
	while (set->words[at] && !same(set->words[at], word))
		at = (at + 1) & set->mask;
	return set->words[at];
}
`;

export function comparison(): ReportData {
    return report({
        sides: [
            side("naive.tally", []),
            side("optimised.tally", ["3 contexts: the memory limit was reached"], "-O3"),
        ],
        notes: ["The two were built with other flags: -O2, -O3."],
        functions,
        profiles: profiles(2),
        sources: [
            [{ file: WORDS, first: 1, text: WORDS_OLD }],
            [{ file: WORDS, first: 1, text: WORDS_NEW }],
        ],
    });
}

export function single(): ReportData {
    return report({
        sides: [side("documents.tally", [])],
        functions: functions.map((f) => ({ ...f, status: 0 })),
        profiles: profiles(1),
        sources: [[{ file: WORDS, first: 1, text: WORDS_OLD }]],
    });
}

/** Names that would do harm if any were taken for markup, and such as look like what they are not. */
export const HOSTILE = [
    "<script>window.harm=1</script>",
    "</script><script>window.harm=1</script>",
    '"><img src=x onerror="window.harm=1">',
    "<svg onload=window.harm=1>",
    "javascript:window.harm=1",
    "__proto__",
    "constructor",
    "safe\u202etxt.exe",
    "bell\u0007null\u0000nl\nend",
    "@TALLY_DATA@ $& $1 &lt;b&gt;",
    "%E0%A4%A",
    "#view=about&function=main",
];

export function hostile(): ReportData {
    const all = (text: string): Side => ({
        label: text,
        command: text,
        started: text,
        duration_ns: "90071992547409930",
        facts: [[text, text]],
        losses: [text],
    });
    return report({
        sides: [all(HOSTILE[0]), all(HOSTILE[7])],
        notes: [...HOSTILE],
        functions: HOSTILE.map((name, i) => ({
            name,
            file: name,
            line: 1,
            status: 3,
            linkageName: `_${name}`,
            oldName: name,
            score: 50,
            rule: name,
            inlined: i % 2 === 0,
        })),
        profiles: [
            {
                kind: HOSTILE[7],
                types: [{ name: HOSTILE[7], unit: HOSTILE[8] }],
                default: 0,
                count: [-1],
                calls: -1,
                contexts: HOSTILE.map((_, i) => ({
                    path: HOSTILE.slice(0, i + 1),
                    values: [[10n + BigInt(i)], [20n]],
                    line: 1,
                })),
            },
        ],
        sources: [0, 1].map(() =>
            HOSTILE.map((file) => ({ file, first: 1, text: HOSTILE.join("\n") })),
        ),
    });
}

/** `nodes` contexts of some hundred functions, always the same ones. */
export function large(nodes: number): ReportData {
    let seed = 12345;
    const random = (below: number) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return Math.floor((seed / 2147483648) * below);
    };
    const names = Array.from({ length: 2000 }, (_, i) => `module_${i % 37}::function_${i}`);
    const paths: string[][] = [["module_0::function_0"]];
    while (paths.length < nodes) {
        const above = paths[random(paths.length)];
        if (above.length < 60) paths.push([...above, names[random(names.length)]]);
    }
    return report({
        sides: [side("large.tally", [])],
        functions: names.map((name, i) => ({ name, file: `/src/module_${i % 37}.c`, line: i })),
        profiles: [
            {
                ...CALLS,
                contexts: paths.map((path) => ({
                    path,
                    values: [[BigInt(1 + random(1000)), BigInt(random(5_000_000))]],
                })),
            },
        ],
    });
}
