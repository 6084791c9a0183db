//! `vendor license` and `vendor activations`: what a license service has issued, and to whom.

use std::path::{Path, PathBuf};

use vendor::service::model::{
    Activation, Detail, Entry, Issued, NewLicenses, Reissue, Release, Withdrawal,
};
use vendor::service::{Remote, RemoteError};
use wire::Time;

use crate::args::read_file;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::hints;
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, facts, maybe, moment, number, text};

/// Which service, and by whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Where {
    /// The license service's address.
    #[arg(
        long,
        value_name = "URL",
        env = "SEATKEEPER_VENDOR_URL",
        default_value = "http://127.0.0.1:7430"
    )]
    service: String,
    /// The token to administer it. Better in the variable, where other users of the machine don't see it.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "SEATKEEPER_VENDOR_TOKEN",
        hide_env_values = true
    )]
    service_token: Option<String>,
}

impl Where {
    fn remote(&self) -> Result<Remote, Failure> {
        let token = self.service_token.as_deref().ok_or_else(|| {
            Failure::unauthorized("no_service_token", "no token of the license service was given").hint(
                "set SEATKEEPER_VENDOR_TOKEN; on the service's machine, `seatkeeper vendor token --data DIR --name me` \
                 makes one",
            )
        })?;
        Ok(Remote::new(&self.service, token))
    }
}

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Issue licenses from a specification in TOML; prints a key for each. It is shown this once.
    Add(Add),
    /// List what was issued.
    List(List),
    /// Show one license, its revisions, and where it is active.
    Show(One),
    /// Issue a license again, with other terms. Installations get it at their next refresh. One that was revoked is
    /// issued again by it.
    Reissue(ReissueOptions),
    /// Withdraw a license. Installations lose it at their next refresh. `reissue` takes that back.
    Revoke(Revoke),
    /// Give a license another key, should the first be lost or known to others.
    NewKey(One),
    /// Take a license from one installation, so that another can have it.
    Release(ReleaseOptions),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// The specification; `-` is stdin.
    #[arg(value_name = "TOML")]
    spec: PathBuf,
    /// On how many installations each license may be active.
    #[arg(long, value_name = "N", default_value_t = 1)]
    installations: u32,
    #[command(flatten)]
    at: Where,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    at: Where,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Serial or id.
    license: String,
    #[command(flatten)]
    at: Where,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub(crate) struct ReissueOptions {
    /// Serial or id.
    license: String,
    /// So many seats.
    #[arg(long, value_name = "N", group = "what")]
    seats: Option<u32>,
    /// The last day, as in 2027-12-31, or `perpetual`.
    #[arg(long, value_name = "DAY", group = "what")]
    expires: Option<String>,
    /// A specification in TOML with this one license.
    #[arg(long, value_name = "TOML", group = "what")]
    spec: Option<PathBuf>,
    #[command(flatten)]
    at: Where,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// Serial or id.
    license: String,
    /// Why, for the customer to read.
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    #[command(flatten)]
    at: Where,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct ReleaseOptions {
    /// Serial or id.
    license: String,
    /// The installation's id.
    #[arg(long, value_name = "ID")]
    installation: String,
    #[command(flatten)]
    at: Where,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Activations {
    #[command(flatten)]
    at: Where,
}

fn failed(error: RemoteError) -> Failure {
    let (code, detail) = (error.code().to_owned(), error.to_string());
    // The hints of a server's refusals speak of that server's commands.
    let hint = match &error {
        RemoteError::Unreachable { why, .. } => Some(hints::of_silence(why)),
        _ => hints::of_license_service(&code),
    };
    let mut failure = match &error {
        RemoteError::Refused(problem) => match problem.status {
            401 | 403 => Failure::unauthorized(code, detail),
            400 | 413 | 422 => Failure::input(code, detail),
            500.. => Failure::unreachable(code, detail),
            _ => Failure::refused(code, detail),
        },
        RemoteError::InvalidUrl { .. } => Failure::input(code, detail),
        RemoteError::Unreachable { .. } | RemoteError::Protocol { .. } => {
            Failure::unreachable(code, detail)
        }
    };
    failure.hint = hint.map(str::to_owned);
    failure
}

fn spec_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_file(path)?).map_err(|_| {
        let detail = format!("{} is not text", path.display());
        Failure::input("invalid_spec", detail)
    })
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let printer = &mut context.printer;
        match self {
            Self::Add(add) => {
                let new = NewLicenses {
                    spec: spec_text(&add.spec)?,
                    installations: Some(add.installations),
                };
                let issued = add.at.remote()?.issue(&new).map_err(failed)?;
                printer.list(&issued, || keys(&issued));
            }
            Self::List(list) => {
                let found = list.at.remote()?.list().map_err(failed)?;
                printer.list(&found, || table(&found));
            }
            Self::Show(one) => {
                let detail = one.at.remote()?.detail(&one.license).map_err(failed)?;
                printer.show(&detail, |printer| describe(&detail, printer));
            }
            Self::Reissue(options) => {
                let change = Reissue {
                    seats: options.seats,
                    expires_at: options.expires,
                    spec: options.spec.as_deref().map(spec_text).transpose()?,
                };
                let remote = options.at.remote()?;
                let before = remote.detail(&options.license).map_err(failed)?.license;
                let entry = remote.reissue(&options.license, &change).map_err(failed)?;
                if let Some(said) = taken_back(&before) {
                    printer.note(&said);
                }
                printer.list(std::slice::from_ref(&entry), || {
                    table(std::slice::from_ref(&entry))
                });
            }
            Self::Revoke(revoke) => {
                let withdrawal = Withdrawal { why: revoke.why };
                let remote = revoke.at.remote()?;
                let entry = remote
                    .revoke(&revoke.license, &withdrawal)
                    .map_err(failed)?;
                printer.list(std::slice::from_ref(&entry), || {
                    table(std::slice::from_ref(&entry))
                });
            }
            Self::NewKey(one) => {
                let issued = one.at.remote()?.rekey(&one.license).map_err(failed)?;
                printer.list(std::slice::from_ref(&issued), || {
                    keys(std::slice::from_ref(&issued))
                });
            }
            Self::Release(options) => {
                let release = Release {
                    installation: options.installation,
                };
                let remote = options.at.remote()?;
                let entry = remote.release(&options.license, &release).map_err(failed)?;
                printer.list(std::slice::from_ref(&entry), || {
                    table(std::slice::from_ref(&entry))
                });
            }
        }
        Ok(Verdict::Done)
    }
}

impl Activations {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let found = self.at.remote()?.activations().map_err(failed)?;
        context.printer.list(&found, || activations(&found));
        Ok(Verdict::Done)
    }
}

/// What to say of a license that is issued again, where that takes back its revocation.
fn taken_back(before: &Entry) -> Option<String> {
    let at = Time::from(before.withdrawn_at?);
    let why = before.withdrawn_why.as_deref();
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    Some(format!(
        "{} was revoked on {at}{why}; it is issued again",
        before.terms.serial
    ))
}

/// Keys stand alone in their column, to be copied.
fn keys(issued: &[Issued]) -> Table {
    Table::of(
        ["serial", "product", "seats", "license key"],
        issued,
        |issued| {
            let terms = &issued.license.terms;
            [
                terms.serial.as_str().into(),
                terms.product.as_str().into(),
                number(terms.seats.unwrap_or(0)),
                issued.license_key.as_str().into(),
            ]
        },
    )
}

fn table(entries: &[Entry]) -> Table {
    let header = [
        "serial",
        "customer",
        "product",
        "model",
        "seats",
        "expires",
        "revision",
        "active on",
        "key",
        "state",
    ];
    Table::of(header, entries, |entry| {
        let terms = &entry.terms;
        [
            terms.serial.as_str().into(),
            entry.customer.as_deref().unwrap_or_default().into(),
            terms.product.as_str().into(),
            text(terms.model),
            number(terms.seats.unwrap_or(0)),
            moment(terms.expires_at.map(Time::from)),
            number(terms.revision),
            text(format!("{} of {}", entry.active, entry.installations)),
            entry.key.as_str().into(),
            match entry.withdrawn_at {
                Some(_) => Value::State("withdrawn".to_owned(), Mood::Bad),
                None => Value::State("issued".to_owned(), Mood::Good),
            },
        ]
    })
}

fn activations(found: &[Activation]) -> Table {
    let header = [
        "serial",
        "installation",
        "company",
        "activated",
        "last seen",
        "revision",
        "released",
    ];
    Table::of(header, found, |one| {
        [
            one.serial.as_str().into(),
            one.installation.as_str().into(),
            maybe(one.company.as_deref()),
            moment(Time::from(one.activated_at)),
            moment(Time::from(one.seen_at)),
            number(one.revision),
            moment(one.released_at.map(Time::from)),
        ]
    })
}

fn describe(detail: &Detail, printer: &mut Printer) {
    let (entry, terms) = (&detail.license, &detail.license.terms);
    let mut rows = vec![
        ("serial", terms.serial.as_str().into()),
        ("id", terms.id.as_str().into()),
        ("customer", maybe(entry.customer.as_deref())),
        (
            "product",
            text(format!("{} ({})", terms.product, terms.product_name)),
        ),
        ("model", text(terms.model)),
        ("seats", text(terms.seats.unwrap_or(0))),
        ("expires", moment(terms.expires_at.map(Time::from))),
        ("revision", text(terms.revision)),
        ("key", entry.key.as_str().into()),
        (
            "active on",
            text(format!(
                "{} of {} installations",
                entry.active, entry.installations
            )),
        ),
    ];
    if let Some(at) = entry.withdrawn_at {
        let why = entry.withdrawn_why.as_deref().unwrap_or("no reason given");
        rows.push(("withdrawn", text(format!("{}: {why}", Time::from(at)))));
    }
    printer.table(facts(rows));
    let revisions = Table::of(
        ["revision", "issued", "seats", "expires"],
        &detail.revisions,
        |one| {
            [
                number(one.terms.revision),
                moment(Time::from(one.at)),
                number(one.terms.seats.unwrap_or(0)),
                moment(one.terms.expires_at.map(Time::from)),
            ]
        },
    );
    printer.section("Revisions:", revisions);
    if !detail.activations.is_empty() {
        printer.section("Activations:", activations(&detail.activations));
    }
}

#[cfg(test)]
mod tests;
