//! `license import`: what a vendor sent comes in.

use std::path::PathBuf;

use client::{Client, Error, LicenseUpload};
use wire::ImportCode;
use wire::license::{Displaced, ImportQuery, ImportedLicense, ImportedLicenses};

use super::removal::{Serials, displaced_table};
use crate::args::read_file;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, number};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The files: .lic, a response (.tls) by itself, license.xml, .zip with such files in it, or license files of Keygen's; `-` is stdin. All of
    /// them are taken in, or none is.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder in which new seats stand, path or id; the root when left out.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
    /// The code of the product that Keygen's license files are for; the one that the file suggests when left out.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    #[command(flatten)]
    keys: LicenseKeys,
}

/// What opens encrypted license files of Keygen's.
#[derive(Debug, clap::Args)]
pub(super) struct LicenseKeys {
    /// A license key that opens encrypted license files of Keygen's; may be repeated. It is not kept.
    #[arg(long = "license-key", value_name = "KEY", hide_env_values = true)]
    keys: Vec<String>,
    /// A file with such keys, one a line, so that they show neither in the list of processes nor in the history.
    #[arg(long = "license-key-file", value_name = "FILE")]
    key_files: Vec<PathBuf>,
}

impl LicenseKeys {
    /// All of them.
    pub(super) fn read(self) -> Result<Vec<String>, Failure> {
        let mut keys = self.keys;
        for path in &self.key_files {
            let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            keys.extend(lines.map(str::to_owned));
        }
        Ok(keys)
    }
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let query = ImportQuery {
            folder: self.folder,
            dry_run: self.dry_run,
            product: self.product,
        };
        let mut upload = LicenseUpload::default();
        for path in &self.files {
            let name = path.file_name().unwrap_or(path.as_os_str());
            upload.file(&name.to_string_lossy(), read_file(path)?);
        }
        for key in self.keys.read()? {
            upload.license_key(&key);
        }
        let bar = context
            .printer
            .bytes_bar("sending", upload.len().try_into().unwrap_or(u64::MAX));
        let answer = client.import_license_files(&upload, &query, &mut |sent| {
            bar.set_position(sent);
            if bar.length().is_some_and(|length| length <= sent) {
                bar.set_message("taking in");
            }
        });
        bar.finish_and_clear();
        let answer = answer.map_err(|error| refused(error, &mut context.printer))?;
        show(&client, &answer, self.dry_run, &mut context.printer);
        Ok(Verdict::Done)
    }
}

/// A refused file says of each license why, or that it would have been taken.
fn refused(error: Error, printer: &mut Printer) -> Failure {
    let mut failure = Failure::from(error);
    if !failure.licenses.is_empty() {
        printer.table(table(&failure.licenses));
        // It says all of it, license by license.
        failure.errors.clear();
    }
    failure
}

fn show(client: &Client, answer: &ImportedLicenses, dry_run: bool, printer: &mut Printer) {
    printer.show(answer, |printer| {
        printer.table(table(&answer.licenses));
        let would = if dry_run { "would be " } else { "" };
        let counts = [
            ("extended", answer.extended),
            ("shrunk", answer.shrunk),
            ("withdrawn", answer.withdrawn),
        ];
        // Only responses do these.
        let special: Vec<String> = counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(what, count)| format!("{would}{what} {count}, "))
            .collect();
        let special = special.concat();
        printer.line(&format!(
            "{would}added {}, {would}updated {}, {special}unchanged {}",
            answer.added, answer.updated, answer.unchanged
        ));
        if !answer.ignored.is_empty() {
            printer.line(&format!("not looked at: {}", answer.ignored.join(", ")));
        }
        let displaced: Vec<Displaced> = answer
            .licenses
            .iter()
            .flat_map(|license| license.displaced.iter().cloned())
            .collect();
        if !displaced.is_empty() {
            let serials = Serials::of(client, &displaced);
            printer.section(
                "Affected by fewer seats:",
                displaced_table(&displaced, &serials),
            );
        }
    });
}

fn table(licenses: &[ImportedLicense]) -> Table {
    let file = |license: &ImportedLicense| license.file.clone().unwrap_or_default();
    // Which file each came in is of interest only where there are several.
    let first = licenses.first().map(file).unwrap_or_default();
    if licenses.iter().all(|license| file(license) == first) {
        return Table::of(
            ["serial", "product", "seats", "result", "why"],
            licenses,
            row,
        );
    }
    Table::of(
        ["file", "serial", "product", "seats", "result", "why"],
        licenses,
        |license| {
            let [serial, product, seats, result, why] = row(license);
            [file(license).into(), serial, product, seats, result, why]
        },
    )
}

fn row(license: &ImportedLicense) -> [Value; 5] {
    let mood = match license.code {
        ImportCode::Added | ImportCode::Updated | ImportCode::Extended => Mood::Good,
        ImportCode::Unchanged => Mood::Plain,
        ImportCode::Shrunk => Mood::Warning,
        ImportCode::Withdrawn | ImportCode::Refused => Mood::Bad,
    };
    [
        license.serial.as_str().into(),
        license.product.as_str().into(),
        number(license.seats),
        Value::State(license.code.to_string(), mood),
        license.detail.as_deref().unwrap_or_default().into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use wire::Problem;

    fn license(serial: &str, code: ImportCode) -> ImportedLicense {
        ImportedLicense {
            id: None,
            reference: serial.into(),
            serial: serial.into(),
            product: "esm".into(),
            code,
            refusal: None,
            file: None,
            detail: (code == ImportCode::Refused).then(|| "revision 1 is older than 2".into()),
            seats: 25,
            displaced: Vec::new(),
        }
    }

    fn nobody() -> Client {
        Client::new("http://127.0.0.1:1", "nobody").unwrap()
    }

    #[test]
    fn each_license_has_a_line_with_what_became_of_it() {
        let answer = ImportedLicenses {
            licenses: vec![
                license("NW-1", ImportCode::Added),
                license("NW-2", ImportCode::Unchanged),
            ],
            added: 1,
            updated: 0,
            extended: 0,
            shrunk: 0,
            withdrawn: 0,
            unchanged: 1,
            ignored: Vec::new(),
        };
        let (out, _) = printed(false, |printer| show(&nobody(), &answer, false, printer));
        assert_eq!(
            out,
            "SERIAL  PRODUCT  SEATS  RESULT     WHY\n\
             NW-1    esm         25  added\n\
             NW-2    esm         25  unchanged\n\
             added 1, updated 0, unchanged 1\n"
        );
        let (json, _) = printed(true, |printer| show(&nobody(), &answer, false, printer));
        let read: ImportedLicenses = serde_json::from_str(&json).unwrap();
        assert_eq!(read, answer);
    }

    #[test]
    fn a_refused_file_says_why_of_each_license() {
        let mut problem = Problem::new(422, "import_refused", "Refused", "nothing was imported");
        problem.licenses = vec![license("NW-1", ImportCode::Refused)];
        let error = || Error::Problem(Box::new(problem.clone()));
        let mut exit = 0;
        let (out, _) = printed(false, |printer| {
            exit = refused(error(), printer).exit_code();
        });
        assert_eq!(exit, 1);
        let (out_json, err_json) = printed(true, |printer| {
            let failure = refused(error(), printer);
            printer.failure(&failure);
        });
        assert_eq!(out_json, "");
        let json: serde_json::Value = serde_json::from_str(&err_json).unwrap();
        assert_eq!(json["licenses"][0]["code"], "refused");
        assert!(
            out.contains("NW-1") && out.contains("revision 1 is older than 2"),
            "{out}"
        );
    }
}
