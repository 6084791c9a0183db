//! Makes license files as Keygen writes them, for tests: signed with a key of ours, plain or encrypted.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use license_file::jws::SigningKey;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The license key of every sample.
pub(crate) const LICENSE_KEY: &str = "A1B2C3-D4E5F6-071829-3A4B5C-6D7E8F-V3";

/// The Keygen account that signs.
pub(crate) fn account() -> SigningKey {
    SigningKey::from_seed(&[21; 32])
}

/// A floating license for three machines with one entitlement, as a checkout of 30 days has it.
pub(crate) fn payload(issued: &str, expiry: &str, ttl_s: i64) -> Value {
    let product = "6e0f1c52-0000-4000-8000-00000000000a";
    json!({
        "data": {
            "id": "7bb84d91-0000-4000-8000-000000000001",
            "type": "licenses",
            "attributes": {
                "name": "Northwind site", "key": LICENSE_KEY, "expiry": "2030-01-01T00:00:00.000Z",
                "status": "ACTIVE", "suspended": false, "floating": true, "maxMachines": 3,
                "maxUsers": null, "created": "2025-06-23T02:20:01.368Z", "metadata": {},
            },
            "relationships": {
                "product": { "data": { "type": "products", "id": product } },
                "entitlements": { "data": [{ "type": "entitlements", "id": "e-1" }] },
            },
        },
        "included": [
            { "id": product, "type": "products",
              "attributes": { "name": "Drawing Board 3", "code": null } },
            { "id": "e-1", "type": "entitlements",
              "attributes": { "name": "Export", "code": "EXPORT_PDF" } },
        ],
        "meta": { "issued": issued, "expiry": expiry, "ttl": ttl_s },
    })
}

/// The usual sample: issued on 2026-01-01, good for 30 days.
pub(crate) fn usual() -> Value {
    payload(
        "2026-01-01T00:00:00.000Z",
        "2026-01-31T00:00:00.000Z",
        2_592_000,
    )
}

/// A file of the kind `base64+ed25519`.
pub(crate) fn plain(payload: &Value, key: &SigningKey) -> String {
    file(
        STANDARD.encode(payload.to_string()),
        "base64+ed25519",
        key,
        "license/",
    )
}

/// A file of the kind `aes-256-gcm+ed25519`.
pub(crate) fn encrypted(payload: &Value, key: &SigningKey, license_key: &str) -> String {
    let digest = Sha256::digest(license_key);
    let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &digest).expect("32 bytes"));
    let iv = [9; 12];
    let mut sealed = payload.to_string().into_bytes();
    let nonce = Nonce::assume_unique_for_key(iv);
    let tag = sealing
        .seal_in_place_separate_tag(nonce, Aad::empty(), &mut sealed)
        .expect("it can be sealed");
    let parts = [sealed.as_slice(), &iv, tag.as_ref()].map(|part| STANDARD.encode(part));
    file(parts.join("."), "aes-256-gcm+ed25519", key, "license/")
}

/// A file with any content at all, signed over `prefix` and `enc`.
pub(crate) fn file(enc: String, alg: &str, key: &SigningKey, prefix: &str) -> String {
    let sig = STANDARD.encode(key.sign(format!("{prefix}{enc}").as_bytes()));
    let json = json!({ "enc": enc, "sig": sig, "alg": alg }).to_string();
    let encoded = STANDARD.encode(json);
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(60)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    format!(
        "-----BEGIN LICENSE FILE-----\n{}\n-----END LICENSE FILE-----\n",
        lines.join("\n")
    )
}
