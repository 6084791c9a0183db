//! `vendor token`: who may administer a license service.

use serde::Serialize;
use wire::Secret;

use super::place::{Where, is_there_soon};
use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The service may run or not.
    #[command(flatten)]
    at: Where,
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
        let failure =
            |error: vendor::service::ServiceError| Failure::local(error.code(), error.to_string());
        let place = self
            .at
            .place()
            .map_err(|error| Failure::input("invalid_database", error.to_string()))?;
        let is_there = is_there_soon(&place)
            .map_err(|error| Failure::input("folder_unreadable", error.to_string()))?;
        if !is_there {
            let detail = format!("there is no license service in {place}");
            return Err(Failure::input("no_service", detail).hint(
                "`seatkeeper vendor serve --data DIR --key KEY` makes one when it first runs",
            ));
        }
        let now = wire::Time::from_millis(engine::Clock::System.now().as_millis());
        let token = vendor::service::make_token(&place, &self.name, now.timestamp());
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
