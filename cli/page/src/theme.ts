/*
 * theme.ts - light, dark, or what the system has. The choice is kept where the browser allows it.
 *
 * The root element has the choice (data-theme), and the class `dark` while it is dark.
 */
const KEY = "tally-theme";
const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const system = matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
    const chosen = document.documentElement.dataset.theme;
    return THEMES.find((t) => t === chosen) ?? "auto";
}

export function isDark(): boolean {
    return theme() === "auto" ? system.matches : theme() === "dark";
}

function setTheme(theme: Theme): void {
    const root = document.documentElement;
    root.dataset.theme = theme;
    root.classList.toggle("dark", isDark());
}

/** Calls `changed` when the system changes between light and dark. */
export function startTheme(changed: () => void): void {
    setTheme(keptTheme());
    system.addEventListener("change", () => {
        setTheme(theme());
        changed();
    });
}

export function nextTheme(): void {
    const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
    setTheme(next);
    try {
        localStorage.setItem(KEY, next);
    } catch {
        // It holds until the page is closed.
    }
}

/** A page from disk may be refused storage. */
function keptTheme(): Theme {
    try {
        const kept = localStorage.getItem(KEY);
        return THEMES.find((t) => t === kept) ?? "auto";
    } catch {
        return "auto";
    }
}
