/*
 * palette.ts - colours that carry meaning, in light and in dark.
 *
 * Change is shown from blue (less) to orange (more), which the common kinds of colour blindness tell
 * apart; what is new or vanished is marked by outline and pattern besides. Frames of one profile are
 * coloured by source file: tints of the Okabe-Ito colours for the files with the largest values, grey
 * for the others. The style sheet has the colours of everything else.
 */

export interface Palette {
    files: string[];
    other: string;
    small: string;
    text: string;
    frame: string; // between frames
    mark: string; // outlines of what is new, hatching of what vanished
    focus: string;
    found: string;
    neutral: Rgb;
    less: Rgb;
    more: Rgb;
}

type Rgb = [number, number, number];

const LIGHT: Palette = {
    files: ["#f2c879", "#9fd0ee", "#8fd3bd", "#f0e58c", "#a9bfe8", "#efac86", "#e3b3cf"],
    other: "#d5dae1",
    small: "#e6e9ee",
    text: "#16191d",
    frame: "#ffffff",
    mark: "#16191d",
    focus: "#0b4fb3",
    found: "#7a2fb5",
    neutral: [226, 230, 236],
    less: [98, 165, 232],
    more: [246, 155, 74],
};

const DARK: Palette = {
    files: ["#8a6420", "#2c6485", "#236b57", "#6f6a1c", "#3f5590", "#8d4d2b", "#7b4567"],
    other: "#454c57",
    small: "#353b44",
    text: "#f2f4f7",
    frame: "#15181d",
    mark: "#f2f4f7",
    focus: "#7db7ff",
    found: "#e0a3ff",
    neutral: [62, 69, 80],
    less: [38, 111, 190],
    more: [190, 92, 16],
};

export function palette(dark: boolean): Palette {
    return dark ? DARK : LIGHT;
}

/** change: -1 (vanished) to 1 (new). */
export function changeColour(change: number, { neutral, less, more }: Palette): string {
    const end = change < 0 ? less : more;
    const share = change === 0 ? 0 : 0.15 + 0.85 * Math.min(1, Math.abs(change)); // small ones are seen
    const mixed = neutral.map((n, i) => Math.round(n + (end[i] - n) * share));
    return `rgb(${mixed.join(" ")})`;
}

/** How much larger (or smaller) a value is than the larger of both sides: -1 to 1. */
export function relativeChange(old: bigint, now: bigint): number {
    const size = (v: bigint) => Math.abs(Number(v));
    const most = Math.max(size(old), size(now));
    return most === 0 ? 0 : Math.max(-1, Math.min(1, Number(now - old) / most));
}
