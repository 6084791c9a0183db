//! `GET /v1/issuers`

use axum::extract::State;
use domain::Timestamp;
use store::Reader;
use wire::issuer::{Issuer, IssuerPage};
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
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Answer<IssuerPage>, Problem> {
    let now = app.engine.now();
    let items = app.ask(&caller, move |reader| known(reader, now)).await?;
    Ok(Answer::ok(IssuerPage { items, next: None }))
}

/// Every trusted key, by its issuer's name, with the issuer's license service.
pub(super) fn known(reader: &mut Reader<'_>, now: Timestamp) -> Result<Vec<Issuer>, Problem> {
    let mut issuers = reader.issuers()?;
    issuers.retain(domain::Issuer::is_trusted);
    issuers.sort_by_cached_key(|issuer| (issuer.name.key(), issuer.key.clone()));
    let services = reader.license_services()?;
    let known = issuers.into_iter().map(|issuer| {
        let key = issuer.name.key();
        let service = services.iter().find(|known| known.issuer.key() == key);
        settings::issuer(issuer, service, now)
    });
    Ok(known.collect())
}
