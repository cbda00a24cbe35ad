/*
 * help.ts - the keys, in a dialog.
 */
import { h } from "./dom.ts";

const KEYS: [string, string][] = [
    ["1 … 7", "go to a view"],
    ["/", "search: text, or a regular expression between slashes"],
    ["Esc", "leave the search; in the flame graph, show all"],
    ["x", "numbers in full, or in human units"],
    ["t", "light, dark, or as the system has it"],
    ["?", "this list"],
    ["← → ↑ ↓", "flame graph: move between frames; table: between rows; tabs: between views"],
    ["Enter", "choose the frame, row or function, and zoom to it"],
    ["Backspace", "flame graph: zoom out by one frame"],
    ["Home", "flame graph: go to the first frame"],
    ["+ − 0", "call graph: larger, smaller, all of it"],
];

export class Help {
    private readonly dialog = h(
        "dialog",
        { class: "help", "aria-label": "Keys" },
        h("h2", {}, "Keys"),
        h(
            "dl",
            {},
            ...KEYS.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)]),
        ),
        h("p", {}, "Every view has an address: copy it to come back to what you see."),
        h("form", { method: "dialog" }, h("button", {}, "Close")),
    );

    constructor() {
        document.body.append(this.dialog);
    }

    toggle(): void {
        if (this.dialog.open) this.dialog.close();
        else this.dialog.showModal();
    }
}
