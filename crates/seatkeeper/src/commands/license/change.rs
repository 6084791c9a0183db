//! `license move`, `accept`, `auto-assign`.

use wire::AutoAssign;
use wire::license::{LicensePatch, MoveSeatsRequest};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::resolve;
use crate::table::plural;

/// What can be typed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub(crate) struct Move {
    /// Serial or id.
    license: String,
    /// Free seats: the folder they leave, path or id.
    #[arg(long, value_name = "FOLDER", group = "which", requires = "count")]
    from: Option<String>,
    /// Free seats: how many.
    #[arg(long, value_name = "N", requires = "from")]
    count: Option<u32>,
    /// An occupied seat: whose, username or id.
    #[arg(long, value_name = "USER", group = "which", conflicts_with = "count")]
    user: Option<String>,
    /// The folder they go to, path or id.
    #[arg(long, value_name = "FOLDER")]
    to: String,
}

impl Move {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let id = resolve::license(&client, &self.license)?;
        let request = MoveSeatsRequest {
            from: self.from,
            to: self.to,
            count: self.count,
            user: self.user,
        };
        client.move_seats(id, &request)?;
        context.printer.note(&match request.count {
            Some(_)
                if request
                    .from
                    .as_deref()
                    .is_some_and(|from| is_same(from, &request.to)) =>
            {
                format!("nothing moved: they are in {} already", request.to)
            }
            Some(count) => format!("moved {} to {}", plural(count, "seat", "seats"), request.to),
            None => format!("moved the seat to {}", request.to),
        });
        Ok(Verdict::Done)
    }
}

/// Whether two words, each an id or a path, name a folder in the same way.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim_matches('/').to_lowercase();
    plain(one) == plain(other)
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Accept {
    /// Serial or id. `license show` has the agreement's text.
    license: String,
}

impl Accept {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        client.accept_agreement(resolve::license(&client, &self.license)?)?;
        context
            .printer
            .note(&format!("accepted the agreement of {}", self.license));
        Ok(Verdict::Done)
    }
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct AutoAssignOptions {
    /// Serial or id.
    license: String,
    /// When seats are given without a hand.
    #[arg(value_parser = args::auto_assign(), value_name = "WHEN")]
    auto_assign: AutoAssign,
}

impl AutoAssignOptions {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let id = resolve::license(&client, &self.license)?;
        let patch = LicensePatch {
            auto_assign: Some(self.auto_assign),
        };
        let license = client.update_license(id, &patch, None)?;
        context.printer.answer(&license, |license| {
            format!(
                "auto-assign of {} is {}",
                license.serial, license.auto_assign
            )
        });
        Ok(Verdict::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_the_same_however_its_path_is_written() {
        assert!(is_same("/Sales/", "sales"));
        assert!(is_same("/", ""));
        assert!(!is_same("/Sales", "/Sales/EMEA"));
    }
}
