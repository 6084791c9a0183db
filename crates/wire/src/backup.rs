//! `/v1/backup/note`: backups that the server did not make itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A backup that was read off the data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupNote {
    /// How long its file is.
    #[schema(example = 4_194_304)]
    pub bytes: u64,
}
