// Axe, put into a page by a test: what it finds that is serious or critical.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// The faults of a page, in words; the page's context must bypass its policy.
export async function faults(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`);
}

const PICTURES = process.env.SEATKEEPER_TEST_PICTURES;
let taken = 0;

/// Fails where axe finds faults; with a folder in SEATKEEPER_TEST_PICTURES, keeps a picture of what it saw.
export async function seen(page) {
  if (PICTURES) {
    taken += 1;
    const name = `${process.pid}-${String(taken).padStart(2, "0")}.png`;
    await page.screenshot({ path: join(PICTURES, name), fullPage: true });
  }
  assert.deepEqual(await faults(page), []);
}
