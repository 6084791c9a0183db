//! `POST /v1/licenses/add`

use axum::extract::State;
use domain::command::FolderRef;
use wire::license::{AddLicenseRequest, AddedLicense};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::convert::names::folder_ref;
use crate::extract::{Authorized, Json, ManageLicenses};
use crate::problem::Problem;
use crate::resolve;

/// Exchange a license key for its license, or look what it would bring.
///
/// The issuer's license service is asked. Without `confirm` nothing is changed, there or here: product, seats and end
/// are shown first. With it the license is bound to this installation and taken in.
#[utoipa::path(
    post,
    path = path::LICENSE_ADD,
    tag = "Licenses",
    request_body(content = AddLicenseRequest, description = "The key, and whether it is meant."),
    responses(
        (status = 200, description = "What the key brings, or brought.", body = AddedLicense),
        (status = 409, description = "Internet access is switched off, or no license service is known.",
            body = wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The key can't be right, or the service refuses it: `code` says why.",
            body = wire::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The license service said nothing of use.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn add_license(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Json(request): Json<AddLicenseRequest>,
) -> Result<Answer<AddedLicense>, Problem> {
    let folder = match &request.folder {
        Some(folder) => folder_ref("/folder", folder)?,
        None => FolderRef::Path(Vec::new()),
    };
    let issuer = request.issuer.as_deref();
    let brought = app
        .engine
        .add_license(
            caller.actor(),
            request.key.expose(),
            issuer,
            folder,
            request.confirm,
        )
        .await?;
    let (brought, usernames) = app
        .ask(&caller, move |reader| {
            let usernames = resolve::usernames(reader, &brought.answer.displaced)?;
            Ok((brought, usernames))
        })
        .await?;
    Ok(Answer::ok(license::added(brought, &usernames)))
}
