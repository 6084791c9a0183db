//! Reading again and again on a connection of its own, with what was read before in mind.

use super::address::Database;
use super::io::Io;
use super::purpose::Purpose;
use super::session::Session;
use super::tables::STORE;
use super::writer::learn_head;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql::Link;
use crate::writer::Mark;

/// A connection for reads that one thread makes, one after the other, each knowing whether
/// commands were carried out since the last. Made anew when it is lost.
#[derive(Debug)]
pub struct Follower {
    database: Database,
    io: Io,
    session: Option<Session>,
}

impl Follower {
    pub(crate) fn new(database: Database, io: &Io) -> Result<Self, StoreError> {
        let io = io.by_waiting().map_err(|e| StoreError::Io(e.to_string()))?;
        Ok(Self {
            database,
            io,
            session: None,
        })
    }

    /// Reads on a snapshot of this moment, whose mark it is told. Not from async code.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] while the database can't be reached or is a standby;
    /// [`StoreError::OtherSchema`]; what the reading fails with.
    pub fn read<T>(
        &mut self,
        f: impl FnOnce(&mut Reader<'_>, Mark) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let reused = self.session.is_some();
        let begun = match self.begin() {
            // An old connection may have ended unnoticed; nothing was read on it yet.
            Err(StoreError::Unavailable(_)) if reused => self.begin(),
            begun => begun,
        };
        let session = begun?;
        let mut reader = Reader::new(Link::Postgres(session));
        let read = f(&mut reader, Mark::of(session));
        // A snapshot that is left open keeps the server from tidying up.
        session.roll_back();
        read
    }

    fn begin(&mut self) -> Result<&Session, StoreError> {
        let session = match self.session.take().filter(|session| !session.is_lost()) {
            Some(session) => session,
            None => Session::connect(&self.database, &self.io, Purpose::Follow)?,
        };
        session.fresh();
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let head = session.query_within(begin, &[(STORE.head, Vec::new())]);
        let learned = head.and_then(|head| learn_head(&STORE, &session, &head.concat()));
        if learned.is_err() {
            session.roll_back();
        }
        let session = self.session.insert(session);
        learned.map(|()| &*session)
    }
}
