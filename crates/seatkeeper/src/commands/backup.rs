//! `seatkeeper backup`: everything that a server keeps, in one file, while it goes on.

use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use client::{Download, Error, Unreachable};
use engine::Clock;
use indicatif::HumanBytes;
use serde::Serialize;
use store::StoreFile;
use store::backup::{BackupError, NewFile};
use wire::Time;

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::local;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The file to be made. Whoever can read it has every secret of the installation.
    file: PathBuf,
    /// Read this data folder, without a token to ask with; the server may run or not.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// What was written.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a Path,
    bytes: u64,
    /// What was answered before is in it; only where it was read off a data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    made_at: Option<Time>,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let file = &self.file;
        let (bytes, made_at) = match &self.data {
            Some(data) => read_folder(context, data, file)?,
            None => (download(context, file)?, None),
        };
        let written = Written {
            file,
            bytes,
            made_at,
        };
        context.printer.answer(&written, |written| {
            format!("{}: {}", written.file.display(), HumanBytes(written.bytes))
        });
        Ok(Verdict::Done)
    }
}

fn read_folder(
    context: &mut Context,
    data: &Path,
    file: &Path,
) -> Result<(u64, Option<Time>), Failure> {
    let bar = context.printer.bar_of("copying", 0);
    let made = engine::back_up(data, file, &Clock::System, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let made = made?;
    if let Some(door) = local::find(data) {
        let noted = door
            .client()
            .and_then(|client| client.note_backup(made.bytes));
        // The backup is good all the same; the disk of the store may be full.
        if let Err(error) = noted {
            context
                .printer
                .note(&format!("the server could not put it on record: {error}"));
        }
    }
    let at = Time::from_millis(made.made_at.as_millis());
    Ok((made.bytes, Some(at)))
}

fn download(context: &Context, path: &Path) -> Result<u64, Failure> {
    let client = context.client()?;
    // Before the server takes the trouble.
    let mut file = NewFile::begin(path)?;
    let mut download = client.take_backup()?;
    let length = download.length();
    let bar = context.printer.bytes_bar("copying", length.unwrap_or(0));
    let copied = copy(&mut download, &mut file, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let copied = copied.map_err(|fault| match fault {
        Fault::Read => lost(context),
        Fault::Write(error) => not_written(path, error),
    })?;
    if length.is_some_and(|length| length != copied) {
        return Err(lost(context));
    }
    StoreFile::open(file.path())?;
    Ok(file.place()?)
}

enum Fault {
    Read,
    Write(std::io::Error),
}

fn copy(from: &mut Download, to: &mut NewFile, told: &mut dyn FnMut(u64)) -> Result<u64, Fault> {
    let mut piece = vec![0; 256 * 1024];
    let mut copied = 0;
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(copied),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(Fault::Read),
        };
        to.write_all(&piece[..read]).map_err(Fault::Write)?;
        copied += u64::try_from(read).unwrap_or(0);
        told(copied);
    }
}

fn lost(context: &Context) -> Failure {
    Failure::from(Error::Unreachable {
        url: context.url().to_owned(),
        cause: Unreachable::Lost,
    })
}

fn not_written(path: &Path, source: std::io::Error) -> Failure {
    let path = path.to_owned();
    Failure::from(match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => BackupError::DiskFull { path },
        _ => BackupError::Io { path, source },
    })
}
