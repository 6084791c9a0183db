// Reports: what was used, what ends, who used what; and lists in every order.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { demo, launch, signIn } from "../demo.js";

describe("reports", () => {
  let server, browser, page;

  before(async () => {
    server = await demo();
    browser = await launch();
    page = await (await browser.newContext({ locale: "en-US" })).newPage();
    await signIn(page, server);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("use over time is told per product, in pictures, a table and a file", async () => {
    await page.goto(`${server.url}/reports`);
    await page.getByRole("cell", { name: "Service Management esm" }).waitFor();
    assert.ok(await page.locator("svg.use-chart").count() > 0);
    const file = await page.request.get(`${server.url}/reports/use.csv`);
    assert.match(await file.text(), /^day,product,peak,average,owned,sessions\r\n/);
    await page.getByLabel("Product").selectOption("esm");
    await page.waitForURL(/product=esm/);
    assert.equal(await page.locator("svg.use-chart").count(), 1);
  });

  test("what ends says whether the coming term is covered", async () => {
    await page.goto(`${server.url}/reports/ending`);
    const row = page.getByRole("row", { name: /NW-CAD-2025/ });
    await row.getByText("without a seat").waitFor();
  });

  test("who used what is told for whoever is still at work", async () => {
    await page.goto(`${server.url}/reports/people?days=1`);
    assert.ok(await page.locator("tbody tr").count() > 5);
    await page.goto(`${server.url}/reports/people?days=1&q=nobody-is-called-this`);
    await page.getByText("Nobody used anything").waitFor();
  });

  test("nothing is unused yet, and that is said", async () => {
    await page.goto(`${server.url}/reports/idle`);
    await page.getByText("No seat is unused").waitFor();
  });

  test("lists turn round at a second click on the head of a column", async () => {
    const first = () => page.locator("tbody tr .main").first().textContent();
    for (const [path, columns] of [
      ["/licenses", ["Issuer", "State", "Product", "Model", "Access", "Seats", "Folder", "Last day"]],
      ["/people", ["Name", "Folder", "Last active", "Active"]],
    ]) {
      for (const column of columns) {
        await page.goto(server.url + path);
        const head = page.locator("thead").getByRole("link", { name: column, exact: true });
        await head.click();
        await page.locator('th[aria-sort="ascending"]').waitFor();
        const up = await first();
        await head.click();
        await page.locator('th[aria-sort="descending"]').waitFor();
        assert.ok(up && (await first()), `${path} by ${column}`);
      }
    }
  });
});
