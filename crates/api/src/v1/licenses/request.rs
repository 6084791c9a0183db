//! `POST /v1/licenses/request`

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::ProductVersion;
use domain::names::{CompanyId, Title};
use wire::license::LicenseRequest;
use wire::path;

use crate::app::App;
use crate::convert::names::field;
use crate::extract::{Authorized, Json, ManageLicenses};
use crate::problem::Problem;

/// Make a request to an issuer, for an installation without a network.
///
/// The answer is a file (`.tlr`), signed by this installation. The issuer answers it with a response
/// (`.tls`), which is taken in as license files are.
#[utoipa::path(
    post,
    path = path::LICENSE_REQUEST,
    tag = "Licenses",
    request_body(content = LicenseRequest, description = "Who asks, and for which version."),
    responses(
        (status = 200, description = "The request file.", body = String, content_type = "text/plain"),
        (status = 409, description = "Licenses of several issuers are here, or the company id is another than ours, or none is known.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn request_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Json(request): Json<LicenseRequest>,
) -> Result<Response, Problem> {
    let company = match &request.company {
        Some(company) => Some(field("/company", CompanyId::parse(company))?),
        None => None,
    };
    let issuer = match &request.issuer {
        Some(issuer) => Some(field("/issuer", Title::parse(issuer))?),
        None => None,
    };
    let version = field("/version", ProductVersion::parse(&request.version))?;
    let (request, text) = app
        .engine
        .request_licenses(caller.actor(), company, version, issuer)
        .await?;
    let name = format!("attachment; filename=\"request-{}.tlr\"", request.id);
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}
