//! `PATCH /v1/accounts/{id}`

use axum::extract::State;
use domain::{AccountId, PersonName};
use wire::account::{Account, AccountPatch};
use wire::path;

use super::found;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::convert::words;
use crate::extract::{Authorized, IfMatch, Json, ManageSettings, Path};
use crate::openapi::IfMatchHeader;
use crate::problem::Problem;
use crate::resolve;

/// Change an account of the web console.
///
/// Another password, or deactivating, signs it out everywhere. The last active administrator stays one.
#[utoipa::path(
    patch,
    path = path::ACCOUNT,
    tag = "Settings",
    params(("id" = uuid::Uuid, Path, description = "The account's id."), IfMatchHeader),
    request_body(content = AccountPatch, description = "What changes; what is absent stays as it is, `null` empties."),
    responses(
        (status = 200, description = "The account as it is now, with its `ETag`.", body = Account),
        (status = 404, description = "There is no such account or folder.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is the last active administrator.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The password or the role can't be used.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn update_account(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Path(id): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(request): Json<AccountPatch>,
) -> Result<Answer<Account>, Problem> {
    let full_name = match &request.full_name {
        Some(Some(name)) => Some(Some(field("/full_name", PersonName::parse(name))?)),
        Some(None) => Some(None),
        None => None,
    };
    let reach = match request.folder {
        Some(folder) => Some(
            app.ask(&caller, move |reader| {
                resolve::reach(reader, folder.as_deref())
            })
            .await?,
        ),
        None => None,
    };
    let patch = domain::AccountPatch {
        full_name,
        role: request.role.map(words::to_role),
        reach,
        password: None,
        invited: false,
        active: request.active,
    };
    let password = request.password.as_ref().map(wire::Secret::expose);
    app.engine
        .update_account(caller.actor(), id, patch, password, version)
        .await?;
    let account = app.ask(&caller, move |reader| found(reader, id)).await?;
    let version = account.version;
    Ok(Answer::ok(account).with_version(version))
}
