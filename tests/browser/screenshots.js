// Every screen, light, dark and narrow, of the demonstration: node screenshots.js FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { demo, launch, signIn } from "./demo.js";

const folder = process.argv[2] ?? "screenshots";
const only = process.argv[3];
const LOOKS = [
  { name: "light", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  { name: "dark", viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  { name: "narrow", viewport: { width: 390, height: 844 }, colorScheme: "light" },
];

mkdirSync(folder, { recursive: true });
const server = await demo();
const browser = await launch();
let taken = 0;
let faults = 0;
try {
  for (const look of LOOKS) {
    const context = await browser.newContext({ ...look, locale: "en-US", reducedMotion: "reduce" });
    const page = await context.newPage();
    page.on("console", (line) => {
      if (line.type() === "error" && !line.text().includes("status of 4")) { faults += 1; console.error(`${page.url()}: ${line.text()}`); }
    });
    page.on("pageerror", (error) => { faults += 1; console.error(`${page.url()}: ${error}`); });
    const take = async (name) => {
      if (only && !name.includes(only)) return;
      await page.waitForTimeout(150);
      // What lies over a page lies over its window, not over all of it.
      const fullPage = await page.locator("dialog, .bulk.on, details[open] > .menu").count() === 0;
      await page.screenshot({ path: join(folder, `${name}-${look.name}.png`), fullPage });
      taken += 1;
    };
    const visit = async (name, path) => {
      if (only && !name.includes(only)) return;
      await page.goto(server.url + path);
      await take(name);
    };
    await visit("sign-in", "/sign-in");
    await page.goto(`${server.url}/sign-in`);
    await signIn(page, server);
    await visit("overview", "/overview");
    await visit("licenses", "/licenses");
    await visit("licenses-care", "/licenses?care=1&state=expired");
    await visit("licenses-none", "/licenses?q=nothing");
    await page.goto(`${server.url}/licenses`);
    const link = (text) => page.getByRole("link", { name: text, exact: true }).getAttribute("href");
    const esm = await link("NW-ESM-001");
    const cad = await link("NW-CAD-2025");
    const mail = await link("NW-MAIL-001");
    await visit("license", esm);
    await visit("license-ending", cad);
    await visit("license-agreement", mail);
    await visit("import", "/licenses/import");
    /// Something on a page that only opens when it is asked for.
    const opened = async (name, path, open) => {
      if (only && !name.includes(only)) return;
      await page.goto(server.url + path);
      await open();
      await take(name);
    };
    const choose = async () => { for (const row of [1, 2]) await page.locator("td.pick input").nth(row).check(); };
    await opened("licenses-chosen", "/licenses", choose);
    await opened("people-chosen", "/people", choose);
    await opened("licenses-menu", "/licenses", () => page.locator(".top details summary").click());
    await opened("account-menu", "/overview", () => page.locator(".who summary").click());
    await opened("settings-accounts-change", "/settings/accounts", () => page.locator(".rows details summary").first().click());
    await opened("folders-change", "/folders", () => page.locator("td details summary").first().click());
    await page.goto(`${server.url}/people?q=anna.adler`);
    const anna = await page.getByRole("link", { name: "Anna Adler" }).getAttribute("href");
    await visit("person", `${anna}?why=archive`);
    if (!only || "dialog".includes(only)) {
      await page.goto(server.url + cad);
      await page.getByRole("button", { name: "Replace" }).click();
      await page.locator("dialog").waitFor();
      await take("dialog-replace");
      await page.locator("dialog [name=new]").first().check();
      await page.getByRole("button", { name: "Go on" }).click();
      await page.locator("dialog [name=new][type=checkbox]").first().waitFor({ state: "detached" });
      await page.waitForTimeout(300);
      await take("dialog-replace-preview");
      await page.goto(server.url + esm);
      await page.getByRole("button", { name: "Assign missing" }).click();
      await page.locator("dialog").waitFor();
      await take("dialog-assign-missing");
    }
    for (const path of ["people", "people/new", "in-use", "in-use/borrowed", "licenses/add", "licenses/request", "licenses/replacements", "jobs", "people/import", "folders", "denials", "activity", "reports", "reports/idle?days=30", "reports/ending", "reports/people?days=1", "settings", "settings/issuers", "settings/tokens", "settings/accounts", "denied?code=no_free_seat&product=esm"]) {
      const answer = await page.request.get(`${server.url}/${path}`);
      if (answer.ok()) await visit(path.replace(/\?.*/, "").replaceAll("/", "-"), `/${path}`);
    }
    if (!only || "mine".includes(only)) {
      // Whoever sees their own licenses has chosen a password by a one-time link.
      await page.goto(`${server.url}/in-use`);
      await page.locator("td a[href^='/people/']").first().click();
      const grants = page.locator("#licenses button:enabled", { hasText: "Assign" });
      while (await grants.count() > 0) {
        const left = await grants.count();
        await grants.first().click();
        await page.locator(".flash").waitFor();
        if (await grants.count() === left) break;
      }
      await page.locator("#access button").click();
      await take("mine-link");
      const link = await page.getByLabel("One-time link").inputValue();
      await context.clearCookies();
      await page.goto(link);
      await take("mine-password");
      await page.getByLabel("Password", { exact: true }).fill("nine yellow lamps");
      await page.getByLabel("Password, again").fill("nine yellow lamps");
      await page.getByRole("button", { name: "Save and sign in" }).click();
      await page.getByRole("heading", { name: "My licenses" }).waitFor();
      await take("mine");
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${taken} screenshots in ${folder}`);
if (faults > 0) { console.error(`${faults} errors in the pages' consoles`); process.exit(1); }
