//! Opening a store: a data folder, or a database on a server.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Timestamp;

use crate::connection;
use crate::error::{OpenError, StoreError};
use crate::file::StoreFile;
use crate::lock::Lock;
use crate::migrations;
use crate::postgres::purpose::Purpose;
use crate::postgres::{self, Database, Follower, Found, Io, Watcher};
use crate::reader::{Pool, Reader};
use crate::sql::Link;
use crate::writer::Writer;

/// The database file's name in the data folder.
pub(crate) const FILE: &str = "seatkeeper.db";

/// Where a store is, and how it is read.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The data folder; made, for this user alone, if it is not there.
    pub dir: PathBuf,
    /// How many reads run at once; each costs up to 16 MiB of cache. At least 1.
    pub readers: usize,
    /// A database that is used in the place of the folder's own.
    pub database: Option<Database>,
}

impl StoreOptions {
    /// A data folder with as many readers as suit a small server.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            readers: 4,
            database: None,
        }
    }
}

/// An open store, for reading. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    readers: Readers,
}

#[derive(Clone, Debug)]
enum Readers {
    Sqlite(Arc<Pool>),
    Postgres(Arc<postgres::Pool>, Arc<(Database, Io)>),
}

impl Store {
    /// Opens the data folder for the one server that works on it, brings it to this program's
    /// schema, and gives the handle for reads and the one writer.
    ///
    /// # Errors
    /// A specific [`OpenError`] when another server has it open, a later program wrote it,
    /// nothing can be written, or the disk is full. Nothing is changed then; only a disk that gets
    /// full after the last step leaves this program's schema, with all data, for when there is room.
    pub fn open(options: &StoreOptions) -> Result<(Self, Writer), OpenError> {
        let dir = &options.dir;
        make_private_dir(dir)?;
        let lock = Arc::new(Lock::take(dir)?);
        if let Some(database) = &options.database {
            let purposes = (Purpose::Read, Purpose::Write);
            return Self::open_database(database, options.readers, lock, purposes);
        }
        let file = dir.join(FILE);
        // A database can be read by whoever can read its file, whatever the process's umask.
        make_private(&file).map_err(|e| OpenError::of_io(dir, &file, e))?;
        Self::open_file(dir, &file, options.readers, Some(lock), true)
    }

    /// Opens a store only to read all of it, however long that takes, while no server works on it.
    /// It must be there and have this program's schema; nothing is changed.
    ///
    /// # Errors
    /// As [`Self::open`]; [`OpenError::Missing`] or [`OpenError::NotInDatabase`], also where a
    /// database holds something else; [`OpenError::OlderSchema`] or [`OpenError::OlderDatabase`].
    /// Of a database it is not seen here whether servers work on it: [`Self::refuse_nodes`].
    pub fn open_as_it_is(options: &StoreOptions) -> Result<Self, OpenError> {
        let dir = &options.dir;
        if let Some(database) = &options.database {
            return Self::look_into(database);
        }
        drop(StoreFile::open(dir)?);
        let lock = Arc::new(Lock::take(dir)?);
        let opened = Self::open_file(dir, &dir.join(FILE), options.readers, Some(lock), false);
        opened.map(|(store, _)| store)
    }

    /// Opens a database only to read all of it, however long that takes. Servers may work on it.
    ///
    /// # Errors
    /// As [`Self::open_as_it_is`].
    pub fn look_into(database: &Database) -> Result<Self, OpenError> {
        let io = start_io(database)?;
        let found = match look(database, &io)? {
            Found::Others => Found::Nothing,
            found => found,
        };
        found.is_ours(database, &postgres::STORE)?;
        let pool = postgres::Pool::new(database.clone(), io.clone(), Purpose::Whole, 1);
        let place = Arc::new((database.clone(), io));
        Ok(Self {
            readers: Readers::Postgres(Arc::new(pool), place),
        })
    }

    /// As [`Self::open`], of a database that is to be filled, however long that takes: one that is
    /// there already is not brought to another schema.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_database_to_fill(options: &StoreOptions) -> Result<(Self, Writer), OpenError> {
        let Some(database) = &options.database else {
            return Self::open(options);
        };
        if let older @ Found::Older(_) = look(database, &start_io(database)?)? {
            older.is_ours(database, &postgres::STORE)?;
        }
        make_private_dir(&options.dir)?;
        let lock = Arc::new(Lock::take(&options.dir)?);
        let purposes = (Purpose::Whole, Purpose::Whole);
        Self::open_database(database, options.readers, lock, purposes)
    }

    /// Refuses a database on which servers work, as those do that were seen since a moment. In a
    /// data folder nobody else can work.
    ///
    /// # Errors
    /// [`OpenError::NodesRun`].
    pub fn refuse_nodes(&self, seen_since: Timestamp) -> Result<(), OpenError> {
        let Readers::Postgres(_, place) = &self.readers else {
            return Ok(());
        };
        let database = &place.0;
        match self.read(|reader| reader.count_nodes(seen_since)) {
            Ok(0) => Ok(()),
            Ok(nodes) => {
                let database = database.to_string();
                Err(OpenError::NodesRun { database, nodes })
            }
            Err(source) => Err(of_database(database, source)),
        }
    }

    /// Opens a store beside the server that works on it, for one short piece of work on the
    /// same machine, such as making the first token. It must have this program's schema.
    /// What the server keeps in memory does not notice changes to anything but tokens.
    pub fn open_beside(dir: &Path) -> Result<(Self, Writer), OpenError> {
        let file = dir.join(FILE);
        if !file.exists() {
            return Err(OpenError::Missing {
                dir: dir.to_owned(),
            });
        }
        Self::open_file(dir, &file, 1, None, false)
    }

    fn open_file(
        dir: &Path,
        file: &Path,
        readers: usize,
        lock: Option<Arc<Lock>>,
        migrate: bool,
    ) -> Result<(Self, Writer), OpenError> {
        let fail = |e| OpenError::of_store(dir, file, e);
        let opening = |e| fail(StoreError::of("opening the database", e));
        let mut connection = connection::writer(file).map_err(opening)?;
        let found = migrations::version(&connection).map_err(fail)?;
        let known = migrations::KNOWN;
        let dir_of = || dir.to_owned();
        if found > known {
            return Err(OpenError::NewerSchema {
                dir: dir_of(),
                found,
                known,
            });
        }
        if found < known && !migrate {
            return Err(OpenError::OlderSchema {
                dir: dir_of(),
                found,
                known,
            });
        }
        migrations::migrate(&mut connection).map_err(fail)?;
        let pool = Arc::new(Pool::open(file, readers.max(1), lock.clone()).map_err(fail)?);
        let readers = Readers::Sqlite(pool);
        Ok((Self { readers }, Writer::sqlite(connection, lock)))
    }

    /// Opens a database that other nodes may work on at the same time.
    fn open_database(
        database: &Database,
        readers: usize,
        lock: Arc<Lock>,
        (reading, writing): (Purpose, Purpose),
    ) -> Result<(Self, Writer), OpenError> {
        let io = start_io(database)?;
        let tables = &postgres::STORE;
        let found =
            postgres::migrate(tables, database, &io).map_err(|e| of_database(database, e))?;
        found.is_ours(database, tables)?;
        let pool = postgres::Pool::new(database.clone(), io.clone(), reading, readers.max(1));
        let writer = postgres::Writer::new(tables, database.clone(), io.clone(), writing);
        let readers = Readers::Postgres(Arc::new(pool), Arc::new((database.clone(), io)));
        Ok((Self { readers }, Writer::postgres(writer, lock)))
    }

    /// What looks for changes by other nodes; `None` where this process is the only one, whose
    /// reads cost microseconds. On a store with a watcher every question is a round trip, which
    /// async code must not wait for.
    pub fn watcher(&self) -> Option<Watcher> {
        match &self.readers {
            Readers::Sqlite(_) => None,
            Readers::Postgres(_, place) => Some(Watcher::new(place.0.clone(), place.1.clone())),
        }
    }

    /// What reads again and again for one thread; `None` where reads cost microseconds.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the system has nothing left to wait with.
    pub fn follower(&self) -> Result<Option<Follower>, StoreError> {
        match &self.readers {
            Readers::Sqlite(_) => Ok(None),
            Readers::Postgres(_, place) => Follower::new(place.0.clone(), &place.1).map(Some),
        }
    }

    /// Whether other nodes may work on it at the same time.
    pub const fn is_shared(&self) -> bool {
        matches!(self.readers, Readers::Postgres(..))
    }

    /// Runs reads on one snapshot. Blocks while every reader is busy; on SQLite a few look-ups
    /// cost microseconds, so that they need no thread of their own.
    pub fn read<T>(
        &self,
        f: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &self.readers {
            Readers::Sqlite(pool) => pool.read(f),
            Readers::Postgres(pool, _) => {
                pool.read(|session| f(&mut Reader::new(Link::Postgres(session))))
            }
        }
    }
}

fn of_database(database: &Database, source: StoreError) -> OpenError {
    let database = database.to_string();
    OpenError::Database { database, source }
}

fn start_io(database: &Database) -> Result<Io, OpenError> {
    Io::start().map_err(|e| of_database(database, StoreError::Io(e.to_string())))
}

/// What a database holds. Nothing is changed.
fn look(database: &Database, io: &Io) -> Result<Found, OpenError> {
    postgres::look(&postgres::STORE, database, io).map_err(|e| of_database(database, e))
}

/// Makes a folder that nobody else can look into; one that is there stays as it is.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), OpenError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|e| OpenError::of_io(dir, dir, e))
}

/// Makes a file that nobody else can read; one that is there stays as it is.
pub(crate) fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(file)
        .map(|_| ())
}
