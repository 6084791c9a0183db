// People from a file, and work on many of them: looked into, followed, stopped, and what came of it (S7).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { seen } from "../axe.js";
import { launch } from "../demo.js";
import { firstSteps, importFiles, installation, license } from "../installation.js";

describe("people from a file, and work on many", () => {
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

  const look = async (text) => {
    const file = join(server.vendor.folder, "people.csv");
    writeFileSync(file, text);
    await page.goto(`${server.url}/people/import`);
    await page.getByLabel("Drop a CSV file here").setInputFiles(file);
    await page.getByRole("button", { name: "Look into it" }).click();
    await page.getByRole("heading", { name: "What people.csv would do" }).waitFor();
  };

  const ended = (state) => page.locator("#progress .badge", { hasText: state }).waitFor({ timeout: 180_000 });

  test("a file with malformed rows is refused whole, and each row is named", async () => {
    await page.goto(`${server.url}/people/import`);
    await seen(page);
    await look("username,name,email\nben,Ben,ben@example.org\n,Nobody,\ncarla,Carla,no address\n");
    const text = await page.locator("main").innerText();
    assert.match(text, /refused whole[\s\S]*Row 3[\s\S]*is empty[\s\S]*Row 4[\s\S]*address/);
    assert.equal(await page.getByRole("button", { name: /^Import/ }).count(), 0);
    await seen(page);
  });

  test("a file is looked into row by row, and imported by a job", async () => {
    await look("username,name,folder\nben,Ben Berg,/Sales\ncarla,Carla Cole,/Sales/EMEA\n");
    await seen(page);
    assert.match(await page.locator(".tallies").innerText(), /2[\s\S]*new/);
    await page.goto(`${server.url}/people`);
    await page.getByText("Nobody is here yet").waitFor();
    await look("username,name,folder\nben,Ben Berg,/Sales\ncarla,Carla Cole,/Sales/EMEA\n");
    await page.getByRole("button", { name: "Import 2 people" }).click();
    await page.getByRole("heading", { name: "Import of people" }).waitFor();
    await ended("Done");
    await page.getByText("Everything could be done.").waitFor();
    await look("username,name,folder\nben,Ben Berg,/Sales\ncarla,Carla Coler,/Sales/EMEA\ndora,,/Sales\n");
    const rows = await page.locator("main tbody tr").allInnerTexts();
    assert.equal(rows.length, 2);
    assert.match(rows[0], /Row 4 · dora\s*new/);
    assert.match(rows[1], /Row 3 · carla\s*change/);
    assert.match(await page.locator(".tallies").innerText(), /stay as they are/);
  });

  test("work on more than a thousand is counted beforehand, followed, and says what could not be done", async () => {
    const names = Array.from({ length: 1500 }, (_, n) => `person-${n}`);
    await look(`username\n${names.join("\n")}\n`);
    await ended("Done");
    assert.match(await page.locator("#progress").innerText(), /1,500 of 1,500[\s\S]*new/);
    await page.getByRole("button", { name: "Import 1,500 people" }).click();
    await page.waitForURL(/jobs\/[0-9a-f-]{36}$/);
    await ended("Done");
    await importFiles(page, server.url, [server.vendor.file(license("NW-1", { seats: 1490 }))]);
    await page.getByRole("link", { name: "NW-1" }).click();
    await page.getByRole("button", { name: "Assign all" }).click();
    const dialog = page.locator("dialog");
    await dialog.getByText("Counting what it would come to.").waitFor();
    await dialog.locator("#progress .badge", { hasText: "Done" }).waitFor({ timeout: 180_000 });
    assert.match(await dialog.locator("#progress").innerText(), /1,490[\s\S]*get a seat/);
    await seen(page);
    await dialog.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByRole("heading", { name: "Assign all: NW-1" }).waitFor();
    await page.reload();
    await ended("Done");
    assert.match(await page.locator("#progress").innerText(), /1,490[\s\S]*12[\s\S]*found no free seat/);
    assert.equal(await page.locator("#job tbody tr").count(), 12);
    await seen(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export CSV" }).click()]);
    const file = join(server.vendor.folder, "refused.csv");
    await download.saveAs(file);
    assert.equal(readFileSync(file, "utf8").trim().split("\r\n").length, 13);
  });

  const dialog = () => page.locator("dialog");
  const tallied = async (words) => assert.match(await page.locator("#progress").innerText(), words);

  /// Chooses everybody who matches on the page of people, and what is to be done.
  const withEverybody = async (button, folder) => {
    await page.goto(`${server.url}/people`);
    await page.locator("tbody").getByRole("checkbox").first().check();
    await page.getByLabel("Everybody who matches").check();
    if (folder) await page.getByLabel("Move to").selectOption({ label: folder });
    await page.getByRole("button", { name: button, exact: true }).click();
    await dialog().getByText("Counting what it would come to.").waitFor();
    await dialog().locator("#progress .badge", { hasText: "Done" }).waitFor({ timeout: 180_000 });
  };

  const undo = async (title, words) => {
    await page.getByRole("button", { name: "Undo this job" }).click();
    await dialog().getByRole("heading", { name: title }).waitFor();
    await dialog().locator("#progress .badge", { hasText: "Done" }).waitFor({ timeout: 180_000 });
    assert.match(await dialog().locator("#progress").innerText(), words);
    await seen(page);
    const job = page.url();
    await dialog().getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByRole("heading", { name: /^Undo of/ }).waitFor();
    await ended("Done");
    await tallied(words);
    return job;
  };

  test("seats that a job gave are taken again by undoing it, and both jobs say so", async () => {
    await page.goto(`${server.url}/jobs`);
    await page.getByRole("link", { name: "Assign all: NW-1" }).first().click();
    await page.getByText("Can be undone for 7 days").waitFor();
    const job = await undo("Undo “Assign all: NW-1”?", /1,490[\s\S]*free at once/i);
    await page.getByText("Everything could be done.").waitFor();
    await seen(page);
    await page.getByRole("link", { name: "Assign all: NW-1" }).click();
    assert.equal(page.url(), job);
    await page.getByText("What this job did was taken back.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Undo this job" }).count(), 0);
    await seen(page);
  });

  test("more than a thousand are moved and deactivated as jobs, and put back by undoing them", async () => {
    await withEverybody("Move", "/Sales");
    assert.match(await dialog().locator("#progress").innerText(), /1[\s\S]*live there already[\s\S]*1,501[\s\S]*move/);
    await seen(page);
    await dialog().getByRole("button", { name: "Move", exact: true }).click();
    await page.getByRole("heading", { name: "Move of people: /Sales" }).waitFor();
    await ended("Done");
    await tallied(/1,501[\s\S]*moved/);
    await page.goto(`${server.url}/people?q=person-7`);
    await page.getByLabel("Choose person-7", { exact: true }).check();
    await page.getByLabel("Move to").selectOption({ label: "/Sales/EMEA" });
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await dialog().getByRole("button", { name: "Move", exact: true }).click();
    await page.getByText("1 person moved.").waitFor();

    await page.goto(`${server.url}/jobs`);
    await page.getByRole("link", { name: "Move of people: /Sales" }).first().click();
    await undo("Undo “Move of people: /Sales”?", /1,500[\s\S]*back in their folder[\s\S]*1[\s\S]*moved since then/);
    const left = page.getByRole("row", { name: "person-7" });
    assert.match(await left.innerText(), /They were moved since then, and stay where they are/);
    await seen(page);

    await withEverybody("Deactivate");
    await seen(page);
    await dialog().getByRole("button", { name: "Deactivate", exact: true }).click();
    await page.getByRole("heading", { name: "Deactivation" }).waitFor();
    await ended("Done");
    await undo("Undo “Deactivation”?", /active again/);
    await page.goto(`${server.url}/jobs`);
    await page.getByText("Undone", { exact: true }).first().waitFor();
    await seen(page);
  });

  test("what is done to a few is told at once, with a way to undo it", async () => {
    await page.goto(`${server.url}/people`);
    for (const name of ["ben", "carla"]) await page.getByLabel(`Choose ${name}`, { exact: true }).check();
    await page.getByRole("button", { name: "Deactivate", exact: true }).click();
    assert.match(await dialog().locator(".tallies").innerText(), /2\s*would be deactivated/);
    await seen(page);
    await dialog().getByRole("button", { name: "Deactivate", exact: true }).click();
    await page.getByText("2 people deactivated.").waitFor();
    await seen(page);
    await page.getByRole("link", { name: "Look closer, or undo it" }).click();
    await page.getByRole("heading", { name: "Deactivation" }).waitFor();
    await page.getByRole("button", { name: "Undo this job" }).click();
    assert.match(await dialog().locator("tbody").innerText(), /ben\s*active again[\s\S]*carla\s*active again/);
    await seen(page);
    await dialog().getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByRole("heading", { name: "Undo of “Deactivation”" }).waitFor();
    await ended("Done");
  });

  test("what can't be undone says why", async () => {
    await page.goto(`${server.url}/jobs`);
    await page.getByRole("link", { name: "Import of people" }).first().click();
    await page.getByText("This job can't be undone: an import of people is changed by another import.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Undo this job" }).count(), 0);
  });

  test("a job is stopped by whoever looks; what it did stays done", async () => {
    const names = Array.from({ length: 60_000 }, (_, n) => `many-${n}`);
    await look(`username\n${names.join("\n")}\n`);
    await page.getByRole("button", { name: "Import 60,000 people" }).click();
    await page.waitForURL(/jobs\/[0-9a-f-]{36}$/);
    await seen(page);
    await page.goto(`${server.url}/jobs`);
    await seen(page);
    await page.getByRole("link", { name: "Import of people" }).first().click();
    await page.getByRole("button", { name: "Stop this job" }).click();
    await page.locator("dialog").getByRole("button", { name: "Stop this job" }).click();
    await ended("Cancelled");
    await page.goto(`${server.url}/jobs`);
    assert.equal(await page.locator("#jobs tbody tr").count(), 11);
    await page.getByText("Cancelled", { exact: true }).waitFor();
  });
});
