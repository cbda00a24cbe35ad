/*
 * model.ts - the report, with names instead of numbers of strings and exact values by side.
 *
 * Columns of values become bigint when they are first asked for: a report may have a hundred
 * thousand of them for each sample type, of which one is looked at. "Old" is side 0 of a comparison;
 * "now" is the last side, the only one of a report of one profile.
 */
import type { ProfileData, ReportData, SampleType, Value } from "./data.ts";
import { ROOT, SMALL_CONTEXTS, Status } from "./data.ts";
import { exact } from "./numbers.ts";
import { plural, visible } from "./text.ts";

/** One value a side. */
export type BySide = bigint[];

export type Measure = "self" | "cum";

/** Of a line, also the calls made from it. */
export type LineMeasure = Measure | "made";

export interface Edge {
    caller: number;
    callee: number;
    value: BySide;
}

export class Report {
    readonly names: string[]; // as shown, by function
    readonly sides: number[];
    readonly comparison: boolean;
    readonly profiles: Profile[];

    constructor(readonly data: ReportData) {
        this.names = data.functions.name.map((name) => visible(data.strings[name]));
        this.sides = data.sides.map((_, side) => side);
        this.comparison = data.sides.length > 1;
        this.profiles = data.profiles.map((profile) => new Profile(profile));
    }

    /** A function's number by the name it has in the profile; -1 if there is none. */
    find(name: string): number {
        const { strings, functions } = this.data;
        return functions.name.findIndex((index) => strings[index] === name);
    }

    /** The name in the profile, as links have it. */
    plainName(f: number): string {
        return this.data.strings[this.data.functions.name[f]];
    }

    file(f: number, side: number): string {
        return this.data.strings[this.data.functions.file[side][f]];
    }

    /** "file.c:12" of the newest side that knows, or "". */
    place(f: number): string {
        for (const side of [...this.sides].reverse()) {
            const file = this.file(f, side);
            const line = this.data.functions.line[side][f];
            if (file) return visible(line ? `${file}:${line}` : file);
        }
        return "";
    }

    /** How the function's two sides were paired, in words; "" if there is nothing to say. */
    pairing(f: number): string {
        const { status, old_name, score, rule } = this.data.functions;
        const { strings } = this.data;
        const before = visible(strings[old_name[f]]);
        switch (status[f]) {
            case Status.added:
                return "new: the old side does not have it";
            case Status.vanished:
                return "vanished: the new side does not have it";
            case Status.renamed:
                return `renamed? It was ${before} (score ${score[f]} of 100; ${visible(strings[rule[f]])})`;
            case Status.byRule:
                return `was ${before} (${visible(strings[rule[f]])})`;
            default:
                return "";
        }
    }

    nodeName(profile: Profile, node: number): string {
        const { tree } = profile.data;
        const f = tree.function[node];
        if (f === ROOT) return "all";
        if (f === SMALL_CONTEXTS) return plural(tree.contexts[node], "small context");
        return this.names[f];
    }
}

export class Profile {
    readonly types: SampleType[]; // as shown
    private readonly columns = new Map<Value[], bigint[]>();
    private readonly totals = new Map<Value[], bigint[]>();
    private readonly rows = new Map<number, number>();
    private edgesByFunction: {
        callers: Map<number, number[]>;
        callees: Map<number, number[]>;
    } | null = null;

    constructor(readonly data: ProfileData) {
        this.types = data.types.map(({ name, unit }) => ({
            name: visible(name),
            unit: visible(unit),
        }));
        data.functions.function.forEach((f, row) => this.rows.set(f, row));
    }

    get functions(): number[] {
        return this.data.functions.function;
    }

    has(f: number): boolean {
        return this.rows.has(f);
    }

    /** Whether values of the type add up along a stack: calls belong to who is called alone. */
    hasCum(type: number): boolean {
        return type !== this.data.calls;
    }

    /** What a function amounts to: everything below it, or its calls. */
    mainMeasure(type: number): Measure {
        return this.hasCum(type) ? "cum" : "self";
    }

    total(type: number): BySide {
        return this.data.total.map((types) => exact(types[type]));
    }

    ofFunction(f: number, measure: Measure, type: number): BySide {
        const row = this.rows.get(f);
        return this.data.functions[measure].map((types) =>
            row === undefined ? 0n : this.column(types[type])[row],
        );
    }

    /** By node of the tree. */
    nodeSelf(side: number, type: number): bigint[] {
        return this.column(this.data.tree.self[side][type]);
    }

    /** By node of the tree: its own value and those of everything below. */
    nodeTotal(side: number, type: number): bigint[] {
        const key = this.data.tree.self[side][type];
        let totals = this.totals.get(key);
        if (!totals)
            this.totals.set(key, (totals = addUp(this.data.tree.parent, this.column(key))));
        return totals;
    }

    edge(index: number, type: number): Edge {
        const { caller, callee, value } = this.data.edges;
        return {
            caller: caller[index],
            callee: callee[index],
            value: value.map((types) => this.column(types[type])[index]),
        };
    }

    callersOf(f: number, type: number): Edge[] {
        return (this.edgeIndex().callers.get(f) ?? []).map((index) => this.edge(index, type));
    }

    calleesOf(f: number, type: number): Edge[] {
        return (this.edgeIndex().callees.get(f) ?? []).map((index) => this.edge(index, type));
    }

    /** By row of the columns `lines` of a side. */
    lineValues(side: number, measure: LineMeasure, type: number): bigint[] {
        const lines = this.data.lines[side];
        return this.column(measure === "made" ? lines.made : lines[measure][type]);
    }

    private column(values: Value[]): bigint[] {
        let column = this.columns.get(values);
        if (!column) this.columns.set(values, (column = values.map(exact)));
        return column;
    }

    private edgeIndex() {
        if (!this.edgesByFunction) {
            const callers = new Map<number, number[]>();
            const callees = new Map<number, number[]>();
            const { caller, callee } = this.data.edges;
            for (let index = 0; index < caller.length; index++) {
                append(callers, callee[index], index);
                append(callees, caller[index], index);
            }
            this.edgesByFunction = { callers, callees };
        }
        return this.edgesByFunction;
    }
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
    const list = lists.get(key);
    if (list) list.push(value);
    else lists.set(key, [value]);
}

/** Parents come before their children, so one walk from the end adds everything up. */
export function addUp(parent: number[], self: bigint[]): bigint[] {
    const totals = self.slice();
    for (let node = totals.length - 1; node > 0; node--) totals[parent[node]] += totals[node];
    return totals;
}

export function change(value: BySide): bigint {
    return value[value.length - 1] - value[0];
}

/** What a change is called in the style sheet. */
export function way(by: bigint): "more" | "less" | "zero" {
    return by > 0n ? "more" : by < 0n ? "less" : "zero";
}

/** The side with the larger magnitude: what a function or edge is worth showing for. */
export function largest(value: BySide): bigint {
    return value.reduce((most, v) => {
        const size = v < 0n ? -v : v;
        return size > most ? size : most;
    }, 0n);
}

export function compare(a: bigint, b: bigint): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
