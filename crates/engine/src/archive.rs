//! Backups of an installation and the way back: its store, and the key pair that lies beside it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use domain::Timestamp;
use license_file::key_file::PrivateKeyFile;
use store::backup::{BackupError, Restoring, Told};
use store::check::Violation;
use store::{StoreError, StoreFile};

use crate::clock::Clock;
use crate::error::EngineError;
use crate::installation::{KEY_FILE, write_private};

/// The notes that a backup carries.
const MADE_AT: &str = "made_at";
const PROGRAM: &str = "program";
const KEY: &str = "installation_key";

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupMade {
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was begun: what was answered before is in it.
    pub made_at: Timestamp,
}

/// A backup that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was made; none for a mere copy of a store.
    pub made_at: Option<Timestamp>,
    /// The version of the program that made it.
    pub program: Option<String>,
    /// How many entries its record has.
    pub events: u64,
    /// Whether the installation's key came with it; otherwise the next start makes another, and
    /// session tokens from before are not recognized any more.
    pub has_key: bool,
    /// What was put up with.
    pub violations: Vec<Violation>,
}

/// Writes a backup of the data folder, whether its server runs or not, into a new file that only
/// its owner can read.
///
/// # Errors
/// [`BackupError`]; no file is left then.
pub fn back_up(
    data: &Path,
    to: &Path,
    clock: &Clock,
    told: Told<'_>,
) -> Result<BackupMade, BackupError> {
    let store = StoreFile::open(data)?;
    let latest = store.read(|reader| reader.latest_time())?;
    let made_at = Timestamp::judged(clock.now(), latest);
    let mut notes = vec![
        (MADE_AT, made_at.as_millis().to_string()),
        (PROGRAM, env!("CARGO_PKG_VERSION").to_owned()),
    ];
    notes.extend(read_key(&data.join(KEY_FILE))?.map(|key| (KEY, key)));
    let made = store.back_up(to, &notes, told)?;
    Ok(BackupMade {
        path: made.path,
        bytes: made.bytes,
        made_at,
    })
}

/// A backup in a file without a name, beside the store.
pub(crate) fn back_up_unnamed(data: &Path, clock: &Clock) -> Result<fs::File, EngineError> {
    let path = data.join("seatkeeper.backup");
    let failed = |error: std::io::Error| EngineError::internal(error.to_string());
    // One that was left behind by a server that died.
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    back_up(data, &path, clock, &mut |_, _| {}).map_err(|error| match error {
        BackupError::DiskFull { .. } => StoreError::DiskFull.into(),
        BackupError::Store { source, .. } => source.into(),
        other => EngineError::internal(other.to_string()),
    })?;
    let file = fs::File::open(&path).map_err(failed)?;
    fs::remove_file(&path).map_err(failed)?;
    Ok(file)
}

/// Makes a backup the store of a data folder that has none. Everything is checked before anything
/// is placed; what breaks a rule is put up with only if so wanted.
///
/// # Errors
/// [`BackupError`]; the folder has no store then.
pub fn restore(
    file: &Path,
    data: &Path,
    despite_violations: bool,
    told: Told<'_>,
) -> Result<Restored, BackupError> {
    let restoring = Restoring::prepare(file, data, told)?;
    let key_file = data.join(KEY_FILE);
    let key = restoring.note(KEY).map(str::to_owned);
    let has_key = key.is_some();
    let key = missing_key(key, &key_file)?;
    let restored = Restored {
        made_at: restoring
            .note(MADE_AT)
            .and_then(|millis| millis.parse().ok())
            .map(Timestamp::from_millis),
        program: restoring.note(PROGRAM).map(str::to_owned),
        events: restoring.read(|reader| Ok(reader.verify_audit()?.events))?,
        has_key,
        violations: restoring.violations().to_vec(),
    };
    if !restored.violations.is_empty() && !despite_violations {
        return restoring.place(false).map(|()| restored);
    }
    place_with_key(key.as_deref(), &key_file, || {
        restoring.place(despite_violations)
    })?;
    Ok(restored)
}

/// A key, if it is not there already. That of another installation is refused.
pub(crate) fn missing_key(key: Option<String>, path: &Path) -> Result<Option<String>, BackupError> {
    match (key, read_key(path)?) {
        (Some(key), Some(there)) if there == key => Ok(None),
        (Some(_), Some(_)) => Err(BackupError::AnotherKey {
            path: path.to_owned(),
        }),
        (key, _) => Ok(key),
    }
}

/// Places a key and, as the last step, the store that goes with it.
pub(crate) fn place_with_key(
    key: Option<&str>,
    path: &Path,
    place: impl FnOnce() -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    if let Some(key) = key {
        let fail = |source| BackupError::Io {
            path: path.to_owned(),
            source,
        };
        PrivateKeyFile::parse(key).map_err(|error| fail(std::io::Error::other(error)))?;
        write_private(path, key.as_bytes()).map_err(fail)?;
    }
    let placed = place();
    if placed.is_err() && key.is_some() {
        // A key without its store would become another installation's.
        let _ = fs::remove_file(path);
    }
    placed
}

/// The text of a key file; none where there is no such file.
pub(crate) fn read_key(path: &Path) -> Result<Option<String>, BackupError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(BackupError::Io {
            path: path.to_owned(),
            source,
        }),
    }
}
