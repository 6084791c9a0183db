//! `GET /v1/accounts`

use axum::extract::State;
use wire::account::AccountPage;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::settings;
use crate::extract::{Authorized, ManageSettings};
use crate::problem::Problem;

/// List accounts of the web console.
#[utoipa::path(
    get,
    path = path::ACCOUNTS,
    tag = "Settings",
    responses((status = 200, description = "All accounts, by name.", body = AccountPage)),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn list_accounts(
    _: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Answer<AccountPage>, Problem> {
    let accounts = app.ask(|reader| Ok(reader.console_accounts()?)).await?;
    Ok(Answer::ok(AccountPage {
        items: accounts.into_iter().map(settings::account).collect(),
        next: None,
    }))
}
