// From the one-time link to a license that people may work on, with and without a script.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { seen } from "../axe.js";
import { launch } from "../demo.js";
import { firstSteps, importFiles, installation, license } from "../installation.js";

for (const javaScriptEnabled of [true, false]) {
  describe(`first steps with${javaScriptEnabled ? "" : "out"} a script`, () => {
    let server, browser, page;

    before(async () => {
      server = await installation();
      browser = await launch();
      page = await (await browser.newContext({ javaScriptEnabled, bypassCSP: true, locale: "en-US", reducedMotion: "reduce" })).newPage();
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    const head = () => page.getByRole("list", { name: "First steps" });
    const at = async (step) => assert.equal((await head().locator("[aria-current=step]").innerText()).replace(/\s+/g, ""), step);
    const look = async () => { if (javaScriptEnabled) await seen(page); };

    test("the account comes first, and leads on to the first license", async () => {
      await page.goto(server.link);
      await at("1Account");
      await look();
      await firstSteps(page, server);
      await page.getByRole("heading", { name: "Import your first license" }).waitFor();
      await at("2Firstlicense");
      await look();
      await page.goto(`${server.url}/licenses/add`);
      await at("2Firstlicense");
    });

    test("the preview of the import keeps nothing, and the head stays", async () => {
      const more = 'agreement = { title = "Terms of use", text = "Be kind to the license server." }';
      const file = server.vendor.file(license("NW-1", { more }) + license("NW-2", { product: "cad", more }));
      await page.goto(`${server.url}/licenses/import`);
      await page.getByLabel(/Drop license files/).setInputFiles(file);
      await page.getByRole("button", { name: "Look into it" }).click();
      await page.getByRole("cell", { name: "NW-1" }).waitFor();
      await at("2Firstlicense");
      await look();
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByText("2 licenses imported. Read the agreement").waitFor();
    });

    test("each agreement is accepted in turn; then everything is ready (L8)", async () => {
      await at("3Agreement");
      await page.getByText("Be kind to the license server.").waitFor();
      await look();
      const first = await page.getByRole("heading", { level: 1 }).innerText();
      await page.goto(`${server.url}/overview`);
      await at("3Agreement");
      await page.goto(`${server.url}/first-steps`);
      await page.getByRole("heading", { name: first }).waitFor();
      await page.getByRole("button", { name: "Accept" }).click();
      const second = first === "NW-1" ? "NW-2" : "NW-1";
      await page.getByRole("heading", { name: second }).waitFor();
      assert.equal(await head().count(), 0, "a license is in force");
      await page.getByRole("button", { name: "Accept" }).click();
      await page.getByText("The agreement is accepted.").first().waitFor();
      await page.getByRole("heading", { name: second }).waitFor();
      await page.goto(`${server.url}/first-steps`);
      await page.waitForURL("**/overview");
    });

    test("a later license leads to its agreement as well, without the head (L8)", async () => {
      const more = 'agreement = "Be kind to the license server, too."';
      const file = server.vendor.file(license("NW-3", { product: "mail", more }));
      await page.goto(`${server.url}/licenses/import`);
      assert.equal(await head().count(), 0);
      await page.getByLabel(/Drop license files/).setInputFiles(file);
      await page.getByRole("button", { name: "Look into it" }).click();
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByRole("heading", { name: "NW-3" }).waitFor();
      await page.getByRole("button", { name: "Accept" }).click();
      await page.getByRole("heading", { name: "NW-3" }).waitFor();
      assert.equal(await page.getByRole("button", { name: "Accept" }).count(), 0);
    });

    test("a license without an agreement is ready at once", async () => {
      await importFiles(page, server.url, [server.vendor.file(license("NW-4", { product: "vault" }))]);
      await page.getByText("1 license imported.").waitFor();
    });
  });
}
