/*
 * theme.ts - light, dark, or what the system has. The choice is kept where the browser allows it.
 */
const KEY = "tally-theme";
const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export function theme(): Theme {
  const set = document.documentElement.dataset.theme;
  return THEMES.find((t) => t === set) ?? "auto";
}

function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

/** A page from disk may be refused storage. */
export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem(KEY);
    setTheme(THEMES.find((t) => t === kept) ?? "auto");
  } catch {
    setTheme("auto");
  }
}

export function nextTheme(): Theme {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  setTheme(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It holds until the page is closed.
  }
  return next;
}
