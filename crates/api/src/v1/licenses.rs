//! `/v1/licenses`

pub(crate) mod accept_agreement;
pub(crate) mod add;
pub(crate) mod assign_all;
pub(crate) mod assign_missing;
pub(crate) mod cancel_release;
pub(crate) mod clear_all;
pub(crate) mod delete_all;
pub(crate) mod get;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod move_seats;
pub(crate) mod patch;
pub(crate) mod refresh;
pub(crate) mod remove;
pub(crate) mod remove_expired;
pub(crate) mod replace;
pub(crate) mod request;
pub(crate) mod seats;

use domain::Outcome;
use uuid::Uuid;
use wire::license::{Displaced, RemovedLicenses};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::extract::Authorized;
use crate::problem::Problem;
use crate::resolve;

/// What a removal came to.
async fn removed<P>(
    app: &App,
    caller: &Authorized<P>,
    outcome: Outcome,
) -> Result<Answer<RemovedLicenses>, Problem> {
    let (removed, displaced) = removed_as(app, caller, outcome).await?;
    Ok(Answer::ok(RemovedLicenses { removed, displaced }))
}

/// The licenses that went, and who is affected.
pub(crate) async fn removed_as<P>(
    app: &App,
    caller: &Authorized<P>,
    outcome: Outcome,
) -> Result<(Vec<Uuid>, Vec<Displaced>), Problem> {
    let Outcome::Removed {
        licenses,
        displaced,
    } = outcome
    else {
        return Err(Problem::unexpected(&outcome));
    };
    let (displaced, usernames) = app
        .ask(caller, move |reader| {
            let usernames = resolve::usernames(reader, &displaced)?;
            Ok((displaced, usernames))
        })
        .await?;
    let licenses = licenses.into_iter().map(|id| id.0).collect();
    Ok((licenses, license::displaced(&displaced, &usernames)))
}
