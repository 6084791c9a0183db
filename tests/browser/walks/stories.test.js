// An administrator's days, from beginning to end: first licenses and everybody's seats; a year without a network;
// an XML file and its successor; keys, and one license too small.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { launch, signIn } from "../demo.js";
import { LicenseService, addPeople, api, firstSteps, importFiles, installation, license } from "../installation.js";

describe("stories", () => {
  let browser, server, page, call;

  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  beforeEach(async () => {
    server = await installation();
    call = api(server);
    page = await (await browser.newContext({ locale: "en-US", reducedMotion: "reduce" })).newPage();
    await firstSteps(page, server);
  });

  afterEach(async () => {
    await page.context().close();
    await server.stop();
  });

  const dialog = () => page.locator("dialog");
  const open = async (serial) => {
    await page.goto(`${server.url}/licenses`);
    await page.getByRole("link", { name: serial, exact: true }).click();
    await page.getByRole("heading", { name: serial }).waitFor();
  };
  const answer = async (name) => dialog().getByRole("button", { name, exact: true }).click();
  const said = (text) => page.getByText(text).first().waitFor();
  const holders = () => page.locator("#holders tbody tr").allInnerTexts();

  /// People from a CSV file, by the screen for it.
  const people = async (csv) => {
    const file = join(server.vendor.folder, "people.csv");
    writeFileSync(file, csv);
    await page.goto(`${server.url}/people/import`);
    await page.getByLabel("Drop a CSV file here").setInputFiles(file);
    await page.getByRole("button", { name: "Look into it" }).click();
    await page.getByRole("button", { name: /^Import \d/ }).click();
    await said("Everything could be done.");
  };

  test("a license file is imported; all, missing and none are assigned, and new accounts get a seat (Devolutions)", async () => {
    const later = license("DV-2", { product: "vault", seats: 5 });
    await importFiles(page, server.url, [server.vendor.file(license("DV-1", { product: "vault", seats: 3 }))]);
    await addPeople(page, server.url, ["ben", "carla", "dora", "emil"]);

    await open("DV-1");
    await page.getByRole("button", { name: "Assign all" }).click();
    assert.match(await dialog().innerText(), /3\s*get a seat[\s\S]*1\s*finds no free seat/);
    await answer("Assign");
    await said("3 seats assigned.");
    assert.equal((await holders()).length, 3);

    await importFiles(page, server.url, [server.vendor.file(later)]);
    await open("DV-2");
    await page.getByRole("button", { name: "Assign missing" }).click();
    await answer("Assign");
    await said("1 seat assigned.");
    assert.match((await holders()).join(), /emil/);

    await open("DV-1");
    await page.getByRole("button", { name: "Clear all" }).click();
    await answer("Release");
    await said("3 seats are free now.");
    await said("Nobody holds a seat");
    await open("DV-2");
    assert.equal((await holders()).length, 1, "a clear-all touches no other license (S10)");

    await page.getByLabel("To each new account").check();
    await page.locator("form", { has: page.getByLabel("To each new account") }).getByRole("button", { name: "Save" }).click();
    await said("Saved: how seats of this license are given.");
    await addPeople(page, server.url, ["frida"]);
    await open("DV-2");
    assert.match((await holders()).join(), /frida[\s\S]*new account/);
  });

  test("a request is answered and uploaded, seats are granted and recalled in bulk, and what has expired is told at sign-in (Creatio)", async () => {
    await page.goto(`${server.url}/licenses/request`);
    await page.getByLabel("Company id").fill("CUST-1");
    await page.getByLabel("Version that will run here").fill("8.3.0");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Make and download" }).click(),
    ]);
    const request = join(server.vendor.folder, "request.tlr");
    await download.saveAs(request);
    const response = server.vendor.answer(request, license("CR-1", { product: "crm", seats: 2 }));
    await page.goto(`${server.url}/licenses/request`);
    await page.getByLabel("Drop the response here").setInputFiles(response);
    await page.getByRole("button", { name: "Look into it" }).click();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await said("1 license imported.");

    await people("username,name\nben,Ben Berg\ncarla,Carla Cole\ndora,Dora Dunn\n");
    await page.goto(`${server.url}/people`);
    await page.getByLabel("Choose all of this page").check();
    await page.getByRole("button", { name: "Grant" }).click();
    const outlook = await dialog().innerText();
    assert.match(outlook, /2\s*get a seat/);
    assert.match(outlook, /1\s*finds no free seat/);
    await answer("Grant");
    await said("2 seats assigned.");
    await page.getByLabel("Choose ben").check();
    await page.getByRole("button", { name: "Recall" }).click();
    await answer("Recall");
    await said("1 seat is free now.");

    const over = 'starts_at = "2020-01-01"\nexpires_at = "2021-12-31"';
    const expired = license("CR-OLD", { product: "crm", more: over }).replace('starts_at = "2020-01-01"\n', "");
    await importFiles(page, server.url, [server.vendor.file(expired)]);
    await page.locator(".who summary").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await signIn(page, server);
    await page.waitForURL("**/licenses?care=1");
    await said("Something needs you");
    await page.getByRole("row", { name: /CR-OLD/ }).getByText("Expired").waitFor();
    await page.getByLabel("More").click();
    await page.getByRole("button", { name: "Remove expired licenses" }).click();
    await answer("Remove the license");
    await said("1 license removed.");
    await page.goto(server.url);
    await page.waitForURL("**/overview");
  });

  test("an XML file is imported, licenses go to folders, a seat is released while in use, and what expires is replaced (Efecte)", async () => {
    const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    const ends = `expires_at = "${soon}"`;
    const file = server.vendor.xml(license("EF-1", { seats: 2, more: ends }) + license("EF-2", { seats: 4, model: "floating" }));
    await importFiles(page, server.url, [file]);
    await people("username,folder\nben,/Finance\ncarla,/Finance\n");

    // Dragged: the same as choosing it and "Move".
    await page.goto(`${server.url}/licenses`);
    const row = page.getByRole("row", { name: /EF-1/ });
    await row.dragTo(page.locator(".tree").getByRole("link", { name: "Finance" }), { sourcePosition: { x: 300, y: 10 } });
    await dialog().getByText("Free seats go to /Finance.").waitFor();
    await answer("Move");
    await said("2 seats moved.");
    assert.match(await row.innerText(), /\/Finance/);

    // Chosen with the keyboard, and moved back and forth.
    await page.locator("body").press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    assert.equal(await page.getByLabel("Choose EF-2").isChecked(), true);
    await page.getByLabel("Move free seats to").selectOption({ label: "/Finance" });
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await answer("Move");
    await said("4 seats moved.");

    await open("EF-1");
    for (const name of ["ben", "carla"]) {
      await page.locator("#candidates li", { hasText: name }).getByRole("button", { name: "Assign" }).click();
      await said("1 seat assigned.");
    }
    const session = await call("POST", "/v1/sessions", { user: "ben", product: "esm" });
    assert.equal(session.status, 201, JSON.stringify(session.body));
    const holder = page.locator("#holders tr", { hasText: "ben" });
    await holder.getByRole("button", { name: "Release" }).click();
    await said("The seat is free as soon as its holder signs out.");
    const alive = await call("POST", `/v1/sessions/${session.body.id}/heartbeat`);
    assert.equal(alive.status, 200, "nobody is thrown out (S4)");
    await holder.getByRole("button", { name: "Keep" }).click();
    await said("The release was taken back: the seat stays.");
    await page.getByRole("button", { name: "Clear all" }).click();
    await answer("Release");
    await said("1 seat is free now. 1 seat will be free at sign-out.");
    await page.getByRole("button", { name: "Keep all" }).click();
    await said("1 release was taken back: the seat stays.");
    await page.locator("#candidates li", { hasText: "carla" }).getByRole("button", { name: "Assign" }).click();
    await said("1 seat assigned.");

    await importFiles(page, server.url, [server.vendor.xml(license("EF-3", { seats: 2 }))]);
    await open("EF-1");
    await said("It is in force and ends soon.");
    await page.getByRole("button", { name: "Replace" }).click();
    await dialog().getByLabel(/^EF-3/).check();
    await answer("Go on");
    await dialog().getByText("2. carla").waitFor();
    assert.match(await dialog().innerText(), /1\. ben\s*gets EF-3, and keeps the old seat until sign-out[\s\S]*2\. carla\s*moves to EF-3/);
    await answer("Replace");
    await said("2 people moved to the new license.");
    await call("DELETE", `/v1/sessions/${session.body.id}`);
    await open("EF-1");
    await said("Nobody holds a seat");
    await open("EF-3");
    const moved = (await holders()).join();
    assert.match(moved, /ben[\s\S]*\/Finance/);
    assert.match(moved, /carla[\s\S]*\/Finance/);
  });

  test("a key brings a license with an agreement; a refresh makes it too small, and people are removed until it fits (Avtor)", async () => {
    const service = await LicenseService.start(server.vendor);
    try {
      await page.goto(`${server.url}/settings/issuers`);
      const address = page.getByLabel("Address of Northwind Software");
      await address.fill(service.url);
      await page.locator("form", { has: address }).getByRole("button", { name: "Save" }).click();
      await said("Saved: where the license service is.");
      const key = service.sells(license("AV-1", { product: "cad", seats: 3, more: 'agreement = "Seats are for employees."' }));
      await page.goto(`${server.url}/licenses/add`);
      await page.getByLabel("License key", { exact: true }).fill(key.toLowerCase());
      await page.getByRole("button", { name: "See what it brings" }).click();
      await said("It has an agreement");
      await page.getByRole("button", { name: "Take it in" }).click();
      await said("AV-1 is here.");
      await said("It takes effect once an administrator accepts its agreement.");
      await page.getByRole("button", { name: "Accept the agreement" }).click();
      await said("The agreement is accepted.");
      await page.getByText("Active", { exact: true }).first().waitFor();

      await addPeople(page, server.url, ["ben", "carla", "dora"]);
      for (const name of ["ben", "carla", "dora"]) {
        await open("AV-1");
        await page.locator("#candidates li", { hasText: name }).getByRole("button", { name: "Assign" }).click();
        await said("1 seat assigned.");
      }
      service.types("license", "reissue", "AV-1", "--seats", "1");
      await open("AV-1");
      await page.getByRole("button", { name: "Refresh now" }).click();
      const row = page.getByRole("row", { name: /AV-1/ });
      assert.match(await row.innerText(), /new terms[\s\S]*(carla|dora)[\s\S]*can't work/);
      assert.doesNotMatch(await row.innerText(), /ben/);

      await page.goto(server.url);
      await page.waitForURL("**/licenses?care=1");
      await said("Something needs you");
      await open("AV-1");
      await page.getByText("No seat left").first().waitFor();
      await page.goto(`${server.url}/people`);
      for (const name of ["carla", "dora"]) await page.getByLabel(`Choose ${name}`).check();
      await page.getByRole("button", { name: "Deactivate" }).click();
      await answer("Deactivate");
      await said("2 people deactivated.");
      await page.goto(server.url);
      await page.waitForURL("**/overview");
      await open("AV-1");
      assert.equal((await holders()).length, 1);
    } finally {
      await service.stop();
    }
  });
});
