//! Keys, specifications and licenses as files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use license_file::key_file::{KeyFileError, PrivateKeyFile, PublicKeyFile};
use license_file::offline::Kind;
use license_file::open::MAX_FILE;
use license_file::xml::NAMESPACE;
use zeroize::Zeroizing;

use crate::spec::{Spec, SpecError};

/// Largest key file that is read, in bytes.
const MAX_KEY_FILE: u64 = 64 * 1024;

/// Why a file could not be read or written. Each message names the file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Keys are never overwritten: licenses in use depend on them.
    #[error("{} exists already, and a key is never overwritten: choose another name, or move it away first", .0.display())]
    Exists(PathBuf),
    /// Something else is there than an earlier file of the same kind.
    #[error("{} exists already and is something else, which is not overwritten: choose another name, or move it away first", .0.display())]
    Taken(PathBuf),
    /// The file could not be read.
    #[error("{} can't be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file could not be written.
    #[error("{} can't be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not the key file that it should be.
    #[error("{}: {source}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        source: KeyFileError,
    },
    /// The specification is not sound.
    #[error("{}: {source}", path.display())]
    Spec {
        /// The file.
        path: PathBuf,
        /// What is wrong, line by line.
        source: SpecError,
    },
}

impl FileError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists(_) | Self::Taken(_) => "file_exists",
            Self::Read { .. } => "file_unreadable",
            Self::Write { .. } => "file_unwritable",
            Self::Key { source, .. } => source.code(),
            Self::Spec { source, .. } => source.code(),
        }
    }
}

/// Writes a key pair to `PREFIX.key`, which only its owner may read, and `PREFIX.pub`; answers the two paths.
///
/// # Errors
/// [`FileError::Exists`], [`FileError::Write`]; then neither file was left behind by this call.
pub fn write_key_pair(
    prefix: &Path,
    private: &PrivateKeyFile,
) -> Result<(PathBuf, PathBuf), FileError> {
    let (key, public) = (with_ending(prefix, ".key"), with_ending(prefix, ".pub"));
    create(&key, private.to_text().as_bytes(), 0o600)?;
    if let Err(error) = create(&public, private.public().to_text().as_bytes(), 0o644) {
        remove_own(&key);
        return Err(error);
    }
    Ok((key, public))
}

/// Writes the key pair that succeeds another as [`write_key_pair`] does, and `PREFIX.introduction`; answers the three
/// paths.
///
/// # Errors
/// [`FileError::Exists`], [`FileError::Taken`], [`FileError::Write`]; then none of them was left behind by this call.
pub fn write_successor(
    prefix: &Path,
    private: &PrivateKeyFile,
    introduction: &str,
) -> Result<(PathBuf, PathBuf, PathBuf), FileError> {
    let path = with_ending(prefix, ".introduction");
    create(&path, introduction.as_bytes(), 0o644).map_err(|error| match error {
        FileError::Exists(path) => FileError::Taken(path),
        error => error,
    })?;
    match write_key_pair(prefix, private) {
        Ok((key, public)) => Ok((key, public, path)),
        Err(error) => {
            remove_own(&path);
            Err(error)
        }
    }
}

/// Appends, where `Path::with_extension` would replace what follows a dot in the name.
fn with_ending(prefix: &Path, ending: &str) -> PathBuf {
    let mut path = prefix.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Writes a file that did not exist before, with the permissions it has from its first moment on.
fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists(path.to_owned()),
        _ => FileError::Write {
            path: path.to_owned(),
            source,
        },
    })?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|source| {
            remove_own(path);
            FileError::Write {
                path: path.to_owned(),
                source,
            }
        })
}

/// Takes back a file that this call created. Should that fail too, the error that led here says more.
fn remove_own(path: &Path) {
    drop(fs::remove_file(path));
}

/// Reads a `.key` file.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Key`].
pub fn read_private_key(path: &Path) -> Result<PrivateKeyFile, FileError> {
    PrivateKeyFile::parse(&read_key_text(path)?).map_err(|source| FileError::Key {
        path: path.to_owned(),
        source,
    })
}

/// Reads a `.pub` file.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Key`].
pub fn read_public_key(path: &Path) -> Result<PublicKeyFile, FileError> {
    PublicKeyFile::parse(&read_key_text(path)?).map_err(|source| FileError::Key {
        path: path.to_owned(),
        source,
    })
}

fn read_key_text(path: &Path) -> Result<Zeroizing<String>, FileError> {
    let unreadable = |source| FileError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len().min(MAX_KEY_FILE);
    // Room for all of it at once, so that no copy of a secret is left behind by growing.
    let mut text = Zeroizing::new(String::with_capacity(
        usize::try_from(size).unwrap_or(0) + 64,
    ));
    file.take(MAX_KEY_FILE)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    Ok(text)
}

/// Reads a specification in TOML.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Spec`].
pub fn read_spec(path: &Path) -> Result<Spec, FileError> {
    let text = fs::read_to_string(path).map_err(|source| FileError::Read {
        path: path.to_owned(),
        source,
    })?;
    Spec::parse(&text).map_err(|source| FileError::Spec {
        path: path.to_owned(),
        source,
    })
}

/// Writes a signed file, such as a `.lic`: whole or not at all. It takes the place of an earlier file of its kind, and
/// of nothing else: a key that is replaced is lost for ever.
///
/// # Errors
/// [`FileError::Taken`], [`FileError::Read`], [`FileError::Write`]; what was there is as it was.
pub fn write_license(path: &Path, text: &str) -> Result<(), FileError> {
    give_way(path, text)?;
    let partial = with_ending(path, &format!(".{}.partial", std::process::id()));
    create(&partial, text.as_bytes(), 0o644)?;
    fs::rename(&partial, path).map_err(|source| {
        remove_own(&partial);
        FileError::Write {
            path: path.to_owned(),
            source,
        }
    })
}

/// Whether `text` may be written there: nothing is there, or a file of the same kind.
fn give_way(path: &Path, text: &str) -> Result<(), FileError> {
    let unreadable = |source| FileError::Read {
        path: path.to_owned(),
        source,
    };
    let Ok(found) = fs::symlink_metadata(path) else {
        // Nothing is there, or why it can't be written either is said when it is tried.
        return Ok(());
    };
    let taken = || FileError::Taken(path.to_owned());
    if !found.is_file() || found.len() > MAX_FILE as u64 {
        return Err(taken());
    }
    let before = fs::read(path).map_err(unreadable)?;
    match (kind_of(&before), kind_of(text.as_bytes())) {
        (Some(before), Some(new)) if before == new => Ok(()),
        _ => Err(taken()),
    }
}

/// What a signed file is, in whichever form.
fn kind_of(file: &[u8]) -> Option<Kind> {
    let is_xml = std::str::from_utf8(file).is_ok_and(|text| {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
        text.starts_with('<') && text.contains("<licenses") && text.contains(NAMESPACE)
    });
    if is_xml {
        return Some(Kind::License);
    }
    Kind::of(file)
}

#[cfg(test)]
mod tests;
