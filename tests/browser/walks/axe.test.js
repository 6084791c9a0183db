// Every screen, light and dark, seen by axe: nothing serious, nothing critical.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { faults } from "../axe.js";
import { demo, launch, signIn } from "../demo.js";
import { SCREENS } from "../screens.js";


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
