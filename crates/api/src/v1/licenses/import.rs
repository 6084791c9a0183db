//! `POST /v1/licenses/import`

use axum::extract::State;
use domain::outcome::{ImportAnswer, ImportCode};
use engine::{Given, Imported, Intake};
use wire::license::{ImportQuery, ImportedLicenses};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::convert::names::folder_ref;
use crate::extract::{Authorized, LicenseFiles, ManageLicenses, Query};
use crate::openapi::IdempotencyHeader;
use crate::problem::Problem;
use crate::resolve;

/// Take in license files: all of them whole, or nothing.
///
/// The body is one file as it is (also text that was pasted), or a form with any number of fields `file`. A file is a
/// `.lic`, a `license.xml`, a license file of Keygen's, or a ZIP archive of these; its content tells which. License keys
/// that encrypted files of Keygen's need are fields `license_key` of the form; they are neither kept nor logged.
///
/// Each license is added, updated by a higher revision, or unchanged; when one is refused, nothing is taken in, and
/// `errors` and `licenses` of the problem say which and why.
///
/// A response (`.tls`) is sent by itself. It is taken once, by the installation that asked, and may also extend, shrink
/// and withdraw.
#[utoipa::path(
    post,
    path = path::LICENSE_IMPORT,
    tag = "Licenses",
    params(ImportQuery, IdempotencyHeader),
    request_body(description = "The license files, 32 MiB at most together.", content(
        (String = "text/plain"),
        (String = "application/xml"),
        (LicenseBytes = "application/octet-stream"),
        (LicenseBytes = "application/zip"),
        (LicenseForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "What became of each license.", body = ImportedLicenses),
        (status = 422, description = "A file is refused: `code` says why. Nothing was taken in.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn import_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    LicenseFiles { upload, key }: LicenseFiles,
) -> Result<Answer<ImportedLicenses>, Problem> {
    let folder = query.folder.as_deref();
    let folder = folder
        .map(|folder| folder_ref("folder", folder))
        .transpose()?;
    let intake = Intake {
        files: upload
            .files
            .into_iter()
            .map(|file| (file.name, file.bytes.into()))
            .collect(),
        folder,
        given: Given {
            license_keys: upload.license_keys,
            product: query.product,
        },
    };
    let imported = app
        .engine
        .import_files(caller.actor(), intake, query.dry_run, key)
        .await?;
    let Imported {
        licenses: answers,
        ignored,
    } = imported;
    let (answers, usernames) = app
        .ask(&caller, move |reader| {
            let displaced = answers.iter().flat_map(|answer| &answer.displaced);
            let usernames = resolve::usernames(reader, displaced)?;
            Ok((answers, usernames))
        })
        .await?;
    Ok(Answer::ok(ImportedLicenses {
        added: count(&answers, ImportCode::Added),
        updated: count(&answers, ImportCode::Updated),
        extended: count(&answers, ImportCode::Extended),
        shrunk: count(&answers, ImportCode::Shrunk),
        withdrawn: count(&answers, ImportCode::Withdrawn),
        unchanged: count(&answers, ImportCode::Unchanged),
        licenses: answers
            .into_iter()
            .map(|answer| license::imported(answer, &usernames))
            .collect(),
        ignored,
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
    reason = "only its description is used; `extract::LicenseFiles` reads the body"
)]
struct LicenseBytes(Vec<u8>);

/// A form with license files.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "only its description is used; `extract::LicenseFiles` reads the form"
)]
struct LicenseForm {
    /// The files, each in a field of this name.
    #[schema(value_type = Vec<String>)]
    file: Vec<Vec<u8>>,
    /// License keys that encrypted files of Keygen's need, each in a field of this name.
    license_key: Option<Vec<String>>,
}
