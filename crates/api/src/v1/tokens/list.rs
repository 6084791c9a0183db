//! `GET /v1/tokens`

use axum::extract::State;
use store::Reader;
use wire::path;
use wire::token::TokenPage;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::settings;
use crate::extract::{Authorized, ManageSettings};
use crate::problem::Problem;
use crate::resolve;

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
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Answer<TokenPage>, Problem> {
    let listed = |reader: &mut Reader<'_>| {
        let mut tokens = reader.tokens()?;
        tokens.retain(|token| token.revoked_at.is_none());
        tokens.sort_by_cached_key(|token| (token.name.key(), token.id));
        let tokens = tokens.into_iter().map(|token| {
            let path = resolve::limit_of(reader, token.reach)?;
            Ok(settings::token(token, path))
        });
        tokens.collect()
    };
    let items = app.ask(&caller, listed).await?;
    Ok(Answer::ok(TokenPage { items, next: None }))
}
