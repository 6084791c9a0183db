//! `GET /v1/issuers`

use axum::extract::State;
use domain::Issuer;
use wire::issuer::IssuerPage;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::settings;
use crate::extract::{Authorized, ManageSettings};
use crate::problem::Problem;

/// List the issuers' keys that are trusted.
#[utoipa::path(
    get,
    path = path::ISSUERS,
    tag = "Settings",
    responses((status = 200, description = "All of them, by name.", body = IssuerPage)),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn list_issuers(
    _caller: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Answer<IssuerPage>, Problem> {
    let mut issuers = app.ask(|reader| Ok(reader.issuers()?)).await?;
    issuers.retain(Issuer::is_trusted);
    issuers.sort_by_cached_key(|issuer| (issuer.name.key(), issuer.key.clone()));
    let items = issuers.into_iter().map(settings::issuer).collect();
    Ok(Answer::ok(IssuerPage { items, next: None }))
}
