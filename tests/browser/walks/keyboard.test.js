// The console by keyboard alone: the focus is seen wherever it goes, nothing holds it, and the main acts need no pointer.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { demo, launch } from "../demo.js";
import { SCREENS } from "../screens.js";

/// What has the focus, what it is called, and why it would not be seen; nothing at the end of the page.
async function focus() {
  // What has the focus is scrolled into view with the next frame.
  await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const field = at.matches("input, select, textarea");
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const faults = [];
  if (!outlined && !(field && style.boxShadow !== "none")) faults.push("has no ring");
  const box = at.getBoundingClientRect();
  if (box.width < 2 || box.height < 2) faults.push("has no size");
  const ring = outlined ? parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset) : 3;
  for (let around = at.parentElement; around; around = around.parentElement) {
    if (around === document.documentElement || getComputedStyle(around).overflowX === "visible") continue;
    const clip = around.getBoundingClientRect();
    const out = Math.max(clip.left - box.left, box.right - clip.right, clip.top - box.top, box.bottom - clip.bottom) + ring;
    if (out > 0.5) faults.push(`is cut off by ${around.className || around.localName}`);
  }
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (left >= right || top >= bottom) faults.push("is out of sight");
  else if (!there || !(at.contains(there) || there.contains(at))) faults.push(`is covered by ${there?.className || there?.localName}`);
  const name = (at.getAttribute("aria-label") || at.innerText || at.name || at.id || "").trim().slice(0, 40);
  return { at: `${at.localName} ${JSON.stringify(name)}`, faults };
}

/// Goes through a page with Tab, from its beginning to its end: what was wrong on the way.
async function journey(page) {
  const most = 40 + 4 * await page.locator("a, button, input, select, textarea, summary, [tabindex]").count();
  const wrong = [];
  let stops = 0;
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(focus);
    if (!found) return { wrong, stops };
    stops += 1;
    for (const fault of found.faults) wrong.push(`${found.at} ${fault}`);
  }
  return { wrong: [...wrong, "the page does not let go of the focus"], stops };
}

describe("keyboard", () => {
  let server, browser, page;

  before(async () => {
    server = await demo();
    browser = await launch();
    page = await (await browser.newContext({ locale: "en-US", reducedMotion: "reduce" })).newPage();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
  const type = (text) => page.keyboard.type(text);
  const has = (locator) => locator.evaluate((element) => element === document.activeElement);
  /// Presses Tab until something has the focus.
  const reach = async (locator) => {
    await locator.first().waitFor();
    for (let stop = 0; stop < 150; stop += 1) {
      if (await has(locator.first())) return;
      await press("Tab");
    }
    assert.fail(`Tab does not reach ${locator}`);
  };

  test("somebody signs in", async () => {
    await page.goto(`${server.url}/sign-in`);
    await reach(page.getByLabel("Name", { exact: true }));
    await type(server.name);
    await press("Tab");
    await type(server.password);
    await press("Enter");
    await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
  });

  for (const [name, viewport] of [["", { width: 1280, height: 800 }], [", narrow", { width: 390, height: 844 }]]) {
    for (const path of SCREENS) {
      test(`${path}${name}`, async () => {
        await page.setViewportSize(viewport);
        await page.goto(server.url + path);
        const { wrong, stops } = await journey(page);
        assert.deepEqual(wrong, []);
        assert.ok(stops > 1, "there is something to go to");
      });
    }
  }

  test("the way past the menu, a menu that Escape closes, and the way out", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${server.url}/people`);
    await press("Tab", "Enter", "Tab");
    assert.equal(await page.locator("main :focus").count(), 1);
    const account = page.locator(".who summary");
    await page.goto(`${server.url}/people`);
    await reach(account);
    await press("Enter", "Tab");
    await page.locator(".who .menu").waitFor();
    await press("Escape");
    await page.locator(".who .menu").waitFor({ state: "hidden" });
    assert.ok(await has(account));
    await press("Enter");
    await page.locator(".who .menu").waitFor();
    await press("Shift+Tab");
    await page.locator(".who .menu").waitFor({ state: "hidden" });
  });

  test("what was typed last is what is found, however slowly earlier letters are answered", async () => {
    await page.goto(`${server.url}/licenses`);
    const slow = /[?&]q=NW(-ESM)?(&|$)/;
    const asked = [];
    await page.route(slow, async (route) => {
      asked.push(route.request().url());
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue().catch(() => {}); // given up meanwhile
    });
    await press("/");
    for (const letters of ["NW", "-ESM", "-001"]) {
      await type(letters);
      await page.waitForTimeout(400);
    }
    await page.getByText("1 license", { exact: true }).waitFor();
    assert.equal(asked.length, 2);
    await page.unroute(slow);
  });

  test("a license is found, chosen, and asked to be removed; Escape leaves it as it is", async () => {
    await page.goto(`${server.url}/licenses`);
    await press("/");
    await type("NW-ESM-001");
    await page.getByText("1 license", { exact: true }).waitFor();
    await press("Escape", "j", "x");
    const remove = page.locator(".bulk").getByRole("button", { name: "Remove" });
    await reach(remove);
    await press("Enter");
    const dialog = page.locator("dialog");
    await dialog.waitFor();
    for (let stop = 0; stop < 8; stop += 1) {
      await press("Tab");
      const [outside] = await page.evaluate(() => [document.activeElement !== document.body && !document.activeElement.closest("dialog")]);
      assert.equal(outside, false, "the question keeps the focus");
    }
    await press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await has(remove));
  });

  test("a license is opened and a seat assigned", async () => {
    await page.goto(`${server.url}/licenses?q=NW-ESM-001`);
    await press("j", "Enter");
    await page.getByRole("heading", { name: "NW-ESM-001" }).waitFor();
    await reach(page.locator("#assign input[type=search]"));
    const assign = page.locator("#candidates").getByRole("button", { name: "Assign" });
    await reach(assign);
    await press("Enter");
    await page.getByText("1 seat assigned.").waitFor();
  });

  test("one question that leads to the next gives the focus back to where it began", async () => {
    await page.goto(`${server.url}/licenses?q=NW-CAD-2025`);
    await press("j", "Enter");
    const replace = page.getByRole("button", { name: "Replace" });
    await reach(replace);
    await press("Enter");
    const option = page.locator("dialog [name=new]").first();
    await reach(option);
    if (!await option.isChecked()) await press("Space");
    await reach(page.locator("dialog").getByRole("button", { name: "Go on" }));
    await press("Enter");
    await page.locator("dialog [name=new][type=checkbox]").first().waitFor({ state: "detached" });
    await page.locator("dialog").waitFor();
    await press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.ok(await has(replace));
  });
});
