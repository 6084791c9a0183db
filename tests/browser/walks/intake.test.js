// How licenses come and are renewed: by key, by request and response, by refresh, by replacement.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { seen } from "../axe.js";
import { launch, signIn } from "../demo.js";
import { LicenseService, addPeople, api, firstSteps, importFiles, installation, license } from "../installation.js";
import { KeygenAccount } from "../keygen.js";

describe("licenses come and are renewed", () => {
  let server, service, browser, page, call;

  before(async () => {
    server = await installation();
    service = await LicenseService.start(server.vendor);
    call = api(server);
    browser = await launch();
    page = await (await browser.newContext({ locale: "en-US", bypassCSP: true, reducedMotion: "reduce" })).newPage();
    await firstSteps(page, server);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
    await server?.stop();
  });

  const enterKey = async (key) => {
    await page.goto(`${server.url}/licenses/add`);
    await page.getByLabel("License key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "See what it brings" }).click();
  };

  test("a server that may not use the internet, or knows no service, says so instead of asking for a key", async () => {
    await page.goto(`${server.url}/licenses/add`);
    await page.getByText("No license service is known").waitFor();
    await seen(page);
    const issuers = await call("GET", "/v1/issuers");
    const [issuer] = issuers.body.items ?? issuers.body;
    const set = await call("PUT", `/v1/issuers/${issuer.kid}/service`, { url: service.url });
    assert.equal(set.status, 200);
    await page.goto(`${server.url}/settings`);
    await page.getByLabel("Talk to license services of vendors").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.goto(`${server.url}/licenses/add`);
    await page.getByText("This server is kept off the internet").waitFor();
    await seen(page);
    await page.goto(`${server.url}/settings`);
    await page.getByLabel("Talk to license services of vendors").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
  });

  test("a key shows product, seats and end before it is confirmed (I2)", async () => {
    const key = service.sells(license("NW-KEY", { product: "esm", seats: 2, more: "revalidate_days = 30\noffline_grace_days = 14" }));
    await enterKey(key.replace(/.$/, (last) => (last === "2" ? "3" : "2")));
    await page.getByRole("alert").waitFor();
    await seen(page);
    await enterKey(key);
    await page.getByRole("heading", { name: "What this key brings" }).waitFor();
    const facts = page.locator(".facts");
    assert.match(await facts.innerText(), /NW-KEY[\s\S]*Service Management[\s\S]*2[\s\S]*2099/);
    await seen(page);
    await page.goto(`${server.url}/licenses`);
    await page.getByText("No licenses yet").waitFor();
    await enterKey(key);
    await page.getByRole("button", { name: "Take it in" }).click();
    await page.getByText("NW-KEY is here.").waitFor();
    await page.getByRole("heading", { name: "Renewal" }).waitFor();
    await seen(page);
  });

  test("a refresh says what changed and when the next one is due (I3)", async () => {
    service.types("license", "reissue", "NW-KEY", "--seats", "5", "--expires", "2090-06-30");
    await page.goto(`${server.url}/licenses`);
    await page.getByLabel("More").click();
    await page.getByRole("button", { name: "Refresh all now" }).click();
    await page.getByRole("heading", { name: "Refreshed at the vendor's service" }).waitFor();
    const row = page.getByRole("row", { name: /NW-KEY/ });
    assert.match(await row.innerText(), /new terms[\s\S]*2 5[\s\S]*Dec 31, 2099 Jun 30, 2090[\s\S]*44 days left/);
    await seen(page);
    await page.getByRole("link", { name: "NW-KEY" }).click();
    await page.getByRole("button", { name: "Refresh now" }).click();
    await page.getByText("confirmed", { exact: true }).first().waitFor();
  });

  test("a service that is away costs nothing, and the days left are shown from the first failure on (I3)", async () => {
    await service.stop();
    await page.goto(`${server.url}/licenses`);
    await page.getByLabel("Choose NW-KEY").check();
    await page.locator(".bulk").getByRole("button", { name: "Refresh" }).click();
    await page.getByText("no answer of use", { exact: true }).first().waitFor();
    await page.goto(`${server.url}/licenses`);
    await page.getByText("Stops in 44 days unless it is confirmed").waitFor();
    await page.getByRole("link", { name: "NW-KEY" }).click();
    await page.getByText("Nobody loses anything yet.").waitFor();
    await page.getByText("Active", { exact: true }).waitFor();
    await seen(page);
    await service.again();
  });

  test("a request leaves as a file, and its response comes back through the drop zone (I4)", async () => {
    await page.goto(`${server.url}/licenses/request`);
    await page.getByLabel("Company id").fill("CUST-1");
    await page.getByLabel("Version that will run here").fill("8.3.0");
    await seen(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Make and download" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^request-.*\.tlr$/);
    const request = join(server.vendor.folder, "request.tlr");
    await download.saveAs(request);
    const response = server.vendor.answer(request, license("NW-REQ", { product: "cad", seats: 3 }));
    await page.goto(`${server.url}/licenses/request`);
    assert.equal(await page.getByLabel("Company id").inputValue(), "CUST-1");
    await page.locator("#requests").getByText("open", { exact: true }).waitFor();
    await page.getByLabel("Drop the response here").setInputFiles(response);
    await page.getByRole("button", { name: "Look into it" }).click();
    await page.getByRole("cell", { name: "NW-REQ" }).waitFor();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText("1 license imported.").waitFor();
    await page.goto(`${server.url}/licenses/request`);
    await page.locator("#requests").getByText("answered", { exact: true }).waitFor();
    await seen(page);
    await page.goto(`${server.url}/licenses/import`);
    await page.getByLabel(/Drop license files/).setInputFiles(response);
    await page.getByRole("button", { name: "Look into it" }).click();
    await page.getByText("This file can't be taken in").waitFor();
  });

  test("several licenses are replaced by several, with who keeps and who loses, and that is undone (L10, S13)", async () => {
    const sold = ["A1", "A2"].map((serial) => license(serial, { product: "wiki", seats: 2 })).join("");
    const next = license("B1", { product: "wiki", seats: 2 }) + license("B2", { product: "wiki", seats: 1 });
    await importFiles(page, server.url, [server.vendor.file(sold)]);
    await addPeople(page, server.url, ["ben", "carla", "dora", "emil"]);
    for (const serial of ["A1", "A2"]) {
      // A search also finds the vendor's ids, which are random.
      const { body } = await call("GET", "/v1/licenses");
      const { id } = body.items.find((item) => item.serial === serial);
      const names = serial === "A1" ? ["ben", "carla"] : ["dora", "emil"];
      const given = await call("POST", "/v1/grant", { users: names, licenses: [id] });
      assert.equal(given.status, 200, JSON.stringify(given.body));
    }
    await importFiles(page, server.url, [server.vendor.file(next)]);
    for (const serial of ["A1", "A2"]) await page.getByLabel(`Choose ${serial}`).check();
    await page.locator(".bulk").getByRole("button", { name: "Replace" }).click();
    const dialog = page.locator("dialog");
    await dialog.getByRole("heading", { name: "Replace A1, A2" }).waitFor();
    for (const serial of ["B1", "B2"]) await dialog.getByLabel(new RegExp(`^${serial} `)).check();
    await seen(page);
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByText(/1 too few/).waitFor();
    const lines = await dialog.locator("tbody tr").allInnerTexts();
    assert.equal(lines.length, 4);
    assert.match(lines[0], /^1\. ben[\s\S]*moves/);
    assert.match(lines[3], /^4\. emil[\s\S]*left without/);
    await seen(page);
    await dialog.getByRole("button", { name: "Do what fits" }).click();
    await page.getByText("3 people moved to the new license.").waitFor();
    await page.goto(`${server.url}/licenses/replacements`);
    await page.getByText("A1, A2 by B1, B2").waitFor();
    await seen(page);
    await page.getByRole("button", { name: /^Undo/ }).click();
    await dialog.getByText("holds the old seat again").first().waitFor();
    await seen(page);
    await dialog.getByRole("button", { name: "Undo the replacement" }).click();
    await page.getByText("3 people hold their old seats again.").waitFor();
    await page.getByText("undone", { exact: true }).waitFor();
  });

  test("who has borrowed a seat is shown with its return, and it can be given back (H5)", async () => {
    await page.goto(`${server.url}/in-use/borrowed`);
    await page.getByText("The policy lets nobody borrow.").waitFor();
    await page.goto(`${server.url}/settings`);
    await page.getByLabel(/Days for which a seat can be borrowed/).fill("14");
    await page.getByLabel(/How many seats of one product/).fill("3");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const session = await call("POST", "/v1/sessions", { user: "ben", product: "wiki", client: "laptop-7" });
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString();
    const lent = await call("POST", `/v1/sessions/${session.body.id}/borrow`, { until });
    assert.equal(lent.status, 200, JSON.stringify(lent.body));
    await page.goto(`${server.url}/in-use`);
    await page.getByRole("link", { name: "Borrowed" }).click();
    const row = page.getByRole("row", { name: /ben/ });
    assert.match(await row.innerText(), /Service Management[\s\S]*laptop-7[\s\S]*in (4|5) days/);
    await seen(page);

    // A manager of another folder has nothing to do with it (R1).
    const folder = await call("POST", "/v1/folders", { path: "/Elsewhere" });
    const other = { url: server.url, name: "otto", password: "eight green chairs" };
    const made = await call("POST", "/v1/accounts", { name: other.name, password: other.password, role: "manager", folder: folder.body.id });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const stranger = await (await browser.newContext({ locale: "en-US" })).newPage();
    await signIn(stranger, other);
    await stranger.goto(`${server.url}/in-use/borrowed`);
    await stranger.getByText("Nobody has a seat with them").waitFor();
    await stranger.context().close();

    await row.getByRole("button", { name: /^Return now/ }).click();
    await page.locator("dialog").getByRole("button", { name: "Return now" }).click();
    await page.getByText("The seat is back.").waitFor();
    await page.getByText("Nobody has a seat with them").waitFor();
  });

  test("an encrypted file of Keygen's asks for its license key, and stays on the page meanwhile (I1)", async () => {
    const account = new KeygenAccount();
    const trusted = await call("POST", "/v1/issuers", { name: "Eastwind Apps", kty: "OKP", crv: "Ed25519", x: account.hex, kind: "keygen" });
    assert.equal(trusted.status, 201);
    const keys = ["A1B2C3-D4E5F6-071829-3A4B5C-6D7E8F-V3", "F8E7D6-C5B4A3-928170-6F5E4D-3C2B1A-V3"];
    const files = keys.map((key, n) => {
      const file = join(server.vendor.folder, `drawing-${n}.lic`);
      writeFileSync(file, account.encrypted(key, { id: `7bb84d91-0000-4000-8000-00000000000${n}`, product: "Drawing Board", machines: n + 3 }));
      return file;
    });
    await page.goto(`${server.url}/licenses/import`);
    await page.getByLabel("Drop license files here").setInputFiles(files);
    await page.getByRole("button", { name: "Look into it" }).click();
    assert.equal(await page.getByText("This file needs its license key").count(), 2);
    assert.equal(await page.getByRole("button", { name: "Import" }).count(), 0);
    await seen(page);

    const field = (n) => page.getByLabel(`License key for drawing-${n}.lic`);
    await field(0).fill(` ${keys[0]} `);
    await field(1).fill("wrong");
    await page.getByRole("button", { name: "Open it" }).first().click();
    await page.getByRole("row", { name: /Floating|new/i }).first().waitFor();
    await page.getByText("can't be opened with that license key").waitFor();
    await seen(page);
    await field(1).fill(keys[1]);
    await field(1).press("Enter");
    await page.getByRole("button", { name: "Import" }).waitFor();
    assert.equal(await page.locator("tbody tr").count(), 2);
    await seen(page);
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByText("2 licenses imported.").waitFor();
    const found = await call("GET", "/v1/licenses?q=Drawing");
    assert.deepEqual(found.body.items.map((one) => one.seats).sort(), [3, 4]);
    const record = JSON.stringify((await call("GET", "/v1/events?limit=1000")).body);
    for (const key of keys) assert.ok(!record.includes(key), "the record has a license key");
  });
});
