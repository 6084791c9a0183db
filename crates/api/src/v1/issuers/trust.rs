//! `POST /v1/issuers`

use axum::extract::State;
use domain::names::Title;
use domain::{Command, Refusal};
use engine::PublicKeyFile;
use wire::issuer::{Issuer, TrustIssuerRequest};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::convert::settings;
use crate::extract::{Authorized, Json, ManageSettings};
use crate::problem::{Problem, at_pointer, refusal_problem};

/// Trust an issuer's key: licenses signed with it are taken from now on.
///
/// The body is the content of the issuer's `.pub` file. A key that is trusted already gets the new name.
#[utoipa::path(
    post,
    path = path::ISSUERS,
    tag = "Settings",
    request_body(content = TrustIssuerRequest, description = "The content of a `.pub` file."),
    responses((status = 201, description = "The key is trusted.", body = Issuer)),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn trust_issuer(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Json(request): Json<TrustIssuerRequest>,
) -> Result<Answer<Issuer>, Problem> {
    let text = serde_json::to_string(&request).map_err(Problem::internal)?;
    let file = PublicKeyFile::parse(&text)
        .map_err(|error| Problem::invalid(vec![at_pointer("", error.code(), error.to_string())]))?;
    let key = file.key.kid().to_owned();
    let command = Command::TrustIssuer {
        key: key.clone(),
        name: field("/name", Title::parse(&file.name))?,
        public_key: file.key.to_base64url(),
    };
    app.engine.run(caller.actor(), command, None).await?;
    let address = path::fill(path::ISSUER, &key);
    let kept = app
        .ask(move |reader| {
            let found = reader.find_issuer(&key)?;
            found.ok_or_else(|| refusal_problem(Refusal::UnknownIssuer(key)))
        })
        .await?;
    Ok(Answer::created(settings::issuer(kept)).at(address))
}
