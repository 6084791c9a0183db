//! `GET /v1/me`

use axum::extract::State;
use domain::Permission;
use wire::me::Me;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::words;
use crate::extract::{Anyone, Authorized};
use crate::problem::Problem;
use crate::resolve;

/// Who the caller is, and what the token may do.
#[utoipa::path(
    get,
    path = path::ME,
    tag = "Settings",
    responses((status = 200, description = "The caller, and the installation that answers.", body = Me)),
    security(("bearer" = [])),
)]
pub(crate) async fn get_me(
    caller: Authorized<Anyone>,
    State(app): State<App>,
) -> Result<Answer<Me>, Problem> {
    let actor = caller.actor();
    let folder = match actor.reach.folder() {
        Some(limit) => {
            app.ask(&caller, move |reader| resolve::path_of(reader, limit))
                .await?
        }
        None => None,
    };
    let may = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| actor.may(*permission));
    Ok(Answer::ok(Me {
        name: actor.name.as_ref().to_owned(),
        role: words::role(actor.role),
        folder,
        permissions: may.map(words::permission).collect(),
        installation: app.engine.installation(),
        company: app.engine.policy().company.clone().map(String::from),
    }))
}
