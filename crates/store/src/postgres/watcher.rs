//! Looking, every moment, what other nodes changed.

use std::time::Instant;

use domain::Timestamp;

use super::address::Database;
use super::io::Io;
use super::purpose::Purpose;
use super::session::Session;
use super::tables::STORE;
use super::writer::lock_key;
use crate::error::StoreError;
use crate::meta;
use crate::migrations::KNOWN;
use crate::sql::{Columns, Value, statements_of_postgres};

statements_of_postgres! {
    LOOK = "SELECT m.name, m.number FROM meta m WHERE m.number IS NOT NULL";
    /// For the session: it goes when the connection does, and to whoever asks next.
    TAKE_UPKEEP = "SELECT pg_try_advisory_lock($1)";
}

/// What a look found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Rises with each change of what nodes keep in memory: the policy and the tokens.
    pub generation: i64,
    /// The latest time that any node saw (L11).
    pub latest_time: Timestamp,
    /// Whether this node is the one that does the work that is done once.
    pub does_upkeep: bool,
}

/// A connection of its own for looking, made anew when it is lost.
#[derive(Debug)]
pub struct Watcher {
    database: Database,
    io: Io,
    session: Option<(Session, i64)>,
    does_upkeep: bool,
    /// When a connection stopped answering, until another server is found.
    silent_since: Option<Instant>,
}

impl Watcher {
    pub(crate) const fn new(database: Database, io: Io) -> Self {
        Self {
            database,
            io,
            session: None,
            does_upkeep: false,
            silent_since: None,
        }
    }

    /// Looks once, and takes the upkeep over if nobody has it.
    ///
    /// # Errors
    /// [`StoreError::OtherSchema`] when another version of this program changed the schema;
    /// [`StoreError::Unavailable`] while the database can't be reached.
    pub fn look(&mut self) -> Result<Look, StoreError> {
        let looked = self.try_look();
        match &looked {
            Ok(_) => {
                if let Some(moment) = self.silent_since.take() {
                    // Others wait in vain on connections to the server that fell silent.
                    self.io.cut_before(moment);
                }
            }
            Err(_) => {
                let silent = self
                    .session
                    .as_ref()
                    .is_some_and(|(line, _)| line.is_silent());
                if silent {
                    self.silent_since = Some(Instant::now());
                }
                // With the connection, the upkeep went to others.
                self.session = None;
                self.does_upkeep = false;
            }
        }
        looked
    }

    fn try_look(&mut self) -> Result<Look, StoreError> {
        if self
            .session
            .as_ref()
            .is_none_or(|(session, _)| session.is_lost())
        {
            self.does_upkeep = false;
            let session = Session::connect(&self.database, &self.io, Purpose::Watch)?;
            // Beside the lock of those who write.
            let key = lock_key(&session, STORE.lock_seed)?.wrapping_add(1);
            self.session = Some((session, key));
        }
        let (session, key) = self.session.as_ref().expect("it was made above");
        let mut look = Look {
            generation: 0,
            latest_time: Timestamp::NEVER,
            does_upkeep: self.does_upkeep,
        };
        let mut found = 0;
        for row in &session.query(&LOOK, &[])? {
            let mut row = Columns::postgres(row);
            let name = row.of("meta").text("name")?;
            let number = row.int("number")?;
            match name {
                meta::GENERATION => look.generation = number,
                meta::LATEST_TIME => look.latest_time = Timestamp::from_millis(number),
                meta::SCHEMA_VERSION => found = number,
                _ => {}
            }
        }
        if found != i64::from(KNOWN) {
            return Err(StoreError::OtherSchema {
                found,
                known: KNOWN,
            });
        }
        if !look.does_upkeep {
            let rows = session.query(&TAKE_UPKEEP, &[Value::Int(*key)])?;
            look.does_upkeep = match rows.first() {
                Some(row) => Columns::postgres(row).of("lock").bool("taken")?,
                None => false,
            };
        }
        self.does_upkeep = look.does_upkeep;
        Ok(look)
    }
}
