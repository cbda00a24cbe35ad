/*
 * tooltip.ts - a few lines beside the mouse: the first is a name.
 */
import { h } from "./dom.ts";

export class Tooltip {
    private readonly element = h("div", { class: "tooltip", hidden: true, "aria-hidden": "true" });

    show(at: MouseEvent, lines: string[]): void {
        const { element } = this;
        if (!element.isConnected) document.body.append(element);
        element.replaceChildren(
            ...lines.map((line, i) => h(i === 0 ? "strong" : "span", {}, line)),
        );
        element.hidden = false;
        const { width, height } = element.getBoundingClientRect();
        const x = Math.min(at.clientX + 14, window.innerWidth - width - 8);
        const y =
            at.clientY + 18 + height > window.innerHeight
                ? at.clientY - height - 10
                : at.clientY + 18;
        element.style.left = `${Math.max(4, x)}px`;
        element.style.top = `${Math.max(4, y)}px`;
    }

    hide(): void {
        this.element.hidden = true;
    }
}
