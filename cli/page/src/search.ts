/*
 * search.ts - what the search field finds: text anywhere in a name, in any case; between slashes, a
 * regular expression.
 */

export interface Search {
    matches(name: string): boolean;
    error: string | null;
}

/** null: nothing is searched for. */
export function parseSearch(text: string): Search | null {
    if (text === "") return null;
    const expression = /^\/(.+)\/(i?)$/.exec(text);
    if (!expression) {
        const wanted = text.toLowerCase();
        return { matches: (name) => name.toLowerCase().includes(wanted), error: null };
    }
    try {
        const compiled = new RegExp(expression[1], expression[2]);
        return { matches: (name) => compiled.test(name), error: null };
    } catch (error) {
        return { matches: () => false, error: (error as Error).message };
    }
}
