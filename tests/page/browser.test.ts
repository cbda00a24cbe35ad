/*
 * The page in a browser: every view, what clicks and keys do, links, themes, print, and names that
 * would do harm.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { open, rows, stop, text, texts } from "./browser.ts";
import { comparison, HOSTILE, hostile, large, single } from "./documents.ts";
import { report } from "./fixture.ts";
import { VIEWS } from "../../cli/page/src/state.ts";

after(stop);

const one = single();
const two = comparison();
const harmful = hostile();
const many = large(20_000);

/** How much of the canvas is drawn on, and with how many colours. */
const CANVAS = () => {
    const canvas = document.querySelector("canvas") as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext(
        "2d",
    ) as OffscreenCanvasRenderingContext2D;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    let drawn = 0;
    for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] > 0) {
            drawn++;
            colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
        }
    return { drawn, colours: colours.size };
};

for (const [name, data] of [
    ["one profile", one],
    ["a comparison", two],
    ["harmful names", harmful],
] as const)
    for (const dark of [false, true])
        test(`every view of ${name} is shown, ${dark ? "dark" : "light"}`, async () => {
            await open(data, { dark }, async ({ page, go }) => {
                assert.equal(await page.title(), "a < b & c");
                for (const view of VIEWS) {
                    await go(`#view=${view}`);
                    await page.waitForSelector(`#view-${view}:not([hidden])`);
                    assert.equal(await page.locator("main > section:not([hidden])").count(), 1);
                    assert.ok((await text(page, `#view-${view}`)).length > 20, view);
                    assert.equal(await page.getAttribute(`#tab-${view}`, "aria-selected"), "true");
                }
                const ground = await page.evaluate(
                    () => getComputedStyle(document.body).backgroundColor,
                );
                assert.equal(ground, dark ? "rgb(16, 19, 23)" : "rgb(245, 246, 248)");
            });
        });

test("nothing is wider than the window, at 800 pixels and at 1920", async () => {
    for (const width of [800, 1280, 1920])
        await open(two, { width }, async ({ page, go }) => {
            for (const view of VIEWS) {
                await go(`#view=${view}`);
                await page.waitForSelector(`#view-${view}:not([hidden])`);
                assert.ok(
                    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
                    `${view} at ${width}`,
                );
            }
        });
});

test("names that would do harm are text", async () => {
    await open(harmful, {}, async ({ page, go }) => {
        for (const view of VIEWS)
            for (const name of HOSTILE) {
                await go(`#${new URLSearchParams({ view, function: name, search: name })}`);
                await page.waitForSelector(`#view-${view}:not([hidden])`);
                const shown = await page.evaluate(() => document.body.textContent ?? "");
                assert.doesNotMatch(shown, /[\u202e\u0007\0]/);
            }
        await go("#view=table");
        await page.waitForSelector("#view-table:not([hidden])");
        const shown = await texts(page, ".functions th.name bdi");
        assert.ok(shown.includes("<script>window.harm=1</script>"));
        assert.ok(shown.includes("safe⟨U+202E⟩txt.exe"));
        assert.ok(shown.includes("bell⟨U+0007⟩null⟨U+0000⟩nl⟨U+000A⟩end"));
        assert.equal(await page.evaluate(() => (window as { harm?: number }).harm), undefined);
        assert.equal(await page.locator("img, iframe, object, embed, link").count(), 0);
        assert.equal(
            await page.locator("script").count(),
            0,
            "the body holds what was made, nothing else",
        );
    });
});

test("the policy lets nothing be loaded or run", async () => {
    await open(
        one,
        {},
        async ({ page, faults }) => {
            await page.evaluate(() => {
                document.body.append(
                    Object.assign(document.createElement("img"), {
                        src: "https://example.org/a.png",
                    }),
                );
                document.body.append(
                    Object.assign(document.createElement("script"), {
                        textContent: "window.harm = 1",
                    }),
                );
                return fetch("https://example.org/").catch(() => null);
            });
            assert.equal(await page.evaluate(() => (window as { harm?: number }).harm), undefined);
            assert.ok(
                faults.filter((fault) => /Content Security Policy/.test(fault)).length >= 3,
                faults.join("\n"),
            );
            assert.ok(
                await page.evaluate(() =>
                    [...document.images].every((image) => image.naturalWidth === 0),
                ),
            );
        },
        true,
    );
});

// ---- overview ----

test("losses, notes, runs and sums", async () => {
    await open(two, {}, async ({ page }) => {
        assert.match(await text(page, "header h1"), /naive\.tally → optimised\.tally/);
        assert.equal(await text(page, ".warn"), "⚠ 2");
        assert.deepEqual(await texts(page, ".warning li"), [
            "The two were built with other flags: -O2, -O3.",
            "Lost (new): 3 contexts: the memory limit was reached",
        ]);
        assert.equal(
            await text(page, ".facts-by-side tbody tr"),
            "compiler clang 19.1.4, -O2 clang 19.1.4, -O3",
        );
        await page.click("summary >> text=6 facts the same on both sides");
        assert.match(
            await text(page, "details .facts-by-side"),
            /duration 1\.23 s \(1,234,567,890 ns\)/,
        );
        const sums = await texts(page, ".totals tbody tr");
        assert.equal(sums[0], "calls calls 59,073,532 1,762,976 −57,310,556 −97.0%");
        await page.click(".totals a >> text=alloc_space");
        await page.waitForSelector("#view-flame:not([hidden])");
        assert.match(await page.evaluate(() => location.hash), /profile=heap&type=alloc_space/);
    });
});

test("a report in which nothing changed says so", async () => {
    const same = structuredClone(two);
    for (const profile of same.profiles) profile.functions.self[1] = profile.functions.self[0];
    await open(same, {}, async ({ page }) => {
        assert.match(await text(page, "#view-overview"), /Nothing changed/);
    });
});

// ---- table ----

test("the table sorts by any column, both ways", async () => {
    await open(two, { fragment: "#view=table" }, async ({ page }) => {
        const first = async () => (await rows(page))[0].split(" | ")[0];
        assert.match(await first(), /compare_words/);
        assert.equal(
            await page.getAttribute("th[aria-sort=descending] button", "data-sort"),
            "self.change",
        );
        await page.click("[data-sort='cum.new']");
        assert.equal(await first(), "main");
        await page.click("[data-sort='cum.new']");
        assert.match(await first(), /compare_words|compile_pattern/);
        await page.click("[data-sort='name']");
        assert.match(await first(), /compare_words/);
        await page.click("[data-sort='name']");
        assert.equal(await first(), "walk");
        assert.match(await page.evaluate(() => location.hash), /sort=-name/);
    });
});

test("exact numbers, beyond what doubles hold", async () => {
    await open(two, { fragment: "#view=table&profile=heap&type=alloc_space" }, async ({ page }) => {
        const row = async () => (await rows(page)).find((r) => r.startsWith("read_file")) as string;
        assert.match(await row(), /8\.00 PiB \| 8\.00 PiB \| \+1 B/);
        await page.keyboard.press("x");
        assert.match(await row(), /9,007,199,254,740,993 B \| 9,007,199,254,740,994 B \| \+1 B/);
        await page.keyboard.press("x");
        assert.match(await row(), /8\.00 PiB/);
    });
});

test("calls have no sum with callees, times have an average", async () => {
    await open(one, { fragment: "#view=table&type=calls" }, async ({ page }) => {
        assert.deepEqual(await texts(page, ".functions thead button"), [
            "Function",
            "Calls ▾",
            "%",
            "Defined at",
        ]);
        await page.selectOption("select[aria-label='Sample type']", { label: "wall" });
        assert.match(
            (await rows(page))[0],
            /^compare_words \| 402 ms \| 51\.2% \| 402 ms \| 51\.2% \| 58,123,456 \| 6\.92 ns/,
        );
    });
});

test("searching in the table", async () => {
    await open(two, { fragment: "#view=table" }, async ({ page }) => {
        await page.keyboard.press("/");
        await page.keyboard.type("hash");
        assert.deepEqual(
            (await rows(page)).map((r) => r.split(" | ")[0]),
            ["hash_update", "renamed?hash_block"],
        );
        assert.match(await text(page, "#view-table [role=status]"), /2 functions found of 12/);
        assert.match(await page.evaluate(() => location.hash), /search=hash/);
        await page.fill("input[type=search]", "/^(main|walk)$/");
        assert.equal((await rows(page)).length, 2);
        await page.fill("input[type=search]", "/(/");
        assert.match(await text(page, "#view-table [role=status]"), /regular expression/i);
        await page.press("input[type=search]", "Escape");
        assert.equal((await rows(page)).length, 12);
        assert.equal(await page.inputValue("input[type=search]"), "");
    });
});

test("the keyboard moves through the table", async () => {
    await open(two, { fragment: "#view=table" }, async ({ page }) => {
        await page.focus("#view-table .scroll");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowUp");
        await page.keyboard.press("Enter");
        assert.match(await text(page, ".chosen strong"), /is_stop_word/);
        const active = await page.getAttribute("#view-table .scroll", "aria-activedescendant");
        assert.match(await text(page, `#${active}`), /is_stop_word/);
        await page.keyboard.press("End");
        await page.keyboard.press("Enter");
        assert.match(await text(page, ".chosen strong"), /walk/);
    });
});

// ---- flame graph ----

test("a click zooms and chooses, Escape goes back", async () => {
    await open(two, { fragment: "#view=flame" }, async ({ page }) => {
        const canvas = page.locator("canvas");
        const before = await page.evaluate(CANVAS);
        assert.ok(before.drawn > 10_000 && before.colours > 5);
        await canvas.hover({ position: { x: 300, y: 7 * 20 + 10 } });
        const tip = await texts(page, ".tooltip > *");
        assert.equal(tip[0], "compare_words");
        assert.ok(tip.includes("vanished from this context"));
        assert.ok(
            tip.includes("self: 402 ms (402,000,000 ns) → 0, −402 ms (402,000,000 ns), −100.0%"),
        );
        await canvas.click({ position: { x: 300, y: 7 * 20 + 10 } });
        assert.match(await page.evaluate(() => location.hash), /function=compare_words&node=\d+/);
        assert.match(await text(page, ".chosen strong"), /compare_words/);
        assert.match(await text(page, ".flame-live"), /^compare_words/);
        assert.ok(
            (await page.evaluate(CANVAS)).drawn > before.drawn,
            "each row is as wide as the window now",
        );
        await page.keyboard.press("Escape");
        assert.doesNotMatch(await page.evaluate(() => location.hash), /node=/);
        await page.goBack();
        assert.match(await page.evaluate(() => location.hash), /node=/);
    });
});

test("arrow keys walk through the frames, in both orientations", async () => {
    await open(two, { fragment: "#view=flame" }, async ({ page }) => {
        const focused = async () => (await text(page, ".flame-live")).split(" · ")[0];
        await page.focus("canvas");
        assert.equal(await focused(), "all");
        for (const name of ["main", "walk", "walk", "process_document", "find_words"]) {
            await page.keyboard.press("ArrowDown");
            assert.equal(await focused(), name);
        }
        await page.keyboard.press("ArrowRight");
        assert.equal(await focused(), "hash_update");
        await page.keyboard.press("Enter");
        assert.match(await page.evaluate(() => location.hash), /function=hash_update/);
        await page.keyboard.press("Backspace");
        assert.match(await page.evaluate(() => location.hash), /node=4/);
        await page.keyboard.press("Home");
        assert.equal(await focused(), "all");
        await page.click("button[data-value=flame]");
        await page.focus("canvas");
        await page.keyboard.press("Home");
        await page.keyboard.press("ArrowUp");
        assert.equal(await focused(), "main");
        await page.keyboard.press("ArrowDown");
        assert.equal(await focused(), "all");
        assert.match(await page.evaluate(() => location.hash), /orientation=flame/);
    });
});

test("what vanished has its width, unless the new side alone is shown", async () => {
    await open(two, { fragment: "#view=flame" }, async ({ page }) => {
        const under = async () => {
            await page.mouse.move(5, 5);
            await page.locator("canvas").hover({ position: { x: 300, y: 7 * 20 + 10 } });
            return texts(page, ".tooltip:not([hidden]) > strong");
        };
        assert.deepEqual(await under(), ["compare_words"]);
        await page.click("button[data-value=new]");
        assert.deepEqual(await under(), []);
        await page.click("button[data-value=old]");
        assert.deepEqual(await under(), ["compare_words"]);
        assert.match(await page.evaluate(() => location.hash), /widths=old/);
    });
});

test("searching in the flame graph sums up what is found, once", async () => {
    await open(one, { fragment: "#view=flame&search=word" }, async ({ page }) => {
        assert.equal(await text(page, ".toolbar .found"), "found: 546 ms (69.5%)");
        await page.fill("input[type=search]", "nothing like it");
        assert.equal(await text(page, ".toolbar .found"), "found: 0 (0.0%)");
    });
});

// ---- call graph, callers, source ----

test("the call graph shows functions and edges, and its boxes are buttons", async () => {
    await open(two, { fragment: "#view=graph" }, async ({ page }) => {
        assert.equal(await page.locator(".box").count(), 12);
        assert.equal(await page.locator(".box.gone").count(), 2);
        assert.equal(await page.locator(".box.new").count(), 1);
        assert.ok((await page.locator(".edge text").allTextContents()).includes("402 ms → 0"));
        await page.locator(".box", { hasText: "hash_update" }).click();
        assert.match(await text(page, ".chosen strong"), /hash_update/);
        assert.equal(await page.locator(".box.chosen").count(), 1);
        assert.equal(await page.locator(".edge.near").count(), 2);
        const transform = () => page.getAttribute(".graph-picture > g", "transform");
        const before = await transform();
        await page.click("button[title^='Zoom in']");
        assert.notEqual(await transform(), before);
        await page.click("button[title^='Show all']");
        assert.equal(await transform(), before);
        await page.mouse.move(600, 400);
        await page.mouse.wheel(0, -300);
        await page.waitForFunction(
            (was) =>
                document.querySelector(".graph-picture > g")?.getAttribute("transform") !== was,
            before,
        );
        await page.locator(".box").first().focus();
        await page.keyboard.press("Enter");
        assert.match(await text(page, ".chosen strong"), /process_document|main/);
    });
});

test("callers and callees with exact edges; a click goes on from there", async () => {
    await open(
        two,
        { fragment: "#view=callers&function=is_stop_word&type=calls" },
        async ({ page }) => {
            assert.deepEqual(await texts(page, ".callers .callees tbody tr"), [
                "gone compare_words 58,123,456 0 −58,123,456 −100.0%",
                "new set_contains 0 812,300 +812,300 –",
            ]);
            assert.deepEqual(await texts(page, ".callers .card.callers tbody tr"), [
                "find_words 812,300 812,300 0 0%",
            ]);
            await page.click(".callees button >> text=set_contains");
            assert.match(await text(page, ".middle h2"), /set_contains/);
            assert.match(await text(page, ".middle"), /new: the old side does not have it/);
            await page.goBack();
            assert.match(await text(page, ".middle h2"), /is_stop_word/);
        },
    );
});

test("recursion is an edge from a function to itself", async () => {
    await open(one, { fragment: "#view=callers&function=walk&type=calls" }, async ({ page }) => {
        assert.deepEqual(await texts(page, ".callers .card.callers tbody tr"), [
            "walk itself 14 93.3%",
            "main 1 6.7%",
        ]);
    });
});

test("both versions of the source, side by side", async () => {
    await open(two, { fragment: "#view=source&function=is_stop_word" }, async ({ page }) => {
        const lines = await page
            .locator(".lines tbody tr:not(.spacer)")
            .evaluateAll((list) =>
                list.map((row) =>
                    [...row.children].map((cell) => cell.textContent?.trim()).join("|"),
                ),
            );
        assert.ok(
            lines.includes(
                "15|96.0 ms|for (size_t i = 0; i < n_stop_words; i++)|15|15.0 ms|return set_contains(&stop_words, word);",
            ),
            lines.join("\n"),
        );
        assert.ok(
            lines.includes(
                "14||is_stop_word(const struct word *word) {|14||is_stop_word(const struct word *word) {",
            ),
        );
        await page.click("button[data-value=file]");
        assert.match(await text(page, ".lines"), /402 ms/);
    });
});

test("where there is no source, it says so, and has the lines' values", async () => {
    await open(two, { fragment: "#view=source&function=hash_block" }, async ({ page }) => {
        assert.match(await text(page, ".source-head"), /not to be had when the report was made/);
        assert.match(
            await text(page, ".lines tbody tr:not(.spacer)"),
            /13 121 ms \(not in the report\) 13 121 ms/,
        );
    });
});

test("where the profile has no lines, it says what has them", async () => {
    const bare = structuredClone(two);
    for (const profile of bare.profiles) for (const side of profile.lines) side.line.fill(0);
    await open(bare, { fragment: "#view=source&function=hash_block" }, async ({ page }) => {
        assert.match(await text(page, ".source-head"), /no lines here: debug information \(-g\)/);
    });
});

// ---- around the views ----

test("a chosen function is carried over to the other views", async () => {
    await open(two, { fragment: "#view=table&function=hash_update" }, async ({ page }) => {
        assert.match(await text(page, "tr[aria-selected=true]"), /hash_update/);
        assert.match(
            await text(page, ".about-chosen"),
            /self wall: 8\.10 ms \(8,100,000 ns\) → 900 µs \(900,000 ns\)/,
        );
        await page.click(".chosen nav a >> text=Callers");
        assert.match(await text(page, ".middle h2"), /hash_update/);
        await page.click(".chosen nav a >> text=Graph");
        assert.match((await page.textContent(".box.chosen")) ?? "", /hash_update/);
        await page.click(".chosen nav button");
        assert.ok(await page.locator(".chosen").isHidden());
        assert.doesNotMatch(await page.evaluate(() => location.hash), /function/);
    });
});

test("keys lead to the views, to help and to the theme", async () => {
    await open(one, {}, async ({ page }) => {
        for (const [i, view] of VIEWS.entries()) {
            await page.keyboard.press(String(i + 1));
            assert.ok(await page.locator(`#view-${view}`).isVisible());
        }
        await page.keyboard.press("?");
        assert.ok(await page.locator("dialog[open]").isVisible());
        await page.keyboard.press("Escape");
        assert.equal(await page.locator("dialog[open]").count(), 0);
        await page.keyboard.press("t");
        await page.keyboard.press("t");
        assert.equal(await page.getAttribute("html", "data-theme"), "dark");
        await page.reload();
        await page.waitForSelector(".tabs");
        assert.equal(await page.getAttribute("html", "data-theme"), "dark", "it is kept");
        await page.keyboard.press("t");
        assert.equal(await page.getAttribute("html", "data-theme"), "auto");
        await page.focus("#tab-about");
        await page.keyboard.press("ArrowLeft");
        assert.ok(await page.locator("#view-source").isVisible());
    });
});

test("the keyboard's focus stays on what it has pressed", async () => {
    await open(two, { fragment: "#view=flame" }, async ({ page, go }) => {
        const pressed = () => page.evaluate(() => document.activeElement?.textContent);
        await page.focus("button[data-value=flame]");
        await page.keyboard.press("Enter");
        assert.equal(await pressed(), "Flame");
        await page.focus("select[aria-label='Sample type']");
        await page.keyboard.press("ArrowUp");
        assert.match(await page.evaluate(() => location.hash), /type=calls/);
        assert.equal(
            await page.evaluate(() => document.activeElement?.getAttribute("aria-label")),
            "Sample type",
        );
        await go("#view=table");
        await page.focus("[data-sort=name]");
        await page.keyboard.press("Enter");
        assert.match((await pressed()) ?? "", /Function/);
        await go("#view=graph");
        await page.focus(".box:nth-last-child(1)");
        const name = await pressed();
        await page.keyboard.press("Enter");
        assert.equal(await pressed(), name);
    });
});

test("licences of what is in the file are listed", async () => {
    await open(one, { fragment: "#view=about" }, async ({ page }) => {
        const list = (await texts(page, "summary")).join("\n");
        for (const name of [
            "@dagrejs/dagre",
            "@dagrejs/graphlib",
            "d3-zoom",
            "d3-selection",
            "diff",
        ])
            assert.ok(list.includes(name), list);
        await page.click("summary >> nth=0");
        assert.match(await text(page, "details[open] pre"), /copyright/i);
    });
});

test("on paper it is light, whole, and without controls", async () => {
    await open(two, { dark: true, fragment: "#view=table" }, async ({ page }) => {
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        const colour = await page.evaluate(() => getComputedStyle(document.body).color);
        assert.equal(colour, "rgb(26, 30, 36)");
        assert.ok(await page.locator(".tabs").isHidden());
        assert.ok(await page.locator("input[type=search]").isHidden());
        await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
        assert.equal((await rows(page)).length, 12);
        assert.equal(
            await page.evaluate(
                () => getComputedStyle(document.querySelector(".scroll") as Element).overflow,
            ),
            "visible",
        );
        assert.ok((await page.pdf()).length > 5000);
    });
});

test("twenty thousand contexts: few rows exist, and each can be reached", async () => {
    await open(many, { fragment: "#view=table" }, async ({ page, go }) => {
        assert.ok((await rows(page)).length < 100);
        await page.focus("#view-table .scroll");
        await page.keyboard.press("End");
        await page.keyboard.press("Enter");
        assert.ok(await page.locator("tr[aria-selected=true]").isVisible());
        assert.ok((await page.locator("*").count()) < 2500);
        await go("#view=flame");
        await page.waitForSelector("#view-flame:not([hidden])");
        assert.ok((await page.evaluate(CANVAS)).drawn > 100_000);
        await go("#view=graph");
        await page.waitForSelector("#view-graph:not([hidden]) .box");
        await page.selectOption("select[aria-label='Functions shown']", "120");
        assert.ok((await page.locator(".box").count()) >= 120);
    });
});

test("a report without profiles, and one that cannot be read", async () => {
    const none = report({ sides: one.sides, functions: [], profiles: [] });
    await open(none, {}, async ({ page }) => {
        assert.deepEqual(await texts(page, "[role=tab]"), ["Overview", "About"]);
    });
    await open(
        { ...one, format: 9 },
        {},
        async ({ page }) => {
            assert.match(await text(page, "[role=alert]"), /format 9; this page reads format 1/);
        },
        true,
    );
});
