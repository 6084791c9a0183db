//! `license request`: what a vendor is asked for, as a file (I4).

use std::path::PathBuf;

use license_file::offline::Request;
use serde::Serialize;
use wire::license::LicenseRequest;

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::plural;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The company id, as the vendor gave it. It is remembered, and may be left out from then on.
    #[arg(long, value_name = "ID")]
    company: Option<String>,
    /// The version of the product that will run here: three numbers with dots between, as in 8.3.0.
    #[arg(long = "version", value_name = "VERSION")]
    product_version: String,
    /// The vendor whose licenses are meant, by name; needed only where licenses of several are here.
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// The request file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What was asked for, for programs.
#[derive(Serialize)]
struct Made {
    file: PathBuf,
    request: String,
    company: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    licenses: usize,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let text = client.request_licenses(&LicenseRequest {
            company: self.company,
            version: self.product_version,
            issuer: self.issuer,
        })?;
        let request = Request::open(text.as_bytes())
            .map_err(|error| Failure::input(error.code(), error.to_string()))?;
        vendor::files::write_license(&self.out, &text)
            .map_err(|error| Failure::input(error.code(), error.to_string()))?;
        let made = Made {
            file: self.out,
            request: request.id,
            company: request.company,
            version: request.version,
            issuer: request.issuer,
            licenses: request.licenses.len(),
        };
        context.printer.show(&made, |printer| {
            let to = made.issuer.as_deref().unwrap_or("the vendor");
            printer.line(&format!(
                "{}: a request of {} for version {}, with {} from here",
                made.file.display(),
                made.company,
                made.version,
                plural(made.licenses, "license", "licenses")
            ));
            printer.line(&format!(
                "send it to {to}; `seatkeeper license import FILE` takes the response in, once"
            ));
        });
        Ok(Verdict::Done)
    }
}
