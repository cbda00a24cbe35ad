/*
 * facts.ts - what is known of the runs, by name, with the sides beside each other.
 */
import type { Side } from "./data.ts";
import { exact, humanAndFull } from "./numbers.ts";

export interface Fact {
    name: string;
    values: string[]; // by side; lines end in \n; "": not known
}

export function factsBySide(sides: Side[]): Fact[] {
    const facts = new Map<string, string[]>();
    sides.forEach((side, i) => {
        for (const [name, value] of factsOf(side)) {
            let values = facts.get(name);
            if (!values) facts.set(name, (values = sides.map(() => "")));
            values[i] = value;
        }
    });
    return [...facts].map(([name, values]) => ({ name, values }));
}

/** A fact without a name goes on with the one above. */
function factsOf(side: Side): Map<string, string> {
    const facts = new Map<string, string>();
    if (side.command !== null) facts.set("command", side.command);
    if (side.started !== null) facts.set("started", side.started);
    if (side.duration_ns !== null)
        facts.set("duration", humanAndFull(exact(side.duration_ns), "nanoseconds"));
    let last = "";
    for (const [name, value] of side.facts) {
        const above = name === "" ? facts.get(last) : undefined;
        if (name !== "") last = name;
        facts.set(last, above === undefined ? value : `${above}\n${value}`);
    }
    return facts;
}
