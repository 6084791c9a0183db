//! What is read from a ledger and written into it.

use std::ops::Deref;

use domain::Timestamp;

use super::rows::{self, Activation, License, NewLicense, Revision, Signer};
use super::statements as sql;
use crate::error::StoreError;
use crate::sql::{Link, Statement, Value, ms, opt_text};

/// A snapshot of a ledger.
#[derive(Clone, Copy)]
pub struct Reading<'l>(pub(super) Link<'l>);

/// A transaction on a ledger, which reads what it wrote.
#[derive(Clone, Copy)]
pub struct Writing<'l>(pub(super) Reading<'l>);

impl Reading<'_> {
    /// Every license, by serial.
    pub fn licenses(self) -> Result<Vec<License>, StoreError> {
        self.0.all(&sql::LEDGER_LICENSES, &[], rows::license)
    }

    /// The license with an id, else the one with that serial.
    pub fn find(self, id_or_serial: &str) -> Result<Option<License>, StoreError> {
        let values = [id_or_serial.into()];
        let by_id = self.0.first(&sql::LEDGER_LICENSE, &values, rows::license)?;
        if by_id.is_some() {
            return Ok(by_id);
        }
        self.0
            .first(&sql::LEDGER_LICENSE_BY_SERIAL, &values, rows::license)
    }

    /// The license with an id.
    pub fn find_by_id(self, id: &str) -> Result<Option<License>, StoreError> {
        self.0
            .first(&sql::LEDGER_LICENSE, &[id.into()], rows::license)
    }

    /// The license of a key.
    pub fn find_by_key(self, hash: &[u8; 32]) -> Result<Option<License>, StoreError> {
        let values = [Value::Bytes(hash)];
        self.0
            .first(&sql::LEDGER_LICENSE_BY_KEY, &values, rows::license)
    }

    /// Every revision of a license, first to last.
    pub fn revisions(self, license: &str) -> Result<Vec<Revision>, StoreError> {
        self.0
            .all(&sql::LEDGER_REVISIONS, &[license.into()], rows::revision)
    }

    /// Activations of one license, or of all, by serial and time.
    pub fn activations(self, license: Option<&str>) -> Result<Vec<Activation>, StoreError> {
        match license {
            Some(id) => self
                .0
                .all(&sql::LEDGER_ACTIVATIONS_OF, &[id.into()], rows::activation),
            None => self.0.all(&sql::LEDGER_ACTIVATIONS, &[], rows::activation),
        }
    }

    /// Who must sign for a license on an installation; none where it never was active.
    pub fn find_signer(
        self,
        license: &str,
        installation: &str,
    ) -> Result<Option<Signer>, StoreError> {
        let values = [license.into(), installation.into()];
        self.0.first(&sql::LEDGER_ACTIVATION, &values, rows::signer)
    }

    /// Whether a token has this hash.
    pub fn knows_token(self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let values = [Value::Bytes(hash)];
        let found = self.0.first(&sql::LEDGER_TOKEN, &values, |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// Whether there is any token.
    pub fn has_tokens(self) -> Result<bool, StoreError> {
        let found = self.0.first(&sql::LEDGER_ANY_TOKEN, &[], |_| Ok(()))?;
        Ok(found.is_some())
    }
}

impl<'l> Deref for Writing<'l> {
    type Target = Reading<'l>;

    fn deref(&self) -> &Reading<'l> {
        &self.0
    }
}

impl Writing<'_> {
    fn run(self, statement: &'static Statement, values: &[Value<'_>]) -> Result<usize, StoreError> {
        self.0.0.run(statement, values)
    }

    /// Keeps a license that was just issued, with its first revision; whether its id and serial were free.
    pub fn add(self, license: &NewLicense<'_>, now: Timestamp) -> Result<bool, StoreError> {
        let names = [license.id.into(), license.serial.into()];
        let taken = self.0.0.first(&sql::LEDGER_IS_TAKEN, &names, |_| Ok(()))?;
        if taken.is_some() {
            return Ok(false);
        }
        let values = [
            license.id.into(),
            license.serial.into(),
            opt_text(license.customer),
            license.terms.into(),
            Value::Bytes(&license.key_hash),
            license.key_shown.into(),
            license.installations.into(),
            ms(now),
        ];
        self.run(&sql::LEDGER_ADD_LICENSE, &values)?;
        self.add_revision(license.id, license.revision, license.terms, now)?;
        Ok(true)
    }

    /// Keeps a further revision of a license; one that was withdrawn is back by it.
    pub fn reissue(
        self,
        license: &str,
        serial: &str,
        revision: u64,
        terms: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = [license.into(), terms.into(), serial.into(), ms(now)];
        self.run(&sql::LEDGER_REISSUE, &values)?;
        self.add_revision(license, revision, terms, now)
    }

    fn add_revision(
        self,
        license: &str,
        revision: u64,
        terms: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = [license.into(), number(revision), terms.into(), ms(now)];
        self.run(&sql::LEDGER_ADD_REVISION, &values).map(drop)
    }

    /// Withdraws a license; harmless twice.
    pub fn withdraw(
        self,
        license: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = [license.into(), ms(now), opt_text(why)];
        self.run(&sql::LEDGER_WITHDRAW, &values).map(drop)
    }

    /// Gives a license another key; the one before works no more.
    pub fn rekey(self, license: &str, hash: &[u8; 32], shown: &str) -> Result<(), StoreError> {
        let values = [license.into(), Value::Bytes(hash), shown.into()];
        self.run(&sql::LEDGER_REKEY, &values).map(drop)
    }

    /// Notes that a license is active on an installation that has this key, and which revision it was sent. Whether
    /// there is room for it is for the caller to look at, in the same transaction.
    pub fn activate(
        self,
        license: &str,
        installation: &str,
        public_key: &str,
        company: Option<&str>,
        revision: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = [
            license.into(),
            installation.into(),
            public_key.into(),
            opt_text(company),
            ms(now),
            number(revision),
        ];
        self.run(&sql::LEDGER_ACTIVATE, &values).map(drop)
    }

    /// Notes that an installation asked, for which company if it said, and which revision it was sent.
    pub fn seen(
        self,
        license: &str,
        installation: &str,
        company: Option<&str>,
        revision: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = [
            license.into(),
            installation.into(),
            ms(now),
            number(revision),
            opt_text(company),
        ];
        self.0.0.put(&sql::LEDGER_SEEN, &values)
    }

    /// Takes a license from an installation; whether it was active there.
    pub fn release(
        self,
        license: &str,
        installation: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = [license.into(), installation.into(), ms(now)];
        Ok(self.run(&sql::LEDGER_RELEASE, &values)? == 1)
    }

    /// Keeps an administrator's token; whether the name was free.
    pub fn add_token(
        self,
        name: &str,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = [name.into(), Value::Bytes(hash), ms(now)];
        Ok(self.run(&sql::LEDGER_ADD_TOKEN, &values)? == 1)
    }
}

/// Revisions are at most 2^53.
fn number(revision: u64) -> Value<'static> {
    Value::Int(i64::try_from(revision).unwrap_or(i64::MAX))
}
