//! `license add`: a license key becomes a license (I2).

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use wire::Secret;
use wire::license::{AddLicenseRequest, AddedLicense};

use super::removal::{Serials, displaced_table};
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{facts, moment, text};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The license key, as the vendor sent it; `-` reads it from stdin, where other users of the machine don't see it.
    #[arg(value_name = "KEY")]
    key: String,
    /// Whose key it is, where license services of several issuers are known.
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// The folder in which new seats stand, path or id; the root when left out.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Take the license in without asking; otherwise it is shown first what the key brings.
    #[arg(long)]
    yes: bool,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let key = match self.key.as_str() {
            "-" => first_line()?,
            key => key.to_owned(),
        };
        // A typing error is told here, before anything is sent.
        license_file::license_key::LicenseKey::parse(&key)
            .map_err(|error| Failure::input(error.code(), error.to_string()))?;
        let mut request = AddLicenseRequest {
            key: Secret::new(key),
            issuer: self.issuer,
            folder: self.folder,
            confirm: self.yes,
        };
        let mut added = client.add_license(&request)?;
        if !added.confirmed && self.key != "-" && is_asked(&mut context.printer, &added)? {
            request.confirm = true;
            added = client.add_license(&request)?;
        }
        let serials = Serials::of(&client, &added.license.displaced);
        context.printer.show(&added, |printer| {
            describe(&added, printer);
            if !added.license.displaced.is_empty() {
                let table = displaced_table(&added.license.displaced, &serials);
                printer.section("Affected by fewer seats:", table);
            }
            printer.line(&if added.confirmed {
                format!("{}: {}", added.license.serial, added.license.code)
            } else {
                "Nothing was taken in yet: repeat the command with --yes.".to_owned()
            });
        });
        Ok(Verdict::Done)
    }
}

/// Whether a person at a terminal means it, after they saw what the key brings.
fn is_asked(printer: &mut Printer, added: &AddedLicense) -> Result<bool, Failure> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() || !std::io::stdout().is_terminal() || printer.is_json() {
        return Ok(false);
    }
    describe(added, printer);
    printer.note("Take this license in? It will be bound to this installation. [y/N]");
    std::io::stderr().flush().ok();
    Ok(matches!(first_line()?.to_lowercase().as_str(), "y" | "yes"))
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::input("stdin", format!("stdin can't be read: {error}")))?;
    Ok(line.trim().to_owned())
}

fn describe(added: &AddedLicense, printer: &mut Printer) {
    let license = &added.license;
    let mut rows = vec![
        ("issuer", added.issuer.as_str().into()),
        ("serial", license.serial.as_str().into()),
        (
            "product",
            text(format!("{} ({})", license.product, added.product_name)),
        ),
        ("model", text(added.model)),
        ("access", text(added.access)),
        ("modules", text(&added.modules)),
        ("seats", text(license.seats)),
        ("starts", moment(added.starts_at)),
        ("expires", moment(added.expires_at)),
    ];
    if let Some(days) = added.revalidate_days {
        rows.push(("refreshed every", text(format!("{days} days"))));
    }
    if added.has_agreement {
        rows.push(("agreement", "to be accepted before it takes effect".into()));
    }
    let here = if added.confirmed { "here" } else { "would be" };
    rows.push((here, text(license.code)));
    printer.table(facts(rows));
}
