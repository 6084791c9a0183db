//! `seatkeeper vendor`: the issuing side. Needs no server.

mod licenses;
mod place;
mod serve;
mod token;

use std::cell::RefCell;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use license_file::introduction::Introduction;
use serde::Serialize;
use vendor::files::{
    FileError, read_private_key, read_spec, write_key_pair, write_license, write_successor,
};
use vendor::issue::{Format, check_issuer, issue_as};
use vendor::keys::{check_period, keygen, succeed};
use vendor::service::StartError;

use super::license::inspect;
use super::vendor_answer::Answer;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::plural;

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a key pair: PREFIX.key, to keep to yourself, and PREFIX.pub, to hand out.
    Keygen(Keygen),
    /// Make the key pair that succeeds another, and a document by which customers come to trust it:
    /// PREFIX.key, PREFIX.pub and PREFIX.introduction.
    Rotate(Rotate),
    /// Sign a license file from a specification in TOML.
    Issue(Issue),
    /// Answer the request of an installation: sign a response from a specification in TOML.
    Answer(Answer),
    /// Say what is in a request, a response or a license file.
    Inspect(inspect::Options),
    /// Run a license service: license keys become licenses, licenses are refreshed.
    Serve(serve::Options),
    /// Make a token to administer a license service, and print it. It is shown this once.
    Token(token::Options),
    /// What a license service issued: add, list, re-issue, revoke.
    #[command(subcommand)]
    License(licenses::Command),
    /// List which installations have which license.
    Activations(licenses::Activations),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Keygen {
    /// The issuer's name, as customers will see it.
    #[arg(long)]
    name: String,
    /// What the two files are called, without .key and .pub.
    #[arg(long, value_name = "PREFIX")]
    out: PathBuf,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Rotate {
    /// The private key file that customers trust now.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// What the new files are called, without their endings.
    #[arg(long, value_name = "PREFIX")]
    out: PathBuf,
    /// From when the new key's signatures are to be believed (RFC 3339); at once when left out.
    #[arg(long, value_name = "TIME")]
    valid_from: Option<wire::Time>,
    /// From when they are not any more (RFC 3339).
    #[arg(long, value_name = "TIME")]
    valid_until: Option<wire::Time>,
    /// From when those of the old key are not any more (RFC 3339). Licenses that it signed stay.
    #[arg(long, value_name = "TIME")]
    old_until: Option<wire::Time>,
}

/// What a change of keys made, for programs.
#[derive(Serialize)]
struct Rotated {
    kid: String,
    private_key: PathBuf,
    public_key: PathBuf,
    introduction: PathBuf,
}

impl Rotate {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let old = read_private_key(&self.key)?;
        let time = |time: Option<wire::Time>| time.map(wire::Time::timestamp);
        let (valid_from, valid_until) = (time(self.valid_from), time(self.valid_until));
        check_period(valid_from, valid_until, now())
            .map_err(|error| Failure::input(error.code(), error.to_string()))?;
        let new = succeed(&old).map_err(|error| Failure::input(error.code(), error.to_string()))?;
        let text = Introduction {
            issued_at: now(),
            key: new.key.verifying_key().clone(),
            valid_from,
            valid_until,
            old_until: time(self.old_until),
        }
        .sign(&old.key);
        let (private_key, public_key, introduction) = write_successor(&self.out, &new, &text)?;
        let rotated = Rotated {
            kid: new.key.kid().to_owned(),
            private_key,
            public_key,
            introduction,
        };
        context.printer.show(&rotated, |printer| {
            printer.line(&format!(
                "{}: the private key. Keep it to yourself, and keep a copy in a safe place.",
                rotated.private_key.display()
            ));
            printer.line(&format!(
                "{}: for customers who trust the old key: `seatkeeper issuer introduce FILE`.",
                rotated.introduction.display()
            ));
            printer.line(&format!(
                "{}: the public key (id {}), for new customers.",
                rotated.public_key.display(),
                rotated.kid
            ));
        });
        Ok(Verdict::Done)
    }
}

/// The time of this machine, to the second.
fn now() -> jiff::Timestamp {
    let now = engine::Clock::System.now().as_millis();
    wire::Time::from_millis(now).timestamp()
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Issue {
    /// The private key file.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// The specification.
    #[arg(long, value_name = "TOML")]
    spec: PathBuf,
    /// The license file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Its form: one block of text, or XML that can be read, around the same signature.
    #[arg(long, value_name = "FORMAT", default_value = "lic", value_parser = format())]
    format: Format,
}

/// Reads the word of a format.
fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["lic", "xml"]).map(|word| match word.as_str() {
        "xml" => Format::Xml,
        _ => Format::Lic,
    })
}

/// What was made, for programs.
#[derive(Serialize)]
struct MadeKeys {
    kid: String,
    private_key: PathBuf,
    public_key: PathBuf,
}

/// What was issued, for programs.
#[derive(Serialize)]
struct Issued {
    file: PathBuf,
    licenses: usize,
    key: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::Keygen(options) => options.run(context),
            Self::Rotate(options) => options.run(context),
            Self::Issue(options) => options.run(context),
            Self::Answer(options) => options.run(context),
            Self::Inspect(options) => options.run(context),
            Self::Serve(options) => serve_licenses(&options, context),
            Self::Token(options) => options.run(context),
            Self::License(command) => command.run(context),
            Self::Activations(options) => options.run(context),
        }
    }
}

fn serve_licenses(options: &serve::Options, context: &mut Context) -> Result<Verdict, Failure> {
    let printer = RefCell::new(&mut context.printer);
    let say = |text: &str| printer.borrow_mut().raw(format!("{text}\n").as_bytes());
    serve::run(options, &say).map_err(not_served)?;
    Ok(Verdict::Done)
}

/// Why the service did not start, with the code of what is to blame.
fn not_served(error: anyhow::Error) -> Failure {
    let detail = format!("{error:#}");
    let error = match error.downcast::<FileError>() {
        Ok(file) => return file.into(),
        Err(error) => error,
    };
    for cause in error.chain() {
        if let Some(start) = cause.downcast_ref::<StartError>() {
            return Failure::local(start.code(), detail);
        }
    }
    Failure::of_server(error)
}

impl Keygen {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let (private, public) =
            keygen(&self.name).map_err(|error| Failure::input(error.code(), error.to_string()))?;
        let (private_key, public_key) = write_key_pair(&self.out, &private)?;
        let made = MadeKeys {
            kid: public.key.kid().to_owned(),
            private_key,
            public_key,
        };
        context.printer.show(&made, |printer| {
            printer.line(&format!(
                "{}: the private key. Keep it to yourself, and keep a copy in a safe place.",
                made.private_key.display()
            ));
            printer.line(&format!(
                "{}: the public key (id {}). Hand it out to customers.",
                made.public_key.display(),
                made.kid
            ));
        });
        Ok(Verdict::Done)
    }
}

impl Issue {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let private = read_private_key(&self.key)?;
        let spec = read_spec(&self.spec)?;
        check_issuer(&spec, &private).map_err(|error| {
            Failure::input(error.code(), format!("{}: {error}", self.spec.display()))
        })?;
        let licenses = spec.licenses.len();
        let text = issue_as(spec, &private.key, now(), self.format).map_err(|error| {
            Failure::input(error.code(), format!("{}: {error}", self.spec.display()))
        })?;
        write_license(&self.out, &text)?;
        let issued = Issued {
            file: self.out,
            licenses,
            key: private.key.kid().to_owned(),
        };
        context.printer.answer(&issued, |issued| {
            format!(
                "{}: {}, signed by {} (key {})",
                issued.file.display(),
                plural(issued.licenses, "license", "licenses"),
                private.name,
                issued.key
            )
        });
        Ok(Verdict::Done)
    }
}

#[cfg(test)]
mod tests;
