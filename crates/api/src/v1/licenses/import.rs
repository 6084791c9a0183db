//! `POST /v1/licenses/import`

use axum::extract::State;
use domain::command::FolderRef;
use domain::outcome::{ImportAnswer, ImportCode};
use wire::license::{ImportQuery, ImportedLicenses};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::convert::names::folder_ref;
use crate::extract::{Authorized, LicenseFile, ManageLicenses, Query};
use crate::problem::Problem;
use crate::resolve;

/// Take in a license file, whole or not at all.
///
/// The body is the file as it is, or a form with the one field `file`. Each license of the file is
/// added, updated by a higher revision, or unchanged; when one is refused, nothing is taken in, and
/// `errors` and `licenses` of the problem say which and why.
#[utoipa::path(
    post,
    path = path::LICENSE_IMPORT,
    tag = "Licenses",
    params(ImportQuery),
    request_body(description = "The license file, 32 MiB at most.", content(
        (String = "text/plain"),
        (LicenseBytes = "application/octet-stream"),
        (LicenseForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "What became of each license.", body = ImportedLicenses),
        (status = 422, description = "The file is refused: `code` says why. Nothing was taken in.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn import_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    LicenseFile(file): LicenseFile,
) -> Result<Answer<ImportedLicenses>, Problem> {
    let folder = match &query.folder {
        Some(folder) => folder_ref("folder", folder)?,
        None => FolderRef::Path(Vec::new()),
    };
    let answers = app
        .engine
        .import(caller.actor(), file.into(), folder, query.dry_run)
        .await?;
    let (answers, usernames) = app
        .ask(move |reader| {
            let displaced = answers.iter().flat_map(|answer| &answer.displaced);
            let usernames = resolve::usernames(reader, displaced)?;
            Ok((answers, usernames))
        })
        .await?;
    Ok(Answer::ok(ImportedLicenses {
        added: count(&answers, ImportCode::Added),
        updated: count(&answers, ImportCode::Updated),
        unchanged: count(&answers, ImportCode::Unchanged),
        licenses: answers
            .into_iter()
            .map(|answer| license::imported(answer, &usernames))
            .collect(),
    }))
}

fn count(answers: &[ImportAnswer], code: ImportCode) -> u64 {
    answers
        .iter()
        .map(|answer| u64::from(answer.code == code))
        .sum()
}

/// A license file.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(
    dead_code,
    reason = "only its description is used; `extract::LicenseFile` reads the body"
)]
struct LicenseBytes(Vec<u8>);

/// A form with a license file.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "only its description is used; `extract::LicenseFile` reads the form"
)]
struct LicenseForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
