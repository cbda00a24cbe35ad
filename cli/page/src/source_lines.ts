/*
 * source_lines.ts - the lines of a file as the report has them, beside the other side's.
 *
 * A report may hold parts of a file, or nothing of it. Lines that have values but no text are there
 * all the same. The lines of two sides are paired by the diff of their texts.
 */
import { diffArrays } from "diff";
import type { LineMeasure, Profile, Report } from "./model.ts";

export interface SourceLine {
    line: number; // 0: something is left out here
    text: string | null; // null: not in the report
}

/** One entry a side; null: the side has no such line. */
export type Row = (SourceLine | null)[];

const DIFF_MS = 1500;

/** The file's lines on a side, and those of `needed` that the report has no text of. */
export function linesOf(
    report: Report,
    side: number,
    file: string,
    needed: Iterable<number>,
): SourceLine[] {
    const { strings, sources } = report.data;
    const lines = new Map<number, string | null>();
    for (const line of needed) if (line > 0) lines.set(line, null);
    for (const part of sources[side] ?? []) {
        if (strings[part.file] !== file) continue;
        strings[part.text]
            .replace(/\n$/, "")
            .split("\n")
            .forEach((text, i) => lines.set(part.first + i, text));
    }
    const sorted = [...lines.entries()].sort((a, b) => a[0] - b[0]);
    const result: SourceLine[] = [];
    let next = sorted.length > 0 ? sorted[0][0] : 0;
    for (const [line, text] of sorted) {
        if (line !== next) result.push({ line: 0, text: "⋯" });
        result.push({ line, text });
        next = line + 1;
    }
    return result;
}

/**
 * Pairs the lines of two sides; of one side, each is a row by itself. `starts` are lines, by side,
 * that are to stand in one row: where a function begins, in what may be two different files.
 */
export function pairLines(sides: SourceLine[][], starts: number[] = []): Row[] {
    if (sides.length === 1) return sides[0].map((line) => [line]);
    const at = sides.map((lines, side) =>
        lines.findIndex(({ line }) => line > 0 && line === starts[side]),
    );
    if (at.includes(-1)) return pairByText(sides[0], sides[1]);
    return [
        ...pairByText(sides[0].slice(0, at[0]), sides[1].slice(0, at[1])),
        ...pairByText(sides[0].slice(at[0]), sides[1].slice(at[1]), true),
    ];
}

/** `startTogether`: the first lines are one row, whether or not they are the same. */
function pairByText(old: SourceLine[], now: SourceLine[], startTogether = false): Row[] {
    if (startTogether) return [[old[0], now[0]], ...pairByText(old.slice(1), now.slice(1))];
    const text = (line: SourceLine) => line.text ?? `\0${line.line}`;
    const parts = diffArrays(old.map(text), now.map(text), { timeout: DIFF_MS });
    if (!parts) return inOrder(old, now);
    const rows: Row[] = [];
    let [a, b] = [0, 0];
    for (let i = 0; i < parts.length; i++) {
        const part = parts[i];
        const other = parts[i + 1];
        if (!part.removed && !part.added)
            for (let n = 0; n < part.count; n++) rows.push([old[a++], now[b++]]);
        else {
            // A removed part and an added one after it are one place that was changed: side by side.
            const replaced = other && (part.removed ? other.added : other.removed) ? other : null;
            const gone = part.removed ? part.count : (replaced?.count ?? 0);
            const come = part.added ? part.count : (replaced?.count ?? 0);
            rows.push(...inOrder(old.slice(a, a + gone), now.slice(b, b + come)));
            [a, b] = [a + gone, b + come];
            if (replaced) i++;
        }
    }
    return rows;
}

function inOrder(old: SourceLine[], now: SourceLine[]): Row[] {
    const rows: Row[] = [];
    for (let i = 0; i < Math.max(old.length, now.length); i++)
        rows.push([old[i] ?? null, now[i] ?? null]);
    return rows;
}

export type LineFigures = Record<LineMeasure, bigint>;

/** Values by line: of one function, or of all functions in a file. */
export function figuresByLine(
    profile: Profile,
    side: number,
    type: number,
    belongs: (f: number) => boolean,
): Map<number, LineFigures> {
    const { function: functions, line: lines } = profile.data.lines[side];
    const self = profile.lineValues(side, "self", type);
    const cum = profile.lineValues(side, "cum", type);
    const made = profile.lineValues(side, "made", type);
    const figures = new Map<number, LineFigures>();
    functions.forEach((f, row) => {
        const add = { self: self[row], cum: cum[row], made: made[row] ?? 0n };
        if (!belongs(f) || !(add.self || add.cum || add.made)) return;
        const at = figures.get(lines[row]) ?? { self: 0n, cum: 0n, made: 0n };
        figures.set(lines[row], {
            self: at.self + add.self,
            cum: at.cum + add.cum,
            made: at.made + add.made,
        });
    });
    return figures;
}
