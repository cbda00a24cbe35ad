/*
 * about.ts - what made the page, and the licences of what is in it (put in by build.mjs).
 */
import type { App, View } from "../app.ts";
import { h } from "../dom.ts";

interface Package {
    name: string;
    version: string;
    licence: string;
    text: string;
}

declare const LICENCES: Package[];

export class AboutView implements View {
    readonly name = "about";
    readonly title = "About";
    readonly element: HTMLElement;

    constructor(app: App) {
        this.element = h(
            "section",
            { class: "view about", "aria-label": this.title },
            h(
                "div",
                { class: "page" },
                h("h2", {}, `Made by tally ${app.report.data.tally}`),
                h(
                    "p",
                    {},
                    "This file is complete: it loads nothing, sends nothing, and can be opened from disk. Its numbers are exact integers; sums are made without rounding. Where contexts were too many to show each, small ones are folded in the flame graph; the other views have all of them.",
                ),
                h("h3", {}, "Licences"),
                h(
                    "p",
                    {},
                    "Tally and this page: Apache-2.0 WITH LLVM-exception. Packages in this page:",
                ),
                ...LICENCES.map(({ name, version, licence, text }) =>
                    h(
                        "details",
                        {},
                        h("summary", {}, `${name} ${version}: ${licence}`),
                        h("pre", {}, text),
                    ),
                ),
            ),
        );
    }

    update(): void {}
}
