/*
 * data.ts - the data of a report as `tally report` writes it, and how it is read.
 *
 * The file holds base64 of gzip of JSON. A number of the JSON that is a value is a number while it
 * is exact in a double, else a decimal string; nothing here adds values up (see numbers.ts). Arrays
 * called "by side" have one entry for a report of one profile, two (old, new) for a comparison.
 * Strings are numbers of entries of `strings`.
 */

/** A count, time or size as it is written: exact, in the unit of its sample type. */
export type Value = number | string;

export interface Side {
    label: string;
    command: string | null;
    started: string | null;
    duration_ns: Value | null;
    facts: [string, string][];
    losses: string[];
}

/** Columns; a function's number is its index. */
export interface FunctionColumns {
    name: number[];
    system_name: number[];
    inlined: number[];
    file: number[][]; // by side
    line: number[][]; // by side; 0: unknown, or not there
    status: number[]; // Status
    old_name: number[];
    score: number[];
    rule: number[];
}

/** How the functions of the two sides were paired. */
export const Status = { both: 0, added: 1, vanished: 2, renamed: 3, byRule: 4 } as const;

export interface SampleType {
    name: string;
    unit: string;
}

/** What a node of the tree has in place of a function. */
export const ROOT = -1;
export const SMALL_CONTEXTS = -2;

export interface ProfileData {
    kind: string;
    types: SampleType[];
    default: number;
    count: number[];
    calls: number;
    total: Value[][]; // by side, type
    tree: { parent: number[]; function: number[]; contexts: number[]; self: Value[][][] };
    functions: { function: number[]; self: Value[][][]; cum: Value[][][] };
    edges: { caller: number[]; callee: number[]; value: Value[][][] };
    lines: LineColumns[]; // by side
}

export interface LineColumns {
    function: number[];
    line: number[];
    self: Value[][]; // by type
    cum: Value[][];
    made: Value[]; // calls made from the line; empty if the profile does not count calls
}

export interface SourceData {
    file: number;
    first: number; // line
    text: number;
}

export interface ReportData {
    format: number;
    tally: string;
    sides: Side[];
    notes: string[];
    strings: string[];
    functions: FunctionColumns;
    profiles: ProfileData[];
    sources: SourceData[][]; // by side
}

const FORMAT = 1;

/** Reads what stands in the file. Throws an Error whose message is for the reader of the page. */
export async function decodeReport(base64: string): Promise<ReportData> {
    if (typeof DecompressionStream === "undefined")
        throw new Error("This browser is too old to read the data: it has no DecompressionStream.");
    let report: ReportData;
    try {
        const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
        report = JSON.parse(await new Response(stream).text()) as ReportData;
    } catch (error) {
        throw new Error(`The data in this file is damaged (${String(error)}).`);
    }
    if (report.format !== FORMAT)
        throw new Error(`The data has format ${report.format}; this page reads format ${FORMAT}.`);
    return report;
}
