/*
 * files.ts - which source files get a colour of their own in the flame graph: those whose functions
 * have the largest self values.
 */
import type { Profile, Report } from "./model.ts";
import { compare, largest } from "./model.ts";

const COLOURS = 7;

export interface FileColours {
    files: string[];
    /** Index into files, or -1. */
    ofFunction(f: number): number;
}

export function fileColours(report: Report, profile: Profile, type: number): FileColours {
    const now = report.sides.length - 1;
    const sums = new Map<string, bigint>();
    for (const f of profile.functions) {
        const file = report.file(f, now);
        const self = largest(profile.ofFunction(f, "self", type));
        if (file && self > 0n) sums.set(file, (sums.get(file) ?? 0n) + self);
    }
    const files = [...sums.entries()]
        .sort((a, b) => compare(b[1], a[1]) || (a[0] < b[0] ? -1 : 1))
        .slice(0, COLOURS)
        .map(([file]) => file);
    const index = new Map(files.map((file, i) => [file, i]));
    return { files, ofFunction: (f) => index.get(report.file(f, now)) ?? -1 };
}
