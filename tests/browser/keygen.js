// License files as Keygen writes them: signed by an account of ours, and encrypted under a license key.
import { createCipheriv, createHash, generateKeyPairSync, sign } from "node:crypto";

/// A Keygen account, with the key that it shows.
export class KeygenAccount {
  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    this.privateKey = privateKey;
    this.hex = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url").toString("hex");
  }

  /// An encrypted file with a license for so many machines, good for a day.
  encrypted(licenseKey, { id, product, machines }) {
    const issued = new Date();
    const payload = {
      data: {
        id, type: "licenses",
        attributes: { key: licenseKey, expiry: null, status: "ACTIVE", floating: true, maxMachines: machines, created: "2020-01-01T00:00:00Z" },
        relationships: { product: { data: { type: "products", id: "p-1" } } },
      },
      included: [{ id: "p-1", type: "products", attributes: { name: product } }],
      meta: { issued: issued.toISOString(), expiry: new Date(issued.getTime() + 86_400_000).toISOString(), ttl: 86_400 },
    };
    const iv = Buffer.alloc(12, 9);
    const cipher = createCipheriv("aes-256-gcm", createHash("sha256").update(licenseKey).digest(), iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(payload)), cipher.final()]);
    const enc = [sealed, iv, cipher.getAuthTag()].map((part) => part.toString("base64")).join(".");
    const sig = sign(null, Buffer.from(`license/${enc}`), this.privateKey).toString("base64");
    const file = Buffer.from(JSON.stringify({ enc, sig, alg: "aes-256-gcm+ed25519" })).toString("base64");
    return `-----BEGIN LICENSE FILE-----\n${file}\n-----END LICENSE FILE-----\n`;
  }
}
