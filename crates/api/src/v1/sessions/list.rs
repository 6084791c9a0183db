//! `GET /v1/sessions`

use axum::extract::State;
use store::query::SessionFilter;
use wire::path;
use wire::session::{SessionPage, SessionQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::session;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List sessions, latest first.
///
/// A page may be short, even empty, and not the last: go on while there is a `next`.
#[utoipa::path(
    get,
    path = path::SESSIONS,
    tag = "Sessions",
    params(SessionQuery),
    responses(
        (status = 200, description = "A page of sessions.", body = SessionPage),
        (status = 404, description = "There is no such user or product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_sessions(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<SessionQuery>,
) -> Result<Answer<SessionPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let now = app.engine.now();
    let page = app
        .ask(&caller, move |reader| {
            let filter = SessionFilter {
                user: resolve::user_id(reader, "user", query.user.as_deref())?,
                product: resolve::product_id(reader, "product", query.product.as_deref(), now)?,
                license: query.license.map(Into::into),
                live: query.live.unwrap_or(true),
            };
            Ok(reader.sessions(&filter, now, &paging)?)
        })
        .await?;
    let items = page
        .items
        .into_iter()
        .map(|item| session::session(item, now))
        .collect();
    Ok(Answer::ok(SessionPage {
        items,
        next: page.next,
    }))
}
