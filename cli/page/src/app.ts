/*
 * app.ts - what all views share: the report, the state, how it is changed, how values are shown.
 */
import type { BySide, Profile, Report } from "./model.ts";
import { change } from "./model.ts";
import { changePercent, human, humanAndFull, inFull, signed } from "./numbers.ts";
import type { Search } from "./search.ts";
import { parseSearch } from "./search.ts";
import type { State, ViewName } from "./state.ts";
import { changed, parseFragment, toFragment } from "./state.ts";
import { isDark } from "./theme.ts";

export interface View {
    name: ViewName;
    title: string;
    element: HTMLElement;
    /** Shows the state; called when the view is in sight and the state, the theme or the units are
     * other ones. */
    update(): void;
}

export class App {
    state: State;
    /** Numbers in full instead of human units. */
    inFull = false;
    /** The canvas is drawn for paper. */
    printing = false;
    private search: { text: string; parsed: Search | null } = { text: "", parsed: null };

    constructor(
        readonly report: Report,
        private readonly shown: () => void,
    ) {
        this.state = parseFragment(location.hash, report);
        window.addEventListener("hashchange", () => {
            const state = parseFragment(location.hash, report);
            if (toFragment(state, report) === toFragment(this.state, report)) return;
            this.state = state;
            this.shown();
        });
    }

    get profile(): Profile {
        return this.report.profiles[this.state.profile];
    }

    get unit(): string {
        return this.profile.types[this.state.type].unit;
    }

    /** Changes what is looked at. Steps of typing or zooming do not each become one of "back". */
    go(change: Partial<State>, step: "push" | "replace" = "push"): void {
        this.state = changed(this.state, change, this.report);
        const fragment = toFragment(this.state, this.report);
        if (fragment !== location.hash) {
            if (step === "push") history.pushState(null, "", fragment);
            else history.replaceState(null, "", fragment);
        }
        this.shown();
    }

    refresh(): void {
        this.shown();
    }

    link(change: Partial<State>): string {
        return toFragment(changed(this.state, change, this.report), this.report);
    }

    get searched(): Search | null {
        if (this.search.text !== this.state.search)
            this.search = { text: this.state.search, parsed: parseSearch(this.state.search) };
        return this.search.parsed;
    }

    get dark(): boolean {
        return isDark() && !this.printing;
    }

    value(value: bigint, unit = this.unit): string {
        return this.inFull ? inFull(value, unit) : human(value, unit);
    }

    signedValue(value: bigint, unit = this.unit): string {
        return signed(value, (size) => this.value(size, unit));
    }

    /** "1.23 ms (1,234,567 ns)", or both sides of it with the change. */
    sentence(value: BySide, unit = this.unit): string {
        if (value.length === 1) return humanAndFull(value[0], unit);
        const [old, now] = value;
        const both = `${humanAndFull(old, unit)} → ${humanAndFull(now, unit)}`;
        if (old === now) return `${both}, unchanged`;
        const by = signed(change(value), (size) => humanAndFull(size, unit));
        return old === 0n ? `${both}, ${by}` : `${both}, ${by}, ${changePercent(old, now)}`;
    }
}
