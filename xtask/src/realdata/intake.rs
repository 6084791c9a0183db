//! Licenses and people come in, and are listed as they came.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::findings::Findings;
use super::installation::{Installation, by, strings, whole};
use super::spec::Model;
use crate::process;

impl Installation<'_> {
    /// Both files twice: the second time nothing may change (L4).
    pub(super) fn import(
        &self,
        licenses: &Path,
        people: &Path,
        findings: &mut Findings,
    ) -> Result<()> {
        let kinds = [
            ("license", licenses, "added", self.licenses.len()),
            ("user", people, "created", self.people.len()),
        ];
        for (kind, file, first, count) in kinds {
            for changed in [first, "unchanged"] {
                let mut command = self
                    .server
                    .command(&self.admin_token, ["--json", kind, "import"]);
                let start = Instant::now();
                let text = process::output(command.arg(file))?;
                let took = start.elapsed().as_secs_f64();
                let answer: Value = serde_json::from_str(&text)
                    .with_context(|| format!("`{kind} import --json` wrote no JSON: {text}"))?;
                findings.compare(
                    format!("{kind} import, {changed}"),
                    whole(&answer[changed]),
                    count as u64,
                );
                findings.say(format!(
                    "{kind} import: {} {changed} in {took:.1} s",
                    answer[changed]
                ));
            }
        }
        Ok(())
    }

    /// Products, licenses and users as they are listed must be those of the files.
    pub(super) fn compare_lists(&mut self, findings: &mut Findings) -> Result<()> {
        let products = by(self.list("/v1/products")?, "code");
        findings.compare("listed products", products.len(), self.licenses.len());
        for license in self.licenses {
            let product = products.get(license.code()).unwrap_or(&Value::Null);
            let of = |what: &str| format!("{what} of {}", license.code());
            findings.compare(
                of("name"),
                product["name"].as_str(),
                Some(license.product.name.as_str()),
            );
            findings.compare(of("seats"), whole(&product["owned"]), license.seats.into());
            findings.compare(
                of("site"),
                product["site"].as_bool(),
                Some(license.model == Model::Site),
            );
            if license.lists_modules {
                let found: BTreeSet<&str> = strings(&product["modules"]).collect();
                let expected = license.product.modules.iter().map(String::as_str).collect();
                findings.compare(of("modules"), found, expected);
            }
        }
        let licenses = by(self.list("/v1/licenses")?, "serial");
        findings.compare("listed licenses", licenses.len(), self.licenses.len());
        for license in self.licenses {
            let found = licenses.get(&license.serial).unwrap_or(&Value::Null);
            let facts = (
                found["model"].as_str(),
                whole(&found["seats"]),
                found["usable"].as_bool(),
            );
            let expected = (Some(license.model.name()), license.seats.into(), Some(true));
            findings.compare(format!("license {}", license.serial), facts, expected);
        }
        let users = by(self.list("/v1/users")?, "username");
        findings.compare("listed users", users.len(), self.people.len());
        for person in self.people {
            let user = users.get(&person.username).unwrap_or(&Value::Null);
            let facts = (
                user["name"].as_str(),
                user["email"].as_str(),
                user["path"].as_str(),
            );
            let expected = (&*person.name, &*person.email, &*person.folder);
            let expected = (Some(expected.0), Some(expected.1), Some(expected.2));
            findings.compare(format!("user {}", person.username), facts, expected);
        }
        Ok(())
    }
}
