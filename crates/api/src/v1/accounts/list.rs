//! `GET /v1/accounts`

use axum::extract::State;
use store::Reader;
use wire::account::AccountPage;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::settings;
use crate::extract::{Authorized, ManageSettings};
use crate::problem::Problem;
use crate::resolve;

/// List accounts of the web console.
#[utoipa::path(
    get,
    path = path::ACCOUNTS,
    tag = "Settings",
    responses((status = 200, description = "All accounts, by name.", body = AccountPage)),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn list_accounts(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Answer<AccountPage>, Problem> {
    let listed = |reader: &mut Reader<'_>| {
        let accounts = reader.console_accounts()?;
        let accounts = accounts.into_iter().map(|account| {
            let path = resolve::limit_of(reader, account.reach)?;
            Ok(settings::account(account, path))
        });
        accounts.collect()
    };
    let items = app.ask(&caller, listed).await?;
    Ok(Answer::ok(AccountPage { items, next: None }))
}
