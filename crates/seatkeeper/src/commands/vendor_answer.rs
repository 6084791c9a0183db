//! `vendor answer`: a request of an installation becomes a response (I4). Needs no server.

use std::path::PathBuf;

use license_file::offline::{Request, Response};
use serde::Serialize;
use vendor::answer::answer;
use vendor::files::{read_private_key, read_spec, write_license};
use vendor::issue::check_issuer;

use super::license::operations_table;
use crate::args::read_file;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Answer {
    /// The request file that the customer sent; `vendor inspect` shows what it says.
    request: PathBuf,
    /// The private key file.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// The specification: licenses as they shall be there, and `withdraw = ["SERIAL", …]`.
    #[arg(long, value_name = "TOML")]
    spec: PathBuf,
    /// The response file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What was answered, for programs.
#[derive(Serialize)]
struct Answered {
    file: PathBuf,
    company: String,
    version: String,
    key: String,
    response: Response,
}

impl Answer {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let request = Request::open(&read_file(&self.request)?).map_err(|error| {
            let detail = format!("{}: {error}", self.request.display());
            Failure::input(error.code(), detail)
        })?;
        let private = read_private_key(&self.key)?;
        let spec = read_spec(&self.spec)?;
        check_issuer(&spec, &private).map_err(|error| {
            Failure::input(error.code(), format!("{}: {error}", self.spec.display()))
        })?;
        let now = engine::Clock::System.now().as_millis();
        let now = wire::Time::from_millis(now).timestamp();
        let made = answer(&request, spec, &private.key, now).map_err(|error| {
            Failure::input(error.code(), format!("{}: {error}", self.spec.display()))
        })?;
        write_license(&self.out, &made.text)?;
        let answered = Answered {
            file: self.out,
            company: request.company,
            version: request.version,
            key: private.key.kid().to_owned(),
            response: made.response,
        };
        context
            .printer
            .show(&answered, |printer| describe(&answered, printer));
        Ok(Verdict::Done)
    }
}

fn describe(answered: &Answered, printer: &mut Printer) {
    printer.line(&format!(
        "{}: the response to {} for version {}, for the installation {} alone",
        answered.file.display(),
        answered.company,
        answered.version,
        answered.response.installation
    ));
    printer.table(operations_table(&answered.response));
}
