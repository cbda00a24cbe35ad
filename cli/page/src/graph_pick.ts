/*
 * graph_pick.ts - which functions and edges the call graph shows: the most important ones.
 *
 * A function's importance is the larger of its sides. The chosen function is always shown, with its
 * most important neighbours. Edges worth less than a two-hundredth of the largest function are left
 * out, unless a function would hang in the air: its heaviest caller stays.
 */
import type { Edge, Profile } from "./model.ts";
import { compare, largest } from "./model.ts";

export interface Picture {
    functions: number[];
    edges: Edge[];
    leftOut: number; // functions
}

const NEIGHBOURS = 6;

export function pickGraph(profile: Profile, type: number, count: number, chosen: number): Picture {
    const measure = profile.mainMeasure(type);
    const weight = new Map<number, bigint>();
    for (const f of profile.functions) weight.set(f, largest(profile.ofFunction(f, measure, type)));
    const byWeight = [...weight.keys()]
        .filter((f) => (weight.get(f) as bigint) > 0n)
        .sort((a, b) => compare(weight.get(b) as bigint, weight.get(a) as bigint));
    const picked = new Set(byWeight.slice(0, count));
    if (profile.has(chosen)) {
        picked.add(chosen);
        for (const f of neighbours(profile, type, chosen)) picked.add(f);
    }
    const most = byWeight.length > 0 ? (weight.get(byWeight[0]) as bigint) : 0n;
    return {
        functions: [...picked],
        edges: pickEdges(profile, type, picked, most / 200n),
        leftOut: byWeight.filter((f) => !picked.has(f)).length,
    };
}

function neighbours(profile: Profile, type: number, f: number): number[] {
    const strongest = (edges: Edge[]) =>
        edges
            .filter((edge) => largest(edge.value) > 0n)
            .sort((a, b) => compare(largest(b.value), largest(a.value)))
            .slice(0, NEIGHBOURS);
    return [
        ...strongest(profile.callersOf(f, type)).map((edge) => edge.caller),
        ...strongest(profile.calleesOf(f, type)).map((edge) => edge.callee),
    ];
}

function pickEdges(profile: Profile, type: number, picked: Set<number>, least: bigint): Edge[] {
    const edges: Edge[] = [];
    for (const f of picked) {
        const inside = profile
            .callersOf(f, type)
            .filter((edge) => picked.has(edge.caller) && largest(edge.value) > 0n)
            .sort((a, b) => compare(largest(b.value), largest(a.value)));
        const strongest = inside.find((edge) => edge.caller !== f);
        edges.push(...inside.filter((edge) => edge === strongest || largest(edge.value) >= least));
    }
    return edges;
}
