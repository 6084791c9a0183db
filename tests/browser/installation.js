// A server of its own with a vendor that it trusts: what most walks begin with.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve, start } from "./demo.js";

const PROGRAM = process.env.SEATKEEPER_TEST_PROGRAM;
const SPEC = `issuer = "Northwind Software"
customer = "CUST-1"
`;

const run = (folder, args, env = {}) =>
  execFileSync(PROGRAM, args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...env } });

/// A vendor in a folder of its own, which signs license files.
export class Vendor {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "seatkeeper-walk-"));
    run(this.folder, ["vendor", "keygen", "--name", "Northwind Software", "--out", "vendor"]);
    this.count = 0;
  }

  /// The path of a signed file with these `[[license]]` tables.
  file(licenses) {
    this.count += 1;
    const spec = join(this.folder, `spec-${this.count}.toml`);
    const out = join(this.folder, `licenses-${this.count}.lic`);
    writeFileSync(spec, SPEC + licenses);
    run(this.folder, ["vendor", "issue", "--key", "vendor.key", "--spec", spec, "--out", out]);
    return out;
  }

  /// Another form of a file: `xml`.
  xml(licenses) {
    this.count += 1;
    const spec = join(this.folder, `spec-${this.count}.toml`);
    const out = join(this.folder, `licenses-${this.count}.xml`);
    writeFileSync(spec, SPEC + licenses);
    run(this.folder, ["vendor", "issue", "--format", "xml", "--key", "vendor.key", "--spec", spec, "--out", out]);
    return out;
  }

  /// The path of the response to a request file.
  answer(request, licenses) {
    const spec = join(this.folder, "answer.toml");
    const out = join(this.folder, "response.tls");
    writeFileSync(spec, `issuer = "Northwind Software"\n${licenses}`);
    run(this.folder, ["vendor", "answer", request, "--spec", spec, "--key", "vendor.key", "--out", out]);
    return out;
  }
}

/// The vendor's license service, which gives keys for licenses.
export class LicenseService {
  static async start(vendor) {
    const service = new LicenseService();
    service.folder = vendor.folder;
    const words = ["vendor", "serve", "--data", join(vendor.folder, "ledger"), "--key", join(vendor.folder, "vendor.key")];
    service.begin = async (listen) => {
      const server = await start([...words, "--listen", listen], /listens on http:\/\/(\S+)/);
      service.url = `http://${server.found[1]}`;
      service.stop = server.stop;
    };
    await service.begin("127.0.0.1:0");
    service.token = run(vendor.folder, ["vendor", "token", "--data", "ledger", "--name", "me"]).trim();
    return service;
  }

  /// Starts it again where it was.
  again() {
    return this.begin(new URL(this.url).host);
  }

  /// Types a line after `vendor`, as its administrator.
  types(...line) {
    const env = { SEATKEEPER_VENDOR_URL: this.url, SEATKEEPER_VENDOR_TOKEN: this.token };
    return run(this.folder, ["--json", "vendor", ...line], env);
  }

  /// Sells these licenses; the key of the first.
  sells(licenses) {
    writeFileSync(join(this.folder, "order.toml"), SPEC.replace(/customer.*/, "") + licenses);
    return JSON.parse(this.types("license", "add", "order.toml"))[0].license_key;
  }
}

/// What programs may do: the REST API, with a token of its own.
export function api({ url, data }, role = "administrator") {
  const token = run(".", ["token", "create", "--data", data, "--name", `walk ${Math.random()}`, "--role", role]).trim().split(/\s+/).pop();
  return async (method, path, body) => {
    const headers = { authorization: `bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) };
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  };
}

/// One license of a product.
export const license = (serial, { product = "esm", seats = 3, model = "dedicated", more = "" } = {}) => `
[[license]]
serial = "${serial}"
product = "${product}"
product_name = "Service Management"
model = "${model}"
seats = ${seats}
starts_at = "2020-01-01"
${more.includes("expires_at") ? "" : 'expires_at = "2099-12-31"'}
${more}
`;

/// A fresh server; `link` makes its first administrator.
export async function installation() {
  const vendor = new Vendor();
  const data = join(vendor.folder, "data");
  const server = await serve(
    ["--data", data, "--trust", join(vendor.folder, "vendor.pub")],
    /listens on (\S+)[\s\S]*?(http:\S+\/setup\?code=\S+)/,
  );
  const [, url, link] = server.found;
  const stop = async () => {
    await server.stop();
    rmSync(vendor.folder, { recursive: true, force: true });
  };
  return { vendor, url, link, stop, data, name: "anna", password: "seven green chairs" };
}

/// Follows the one-time link and makes the first administrator.
export async function firstSteps(page, { link, name, password }) {
  await page.goto(link);
  await page.getByLabel("Your name").fill("Anna Adler");
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password, again").fill(password);
  await page.getByRole("button", { name: "Create the account" }).click();
}

/// Imports license files through the page, preview and all.
export async function importFiles(page, url, files) {
  await page.goto(`${url}/licenses/import`);
  await page.getByLabel(/Drop license files/).setInputFiles(files);
  await page.getByRole("button", { name: "Look into it" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.waitForURL("**/licenses");
}

/// Adds people by hand.
export async function addPeople(page, url, names) {
  for (const name of names) {
    await page.goto(`${url}/people/new`);
    await page.getByLabel("Username").fill(name);
    await page.getByRole("button", { name: "Add a person" }).click();
    await page.waitForURL(/people\/[0-9a-f-]{36}$/);
  }
}
