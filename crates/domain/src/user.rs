//! A user account, and the person behind it.

use crate::ids::{FolderId, PersonId, UserId};
use crate::names::{Email, PersonName, Username};
use crate::time::Timestamp;

/// An account. Seats belong to its person, which it may share with other accounts (S12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The human behind it.
    pub person: PersonId,
    /// What it signs in with, unique without case.
    pub username: Username,
    /// The person's full name, where known.
    pub name: Option<PersonName>,
    /// Where known.
    pub email: Option<Email>,
    /// Where it lives; decides which pools serve it first.
    pub folder: FolderId,
    /// Whether it may work at all.
    pub active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes, for optimistic concurrency.
    pub version: u32,
}
