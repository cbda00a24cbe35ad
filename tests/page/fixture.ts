/*
 * fixture.ts - makes data of reports, as `tally report` writes it, for the tests of the page.
 *
 * A profile is told as contexts with values; functions, edges and lines are added up from those, so
 * that what the page shows in one view can be checked against another.
 */
import { gzipSync } from "node:zlib";
import type { ProfileData, ReportData, SampleType, Value } from "../../cli/page/src/data.ts";

export interface FunctionSpec {
    name: string;
    linkageName?: string;
    file?: string;
    line?: number;
    status?: number;
    oldName?: string;
    score?: number;
    rule?: string;
    inlined?: boolean;
}

/** Values by side, type. */
export type Values = bigint[][];

export interface ContextSpec {
    path: string[];
    values: Values;
    line?: number; // where in the function the value is
}

export interface ProfileSpec {
    kind: string;
    types: SampleType[];
    default: number;
    count: number[];
    calls: number;
    contexts: ContextSpec[];
}

export function written(value: bigint): Value {
    const size = value < 0n ? -value : value;
    return size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

class Strings {
    readonly all = [""];
    private readonly index = new Map([["", 0]]);

    of(text: string): number {
        let at = this.index.get(text);
        if (at === undefined) {
            at = this.all.push(text) - 1;
            this.index.set(text, at);
        }
        return at;
    }
}

/** Sums by key. */
class Table {
    readonly keys: number[][] = [];
    readonly values: Values[] = [];
    private readonly index = new Map<string, number>();

    add(key: number[], values: Values): void {
        const name = key.join();
        let row = this.index.get(name);
        if (row === undefined) {
            row = this.keys.push(key) - 1;
            this.index.set(name, row);
            this.values.push(values.map((types) => types.map(() => 0n)));
        }
        const sums = this.values[row];
        values.forEach((types, side) =>
            types.forEach((value, type) => (sums[side][type] += value)),
        );
    }

    row(key: number[]): number {
        return this.index.get(key.join()) ?? -1;
    }

    /** By side, type, row. */
    columns(sides: number, types: number, order = this.values): Value[][][] {
        return Array.from({ length: sides }, (_, side) =>
            Array.from({ length: types }, (_, type) =>
                order.map((values) => written(values[side][type])),
            ),
        );
    }
}

function profile(
    spec: ProfileSpec,
    sides: number,
    numberOf: (name: string) => number,
): ProfileData {
    const parents = [-1];
    const functions = [-1];
    const selves = new Table();
    const self = new Table();
    const cum = new Table();
    const edges = new Table();
    const lineSelf = new Table();
    const nodes = new Map<string, number>();
    const nothing = Array.from({ length: sides }, () => spec.types.map(() => 0n));
    const total = nothing.map((types) => types.slice());
    selves.add([0], nothing);
    for (const { path, values, line } of spec.contexts) {
        let node = 0;
        let key = "";
        for (const name of path) {
            key += `\0${name}`;
            let next = nodes.get(key);
            if (next === undefined) {
                next = parents.push(node) - 1;
                functions.push(numberOf(name));
                nodes.set(key, next);
                selves.add([next], nothing);
            }
            node = next;
        }
        selves.add([node], values);
        values.forEach((types, side) =>
            types.forEach((value, type) => (total[side][type] += value)),
        );
        const stack = path.map(numberOf);
        self.add([stack[stack.length - 1]], values);
        for (const f of new Set(stack)) {
            self.add([f], nothing);
            cum.add([f], values);
        }
        const seen = new Set<string>();
        for (let i = 1; i < stack.length; i++) {
            const edge = `${stack[i - 1]},${stack[i]}`;
            const last = i === stack.length - 1;
            const once = values.map((types) =>
                types.map((value, type) =>
                    type === spec.calls ? (last ? value : 0n) : seen.has(edge) ? 0n : value,
                ),
            );
            seen.add(edge);
            edges.add([stack[i - 1], stack[i]], once);
        }
        lineSelf.add([stack[stack.length - 1], line ?? 0], values);
    }
    const rows = self.keys.map(([f]) => f);
    const types = spec.types.length;
    return {
        kind: spec.kind,
        types: spec.types,
        default: spec.default,
        count: spec.count,
        calls: spec.calls,
        total: total.map((values) => values.map(written)),
        tree: {
            parent: parents,
            function: functions,
            contexts: parents.map(() => 0),
            self: selves.columns(sides, types),
        },
        functions: {
            function: rows,
            self: self.columns(sides, types),
            cum: cum.columns(
                sides,
                types,
                rows.map((f) => cum.values[cum.row([f])]),
            ),
        },
        edges: {
            caller: edges.keys.map(([caller]) => caller),
            callee: edges.keys.map(([, callee]) => callee),
            value: edges.columns(sides, types),
        },
        lines: Array.from({ length: sides }, (_, side) => ({
            function: lineSelf.keys.map(([f]) => f),
            line: lineSelf.keys.map(([, line]) => line),
            self: lineSelf.columns(sides, types)[side],
            cum: lineSelf.columns(sides, types)[side],
            made:
                spec.calls < 0
                    ? []
                    : lineSelf.values.map((values) => written(values[side][spec.calls])),
        })),
    };
}

export interface ReportSpec {
    sides: ReportData["sides"];
    notes?: string[];
    functions: FunctionSpec[];
    profiles: ProfileSpec[];
    sources?: { file: string; first: number; text: string }[][];
}

export function report(spec: ReportSpec): ReportData {
    const strings = new Strings();
    const numbers = new Map(spec.functions.map((f, i) => [f.name, i]));
    const numberOf = (name: string) => {
        const number = numbers.get(name);
        if (number === undefined) throw new Error(`no function ${name}`);
        return number;
    };
    const column = (of: (f: FunctionSpec) => number) => spec.functions.map(of);
    const there = (f: FunctionSpec, side: number) =>
        !(f.status === 1 && side === 0 && spec.sides.length > 1) && !(f.status === 2 && side === 1);
    return {
        format: 1,
        tally: "0.5.0",
        sides: spec.sides,
        notes: spec.notes ?? [],
        strings: strings.all,
        functions: {
            name: column((f) => strings.of(f.name)),
            system_name: column((f) => strings.of(f.linkageName ?? f.name)),
            inlined: column((f) => (f.inlined ? 1 : 0)),
            file: spec.sides.map((_, side) =>
                column((f) => strings.of(there(f, side) ? (f.file ?? "") : "")),
            ),
            line: spec.sides.map((_, side) => column((f) => (there(f, side) ? (f.line ?? 0) : 0))),
            status: column((f) => f.status ?? 0),
            old_name: column((f) => strings.of(f.oldName ?? "")),
            score: column((f) => f.score ?? 0),
            rule: column((f) => strings.of(f.rule ?? "")),
        },
        profiles: spec.profiles.map((p) => profile(p, spec.sides.length, numberOf)),
        sources: (spec.sources ?? spec.sides.map(() => [])).map((parts) =>
            parts.map((part) => ({
                ...part,
                file: strings.of(part.file),
                text: strings.of(part.text),
            })),
        ),
    };
}

/** The page with data in it, as `tally report` makes it. */
export function fill(template: string, data: ReportData, title: string): string {
    const escaped = title.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const packed = gzipSync(Buffer.from(JSON.stringify(data))).toString("base64");
    return template.replace("@TALLY_TITLE@", () => escaped).replace("@TALLY_DATA@", () => packed);
}
