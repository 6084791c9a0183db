//! What the service keeps, in one SQLite database: every statement of it is here.

mod rows;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use license_file::document::LicenseTerms;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::ServiceError;
use super::model::{Activation, Entry, Revision};
use rows::{entry, json, moment, number, opt_moment, terms};

/// The database within the folder.
const FILE: &str = "service.db";

/// The service's database.
#[derive(Debug)]
pub struct Ledger(Connection);

/// What is needed to keep a license that was just issued.
pub(super) struct NewEntry<'a> {
    pub(super) customer: Option<&'a str>,
    pub(super) terms: &'a LicenseTerms,
    pub(super) key_hash: [u8; 32],
    pub(super) key_shown: String,
    pub(super) installations: u32,
}

/// An activation with the key that must sign for it.
pub(super) struct Activated {
    pub(super) public_key: String,
    pub(super) released: bool,
}

const ENTRY: &str = "SELECT l.customer, l.terms, l.key_shown, l.installations, \
    (SELECT count(*) FROM activation a WHERE a.license_id = l.id AND a.released_at IS NULL), \
    l.issued_at, l.changed_at, l.withdrawn_at, l.withdrawn_why FROM license l ";
const ACTIVATION: &str = "SELECT a.license_id, l.serial, a.installation, a.company, a.activated_at, \
    a.seen_at, a.revision, a.released_at FROM activation a JOIN license l ON l.id = a.license_id ";

impl Ledger {
    /// Opens the database in a folder; both are made when missing.
    ///
    /// # Errors
    /// [`ServiceError::Folder`], [`ServiceError::Ledger`].
    pub fn open(folder: &Path) -> Result<Self, ServiceError> {
        std::fs::create_dir_all(folder).map_err(|error| ServiceError::Folder {
            path: folder.to_owned(),
            error,
        })?;
        let connection = Connection::open(folder.join(FILE))?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )?;
        let mut ledger = Self(connection);
        ledger.migrate()?;
        Ok(ledger)
    }

    fn migrate(&mut self) -> Result<(), ServiceError> {
        let transaction = self.begin()?;
        let version: u32 =
            transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            0 => {
                transaction.execute_batch(include_str!("schema.sql"))?;
                transaction.pragma_update(None, "user_version", 1)?;
            }
            1 => {}
            newer => {
                let why = format!("it has version {newer}; update this program");
                return Err(ServiceError::Damaged(why));
            }
        }
        Ok(transaction.commit()?)
    }

    fn begin(&mut self) -> Result<Transaction<'_>, ServiceError> {
        Ok(self
            .0
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Keeps licenses that were just issued, all or none.
    pub(super) fn add(
        &mut self,
        entries: &[NewEntry<'_>],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let transaction = self.begin()?;
        for entry in entries {
            let terms = entry.terms;
            let taken: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM license WHERE id = ?1 OR serial = ?2)",
                params![terms.id, terms.serial],
                |row| row.get(0),
            )?;
            if taken {
                return Err(ServiceError::SerialTaken(terms.serial.clone()));
            }
            transaction.execute(
                "INSERT INTO license (id, serial, customer, terms, key_hash, key_shown, installations, issued_at, \
                 changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
                params![
                    terms.id,
                    terms.serial,
                    entry.customer,
                    json(terms)?,
                    entry.key_hash,
                    entry.key_shown,
                    entry.installations,
                    now.as_millisecond(),
                ],
            )?;
            keep_revision(&transaction, terms, now)?;
        }
        Ok(transaction.commit()?)
    }

    /// The license of a key.
    pub(super) fn find_by_key(&self, hash: &[u8; 32]) -> Result<Option<Entry>, ServiceError> {
        self.entry("WHERE l.key_hash = ?1", params![hash])
    }

    /// The license with an id or a serial.
    pub(super) fn find(&self, id_or_serial: &str) -> Result<Option<Entry>, ServiceError> {
        match self.entry("WHERE l.id = ?1", params![id_or_serial])? {
            Some(entry) => Ok(Some(entry)),
            None => self.entry("WHERE l.serial = ?1", params![id_or_serial]),
        }
    }

    fn entry(
        &self,
        whose: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Option<Entry>, ServiceError> {
        let mut statement = self.0.prepare_cached(&format!("{ENTRY}{whose}"))?;
        Ok(statement.query_row(values, entry).optional()?)
    }

    /// Every license, by serial.
    pub(super) fn entries(&self) -> Result<Vec<Entry>, ServiceError> {
        let mut statement = self
            .0
            .prepare_cached(&format!("{ENTRY}ORDER BY l.serial"))?;
        let found = statement.query_map([], entry)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Every revision of a license, first to last.
    pub(super) fn revisions(&self, license: &str) -> Result<Vec<Revision>, ServiceError> {
        let mut statement = self.0.prepare_cached(
            "SELECT at, terms FROM revision WHERE license_id = ?1 ORDER BY revision",
        )?;
        let found = statement.query_map([license], |row| {
            Ok(Revision {
                at: moment(row, 0)?,
                terms: terms(row, 1)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Keeps a new revision of a license; one that was withdrawn is back by it.
    pub(super) fn reissue(
        &mut self,
        terms: &LicenseTerms,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let transaction = self.begin()?;
        transaction.execute(
            "UPDATE license SET terms = ?2, serial = ?3, changed_at = ?4, withdrawn_at = NULL, withdrawn_why = NULL \
             WHERE id = ?1",
            params![terms.id, json(terms)?, terms.serial, now.as_millisecond()],
        )?;
        keep_revision(&transaction, terms, now)?;
        Ok(transaction.commit()?)
    }

    /// Withdraws a license.
    pub(super) fn withdraw(
        &mut self,
        license: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        self.0.execute(
            "UPDATE license SET withdrawn_at = ?2, withdrawn_why = ?3 WHERE id = ?1 AND withdrawn_at IS NULL",
            params![license, now.as_millisecond(), why],
        )?;
        Ok(())
    }

    /// Gives a license another key; the one before works no more.
    pub(super) fn rekey(
        &mut self,
        license: &str,
        hash: &[u8; 32],
        shown: &str,
    ) -> Result<(), ServiceError> {
        self.0.execute(
            "UPDATE license SET key_hash = ?2, key_shown = ?3 WHERE id = ?1",
            params![license, hash, shown],
        )?;
        Ok(())
    }

    /// The activation of a license on an installation.
    pub(super) fn find_activation(
        &self,
        license: &str,
        installation: &str,
    ) -> Result<Option<Activated>, ServiceError> {
        let mut statement = self.0.prepare_cached(
            "SELECT public_key, released_at IS NOT NULL FROM activation WHERE license_id = ?1 AND installation = ?2",
        )?;
        let found = statement.query_row([license, installation], |row| {
            Ok(Activated {
                public_key: row.get(0)?,
                released: row.get(1)?,
            })
        });
        Ok(found.optional()?)
    }

    /// Activations of one license or of all, by serial and time.
    pub(super) fn activations(
        &self,
        license: Option<&str>,
    ) -> Result<Vec<Activation>, ServiceError> {
        let mut statement = self.0.prepare_cached(&format!(
            "{ACTIVATION}WHERE ?1 IS NULL OR a.license_id = ?1 ORDER BY l.serial, a.activated_at, a.installation"
        ))?;
        let found = statement.query_map([license], |row| {
            Ok(Activation {
                license: row.get(0)?,
                serial: row.get(1)?,
                installation: row.get(2)?,
                company: row.get(3)?,
                activated_at: moment(row, 4)?,
                seen_at: moment(row, 5)?,
                revision: u64::try_from(row.get::<_, i64>(6)?).unwrap_or(0),
                released_at: opt_moment(row, 7)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Activates a license on an installation, if there is room: no two requests see the same last place.
    /// Whether there was.
    pub(super) fn activate(
        &mut self,
        entry: &Entry,
        installation: &str,
        public_key: &str,
        company: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let transaction = self.begin()?;
        let others: u32 = transaction.query_row(
            "SELECT count(*) FROM activation WHERE license_id = ?1 AND installation <> ?2 AND released_at IS NULL",
            params![entry.terms.id, installation],
            |row| row.get(0),
        )?;
        if others >= entry.installations {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO activation (license_id, installation, public_key, company, activated_at, seen_at, revision) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6) \
             ON CONFLICT (license_id, installation) DO UPDATE SET public_key = excluded.public_key, \
             company = excluded.company, seen_at = excluded.seen_at, revision = excluded.revision, released_at = NULL",
            params![
                entry.terms.id,
                installation,
                public_key,
                company,
                now.as_millisecond(),
                number(entry.terms.revision),
            ],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Notes that an installation asked, and what it was sent.
    pub(super) fn seen(
        &mut self,
        seen: &[(String, u64)],
        installation: &str,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let transaction = self.begin()?;
        for (license, revision) in seen {
            transaction.execute(
                "UPDATE activation SET seen_at = ?3, revision = ?4 WHERE license_id = ?1 AND installation = ?2",
                params![license, installation, now.as_millisecond(), number(*revision)],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// Takes a license from an installation; whether it was active there.
    pub(super) fn release(
        &mut self,
        license: &str,
        installation: &str,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let changed = self.0.execute(
            "UPDATE activation SET released_at = ?3 WHERE license_id = ?1 AND installation = ?2 AND released_at IS NULL",
            params![license, installation, now.as_millisecond()],
        )?;
        Ok(changed == 1)
    }

    /// Keeps an administrator's token; whether the name was free.
    pub(super) fn add_token(
        &mut self,
        name: &str,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let added = self.0.execute(
            "INSERT INTO token (name, hash, made_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
            params![name, hash, now.as_millisecond()],
        )?;
        Ok(added == 1)
    }

    /// Whether a token has this hash.
    pub(super) fn knows_token(&self, hash: &[u8; 32]) -> Result<bool, ServiceError> {
        let mut statement = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM token WHERE hash = ?1)")?;
        Ok(statement.query_row([hash], |row| row.get(0))?)
    }

    /// Whether there is any token.
    pub(super) fn has_tokens(&self) -> Result<bool, ServiceError> {
        let any = "SELECT EXISTS (SELECT 1 FROM token)";
        Ok(self.0.query_row(any, [], |row| row.get(0))?)
    }
}

fn keep_revision(
    transaction: &Transaction<'_>,
    terms: &LicenseTerms,
    now: Timestamp,
) -> Result<(), ServiceError> {
    transaction.execute(
        "INSERT INTO revision (license_id, revision, terms, at) VALUES (?1, ?2, ?3, ?4)",
        params![
            terms.id,
            number(terms.revision),
            json(terms)?,
            now.as_millisecond()
        ],
    )?;
    Ok(())
}
