//! `GET /v1/tokens`

use axum::extract::State;
use wire::path;
use wire::token::TokenPage;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::settings;
use crate::extract::{Authorized, ManageSettings};
use crate::problem::Problem;

/// List the tokens that may call this interface.
///
/// Revoked ones are not listed; the record has them.
#[utoipa::path(
    get,
    path = path::TOKENS,
    tag = "Settings",
    responses((status = 200, description = "All of them, by name.", body = TokenPage)),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn list_tokens(
    _caller: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Answer<TokenPage>, Problem> {
    let mut tokens = app.ask(|reader| Ok(reader.tokens()?)).await?;
    tokens.retain(|token| token.revoked_at.is_none());
    tokens.sort_by_cached_key(|token| (token.name.key(), token.id));
    let items = tokens.into_iter().map(settings::token).collect();
    Ok(Answer::ok(TokenPage { items, next: None }))
}
