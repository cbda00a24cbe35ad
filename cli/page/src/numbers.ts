/*
 * numbers.ts - exact integers, and how they are shown.
 *
 * Values are bigint wherever they are added up or shown in full. Human numbers are as those of the
 * tally command (cli/common/format.c): three significant digits, the unit chosen after rounding, so that
 * 999.7 µs is 1.00 ms. Number() is for geometry and colours only.
 */
import type { Value } from "./data.ts";

interface Scale {
    name: string;
    size: number; // in the family's smallest unit
}

const TIMES: Scale[] = [
    { name: "ns", size: 1 },
    { name: "µs", size: 1e3 },
    { name: "ms", size: 1e6 },
    { name: "s", size: 1e9 },
    { name: "min", size: 60e9 },
    { name: "h", size: 3600e9 },
    { name: "d", size: 86400e9 },
];
const SIZES: Scale[] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"].map((name, i) => ({
    name,
    size: 1024 ** i,
}));

interface Unit {
    scales: Scale[];
    factor: number; // how many of the family's smallest unit it is
    symbol: string;
}

const UNITS = new Map<string, Unit>();
for (const [scales, factor, symbol, ...names] of [
    [TIMES, 1, "ns", "nanoseconds", "nanosecond", "ns"],
    [TIMES, 1e3, "µs", "microseconds", "us"],
    [TIMES, 1e6, "ms", "milliseconds", "ms"],
    [TIMES, 1e9, "s", "seconds", "s"],
    [SIZES, 1, "B", "bytes", "byte", "b"],
    [SIZES, 1024, "KiB", "kilobytes", "kb"],
    [SIZES, 1048576, "MiB", "megabytes", "mb"],
] as [Scale[], number, string, ...string[]][])
    for (const name of names) UNITS.set(name, { scales, factor, symbol });

export function exact(value: Value): bigint {
    return BigInt(value);
}

export function magnitude(value: bigint): bigint {
    return value < 0n ? -value : value;
}

/** 1234567 → "1,234,567". */
export function digits(value: bigint): string {
    return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function isCount(unit: string): boolean {
    return unit === "" || unit === "count";
}

/** The number in full, with its unit: "1,234,567 ns". */
export function inFull(value: bigint, unit: string): string {
    if (value === 0n) return "0";
    const symbol = UNITS.get(unit)?.symbol ?? (isCount(unit) ? "" : unit);
    return symbol ? `${digits(value)} ${symbol}` : digits(value);
}

function threeDigits(x: number): string {
    const size = Math.abs(x);
    return x.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

function scaled(x: number, scales: Scale[]): string {
    let i = 0;
    while (
        i + 1 < scales.length &&
        Math.abs(x) / scales[i].size >= (scales[i + 1].size / scales[i].size) * 0.9995
    )
        i++;
    return `${threeDigits(x / scales[i].size)} ${scales[i].name}`;
}

/** The number as people read it: "1.23 ms", "64.0 KiB"; counts in full. */
export function human(value: bigint, unit: string): string {
    const known = UNITS.get(unit);
    if (!known || value === 0n) return inFull(value, unit);
    if (known.factor === 1 && magnitude(value) < 1000n) return inFull(value, unit);
    return scaled(Number(value) * known.factor, known.scales);
}

/** "1.23 ms (1,234,567 ns)", or the number alone when both would say the same. */
export function humanAndFull(value: bigint, unit: string): string {
    const short = human(value, unit);
    const full = inFull(value, unit);
    return short === full ? short : `${short} (${full})`;
}

/** Adds the sign that a change has: "+1.23 ms". */
export function signed(value: bigint, shown: (size: bigint) => string): string {
    return (value > 0n ? "+" : value < 0n ? "−" : "") + shown(magnitude(value));
}

/** part / whole as a double, for geometry and percentages; 0 of nothing. */
export function ratio(part: bigint, whole: bigint): number {
    return whole === 0n ? 0 : Number(part) / Number(whole);
}

export function percent(part: bigint, whole: bigint): string {
    if (whole === 0n) return "–";
    const x = 100 * ratio(part, whole);
    if (part !== 0n && Math.abs(x) < 0.05) return x < 0 ? ">−0.1%" : "<0.1%";
    return `${x.toFixed(1).replace("-", "−")}%`;
}

/** The change from old to now in percent of old, with its sign; there is none of 0. */
export function changePercent(old: bigint, now: bigint): string {
    if (old === now) return "0%";
    if (old === 0n) return "–";
    return signed(now - old, (size) => percent(size, magnitude(old)));
}

/** value / count, rounded for reading; "–" if there is none. */
export function average(value: bigint, count: bigint, unit: string): string {
    if (count === 0n) return "–";
    if (value % count === 0n) return human(value / count, unit);
    const x = ratio(value, count);
    const known = UNITS.get(unit);
    if (known) return scaled(x * known.factor, known.scales);
    return isCount(unit) ? x.toFixed(2) : `${x.toFixed(2)} ${unit}`;
}
