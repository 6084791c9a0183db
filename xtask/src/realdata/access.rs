//! People work: checks, sign-ins, heartbeats, sign-outs, and the record of it all.

use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::findings::Findings;
use super::installation::{Installation, whole};
use super::spec::{License, Model};
use crate::http::escaped;

impl Installation<'_> {
    /// Everyone tries to work in some products of each kind. The check says before what happens
    /// (A10); as many get in as the license allows; each live session is listed, and signing out
    /// leaves nothing behind.
    pub(super) fn sign_in_and_out(&mut self, findings: &mut Findings) -> Result<()> {
        let mut sessions = Vec::new();
        let mut denied = 0;
        let start = Instant::now();
        let tried = self.tried();
        for license in &tried {
            let mut inside = 0;
            for person in self.people {
                match self.sign_in(&person.username, license, findings)? {
                    Some(id) => {
                        inside += 1;
                        sessions.push(id);
                    }
                    None => denied += 1,
                }
            }
            let expected = self.expected_inside(license);
            findings.compare(
                format!("people inside {}", license.code()),
                inside,
                expected,
            );
            let path = format!("/v1/sessions?product={}", escaped(license.code()));
            let listed = self.list(&path)?.len();
            findings.compare(
                format!("sessions in {}", license.code()),
                listed as u64,
                expected.into(),
            );
            let product = self
                .admin
                .get(&format!("/v1/products/{}", escaped(license.code())))?
                .good()?;
            let in_use = if license.model == Model::Floating {
                expected
            } else {
                0
            };
            findings.compare(
                format!("in use of {}", license.code()),
                whole(&product["in_use"]),
                in_use.into(),
            );
        }
        findings.say(format!(
            "{} people tried {} products: {} sign-ins, {denied} denied, in {:.1} s with a check before each",
            self.people.len(),
            tried.len(),
            sessions.len(),
            start.elapsed().as_secs_f64()
        ));
        let counted: u64 = self
            .list("/v1/denials")?
            .iter()
            .map(|denial| whole(&denial["count"]))
            .sum();
        findings.compare("counted denials", counted, denied);

        for id in &sessions {
            let path = format!("/v1/sessions/{}", escaped(id));
            let heartbeat = self
                .application
                .post(&format!("{path}/heartbeat"), &json!({}))?;
            findings.compare(format!("heartbeat of {id}"), heartbeat.status, 200);
            findings.compare(
                format!("sign-out of {id}"),
                self.application.delete(&path)?.status,
                204,
            );
        }
        findings.compare("sessions in the end", self.list("/v1/sessions")?.len(), 0);
        let products = self.list("/v1/products")?;
        let in_use: u64 = products
            .iter()
            .map(|product| whole(&product["in_use"]))
            .sum();
        findings.compare("floating seats in use in the end", in_use, 0);
        Ok(())
    }

    /// Nothing is wrong with the record of it all.
    pub(super) fn verify_record(&mut self, findings: &mut Findings) -> Result<()> {
        let report = self.admin.get("/v1/audit/verify")?.good()?;
        findings.compare(
            "audit verify",
            (report["ok"].as_bool(), &report["fault"]),
            (Some(true), &Value::Null),
        );
        findings.say(format!(
            "{} events, {} of them sealed",
            report["events"], report["sealed"]
        ));
        Ok(())
    }

    /// Checks, signs in, and compares the two; the session's id if there is one.
    fn sign_in(
        &mut self,
        username: &str,
        license: &License,
        findings: &mut Findings,
    ) -> Result<Option<String>> {
        let asked = json!({"user": username, "product": license.code()});
        let check = self.application.post("/v1/access/check", &asked)?.good()?;
        let answer = self.application.post("/v1/sessions", &asked)?;
        let what = format!("{username} in {}", license.code());
        let (body, status) = (&answer.body, answer.status);
        match status {
            201 => {
                let session = (Some(true), &body["via"], &body["license"]["serial"]);
                let checked = (
                    check["granted"].as_bool(),
                    &check["via"],
                    &check["license"]["serial"],
                );
                findings.compare(format!("check and sign-in of {what}"), checked, session);
                let carried = (body["via"].as_str(), body["license"]["serial"].as_str());
                let expected = (Some(license.model.name()), Some(license.serial.as_str()));
                findings.compare(format!("what carries {what}"), carried, expected);
                ensure!(
                    body["token"]
                        .as_str()
                        .is_some_and(|token| token.split('.').count() == 3),
                    "{what}: no signed token"
                );
                Ok(Some(
                    body["id"]
                        .as_str()
                        .with_context(|| format!("{what}: no id"))?
                        .to_owned(),
                ))
            }
            403 => {
                let checked = (check["granted"].as_bool(), &check["code"]);
                findings.compare(
                    format!("check and denial of {what}"),
                    checked,
                    (Some(false), &body["code"]),
                );
                Ok(None)
            }
            _ => bail!("sign-in of {what}: {status} {body}"),
        }
    }
}
