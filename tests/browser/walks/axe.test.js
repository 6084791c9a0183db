// Every screen, light and dark, seen by axe: nothing serious, nothing critical.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { demo, launch, signIn } from "../demo.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCREENS = ["/overview", "/licenses", "/licenses?q=nothing", "/licenses/import", "/people", "/people/new", "/in-use", "/denials", "/activity", "/mine", "/settings", "/settings/issuers", "/settings/tokens", "/settings/accounts", "/denied?code=no_free_seat"];

async function faults(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  describe(`axe, ${colorScheme}`, () => {
    let server, browser, page;

    before(async () => {
      server = await demo();
      browser = await launch();
      // Axe is put in by the test, which the pages' policy would not allow.
      page = await (await browser.newContext({ colorScheme, bypassCSP: true, reducedMotion: "reduce" })).newPage();
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    test("sign-in", async () => {
      await page.goto(`${server.url}/sign-in`);
      assert.deepEqual(await faults(page), []);
      await signIn(page, server);
    });

    for (const path of SCREENS) {
      test(path, async () => {
        await page.goto(server.url + path);
        assert.deepEqual(await faults(page), []);
      });
    }

    test("a license, and a question over it", async () => {
      await page.goto(`${server.url}/licenses`);
      await page.getByRole("link", { name: "NW-ESM-001" }).click();
      await page.getByRole("heading", { name: "NW-ESM-001" }).waitFor();
      assert.deepEqual(await faults(page), []);
      await page.getByRole("button", { name: "Assign missing" }).click();
      await page.locator("dialog").waitFor();
      assert.deepEqual(await faults(page), []);
    });

    test("a person, and why they can't get in", async () => {
      await page.goto(`${server.url}/people?q=anna.adler`);
      await page.getByRole("link", { name: "Anna Adler" }).click();
      await page.getByRole("button", { name: "Ask" }).click();
      await page.getByText("Step by step").waitFor();
      assert.deepEqual(await faults(page), []);
    });
  });
}
