//! `vendor token`: who may administer a license service.

use std::path::PathBuf;

use serde::Serialize;
use wire::Secret;

use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The service's folder; the service may run or not.
    #[arg(long, value_name = "DIR", default_value = "license-service")]
    data: PathBuf,
    /// Whose token it is.
    #[arg(long)]
    name: String,
}

/// A token, for programs.
#[derive(Serialize)]
struct Made {
    name: String,
    token: Secret,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let failure = |error: vendor::service::ServiceError| {
            Failure::refused(error.code(), error.to_string())
        };
        if !self.data.join("service.db").exists() {
            let detail = format!("there is no license service in {}", self.data.display());
            return Err(Failure::input("no_service", detail).hint(
                "`seatkeeper vendor serve --data DIR --key KEY` makes one when it first runs",
            ));
        }
        let now = wire::Time::from_millis(engine::Clock::System.now().as_millis());
        let token = vendor::service::make_token(&self.data, &self.name, now.timestamp());
        let made = Made {
            name: self.name,
            token: Secret::new(token.map_err(failure)?.as_str()),
        };
        // The token alone, so that it can be taken over by a script.
        context
            .printer
            .answer(&made, |made| made.token.expose().to_owned());
        Ok(Verdict::Done)
    }
}
