/*
 * state.ts - what is being looked at, as a value, and as the fragment of the page's address.
 *
 * The fragment names things as the profile does, so that a link holds for another report of the same
 * program too. What it does not name, or names wrongly, is as at the start.
 */
import type { Report } from "./model.ts";

export const VIEWS = ["overview", "flame", "table", "graph", "callers", "source", "about"] as const;
export type ViewName = (typeof VIEWS)[number];

export const WIDTHS = ["both", "old", "new"] as const;
export const ORIENTATIONS = ["icicle", "flame"] as const;

export interface State {
    view: ViewName;
    profile: number;
    type: number;
    function: number; // -1: none is chosen
    search: string;
    node: number; // of the profile's tree: what the flame graph is zoomed to
    widths: (typeof WIDTHS)[number];
    orientation: (typeof ORIENTATIONS)[number];
    sort: string; // column of the table, with "-" before it when the largest come first; "": default
}

export function initialState(report: Report): State {
    return {
        view: "overview",
        profile: 0,
        type: report.profiles[0]?.data.default ?? 0,
        function: -1,
        search: "",
        node: 0,
        widths: "both",
        orientation: "icicle",
        sort: "",
    };
}

function oneOf<T extends string>(values: readonly T[], value: string | null, otherwise: T): T {
    return values.includes(value as T) ? (value as T) : otherwise;
}

export function parseFragment(fragment: string, report: Report): State {
    const start = initialState(report);
    const given = new URLSearchParams(fragment.replace(/^#/, ""));
    const found = report.profiles.findIndex((p) => p.data.kind === given.get("profile"));
    const profile = found < 0 ? start.profile : found;
    const data = report.profiles[profile]?.data;
    const type = data?.types.findIndex((t) => t.name === given.get("type")) ?? -1;
    const node = Number(given.get("node") ?? 0);
    const name = given.get("function");
    return {
        view: oneOf(VIEWS, given.get("view"), start.view),
        profile,
        type: type < 0 ? (data?.default ?? 0) : type,
        function: name === null ? -1 : report.find(name),
        search: given.get("search") ?? "",
        node:
            Number.isInteger(node) && node > 0 && node < (data?.tree.parent.length ?? 0) ? node : 0,
        widths: oneOf(WIDTHS, given.get("widths"), start.widths),
        orientation: oneOf(ORIENTATIONS, given.get("orientation"), start.orientation),
        sort: given.get("sort") ?? "",
    };
}

export function toFragment(state: State, report: Report): string {
    const start = initialState(report);
    const profile = report.profiles[state.profile];
    const out = new URLSearchParams({ view: state.view });
    if (profile) {
        out.set("profile", profile.data.kind);
        out.set("type", profile.data.types[state.type].name);
    }
    if (state.function >= 0) out.set("function", report.plainName(state.function));
    for (const key of ["search", "node", "widths", "orientation", "sort"] as const)
        if (state[key] !== start[key]) out.set(key, String(state[key]));
    return `#${out}`;
}

/** The state after a change. What cannot hold any more is as at the start. */
export function changed(state: State, change: Partial<State>, report: Report): State {
    const next = { ...state, ...change };
    if (next.profile !== state.profile) {
        if (change.type === undefined) next.type = report.profiles[next.profile].data.default;
        if (change.node === undefined) next.node = 0;
    }
    return next;
}
