// What keeps strangers and other sites out.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { demo, launch, signIn } from "../demo.js";

describe("safety", () => {
  let server, browser, page;

  before(async () => {
    server = await demo();
    browser = await launch();
    page = await (await browser.newContext()).newPage();
    await signIn(page, server);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("a form without its token changes nothing", async () => {
    const answer = await page.request.post(`${server.url}/licenses/act`, {
      form: { do: "delete-all", confirmed: "yes", typed: "delete all licenses" },
      maxRedirects: 0,
    });
    assert.equal(answer.status(), 403);
    await page.goto(`${server.url}/licenses`);
    await page.getByRole("link", { name: "NW-ESM-001" }).waitFor();
  });

  test("the cookie is kept from scripts and other sites", async () => {
    const cookies = await page.context().cookies();
    const session = cookies.find((cookie) => cookie.name === "seatkeeper");
    assert.equal(session.httpOnly, true);
    assert.equal(session.sameSite, "Lax");
  });

  test("nothing is loaded from elsewhere, and nothing breaks the policy", async () => {
    const strangers = [];
    const faults = [];
    page.on("request", (request) => { if (!request.url().startsWith(server.url)) strangers.push(request.url()); });
    page.on("console", (line) => { if (line.type() === "error") faults.push(line.text()); });
    page.on("pageerror", (error) => faults.push(String(error)));
    for (const path of ["/overview", "/licenses", "/people", "/in-use", "/denials", "/activity", "/licenses/import"]) {
      const answer = await page.goto(server.url + path);
      const policy = answer.headers()["content-security-policy"];
      assert.match(policy, /default-src 'none'/);
      assert.doesNotMatch(policy, /unsafe/);
    }
    assert.deepEqual(strangers, []);
    assert.deepEqual(faults, []);
  });

  test("the first page costs less than 150 KB", async () => {
    const fresh = await (await browser.newContext()).newPage();
    const sizes = [];
    fresh.on("requestfinished", (request) => sizes.push(request.sizes()));
    await signIn(fresh, server);
    await fresh.waitForLoadState("load");
    const all = await Promise.all(sizes);
    const bytes = all.reduce((sum, size) => sum + size.responseBodySize + size.responseHeadersSize, 0);
    assert.ok(bytes < 150 * 1024, `${bytes} bytes`);
  });

  test("deleting everything needs the typed words", async () => {
    await page.goto(`${server.url}/licenses`);
    await page.getByLabel("More").click();
    await page.getByRole("button", { name: "Delete all licenses" }).click();
    const button = page.getByRole("button", { name: "Delete everything" });
    await button.waitFor();
    assert.equal(await button.isDisabled(), true);
    await page.getByLabel(/To go on, type/).fill("delete all licenses");
    await button.click();
    await page.getByText("licenses and").waitFor();
    await page.getByText("No licenses yet").waitFor();
  });
});
