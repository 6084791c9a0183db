// A demonstration server for as long as a run needs it, and somebody signed in to it.
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

const PROGRAM = process.env.SEATKEEPER_TEST_PROGRAM;
const CHROMIUM = process.env.SEATKEEPER_TEST_CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE = 60_000;

/// Starts `serve` with these arguments and waits until what it says matches.
export const serve = (args, wanted) => start(["serve", "--listen", "127.0.0.1:0", ...args], wanted);

/// Starts the program with these words and waits until what it says matches.
export function start(words, wanted) {
  if (!PROGRAM) throw new Error("SEATKEEPER_TEST_PROGRAM names no program; run this by cargo xtask");
  const child = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  return new Promise((resolve, reject) => {
    const give = setTimeout(() => reject(new Error(`the server did not get ready:\n${said}`)), PATIENCE);
    const hear = (chunk) => {
      said += chunk;
      const found = said.match(wanted);
      if (found) {
        clearTimeout(give);
        resolve({
          found,
          stop: () => new Promise((done) => { child.once("exit", done); child.kill("SIGTERM"); }),
        });
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
}

/// The demonstration, with its address and the account that it made.
export async function demo() {
  const server = await serve(["--demo"], /Open (\S+) in a browser and sign in as (\S+) with the password (\S+)[\s\S]*described at/);
  const [, url, name, password] = server.found;
  return { url, name, password, stop: server.stop };
}

export const launch = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"],
  });

export async function signIn(page, { url, name, password }) {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
}
