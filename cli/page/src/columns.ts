/*
 * columns.ts - the columns of the table of functions: what each shows, and what it is sorted by.
 */
import type { App } from "./app.ts";
import type { BySide, Measure } from "./model.ts";
import { change, compare } from "./model.ts";
import { average, changePercent, magnitude, percent } from "./numbers.ts";
import { baseName } from "./text.ts";

export interface Column {
    id: string;
    title: string;
    group: string; // title above several columns
    numeric: boolean;
    text(f: number): string;
    /** More than the text says. */
    more?(f: number): string;
    /** Ascending order. Signed changes sort by their size. */
    order(a: number, b: number): number;
    /** 1: more than before, -1: less; 0: no matter. */
    direction?(f: number): number;
}

export function columnsOf(app: App): Column[] {
    const { profile, report } = app;
    const { type } = app.state;
    const columns = [nameColumn(app)];
    const measures: Measure[] = profile.hasCum(type) ? ["self", "cum"] : ["self"];
    for (const measure of measures) {
        const title = profile.hasCum(type)
            ? measure === "self"
                ? "Self"
                : "With callees"
            : title0(app);
        columns.push(
            ...(report.comparison
                ? changeColumns(app, measure, type, title)
                : shareColumns(app, measure, title)),
        );
    }
    const count = profile.data.count[type];
    if (count >= 0 && count !== type) columns.push(...countColumns(app, count));
    if (!report.comparison) columns.push(placeColumn(app));
    return columns;
}

function title0(app: App): string {
    const { name } = app.profile.types[app.state.type];
    return name.charAt(0).toUpperCase() + name.slice(1);
}

function nameColumn({ report }: App): Column {
    return {
        id: "name",
        title: "Function",
        group: "",
        numeric: false,
        text: (f) => report.names[f],
        order: (a, b) =>
            report.names[a] < report.names[b] ? -1 : report.names[a] > report.names[b] ? 1 : 0,
    };
}

function placeColumn({ report }: App): Column {
    const place = (f: number) => report.place(f);
    return {
        id: "place",
        title: "Defined at",
        group: "",
        numeric: false,
        text: (f) => baseName(place(f)), // the path takes too much room
        more: place,
        order: (a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0),
    };
}

function shareColumns(app: App, measure: Measure, title: string): Column[] {
    const { profile } = app;
    const { type } = app.state;
    const value = (f: number) => profile.ofFunction(f, measure, type)[0];
    const total = profile.total(type)[0];
    const order = (a: number, b: number) => compare(value(a), value(b));
    return [
        { id: measure, title, group: "", numeric: true, text: (f) => app.value(value(f)), order },
        {
            id: `${measure}.share`,
            title: "%",
            group: "",
            numeric: true,
            order,
            text: (f) => percent(value(f), total),
        },
    ];
}

function changeColumns(app: App, measure: Measure, type: number, group: string): Column[] {
    const { profile } = app;
    const { unit } = profile.types[type];
    const value = (f: number): BySide => profile.ofFunction(f, measure, type);
    const by = (f: number) => change(value(f));
    const relative = (f: number) => {
        const [old, now] = value(f);
        if (old === 0n) return now === 0n ? 0 : Number.MAX_VALUE;
        return Math.abs(Number(now - old) / Number(old));
    };
    const side = (id: string, title: string, index: number): Column => ({
        id: `${measure}.${id}`,
        title,
        group,
        numeric: true,
        text: (f) => app.value(value(f)[index], unit),
        order: (a, b) => compare(value(a)[index], value(b)[index]),
    });
    const direction = (f: number) => compare(by(f), 0n);
    return [
        side("old", "Old", 0),
        side("new", "New", 1),
        {
            id: `${measure}.change`,
            title: "Change",
            group,
            numeric: true,
            direction,
            text: (f) => app.signedValue(by(f), unit),
            order: (a, b) => compare(magnitude(by(a)), magnitude(by(b))),
        },
        {
            id: `${measure}.relative`,
            title: "%",
            group,
            numeric: true,
            direction,
            text: (f) => changePercent(value(f)[0], value(f)[1]),
            order: (a, b) => relative(a) - relative(b),
        },
    ];
}

function countColumns(app: App, count: number): Column[] {
    const { profile, report } = app;
    const { name, unit } = profile.types[count];
    const counted = (f: number, side: number) => profile.ofFunction(f, "self", count)[side];
    const titles = report.comparison ? ["Old", "New"] : [name];
    const columns: Column[] = titles.map((title, side) => ({
        id: `count.${side}`,
        title,
        group: report.comparison ? name : "",
        numeric: true,
        text: (f) => app.value(counted(f, side), unit),
        order: (a, b) => compare(counted(a, side), counted(b, side)),
    }));
    if (report.comparison) {
        const by = (f: number) => counted(f, 1) - counted(f, 0);
        columns.push({
            id: "count.change",
            title: "Change",
            group: name,
            numeric: true,
            direction: (f) => compare(by(f), 0n),
            text: (f) => app.signedValue(by(f), unit),
            order: (a, b) => compare(magnitude(by(a)), magnitude(by(b))),
        });
    } else columns.push(averageColumn(app, count));
    return columns;
}

function averageColumn(app: App, count: number): Column {
    const { profile } = app;
    const { type } = app.state;
    const parts = (f: number) =>
        [profile.ofFunction(f, "self", type)[0], profile.ofFunction(f, "self", count)[0]] as const;
    const mean = (f: number) => {
        const [value, n] = parts(f);
        return n === 0n ? 0 : Number(value) / Number(n);
    };
    return {
        id: "average",
        title: "Self each",
        group: "",
        numeric: true,
        text: (f) => average(...parts(f), app.unit),
        order: (a, b) => mean(a) - mean(b),
    };
}
