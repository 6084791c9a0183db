// Settings, Issuers: keys trusted, introduced, for a time, no longer, and again (L3); and where services are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { seen } from "../axe.js";
import { launch } from "../demo.js";
import { addPeople, firstSteps, importFiles, installation, license } from "../installation.js";

const vendor = (server, ...line) =>
  execFileSync(process.env.SEATKEEPER_TEST_PROGRAM, ["vendor", ...line], { cwd: server.vendor.folder, encoding: "utf8" });

describe("whose keys are believed", () => {
  let server, browser, page;

  before(async () => {
    server = await installation();
    browser = await launch();
    page = await (await browser.newContext({ locale: "en-US", bypassCSP: true, reducedMotion: "reduce" })).newPage();
    await firstSteps(page, server);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const issuers = () => page.goto(`${server.url}/settings/issuers`);

  test("a vendor's key is trusted from its file, for the days that are given", async () => {
    vendor(server, "keygen", "--name", "Southwind Tools", "--out", "south");
    await issuers();
    await page.getByLabel("The .pub file").setInputFiles(join(server.vendor.folder, "south.pub"));
    const form = page.locator("form", { has: page.getByLabel("The .pub file") });
    await form.getByLabel("Last day").fill("2020-12-31");
    await form.getByRole("button", { name: "Trust this key" }).click();
    await page.getByText("The key of Southwind Tools is trusted.").waitFor();
    const row = page.getByRole("row", { name: /Southwind Tools/ });
    assert.match(await row.innerText(), /not any more[\s\S]*until 2020-12-31/);
    await seen(page);
    await row.getByText("Change the days").click();
    await row.getByLabel("Last day").fill("2099-06-30");
    await seen(page);
    await row.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved: when the key is believed.").waitFor();
    assert.match(await row.innerText(), /until 2099-06-30/);
  });

  test("the address of a license service is kept with its vendor, and only over HTTPS", async () => {
    await issuers();
    const field = page.getByLabel("Address of Northwind Software");
    await field.fill("http://licenses.example.org");
    await page.locator("form", { has: field }).getByRole("button", { name: "Save" }).click();
    await page.getByText(/must begin with https/).waitFor();
    await issuers();
    await field.fill("https://licenses.example.org/");
    await page.locator("form", { has: field }).getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved: where the license service is.").waitFor();
    assert.equal(await field.inputValue(), "https://licenses.example.org");
  });

  test("a Keygen account is trusted by the key that it shows", async () => {
    await issuers();
    await page.getByLabel("Vendor's name").fill("Eastwind Apps");
    await page.getByLabel(/64 hexadecimal digits/).fill("abc");
    const form = page.locator("form", { has: page.getByLabel("Vendor's name") });
    await form.getByRole("button", { name: "Trust this key" }).click();
    await page.getByText(/has 64 hexadecimal digits/).waitFor();
    await issuers();
    await page.getByLabel("Vendor's name").fill("Eastwind Apps");
    const key = Buffer.from(JSON.parse(readFileSync(join(server.vendor.folder, "south.pub"))).x, "base64url").toString("hex");
    vendor(server, "keygen", "--name", "Eastwind Apps", "--out", "east");
    const other = Buffer.from(JSON.parse(readFileSync(join(server.vendor.folder, "east.pub"))).x, "base64url").toString("hex");
    assert.notEqual(key, other);
    await page.getByLabel(/64 hexadecimal digits/).fill(other);
    await form.getByRole("button", { name: "Trust this key" }).click();
    await page.getByText("The key of Eastwind Apps is trusted.").waitFor();
    assert.match(await page.getByRole("row", { name: /Eastwind Apps/ }).innerText(), /Keygen account/);
  });

  test("a new key is introduced by a document that the old one signed", async () => {
    vendor(server, "rotate", "--key", "vendor.key", "--out", "new");
    await issuers();
    await page.getByLabel(/The document/).setInputFiles(join(server.vendor.folder, "new.introduction"));
    await page.getByRole("button", { name: "Trust the new key" }).click();
    await page.getByText(/^The key \S+ is trusted now\.$/).waitFor();
    await page.getByText("introduced by another key").waitFor();
  });

  test("distrusting a key shows what it takes and from whom; trusting it again gives that back (S13)", async () => {
    await importFiles(page, server.url, [server.vendor.file(license("NW-1", { seats: 2 }))]);
    await addPeople(page, server.url, ["ben"]);
    await page.goto(`${server.url}/licenses`);
    await page.getByRole("link", { name: "NW-1" }).click();
    await page.locator("#candidates li", { hasText: "ben" }).getByRole("button", { name: "Assign" }).click();
    await issuers();
    const kid = JSON.parse(readFileSync(join(server.vendor.folder, "vendor.pub"))).kid;
    const row = page.getByRole("row", { name: new RegExp(`Northwind[\\s\\S]*${kid}`) });
    await row.getByRole("button", { name: "Trust no longer" }).click();
    const dialog = page.locator("dialog");
    await dialog.getByText("If you withdraw: 1 license goes.").waitFor();
    await dialog.getByText("1 key that it introduced stays trusted.").waitFor();
    assert.match(await dialog.innerText(), /NW-1[\s\S]*is withdrawn[\s\S]*ben[\s\S]*can't work/);
    await seen(page);
    await dialog.getByLabel(/Withdraw its licenses/).check();
    await dialog.getByRole("button", { name: "Trust no longer" }).click();
    await page.getByText("The key is trusted no longer, and 1 license is withdrawn.").waitFor();
    await seen(page);
    await page.getByRole("button", { name: `Trust again: ${kid}` }).click();
    await page.getByText("The key of Northwind Software is trusted again.").waitFor();
    await page.goto(`${server.url}/licenses`);
    await page.getByRole("row", { name: /NW-1/ }).getByText("Active").waitFor();
  });
});
