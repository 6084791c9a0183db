//! `license inspect`: what is in a file, and is it genuine? Without any server.

use std::path::PathBuf;

use license_file::explain::{Finding, Inspection, SignatureStatus, explain_any};
use license_file::intake::Keys;
use license_file::jws::VerifyingKey;
use license_file::keygen::{Given, LicenseKey};
use license_file::offline::{Kind, explain_request, explain_response};
use license_file::open::{TrustedKey, TrustedKeys};

use super::import::LicenseKeys;
use super::inspect_offline;

use crate::args::read_file;
use crate::commands::issuer::keygen_key;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, facts, maybe, number, text};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The file: .lic, a request (.tlr), a response (.tls), license.xml, .zip with such files in it, or a license file of Keygen's; `-` is stdin.
    file: PathBuf,
    /// The public key file of an issuer to believe; may be repeated.
    #[arg(long, value_name = "PUB")]
    trust: Vec<PathBuf>,
    /// The public key of a Keygen account to believe, 64 hexadecimal digits; may be repeated.
    #[arg(long, value_name = "HEX")]
    keygen: Vec<String>,
    #[command(flatten)]
    keys: LicenseKeys,
}

impl Options {
    pub(crate) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let mut trust = TrustedKeys::new();
        for path in &self.trust {
            let key = vendor::files::read_public_key(path)
                .map_err(|error| Failure::input(error.code(), error.to_string()))?;
            trust.add(key.name, key.key);
        }
        let file = read_file(&self.file)?;
        if let Some(problems) = self.offline(&file, &trust, context) {
            return Ok(verdict(&problems, self.trust.len()));
        }
        let mut keygen = Vec::new();
        for hex in &self.keygen {
            let key = VerifyingKey::from_base64url(&keygen_key(hex)?)
                .map_err(|error| Failure::input("invalid_key", format!("it is {error}")))?;
            let name = format!("the Keygen account {hex}");
            keygen.push(TrustedKey { name, key });
        }
        let license_keys = self.keys.read()?;
        let given = Given {
            license_keys: license_keys
                .iter()
                .map(|key| LicenseKey::new(key))
                .collect(),
            product: None,
        };
        let keys = Keys {
            trusted: &trust,
            keygen: &keygen,
            given: &given,
        };
        let found = explain_any(&file, keys);
        let count = self.trust.len() + self.keygen.len();
        match found.as_slice() {
            [only] => context
                .printer
                .show(only, |printer| describe(only, count, printer)),
            many => context.printer.show(&many, |printer| {
                for inspection in many {
                    printer.line(&format!(
                        "{}:",
                        inspection.source.as_deref().unwrap_or_default()
                    ));
                    describe(inspection, count, printer);
                    printer.line("");
                }
            }),
        }
        let problems = found.into_iter().flat_map(|inspection| inspection.problems);
        Ok(verdict(&problems.collect::<Vec<_>>(), count))
    }

    /// Says what is in a request or a response; none when the file is neither.
    fn offline(
        &self,
        file: &[u8],
        trust: &TrustedKeys,
        context: &mut Context,
    ) -> Option<Vec<Finding>> {
        let printer = &mut context.printer;
        match Kind::of(file)? {
            Kind::Request => {
                let found = explain_request(file);
                printer.show(&found, |printer| inspect_offline::request(&found, printer));
                Some(found.problems)
            }
            Kind::Response => {
                let found = explain_response(file, trust);
                let keys = self.trust.len();
                printer.show(&found, |printer| {
                    inspect_offline::response(&found, keys, printer);
                });
                Some(found.problems)
            }
            Kind::License => None,
        }
    }
}

/// Whether all is well, for whoever has so many keys.
fn verdict(problems: &[Finding], keys: usize) -> Verdict {
    Verdict::of(!problems.iter().any(|problem| counts(problem, keys)))
}

/// Whether it is a problem: whoever names no key asks only what is in the file.
fn counts(problem: &Finding, keys: usize) -> bool {
    keys > 0 || !matches!(problem.code, "unknown_key" | "keygen_no_account")
}

/// What is wrong with a file, for whoever has so many keys.
pub(super) fn problems(problems: &[Finding], keys: usize, printer: &mut Printer) {
    for problem in problems.iter().filter(|problem| counts(problem, keys)) {
        printer.line("");
        printer.line(&format!("problem: {} ({})", problem.message, problem.code));
    }
}

fn describe(inspection: &Inspection, keys: usize, printer: &mut Printer) {
    let company = match &inspection.customer {
        Some(company) => company.as_str().into(),
        None => "any".into(),
    };
    printer.table(facts([
        ("signature", signature(&inspection.signature, keys)),
        (
            "key",
            maybe(inspection.header.as_ref().map(|header| &header.kid)),
        ),
        ("issuer", maybe(inspection.issuer.as_ref())),
        ("for company", company),
        ("issued", maybe(inspection.issued_at)),
        ("licenses", text(inspection.licenses.len())),
    ]));
    if let Some(end) = inspection.good_until {
        printer.line(&format!("the file itself is good until {end}"));
    }
    if !inspection.licenses.is_empty() {
        printer.line("");
        printer.table(licenses(inspection));
    }
    problems(&inspection.problems, keys, printer);
}

/// What can be said of the signature, by whoever has so many keys.
pub(super) fn signature(status: &SignatureStatus, keys: usize) -> Value {
    let (words, mood) = match status {
        SignatureStatus::Valid { signer } => (format!("valid, by {signer}"), Mood::Good),
        SignatureStatus::UnknownKey if keys > 0 => (
            "NOT VALID: not signed with any of the given keys".to_owned(),
            Mood::Bad,
        ),
        SignatureStatus::UnknownKey => (
            "not checked: pass the issuer's public key with --trust".to_owned(),
            Mood::Warning,
        ),
        SignatureStatus::Tampered => (
            "NOT VALID: altered, or not signed by whom it says".to_owned(),
            Mood::Bad,
        ),
        SignatureStatus::Malformed => ("NOT VALID: damaged".to_owned(), Mood::Bad),
        SignatureStatus::Unchecked => ("none that can be checked".to_owned(), Mood::Bad),
    };
    Value::State(words, mood)
}

fn licenses(inspection: &Inspection) -> Table {
    Table::of(
        [
            "serial", "revision", "product", "model", "access", "modules", "seats", "starts",
            "expires",
        ],
        &inspection.licenses,
        |license| {
            let modules = match &license.modules {
                license_file::document::Modules::All => "all".to_owned(),
                license_file::document::Modules::Only(codes) if codes.len() <= 3 => {
                    codes.join(", ")
                }
                license_file::document::Modules::Only(codes) => format!("{} modules", codes.len()),
            };
            [
                license.serial.as_str().into(),
                number(license.revision),
                license.product.as_str().into(),
                text(license.model),
                text(license.access),
                modules.into(),
                Value::Number(
                    license
                        .seats
                        .map_or_else(|| "-".to_owned(), |seats| seats.to_string()),
                ),
                text(license.starts_at),
                maybe(license.expires_at),
            ]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use license_file::explain::explain;
    use vendor::spec::{LicenseSpec, Spec};

    fn file() -> (Vec<u8>, TrustedKeys) {
        let (private, public) = vendor::keys::keygen("Northwind Software").unwrap();
        let spec = Spec {
            issuer: "Northwind Software".into(),
            customer: Some("CUST-42".into()),
            licenses: vec![LicenseSpec::dedicated(
                "NW-ESM-001",
                "esm",
                "Service Management",
                25,
            )],
            withdraw: Vec::new(),
        };
        let now = "2026-01-31T12:00:00Z".parse().unwrap();
        let text = vendor::issue::issue(spec, &private.key, now).unwrap();
        let mut trust = TrustedKeys::new();
        trust.add(public.name, public.key);
        (text.into_bytes(), trust)
    }

    fn shown(inspection: &Inspection) -> String {
        printed(false, |printer| describe(inspection, 0, printer)).0
    }

    #[test]
    fn a_genuine_file_is_said_to_be_with_what_is_in_it() {
        let (file, trust) = file();
        let shown = shown(&explain(&file, &trust));
        assert!(shown.contains("valid, by Northwind Software"), "{shown}");
        assert!(
            shown.contains("CUST-42") && shown.contains("NW-ESM-001"),
            "{shown}"
        );
        assert!(!shown.contains("problem"), "{shown}");
    }

    #[test]
    fn a_file_of_an_unknown_key_says_how_to_check_it() {
        let shown = shown(&explain(&file().0, &TrustedKeys::new()));
        assert!(
            shown.contains("not checked") && shown.contains("--trust"),
            "{shown}"
        );
        assert!(!shown.contains("problem"), "{shown}");
    }

    #[test]
    fn a_file_that_no_given_key_signed_is_not_said_to_be_unchecked() {
        let inspection = explain(&file().0, &TrustedKeys::new());
        let (shown, _) = printed(false, |printer| describe(&inspection, 1, printer));
        assert!(
            shown.contains("not signed with any of the given keys"),
            "{shown}"
        );
        assert!(!shown.contains("not checked"), "{shown}");
        assert!(shown.contains("(unknown_key)"), "{shown}");
    }

    #[test]
    fn what_is_no_license_is_said_to_be_none() {
        let shown = shown(&explain(b"hello", &TrustedKeys::new()));
        assert!(
            shown.contains("problem: ") && shown.contains("(not_a_license_file)"),
            "{shown}"
        );
    }
}
