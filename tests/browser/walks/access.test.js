// A user of the products is let in to see their own licenses, by a one-time link; with and without a script.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { seen } from "../axe.js";
import { launch, signIn } from "../demo.js";
import { addPeople, firstSteps, importFiles, installation, license } from "../installation.js";

for (const javaScriptEnabled of [true, false]) {
  describe(`console access with${javaScriptEnabled ? "" : "out"} a script`, () => {
    let server, browser, page, theirs, link;
    const password = "nine yellow lamps";

    before(async () => {
      server = await installation();
      browser = await launch();
      const context = () => browser.newContext({ javaScriptEnabled, bypassCSP: true, locale: "en-US", reducedMotion: "reduce" });
      page = await (await context()).newPage();
      theirs = await (await context()).newPage();
      await firstSteps(page, server);
      await importFiles(page, server.url, [server.vendor.file(license("NW-1", { seats: 2 }))]);
      await addPeople(page, server.url, ["ben"]);
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    const card = () => page.locator("#access");
    const look = async (at) => { if (javaScriptEnabled) await seen(at); };

    test("an administrator makes a link on the person's page", async () => {
      await card().getByText("Cannot sign in here.").waitFor();
      await look(page);
      await page.getByRole("button", { name: "Assign" }).first().click();
      const person = page.url();
      await card().getByRole("button", { name: "Let them see their licenses" }).click();
      await page.getByRole("heading", { name: "A link for ben" }).waitFor();
      await look(page);
      link = await page.getByLabel("One-time link").inputValue();
      assert.ok(link.startsWith(`${server.url}/invitation?account=`), link);
      await page.goto(person);
      await card().getByText("has not chosen a password yet").waitFor();
    });

    test("the person chooses a password and sees their licenses, and nothing else (R1)", async () => {
      await theirs.goto(link);
      await theirs.getByText("You sign in as ben").waitFor();
      await look(theirs);
      await theirs.getByLabel("Password", { exact: true }).fill(password);
      await theirs.getByLabel("Password, again").fill("something else");
      await theirs.getByRole("button", { name: "Save and sign in" }).click();
      await theirs.getByText("The two passwords differ.").waitFor();
      await theirs.getByLabel("Password", { exact: true }).fill(password);
      await theirs.getByLabel("Password, again").fill(password);
      await theirs.getByRole("button", { name: "Save and sign in" }).click();
      await theirs.getByRole("heading", { name: "My licenses" }).waitFor();
      await theirs.getByText("NW-1").waitFor();
      await look(theirs);
      assert.equal((await theirs.request.get(`${server.url}/people`)).status(), 403);
    });

    test("the link works once; another one ends the password (R1)", async () => {
      const answer = await theirs.goto(link);
      assert.equal(answer.status(), 409);
      await theirs.getByText("This link was used").waitFor();
      await theirs.context().clearCookies();
      await signIn(theirs, { url: server.url, name: "ben", password });
      await theirs.getByText("NW-1").waitFor();
      await page.reload();
      await card().getByText("sees their own licenses, and nothing else").waitFor();
      await card().getByRole("button", { name: "Make a new link" }).click();
      await page.getByRole("heading", { name: "A link for ben" }).waitFor();
      await theirs.goto(`${server.url}/mine`);
      await theirs.waitForURL("**/sign-in?next=*");
    });
  });
}
