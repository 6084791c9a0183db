//! `PUT /v1/issuers/{kid}/service`

use axum::extract::State;
use domain::refresh::ServiceUrl;
use domain::{Command, Refusal};
use wire::issuer::{Issuer, IssuerService};
use wire::path;

use super::list::known;
use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, Json, ManageSettings, Path};
use crate::problem::{Problem, refusal_problem};

/// Say where the license service of a key's issuer is.
///
/// License keys are exchanged there, and licenses refreshed. It is the service of all keys of this issuer's name. Without a
/// `url` none is known any more; licenses then come as files only.
#[utoipa::path(
    put,
    path = path::ISSUER_SERVICE,
    tag = "Settings",
    params(("kid" = String, Path, description = "The id of any key of the issuer.")),
    request_body(content = IssuerService, description = "Where the service is."),
    responses(
        (status = 200, description = "The issuer's key, with the service.", body = Issuer),
        (status = 404, description = "No such key is trusted.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn set_issuer_service(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Path(kid): Path<String>,
    Json(request): Json<IssuerService>,
) -> Result<Answer<Issuer>, Problem> {
    let url = match &request.url {
        Some(url) => Some(
            ServiceUrl::parse(url)
                .map_err(|error| Problem::invalid_field("/url", error.to_string()))?,
        ),
        None => None,
    };
    let key = kid.clone();
    let issuer = app
        .ask(&caller, move |reader| {
            let found = reader.find_issuer(&key)?;
            found.ok_or_else(|| refusal_problem(Refusal::UnknownIssuer(key)))
        })
        .await?;
    let command = Command::SetLicenseService {
        issuer: issuer.name,
        url,
    };
    app.engine.run(caller.actor(), command, None).await?;
    let now = app.engine.now();
    let issuers = app.ask(&caller, move |reader| known(reader, now)).await?;
    let found = issuers.into_iter().find(|issuer| issuer.kid == kid);
    found
        .map(Answer::ok)
        .ok_or_else(|| refusal_problem(Refusal::UnknownIssuer(kid)))
}
