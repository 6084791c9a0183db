//! `POST /v1/users/import`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::Outcome;
use domain::outcome::PutCode;
use engine::people_csv::PeopleFile;
use engine::{Bulk, BulkMode, EngineError, StepAnswer};
use wire::job::JobStarted;
use wire::path;
use wire::user::{RowError, UserImportQuery, UsersImported};

use crate::app::App;
use crate::bulk;
use crate::extract::{Authorized, CsvFile, ManageUsers, Query};
use crate::problem::Problem;

/// Take in users from a CSV file.
///
/// The first row names the columns, in any order: `username`, and as needed `name`, `email`, `folder`
/// (a path such as `/Sales/EMEA`; what is missing is made) and `active` (`true`, `false`, `yes`, `no`,
/// `1`, `0`). Commas, semicolons or tabs part them. Users that are there already become what the file
/// says. A column that is left out changes nothing of them; new users have no name, no address, are in
/// the root folder and active. An empty field in a column that is there takes the name or address away,
/// or means the root folder; an empty `active` changes nothing. A file with any malformed row is refused
/// whole, and the rows are named. More than 1,000 users are taken in by a job.
#[utoipa::path(
    post,
    path = path::USER_IMPORT,
    tag = "Users",
    params(UserImportQuery),
    request_body(description = "The CSV file, 64 MiB at most, in UTF-8.", content(
        (String = "text/csv"),
        (CsvForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "What became of the file; or would.", body = UsersImported),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 422, description = "The file is refused whole; `errors` names the rows.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn import_users(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Query(query): Query<UserImportQuery>,
    CsvFile(file): CsvFile,
) -> Result<impl IntoResponse, Problem> {
    let people = tokio::task::spawn_blocking(move || PeopleFile::check(file))
        .await
        .map_err(Problem::internal)??;
    let mode = BulkMode {
        dry_run: query.dry_run,
        as_job: false,
        listed: false,
    };
    bulk::run(&app, caller.actor(), Bulk::PutUsers(people), mode, imported).await
}

fn imported(steps: Vec<StepAnswer>) -> Result<UsersImported, Problem> {
    let mut answer = UsersImported::default();
    for step in steps {
        match step.result {
            Ok(Outcome::User {
                code: PutCode::Created,
                ..
            }) => answer.created += 1,
            Ok(Outcome::User {
                code: PutCode::Updated,
                ..
            }) => answer.updated += 1,
            Ok(Outcome::User {
                code: PutCode::Unchanged,
                ..
            }) => answer.unchanged += 1,
            Ok(other) => return Err(Problem::unexpected(&other)),
            Err(error) => {
                answer.failed += 1;
                answer.errors.push(row_error(step.row, &error));
            }
        }
    }
    Ok(answer)
}

fn row_error(row: Option<u64>, error: &EngineError) -> RowError {
    RowError {
        row: row.unwrap_or_default(),
        code: error.code().to_owned(),
        detail: error.to_string(),
    }
}

/// A form with a CSV file.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "only its description is used; `extract::CsvFile` reads the form"
)]
struct CsvForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
