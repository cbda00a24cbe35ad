/*
 * flame_legend.ts - what the colours of the flame graph mean.
 */
import { h } from "../dom.ts";
import type { FileColours } from "../files.ts";
import { changeColour, palette } from "../palette.ts";
import { baseName, visible } from "../text.ts";

const STEPS = [-1, -0.5, -0.1, 0, 0.1, 0.5, 1];

function swatch(colour: string, kind = ""): HTMLElement {
    const element = h("i", { class: `swatch ${kind}`, "aria-hidden": "true" });
    element.style.backgroundColor = colour;
    return element;
}

export function legend(comparison: boolean, files: FileColours | null, dark: boolean): HTMLElement {
    const colours = palette(dark);
    const element = h("div", { class: "legend" });
    if (!comparison) {
        files?.files.forEach((file, i) =>
            element.append(
                h(
                    "span",
                    { class: "file", title: visible(file) },
                    swatch(colours.files[i]),
                    visible(baseName(file)),
                ),
            ),
        );
        element.append(h("span", {}, swatch(colours.other), "other files"));
        return element;
    }
    element.append(
        h(
            "span",
            {},
            "less",
            h(
                "span",
                { class: "scale" },
                ...STEPS.map((step) => swatch(changeColour(step, colours))),
            ),
            "more",
        ),
        h("span", {}, swatch(changeColour(1, colours), "new"), "+ new"),
        h("span", {}, swatch(changeColour(-1, colours), "gone"), "− vanished"),
    );
    return element;
}
