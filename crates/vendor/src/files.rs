//! Keys, specifications and licenses as files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use license_file::key_file::{KeyFileError, PrivateKeyFile, PublicKeyFile};
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
            Self::Exists(_) => "file_exists",
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

/// Writes a `.lic` file: whole or not at all, in place of one that is there.
///
/// # Errors
/// [`FileError::Write`].
pub fn write_license(path: &Path, text: &str) -> Result<(), FileError> {
    let unwritable = |source| FileError::Write {
        path: path.to_owned(),
        source,
    };
    let partial = with_ending(path, ".partial");
    let written = File::create(&partial).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&partial, path))
        .map_err(|source| {
            remove_own(&partial);
            unwritable(source)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::keygen;

    fn private() -> PrivateKeyFile {
        keygen("Northwind Software").unwrap().0
    }

    #[test]
    fn a_key_pair_reads_back_from_the_files_it_was_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let private = private();
        let (key, public) = write_key_pair(&folder.path().join("vendor.2026"), &private).unwrap();
        assert_eq!(key, folder.path().join("vendor.2026.key"));
        assert_eq!(public, folder.path().join("vendor.2026.pub"));
        assert_eq!(read_private_key(&key).unwrap().key.kid(), private.key.kid());
        assert_eq!(read_public_key(&public).unwrap(), private.public());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_private_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (key, public) = write_key_pair(&folder.path().join("vendor"), &private()).unwrap();
        assert_eq!(
            fs::metadata(key).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs::metadata(public).unwrap().permissions().mode() & 0o077 & !0o044,
            0
        );
    }

    #[test]
    fn an_existing_key_is_never_overwritten_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let prefix = folder.path().join("vendor");
        for (taken, other) in [("vendor.key", "vendor.pub"), ("vendor.pub", "vendor.key")] {
            fs::write(folder.path().join(taken), "mine").unwrap();
            let error = write_key_pair(&prefix, &private()).unwrap_err();
            assert_eq!(error.code(), "file_exists");
            assert!(
                error.to_string().contains(taken)
                    && error.to_string().contains("never overwritten"),
                "{error}"
            );
            assert_eq!(
                fs::read_to_string(folder.path().join(taken)).unwrap(),
                "mine"
            );
            assert!(!folder.path().join(other).exists());
            fs::remove_file(folder.path().join(taken)).unwrap();
        }
    }

    #[test]
    fn errors_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.key");
        assert_eq!(
            read_private_key(&missing).unwrap_err().code(),
            "file_unreadable"
        );
        let nowhere = write_key_pair(&folder.path().join("no/folder"), &private()).unwrap_err();
        assert_eq!(nowhere.code(), "file_unwritable");
        let (key, public) = write_key_pair(&folder.path().join("vendor"), &private()).unwrap();
        let swapped = read_public_key(&key).unwrap_err();
        assert_eq!(swapped.code(), "private_key");
        assert!(swapped.to_string().contains("vendor.key"), "{swapped}");
        assert_eq!(read_private_key(&public).unwrap_err().code(), "public_key");
        let spec = folder.path().join("licenses.toml");
        fs::write(&spec, "issuer = 3\n").unwrap();
        let error = read_spec(&spec).unwrap_err();
        assert_eq!(error.code(), "invalid_spec");
        assert!(
            error.to_string().contains("licenses.toml: line 1: "),
            "{error}"
        );
    }

    #[test]
    fn a_license_file_replaces_the_one_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("northwind.lic");
        write_license(&path, "old").unwrap();
        write_license(&path, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = write_license(&folder.path().join("no/northwind.lic"), "x").unwrap_err();
        assert_eq!(nowhere.code(), "file_unwritable");
    }
}
