//! A license file that Keygen itself signed and encrypted, published with its keys as an example.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::findings::Findings;
use super::installation::Installation;
use crate::process;
use crate::server::Program;

/// Where it lies in the folder of real data.
const FILE: &str = "keygen/example-license.lic";
/// The public key of the account that signed it, as published beside it.
const ACCOUNT: &str = "e8601e48b69383ba520245fd07971e983d06d22c4257cfd82304601479cee788";
/// The license key that opens it, as published beside it.
const LICENSE_KEY: &str = "B10760-1B177D-656D1F-C03298-9AF89E-V3";

impl Installation<'_> {
    /// The file is genuine and says what it says; that its time is over is the one reason why it does not come in.
    pub(super) fn keygen(
        &self,
        program: &Program,
        dir: &Path,
        findings: &mut Findings,
    ) -> Result<()> {
        let file = dir.join(FILE);
        if !file.exists() {
            findings.say(format!("no {FILE}: left out"));
            return Ok(());
        }
        let mut inspect = program.command(["--json", "license", "inspect"]);
        inspect
            .arg(&file)
            .args(["--keygen", ACCOUNT, "--license-key", LICENSE_KEY]);
        let shown: Value = serde_json::from_str(&process::output(&mut inspect)?)
            .context("`license inspect --json` wrote no JSON")?;
        let license = &shown["licenses"][0];
        for (what, found, expected) in [
            ("signature", &shown["signature"]["status"], json!("valid")),
            (
                "good until",
                &shown["good_until"],
                json!("2025-09-26T21:10:47.535Z"),
            ),
            (
                "id",
                &license["id"],
                json!("7bb84d91-919e-4bf6-8b58-bc204c3797a7"),
            ),
            ("serial", &license["serial"], json!("B10760-7bb84d91")),
            ("product", &license["product"], json!("python-example")),
            (
                "product's name",
                &license["product_name"],
                json!("Python Example"),
            ),
            ("model", &license["model"], json!("floating")),
            ("seats", &license["seats"], json!(3)),
            ("modules", &license["modules"], json!(["DEMO_ENTITLEMENT"])),
            ("end", &license["expires_at"], Value::Null),
        ] {
            findings.compare(format!("Keygen's file, {what}"), found, &expected);
        }

        let mut trust = self.server.command(&self.admin_token, ["issuer", "trust"]);
        process::output(trust.args(["--keygen", ACCOUNT, "--name", "Keygen's example"]))?;
        for (key, code) in [
            (None, "license_key_needed"),
            (
                Some("A00000-000000-000000-000000-000000-V3"),
                "wrong_license_key",
            ),
            (Some(LICENSE_KEY), "import_refused"),
        ] {
            let mut import = self
                .server
                .command(&self.admin_token, ["--json", "license", "import"]);
            import.arg(&file);
            if let Some(key) = key {
                import.args(["--license-key", key]);
            }
            let output = import.output().context("cannot run the program")?;
            let said = String::from_utf8_lossy(&output.stderr);
            let problem: Value = serde_json::from_str(&said).unwrap_or_default();
            let what = "import of Keygen's file";
            findings.compare(what, problem["code"].as_str(), Some(code));
            if code == "import_refused" {
                let why = problem["licenses"][0]["refusal"].as_str();
                findings.compare(what, why, Some("document_expired"));
            }
            findings.compare(
                "Keygen's license key, repeated",
                said.contains(LICENSE_KEY),
                false,
            );
        }
        findings
            .say("Keygen's license file: genuine, opened, understood, and past its time".into());
        Ok(())
    }
}
