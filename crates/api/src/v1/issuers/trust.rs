//! `POST /v1/issuers`

use axum::extract::State;
use domain::names::Title;
use domain::{Command, IssuerKind, Period, Refusal, Timestamp};
use engine::PublicKeyFile;
use wire::Time;
use wire::issuer::{Issuer, TrustIssuerRequest};
use wire::path;

use super::list::known;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::extract::{Authorized, Idempotent, ManageSettings};
use crate::openapi::IdempotencyHeader;
use crate::problem::{Problem, at_pointer, refusal_problem};

/// Trust an issuer's key: licenses signed with it are taken from now on.
///
/// The body is the content of the issuer's `.pub` file, where it is wanted with the period in which the key is believed.
/// With `"kind": "keygen"` it is a Keygen account, whose license files are taken from then on. A key that is trusted
/// already gets the new name and the new period.
#[utoipa::path(
    post,
    path = path::ISSUERS,
    tag = "Settings",
    params(IdempotencyHeader),
    request_body(content = TrustIssuerRequest, description = "The content of a `.pub` file."),
    responses((status = 201, description = "The key is trusted.", body = Issuer)),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn trust_issuer(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    request: Idempotent<TrustIssuerRequest>,
) -> Result<Answer<Issuer>, Problem> {
    let Idempotent {
        body: request,
        key: once,
    } = request;
    let kind = match request.kind {
        Some(wire::IssuerKind::Keygen) => IssuerKind::Keygen,
        Some(wire::IssuerKind::Seatkeeper) | None => IssuerKind::Seatkeeper,
    };
    let period = match (request.valid_from, request.valid_until) {
        (None, None) => None,
        (from, until) => {
            let moment = |at: Time| Timestamp::from_millis(at.as_millis());
            Some(Period {
                from: from.map(moment),
                until: until.map(moment),
            })
        }
    };
    let file = key_of(request)?;
    let key = file.key.kid().to_owned();
    let command = Command::TrustIssuer {
        key: key.clone(),
        name: field("/name", Title::parse(&file.name))?,
        kind,
        public_key: file.key.to_base64url(),
        period,
    };
    app.engine.run(caller.actor(), command, once).await?;
    let address = path::fill(path::ISSUER, &key);
    let now = app.engine.now();
    let issuers = app.ask(&caller, move |reader| known(reader, now)).await?;
    let kept = issuers.into_iter().find(|issuer| issuer.kid == key);
    let kept = kept.ok_or_else(|| refusal_problem(Refusal::UnknownIssuer(key)))?;
    Ok(Answer::created(kept).at(address))
}

/// The key of a request, read as the file that it is.
fn key_of(request: TrustIssuerRequest) -> Result<PublicKeyFile, Problem> {
    let is_keygen = request.kind == Some(wire::IssuerKind::Keygen);
    let hex = engine::key_from_hex(&request.x).filter(|_| is_keygen);
    let request = TrustIssuerRequest {
        x: hex.unwrap_or(request.x),
        kind: None,
        valid_from: None,
        valid_until: None,
        ..request
    };
    let text = serde_json::to_string(&request).map_err(Problem::internal)?;
    PublicKeyFile::parse(&text)
        .map_err(|error| Problem::invalid(vec![at_pointer("", error.code(), error.to_string())]))
}
