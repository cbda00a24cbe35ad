/*
 * text.ts - names as they can be shown.
 *
 * A name may hold any character. Those that have no shape of their own, or that change how what
 * stands around them is shown (controls, and what sets the direction of writing), are written as
 * their code points, so that two names never look alike without being so.
 */

const UNSEEN =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function visible(name: string): string {
    return name.replace(
        UNSEEN,
        (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    );
}

/** Like visible, for lines of source: tabs become spaces, and a carriage return at the end goes. */
export function visibleLine(line: string): string {
    let column = 0;
    let shown = "";
    for (const character of line.replace(/\r$/, "")) {
        const add = character === "\t" ? " ".repeat(8 - (column % 8)) : visible(character);
        shown += add;
        column += add.length;
    }
    return shown;
}

/** The last part of a path. */
export function baseName(path: string): string {
    return path.slice(path.lastIndexOf("/") + 1);
}

export function plural(n: number, one: string, many = `${one}s`): string {
    return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}
