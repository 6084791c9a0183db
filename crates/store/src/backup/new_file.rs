//! A file that appears whole, private, and under a name that nobody has, or not at all.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::BackupError;

/// A file that is being written under another name; removed when dropped before [`Self::place`].
#[derive(Debug)]
pub struct NewFile {
    to: PathBuf,
    path: PathBuf,
    file: File,
    renamed: bool,
}

impl NewFile {
    /// Begins a file that is to be `to`, for its owner's eyes only. What was left behind by one
    /// that died on the way goes.
    ///
    /// # Errors
    /// [`BackupError::FileExists`], or what the system says.
    pub fn begin(to: &Path) -> Result<Self, BackupError> {
        refuse_existing(to)?;
        let path = with_suffix(to, ".unfinished");
        let fail = |e| BackupError::of_io(&path, e);
        for left in [path.clone(), with_suffix(&path, "-journal")] {
            match std::fs::remove_file(&left) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(fail(error)),
                _ => {}
            }
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(fail)?;
        Ok(Self {
            to: to.to_owned(),
            path,
            file,
            renamed: false,
        })
    }

    /// The name that it has until it is placed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Has it on the disk and gives it its name, unless another file has that by now. Answers
    /// its length in bytes.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn place(mut self) -> Result<u64, BackupError> {
        let fail = |e| BackupError::of_io(&self.to, e);
        self.file.sync_all().map_err(fail)?;
        let length = self.file.metadata().map_err(fail)?.len();
        match std::fs::hard_link(&self.path, &self.to) {
            // The other name goes with this value.
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(BackupError::FileExists {
                    path: self.to.clone(),
                });
            }
            // A file system without second names.
            Err(_) => {
                refuse_existing(&self.to)?;
                std::fs::rename(&self.path, &self.to).map_err(fail)?;
                self.renamed = true;
            }
        }
        let folder = self.to.parent().filter(|dir| !dir.as_os_str().is_empty());
        File::open(folder.unwrap_or_else(|| Path::new(".")))
            .and_then(|folder| folder.sync_all())
            .map_err(|e| BackupError::of_io(&self.to, e))?;
        Ok(length)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.renamed {
            // What can't be removed goes with the next one of this name.
            let _ = std::fs::remove_file(&self.path);
            let _ = std::fs::remove_file(with_suffix(&self.path, "-journal"));
        }
    }
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    match path.symlink_metadata() {
        Ok(_) => Err(BackupError::FileExists {
            path: path.to_owned(),
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::of_io(path, error)),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
