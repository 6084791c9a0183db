//! `DELETE /v1/issuers/{kid}`

use axum::extract::State;
use domain::{Command, Issuer};
use wire::issuer::{DistrustQuery, Distrusted};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, ManageSettings, Path, Query};
use crate::problem::Problem;
use crate::v1::licenses::removed_as;

/// Trust an issuer's key no longer.
///
/// Licenses that came with it stay, or are withdrawn with it: then their holders move to free seats of other licenses,
/// and whoever is left over is named, in a dry run before anything happens. Keys that this one introduced stay trusted;
/// the answer names them.
#[utoipa::path(
    delete,
    path = path::ISSUER,
    tag = "Settings",
    params(("kid" = String, Path, description = "The key's id."), DistrustQuery),
    responses(
        (status = 200, description = "The key is not trusted any more; or what that would take away.", body = Distrusted),
        (status = 404, description = "No such key is trusted.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn distrust_issuer(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Path(kid): Path<String>,
    Query(query): Query<DistrustQuery>,
) -> Result<Answer<Distrusted>, Problem> {
    let command = Command::DistrustIssuer {
        key: kid.clone(),
        withdraw: query.withdraw,
    };
    let outcome = app
        .run_or_preview(caller.actor(), command, query.dry_run)
        .await?;
    let (withdrawn, displaced) = removed_as(&app, &caller, outcome).await?;
    let issuers = app.ask(&caller, |reader| Ok(reader.issuers()?)).await?;
    let introduced = issuers
        .into_iter()
        .filter(|issuer| issuer.is_trusted() && is_by(issuer, &kid))
        .map(|issuer| issuer.key)
        .collect();
    Ok(Answer::ok(Distrusted {
        withdrawn,
        displaced,
        introduced,
    }))
}

fn is_by(issuer: &Issuer, kid: &str) -> bool {
    issuer.introduced_by.as_deref() == Some(kid)
}
