//! `POST /v1/backup/note`

use axum::extract::State;
use domain::Command;
use wire::backup::BackupNote;
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, Json, ManageSettings};
use crate::problem::Problem;

/// Put on record that a backup was read off the data folder.
///
/// `seatkeeper backup --data` does so. A backup that the server makes is on record by itself.
#[utoipa::path(
    post,
    path = path::BACKUP_NOTE,
    tag = "Server",
    request_body = BackupNote,
    responses((status = 204, description = "It is on record.")),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn note_backup(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Json(note): Json<BackupNote>,
) -> Result<NoContent, Problem> {
    let command = Command::NoteBackup { bytes: note.bytes };
    app.engine.run(caller.actor(), command, None).await?;
    Ok(NoContent)
}
