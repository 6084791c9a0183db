//! Seats are granted, recalled and counted.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::findings::Findings;
use super::installation::{Installation, by, whole};
use super::spec::License;
use crate::http::escaped;
use crate::process;

const JOB_LIMIT: Duration = Duration::from_mins(5);

impl Installation<'_> {
    /// Everyone is granted every dedicated product but those left to sign-in: as many get one as
    /// there are seats, and the dry run says so before.
    pub(super) fn grant(&mut self, findings: &mut Findings) -> Result<()> {
        let granted: Vec<&License> = self
            .licenses
            .iter()
            .filter(|license| self.is_granted(license))
            .collect();
        let seats: u32 = granted
            .iter()
            .map(|license| license.lets_in(self.headcount()))
            .sum();
        let asked = granted.len() as u64 * u64::from(self.headcount());
        let codes: Vec<&str> = granted.iter().map(|license| license.code()).collect();

        let one = json!({"everyone": {}, "products": codes[..1]});
        let dry = self.admin.post("/v1/grant?dry_run=true", &one)?.good()?;
        let first = granted
            .first()
            .map_or(0, |license| license.lets_in(self.headcount()));
        findings.compare(
            "dry run of a grant",
            whole(&dry["counts"]["granted"]),
            first.into(),
        );

        let start = Instant::now();
        let answer = self
            .admin
            .post("/v1/grant", &json!({"everyone": {}, "products": codes}))?
            .good()?;
        let done = if answer["job"].is_string() {
            self.wait_for(&answer["job"])?
        } else {
            answer
        };
        let took = start.elapsed().as_secs_f64();
        findings.compare(
            "granted seats",
            whole(&done["counts"]["granted"]),
            seats.into(),
        );
        findings.compare(
            "no free seat",
            whole(&done["counts"]["no_free_seat"]),
            asked - u64::from(seats),
        );
        findings.say(format!(
            "{} people granted {} products: {seats} seats, {} times no free seat, {took:.1} s",
            self.people.len(),
            granted.len(),
            asked - u64::from(seats)
        ));

        let products = by(self.list("/v1/products")?, "code");
        for license in granted {
            let product = &products[license.code()];
            let facts = (
                whole(&product["assigned"]),
                whole(&product["free"]),
                product["over_allocated"].as_bool(),
            );
            let taken = license.lets_in(self.headcount());
            let expected = (taken.into(), (license.seats - taken).into(), Some(false));
            findings.compare(
                format!("assigned and free of {}", license.code()),
                facts,
                expected,
            );
        }
        self.recall_and_grant_by_hand(findings)
    }

    /// One seat goes and comes back over the command line.
    fn recall_and_grant_by_hand(&mut self, findings: &mut Findings) -> Result<()> {
        let Some(license) = self
            .licenses
            .iter()
            .find(|license| self.is_granted(license))
        else {
            return Ok(());
        };
        let code = license.code();
        let path = format!("/v1/users?product={}", escaped(code));
        let holder = self.list(&path)?;
        let holder = holder.first().and_then(|user| user["username"].as_str());
        let holder = holder.with_context(|| format!("nobody holds a seat of {code}"))?;
        for (command, left) in [("recall", 1), ("grant", 0)] {
            let words = [command, "--product", code, "--user", holder];
            process::output(&mut self.server.command(&self.admin_token, words))?;
            let path = format!("/v1/products/{}", escaped(code));
            let product = self.admin.get(&path)?.good()?;
            findings.compare(
                format!("free seats of {code} after {command}"),
                whole(&product["free"]),
                left,
            );
        }
        Ok(())
    }

    /// Waits for a job's end.
    fn wait_for(&mut self, id: &Value) -> Result<Value> {
        let path = format!("/v1/jobs/{}", escaped(id.as_str().unwrap_or_default()));
        let start = Instant::now();
        loop {
            let job = self.admin.get(&path)?.good()?;
            match job["state"].as_str() {
                Some("done") => return Ok(job),
                Some("running") if start.elapsed() < JOB_LIMIT => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                _ => bail!("the job did not end well: {job}"),
            }
        }
    }
}
