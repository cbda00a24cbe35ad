/*
 * dom.ts - making elements. Text only ever becomes text nodes: no function here takes markup.
 */

type Child = Node | string | null | undefined | false;
type Attributes = Record<
    string,
    string | number | boolean | null | undefined | ((event: never) => void)
>;

function fill<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") element.addEventListener(name, value as EventListener);
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined)
            element.setAttribute(name, String(value));
    }
    for (const child of children) if (child) element.append(child);
    return element;
}

/** An element: attributes by name, and listeners as functions by the event's name. */
export function h<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    attributes: Attributes = {},
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
    tag: K,
    attributes: Attributes = {},
    ...children: Child[]
): SVGElementTagNameMap[K] {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Puts other children into an element; the keyboard's focus stays where it was among its controls. */
export function renew(parent: Element, ...children: (Node | string)[]): void {
    const controls = () => [
        ...parent.querySelectorAll<HTMLElement>("button, select, a, [tabindex]"),
    ];
    const at = controls().indexOf(document.activeElement as HTMLElement);
    parent.replaceChildren(...children);
    if (at >= 0) controls()[at]?.focus({ preventScroll: true });
}

/** A choice of one of several. */
export function choice(
    label: string,
    options: { value: string; text: string }[],
    chosen: string,
    onChange: (value: string) => void,
): HTMLSelectElement {
    const select = h("select", {
        "aria-label": label,
        title: label,
        change: () => onChange(select.value),
    });
    for (const { value, text } of options)
        select.append(h("option", { value, selected: value === chosen }, text));
    return select;
}

/** What a button is called whose text is a mere sign; text of letters or digits is name enough. */
export function signLabel(text: string, label: string): string | null {
    return /[\p{L}\p{N}]/u.test(text) ? null : label;
}

/** A row of buttons of which one is pressed. */
export function buttons(
    label: string,
    options: { value: string; text: string; title?: string }[],
    chosen: string,
    onChange: (value: string) => void,
): HTMLElement {
    return h(
        "div",
        { class: "buttons", role: "group", "aria-label": label },
        ...options.map(({ value, text, title }) =>
            h(
                "button",
                {
                    type: "button",
                    title,
                    "data-value": value,
                    "aria-pressed": String(value === chosen),
                    click: () => onChange(value),
                },
                text,
            ),
        ),
    );
}
