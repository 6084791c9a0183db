// The acts that everything else begins with, with and without a script.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, signIn } from "../demo.js";
import { addPeople, firstSteps, importFiles, installation, license } from "../installation.js";

for (const javaScriptEnabled of [true, false]) {
  describe(`with${javaScriptEnabled ? "" : "out"} a script`, () => {
    let server, browser, context, page;

    before(async () => {
      server = await installation();
      browser = await launch();
      context = await browser.newContext({ javaScriptEnabled, locale: "en-US" });
      page = await context.newPage();
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    test("the one-time link makes the first administrator, once", async () => {
      await page.goto(server.url);
      await page.getByText("There is no account yet").waitFor();
      await firstSteps(page, server);
      await page.getByRole("heading", { name: "Import your first license" }).waitFor();
      const again = await page.request.get(server.link);
      assert.equal(again.status(), 403);
    });

    test("a license file is looked into before it is imported", async () => {
      const file = server.vendor.file(license("NW-1", { seats: 2 }));
      await page.goto(`${server.url}/licenses/import`);
      await page.getByLabel(/Drop license files/).setInputFiles(file);
      await page.getByRole("button", { name: "Look into it" }).click();
      await page.getByRole("cell", { name: "NW-1" }).waitFor();
      await page.goto(`${server.url}/licenses`);
      await page.getByText("No licenses yet").waitFor();
      await importFiles(page, server.url, [file]);
      await page.getByText("1 license imported.").waitFor();
      await page.getByRole("link", { name: "NW-1" }).waitFor();
    });

    test("a file that nobody trusts is refused with a sentence", async () => {
      await page.goto(`${server.url}/licenses/import`);
      await page.getByLabel(/Or paste/).fill("this is no license");
      await page.getByRole("button", { name: "Look into it" }).click();
      await page.getByText("This file can't be taken in").waitFor();
      assert.equal(await page.getByRole("button", { name: "Import", exact: true }).count(), 0);
    });

    test("a seat is assigned and released", async () => {
      await addPeople(page, server.url, ["ben", "carla"]);
      await page.goto(`${server.url}/licenses`);
      await page.getByRole("link", { name: "NW-1" }).click();
      const row = page.locator("#candidates li", { hasText: "ben" });
      await row.getByRole("button", { name: "Assign" }).click();
      await page.getByText("1 seat assigned.").waitFor();
      const holder = page.locator("#holders tr", { hasText: "ben" });
      await holder.getByRole("button", { name: "Release" }).click();
      await page.getByText("The seat is free.").waitFor();
      await page.getByText("Nobody holds a seat").waitFor();
    });

    test("folders are made, changed and deleted", async () => {
      await page.goto(`${server.url}/people`);
      await page.getByRole("link", { name: "Edit folders" }).click();
      await page.getByRole("textbox", { name: "Path" }).fill("/Sales/EMEA");
      await page.getByRole("button", { name: "New folder" }).click();
      await page.getByText("The folder is there now.").waitFor();
      const row = page.locator("tr", { hasText: "/Sales/EMEA" });
      await row.getByText("Rename or move").click();
      await row.getByLabel("Name", { exact: true }).fill("Europe");
      await row.getByLabel("In the folder").fill("/");
      await row.getByRole("button", { name: "Save" }).click();
      await page.getByText("The folder was changed.").waitFor();
      await page.getByRole("link", { name: "/Europe", exact: true }).waitFor();
      // Nothing is below it, so nothing can get lost.
      const sales = page.locator("tr", { hasText: "/Sales" });
      await sales.getByRole("button", { name: "Delete" }).click();
      await page.getByText("The folder was deleted.").waitFor();
      assert.equal(await page.locator("tr", { hasText: "/Sales" }).count(), 0);
    });

    test("a folder that can't be is refused with a sentence", async () => {
      await page.goto(`${server.url}/folders`);
      const row = page.locator("tr", { hasText: "/Europe" });
      await row.getByText("Rename or move").click();
      await row.getByLabel("In the folder").fill("/Nowhere");
      await row.getByRole("button", { name: "Save" }).click();
      await page.locator(".flash.warn").waitFor();
      await page.getByRole("link", { name: "/Europe", exact: true }).waitFor();
    });

    test("what can't be undone asks first", async () => {
      await page.goto(`${server.url}/licenses`);
      await page.getByRole("link", { name: "NW-1" }).click();
      await page.getByRole("button", { name: "Assign missing" }).click();
      await page.getByText("get a seat", { exact: true }).first().waitFor();
      await page.getByRole("button", { name: "Assign", exact: true }).last().click();
      await page.getByText("2 seats assigned.").waitFor();
    });

    test("whoever signs out is out, and a wrong password says so", async () => {
      await page.locator(".who summary").click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL("**/sign-in");
      await page.goto(`${server.url}/licenses`);
      await page.waitForURL("**/sign-in?next=*");
      await page.getByLabel("Name", { exact: true }).fill(server.name);
      await page.getByLabel("Password").fill("a wrong password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("The name or the password is wrong.").waitFor();
      await signIn(page, server);
    });
  });
}
