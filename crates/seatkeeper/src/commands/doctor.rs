//! `seatkeeper doctor`: everything that usually goes wrong, looked at in order.

use client::{Client, Error, every};
use serde::Serialize;
use wire::issuer::Issuer;
use wire::license::{License, LicenseQuery};
use wire::product::{Product, ProductQuery};
use wire::{Permission, State};

use super::issuer::out_of_force;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Mood, Table, Value};

/// What one look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    Ok,
    Warning,
    Bad,
}

/// One look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    health: Health,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Finding {
    fn new(check: &'static str, health: Health, detail: impl Into<String>) -> Self {
        Self {
            check,
            health,
            detail: detail.into(),
            hint: None,
        }
    }

    fn of_failure(check: &'static str, failure: &Failure) -> Self {
        Self {
            check,
            health: Health::Bad,
            detail: failure.detail.clone(),
            hint: failure.hint.clone(),
        }
    }

    fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }
}

/// Looks at everything. The answer is no when something is wrong; a warning is not.
pub(super) fn run(context: &mut Context) -> Verdict {
    let mut findings = Vec::new();
    examine(context, &mut findings);
    context.printer.list(&findings, || table(&findings));
    let is_well = findings.iter().all(|finding| finding.health != Health::Bad);
    Verdict::of(is_well)
}

/// Stops at the first thing without which the rest can't be looked at.
fn examine(context: &Context, findings: &mut Vec<Finding>) {
    match context.anonymous().map(|client| client.get_readiness()) {
        Ok(Ok(health)) => findings.push(Finding::new(
            "server",
            Health::Ok,
            format!("{} is ready, version {}", context.url(), health.version),
        )),
        Ok(Err(error)) => return findings.push(Finding::of_failure("server", &error.into())),
        Err(failure) => return findings.push(Finding::of_failure("server", &failure)),
    }
    if !context.has_token() {
        return findings.push(Finding::of_failure("token", &Failure::no_token()));
    }
    let client = match context.client() {
        Ok(client) => client,
        Err(failure) => return findings.push(Finding::of_failure("token", &failure)),
    };
    let me = match client.get_me() {
        Ok(me) => me,
        Err(error) => return findings.push(Finding::of_failure("token", &error.into())),
    };
    findings.push(Finding::new(
        "token",
        Health::Ok,
        format!("you are {}, {}", me.name, me.role),
    ));
    findings.push(Finding::new(
        "installation",
        Health::Ok,
        format!(
            "{}, {}",
            me.installation,
            match &me.company {
                Some(company) => format!("company {company}"),
                None => "no company id yet".to_owned(),
            }
        ),
    ));
    if me.permissions.contains(&Permission::ViewLicenses) {
        findings.push(looked(issuers(&client), "issuers"));
        findings.push(looked(licenses(&client), "licenses"));
        findings.push(looked(products(&client), "products"));
    }
    if me.permissions.contains(&Permission::ViewAudit) {
        findings.push(looked(record(&client), "record"));
    }
}

/// What was found. That somebody's rights end before it is nobody's fault.
fn looked(finding: Result<Finding, Error>, check: &'static str) -> Finding {
    match finding {
        Ok(finding) => finding,
        Err(error) if matches!(error.code(), wire::codes::FORBIDDEN | "outside_your_folder") => {
            Finding::new(check, Health::Ok, "not yours to see")
        }
        Err(error) => Finding::of_failure(check, &error.into()),
    }
}

fn issuers(client: &Client) -> Result<Finding, Error> {
    let issuers = client.list_issuers()?.items;
    Ok(judge_issuers(&issuers))
}

/// An issuer with a key in force is well, whatever became of its earlier keys.
fn judge_issuers(issuers: &[Issuer]) -> Finding {
    if issuers.is_empty() {
        let finding = Finding::new("issuers", Health::Warning, "nobody's licenses are taken");
        return finding.hint("trust a vendor's key: `seatkeeper issuer trust FILE.pub`");
    }
    let is_in_force = |name: &str| {
        let mut keys = issuers.iter().filter(|issuer| issuer.name == name);
        keys.any(|issuer| out_of_force(issuer).is_none())
    };
    let idle: Vec<String> = issuers
        .iter()
        .filter(|issuer| !is_in_force(&issuer.name))
        .filter_map(|issuer| {
            let why = out_of_force(issuer)?;
            Some(format!("the key {} of {}: {why}", issuer.kid, issuer.name))
        })
        .collect();
    let mut names: Vec<&str> = issuers.iter().map(|issuer| issuer.name.as_str()).collect();
    names.dedup();
    names.retain(|name| is_in_force(name));
    if idle.is_empty() {
        return Finding::new("issuers", Health::Ok, names.join(", "));
    }
    let in_force = (!names.is_empty()).then(|| names.join(", "));
    let all: Vec<String> = idle.into_iter().chain(in_force).collect();
    Finding::new("issuers", Health::Warning, all.join("; ")).hint(
        "no new license that it signs is taken: ask the vendor for its present key, then `seatkeeper issuer trust FILE.pub`",
    )
}

fn licenses(client: &Client) -> Result<Finding, Error> {
    let licenses: Vec<License> = every(|after| {
        client.list_licenses(&LicenseQuery {
            limit: Some(wire::page::MAX_LIMIT),
            after,
            ..LicenseQuery::default()
        })
    })
    .collect::<Result<_, _>>()?;
    Ok(judge_licenses(&licenses))
}

fn judge_licenses(licenses: &[License]) -> Finding {
    if licenses.is_empty() {
        let finding = Finding::new("licenses", Health::Warning, "there are none");
        return finding.hint("`seatkeeper license import FILE`");
    }
    let serials = |states: &[State]| -> Vec<&str> {
        licenses
            .iter()
            .filter(|license| states.contains(&license.state))
            .map(|license| license.serial.as_str())
            .collect()
    };
    let groups = [
        (serials(&[State::Revoked]), "revoked"),
        (serials(&[State::Expired]), "expired"),
        (serials(&[State::Stale]), "stale"),
        (
            serials(&[State::AwaitingAgreement]),
            "waiting for their agreement",
        ),
        (serials(&[State::Grace]), "in their days of grace"),
        (serials(&[State::Expiring]), "ending soon"),
    ];
    let troubles: Vec<String> = groups
        .iter()
        .filter(|(serials, _)| !serials.is_empty())
        .map(|(serials, what)| format!("{} {what} ({})", serials.len(), some_of(serials)))
        .collect();
    if troubles.is_empty() {
        let detail = format!("{}, none of them in trouble", licenses.len());
        return Finding::new("licenses", Health::Ok, detail);
    }
    let detail = format!("{} of {}", troubles.join("; "), licenses.len());
    Finding::new("licenses", Health::Warning, detail)
        .hint("`seatkeeper license list --sort expires_at`")
}

fn some_of(names: &[&str]) -> String {
    match names {
        [first, second, third, _, ..] => format!("{first}, {second}, {third}, …"),
        few => few.join(", "),
    }
}

fn products(client: &Client) -> Result<Finding, Error> {
    let products: Vec<Product> = every(|after| {
        client.list_products(&ProductQuery {
            limit: Some(wire::page::MAX_LIMIT),
            after,
            ..ProductQuery::default()
        })
    })
    .collect::<Result<_, _>>()?;
    let over: Vec<&str> = products
        .iter()
        .filter(|product| product.over_allocated)
        .map(|product| product.code.as_str())
        .collect();
    if over.is_empty() {
        let detail = format!("{}, none over-allocated", products.len());
        return Ok(Finding::new("products", Health::Ok, detail));
    }
    let detail = format!("{} over-allocated ({})", over.len(), some_of(&over));
    let finding = Finding::new("products", Health::Bad, detail);
    Ok(finding.hint(
        "add seats, or take seats back: `seatkeeper seat list LICENSE` shows who is unbacked",
    ))
}

fn record(client: &Client) -> Result<Finding, Error> {
    let report = client.verify_audit()?;
    Ok(match report.fault {
        None => Finding::new(
            "record",
            Health::Ok,
            format!("whole, {} events", report.events),
        ),
        Some(fault) => Finding::new("record", Health::Bad, fault.detail)
            .hint("somebody changed the store behind the server's back: `seatkeeper audit verify`"),
    })
}

fn table(findings: &[Finding]) -> Table {
    Table::of(["", "", "", ""], findings, |finding| {
        let (word, mood) = match finding.health {
            Health::Ok => ("ok", Mood::Good),
            Health::Warning => ("warning", Mood::Warning),
            Health::Bad => ("WRONG", Mood::Bad),
        };
        let hint = match &finding.hint {
            Some(hint) => format!("-> {hint}"),
            None => String::new(),
        };
        [
            Value::State(word.to_owned(), mood),
            finding.check.into(),
            finding.detail.as_str().into(),
            hint.into(),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::license::samples;
    use wire::Standing;

    #[test]
    fn licenses_in_trouble_are_named() {
        assert_eq!(judge_licenses(&[samples::license("A")]).health, Health::Ok);
        let mut expired = samples::license("B");
        expired.state = State::Expired;
        let finding = judge_licenses(&[samples::license("A"), expired]);
        assert_eq!(finding.health, Health::Warning);
        assert_eq!(finding.detail, "1 expired (B) of 2");
        assert_eq!(judge_licenses(&[]).health, Health::Warning);
    }

    #[test]
    fn revoked_licenses_are_named() {
        let revoked = |serial| License {
            state: State::Revoked,
            ..samples::license(serial)
        };
        let finding = judge_licenses(&[revoked("P9"), revoked("P9-NEW")]);
        assert_eq!(finding.health, Health::Warning);
        assert_eq!(finding.detail, "2 revoked (P9, P9-NEW) of 2");
    }

    #[test]
    fn l3_an_issuer_without_a_key_in_force_is_named() {
        let over = samples::issuer("old", Standing::Over);
        let good = samples::issuer("new", Standing::InForce);
        let finding = judge_issuers(std::slice::from_ref(&over));
        assert_eq!(finding.health, Health::Warning);
        assert!(finding.detail.contains("the key old of"), "{finding:?}");
        assert!(finding.detail.contains("ended on"), "{finding:?}");
        let finding = judge_issuers(&[samples::issuer("later", Standing::NotBegun)]);
        assert!(finding.detail.contains("begins on"), "{finding:?}");
        let finding = judge_issuers(&[over, good]);
        assert_eq!(finding.health, Health::Ok);
        assert_eq!(finding.detail, "Northwind Software");
        assert_eq!(judge_issuers(&[]).health, Health::Warning);
    }

    #[test]
    fn r1_what_lies_beyond_a_managers_folder_is_not_wrong() {
        let problem = |code| {
            let problem = wire::Problem::new(403, code, "Forbidden", "no");
            Err(Error::Problem(Box::new(problem)))
        };
        for code in ["forbidden", "outside_your_folder"] {
            let finding = looked(problem(code), "record");
            assert_eq!(finding.health, Health::Ok, "{code}");
            assert_eq!(finding.detail, "not yours to see", "{code}");
        }
        assert_eq!(looked(problem("internal"), "record").health, Health::Bad);
    }

    #[test]
    fn many_names_are_cut_short() {
        assert_eq!(some_of(&["a", "b", "c"]), "a, b, c");
        assert_eq!(some_of(&["a", "b", "c", "d"]), "a, b, c, …");
    }
}
