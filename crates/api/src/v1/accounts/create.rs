//! `POST /v1/accounts`

use axum::extract::State;
use domain::{PersonName, Username};
use engine::AccountWish;
use wire::account::{Account, NewAccount};
use wire::path;

use super::found;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::convert::words;
use crate::extract::{Authorized, Json, ManageSettings};
use crate::problem::Problem;
use crate::resolve;

/// Make an account of the web console.
#[utoipa::path(
    post,
    path = path::ACCOUNTS,
    tag = "Settings",
    request_body(content = NewAccount, description = "The account with its password."),
    responses(
        (status = 201, description = "The account, with its `ETag`.", body = Account),
        (status = 409, description = "The name is taken, compared without case.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no folder to limit it to.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The password or the role can't be used.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn create_account(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Json(request): Json<NewAccount>,
) -> Result<Answer<Account>, Problem> {
    let full_name = request.full_name.as_deref().map(PersonName::parse);
    let folder = request.folder;
    let reach = app
        .ask(&caller, move |reader| {
            resolve::reach(reader, folder.as_deref())
        })
        .await?;
    let wish = AccountWish {
        name: field("/name", Username::parse(&request.name))?,
        full_name: field("/full_name", full_name.transpose())?,
        role: words::to_role(request.role),
        reach,
    };
    let password = request.password.expose();
    let id = app
        .engine
        .create_account(caller.actor(), wish, password, false)
        .await?;
    let account = app.ask(&caller, move |reader| found(reader, id)).await?;
    let version = account.version;
    Ok(Answer::created(account).with_version(version))
}
