//! A ZIP archive of license files. Read in memory, nothing is ever written to a disk; every limit is checked before
//! what it guards is done, and what an archive says of its own sizes is never believed.

use std::io::{Cursor, Read as _};

use ::zip::read::{ArchiveOffset, Config};
use ::zip::result::ZipError as Fault;
use ::zip::{CompressionMethod, ZipArchive};

use crate::open::MAX_FILE;
use crate::show::{is_unprintable, quoted};

/// Most entries of an archive, folders included.
pub const MAX_ENTRIES: usize = 1_000;
/// Most bytes of all entries together, unpacked.
pub const MAX_UNPACKED: usize = 2 * MAX_FILE;
/// Most bytes out of one byte in. License files pack to a third; an XML file of many alike licenses to a tenth.
pub const MAX_RATIO: u64 = 100;
/// So much may come out whatever went in: tiny files pack well.
const FREE: usize = 64 * 1024;
/// Longest path inside an archive, in bytes.
const MAX_PATH: usize = 512;

/// Why an archive is refused. Each is a clause that follows "This ZIP archive".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// It can't be read, or its checksums don't hold.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// More entries than [`MAX_ENTRIES`].
    #[error("has more than {MAX_ENTRIES} entries")]
    TooManyEntries,
    /// Unpacks to more than [`MAX_UNPACKED`] (all of it) or [`MAX_FILE`] (one entry).
    #[error("unpacks to more than is read: {MAX_FILE} bytes in one file, {MAX_UNPACKED} in all")]
    TooLarge,
    /// Unpacks to more than [`MAX_RATIO`] times its size.
    #[error("has an entry, {}, that unpacks to more than {MAX_RATIO} times its size, as no license file does", quoted(.0))]
    Ratio(String),
    /// A path that leads out of the archive, or is none.
    #[error("has an entry with the path {}, which leads out of the archive or is none", quoted(.0))]
    Path(String),
    /// Two entries with one path: which one counts would depend on the reader.
    #[error("has two entries with the same path")]
    Duplicate,
    /// A link to somewhere else.
    #[error("has a link, {}, instead of a file", quoted(.0))]
    Link(String),
    /// Needs a password.
    #[error("is encrypted ({}): unpack it with its password, and import what is in it", quoted(.0))]
    Encrypted(String),
    /// Packed in a way that is not read.
    #[error("has an entry, {}, that is packed in a way that is not read (only stored and deflated ones are)", quoted(.0))]
    Method(String),
    /// An archive in an archive.
    #[error("has another archive in it, {}: unpack that one, and import what is in it", quoted(.0))]
    Nested(String),
    /// No license file in it.
    #[error("has no .lic or .xml file in it")]
    NoLicense,
}

impl ZipError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "zip_damaged",
            Self::TooManyEntries => "zip_too_many_entries",
            Self::TooLarge => "zip_too_large",
            Self::Ratio(_) => "zip_ratio",
            Self::Path(_) => "zip_unsafe_path",
            Self::Duplicate => "zip_duplicate",
            Self::Link(_) => "zip_link",
            Self::Encrypted(_) => "zip_encrypted",
            Self::Method(_) => "zip_method",
            Self::Nested(_) => "zip_nested",
            Self::NoLicense => "zip_no_license",
        }
    }
}

/// What an archive holds.
#[derive(Debug)]
pub(super) struct Archive {
    pub(super) files: Vec<Entry>,
    /// Paths of what is no license file by its name.
    pub(super) ignored: Vec<String>,
}

/// A license file of an archive.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// Whether bytes begin as an archive does.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..])
}

/// Reads an archive.
pub(super) fn read(bytes: &[u8]) -> Result<Archive, ZipError> {
    // The reader makes room for every entry before it can be asked how many there are; each has this mark.
    let marks = bytes.windows(4).filter(|four| *four == b"PK\x01\x02");
    if marks.count() > MAX_ENTRIES {
        return Err(ZipError::TooManyEntries);
    }
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    let mut archive = ZipArchive::with_config(config, Cursor::new(bytes)).map_err(damaged)?;
    if archive.has_duplicate_names() {
        return Err(ZipError::Duplicate);
    }
    let (mut files, mut ignored, mut room) = (Vec::new(), Vec::new(), MAX_UNPACKED);
    for index in 0..archive.len() {
        // Raw: what needs a password or an unknown method can be named before it is refused.
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        let path = path(entry.name_raw())?;
        if entry.is_symlink() {
            return Err(ZipError::Link(path));
        }
        if entry.is_dir() {
            continue;
        }
        if entry.encrypted() {
            return Err(ZipError::Encrypted(path));
        }
        let is_read = matches!(
            entry.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated
        );
        let packed = entry.compressed_size();
        drop(entry);
        match kind(&path) {
            Kind::Archive => return Err(ZipError::Nested(path)),
            Kind::Other => {
                ignored.push(path);
                continue;
            }
            Kind::License if !is_read => return Err(ZipError::Method(path)),
            Kind::License => {}
        }
        let by_ratio = usize::try_from(packed.saturating_mul(MAX_RATIO))
            .unwrap_or(usize::MAX)
            .max(FREE);
        let limit = MAX_FILE.min(room).min(by_ratio);
        let entry = archive.by_index(index).map_err(damaged)?;
        let mut unpacked = Vec::new();
        entry
            .take(limit as u64 + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| ZipError::Damaged(error.to_string()))?;
        if unpacked.len() > limit {
            return Err(if limit == by_ratio {
                ZipError::Ratio(path)
            } else {
                ZipError::TooLarge
            });
        }
        if is_zip(&unpacked) {
            return Err(ZipError::Nested(path));
        }
        room -= unpacked.len();
        files.push(Entry {
            path,
            bytes: unpacked,
        });
    }
    if files.is_empty() {
        return Err(ZipError::NoLicense);
    }
    Ok(Archive { files, ignored })
}

/// What an entry is by its name.
enum Kind {
    License,
    Archive,
    Other,
}

fn kind(path: &str) -> Kind {
    let name = path.rsplit('/').next().unwrap_or(path);
    // What macOS puts beside each file has that file's name, after a prefix.
    if path.starts_with("__MACOSX/") || name.starts_with("._") {
        return Kind::Other;
    }
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some(ending)
            if ["lic", "xml"]
                .iter()
                .any(|ours| ending.eq_ignore_ascii_case(ours)) =>
        {
            Kind::License
        }
        Some(ending) if ending.eq_ignore_ascii_case("zip") => Kind::Archive,
        _ => Kind::Other,
    }
}

/// The path, if it is one that stays inside, on every system.
fn path(raw: &[u8]) -> Result<String, ZipError> {
    let path = String::from_utf8_lossy(raw).into_owned();
    let inside = path.strip_suffix('/').unwrap_or(&path);
    let stays = raw.len() <= MAX_PATH
        && !inside.is_empty()
        && inside
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."))
        && !inside.contains(['\\', ':'])
        && !inside.chars().any(is_unprintable);
    if stays {
        Ok(path)
    } else {
        Err(ZipError::Path(path))
    }
}

fn damaged(fault: Fault) -> ZipError {
    ZipError::Damaged(fault.to_string())
}
