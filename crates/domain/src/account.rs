//! Accounts of the web console: who may sign in there, and their sign-ins.
//!
//! These are people who look after licenses. Users of the licensed products are
//! [`crate::User`]s; one human may be both, under the same name.

use crate::actor::{Actor, Reach, Role};
use crate::ids::AccountId;
use crate::names::{PersonName, Username};
use crate::time::{Millis, Timestamp};

/// A hashed password, in PHC form. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(Box<str>);

impl PasswordHash {
    /// What the hashing made.
    pub fn new(phc: impl Into<Box<str>>) -> Self {
        Self(phc.into())
    }

    /// For verifying and storing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// Somebody who may sign in to the console (R1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it signs in with, unique without case. The record names its acts by this.
    pub name: Username,
    /// The person's full name, where known.
    pub full_name: Option<PersonName>,
    /// What it may do; never `application`.
    pub role: Role,
    /// How far that goes.
    pub reach: Reach,
    /// Its password, hashed; while it is invited, the code of its one-time link instead.
    pub password: PasswordHash,
    /// Until when (exclusive) its one-time link works, by which a password is chosen. While there
    /// is such a time, over or not, no password signs in.
    pub invited_until: Option<Timestamp>,
    /// Whether it may sign in.
    pub active: bool,
    /// Counts up with whatever ends all its sign-ins: another password, deactivation.
    pub generation: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes, for optimistic concurrency.
    pub version: u32,
}

/// One sign-in of an account, on one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSession {
    /// SHA-256 of the secret in the browser's cookie, lower-case hexadecimal.
    pub hash: String,
    /// Whose.
    pub account: AccountId,
    /// The account's generation at the time; with another one the sign-in is over.
    pub generation: u32,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when (exclusive).
    pub expires_at: Timestamp,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What it signs in with.
    pub name: Username,
    /// The person's full name.
    pub full_name: Option<PersonName>,
    /// What it may do.
    pub role: Role,
    /// How far that goes.
    pub reach: Reach,
    /// Its password, hashed; of an invited one, the code of its one-time link.
    pub password: PasswordHash,
    /// Whether its password is chosen by a one-time link.
    pub invited: bool,
}

/// What changes on an account; `None` leaves as it is, `Some(None)` empties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountPatch {
    /// Another full name.
    pub full_name: Option<Option<PersonName>>,
    /// Another role.
    pub role: Option<Role>,
    /// Other bounds of what it reaches.
    pub reach: Option<Reach>,
    /// Another password; ends every sign-in.
    pub password: Option<PasswordHash>,
    /// Whether that password is the code of a one-time link, by which another is chosen.
    pub invited: bool,
    /// Deactivated (ends every sign-in) or activated.
    pub active: Option<bool>,
}

impl Account {
    /// How long a sign-in lasts: a working day and no night.
    pub const SIGNED_IN_FOR: Millis = Millis::seconds(12 * 3600);
    /// How long a one-time link works: over a weekend.
    pub const INVITED_FOR: Millis = Millis::days(3);
    /// The shortest password, in characters.
    pub const SHORTEST_PASSWORD: usize = 10;
    /// The longest password, in bytes: hashing must not be made to take long.
    pub const LONGEST_PASSWORD: usize = 1024;

    /// The roles that an account may have: `application` is for programs.
    pub const ROLES: &[Role] = &[
        Role::Administrator,
        Role::Manager,
        Role::Auditor,
        Role::User,
    ];

    /// In whose name its commands are carried out.
    pub fn actor(&self) -> Actor {
        Actor {
            name: self.name.as_str().into(),
            role: self.role,
            reach: self.reach,
        }
    }

    /// Whether a sign-in still holds at `now`.
    pub fn carries(&self, session: &AccountSession, now: Timestamp) -> bool {
        self.active
            && session.account == self.id
            && session.generation == self.generation
            && now < session.expires_at
    }

    /// Whether its one-time link works at `now`.
    pub fn is_invited(&self, now: Timestamp) -> bool {
        self.active && self.invited_until.is_some_and(|until| now < until)
    }

    /// What is wrong with a new password, as a sentence; `None` when it can be used.
    pub fn password_fault(password: &str, name: &Username) -> Option<&'static str> {
        if password.chars().count() < Self::SHORTEST_PASSWORD {
            return Some("the password is too short: it needs at least 10 characters");
        }
        if password.len() > Self::LONGEST_PASSWORD {
            return Some("the password is too long: it may have 1,024 bytes at most");
        }
        if crate::names::fold(password).contains(&name.key()) {
            return Some("the password must not contain the account's name");
        }
        let first = password.chars().next();
        if password.chars().all(|c| Some(c) == first) {
            return Some("the password must be more than one character repeated");
        }
        None
    }

    /// How long to wait before the next attempt, after so many wrong passwords in a row: none
    /// for the first four, then doubling from two seconds to a quarter of an hour.
    pub fn wait_after(failures: u32) -> Millis {
        match failures.checked_sub(5) {
            None => Millis::ZERO,
            Some(more) => Millis::seconds((2_i64 << more.min(10)).min(900)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_must_be_long_and_not_the_name() {
        let name = Username::parse("anna").unwrap();
        let fault = |password: &str| Account::password_fault(password, &name);
        assert!(fault("short").unwrap().contains("10 characters"));
        assert!(fault("my ANNA password").unwrap().contains("name"));
        assert!(fault("aaaaaaaaaaaa").unwrap().contains("repeated"));
        let endless = "xy".repeat(520);
        assert!(fault(&endless).unwrap().contains("too long"));
        assert_eq!(fault("correct horse battery"), None);
    }

    #[test]
    fn waiting_begins_after_a_few_attempts_and_has_an_end() {
        assert_eq!(Account::wait_after(4), Millis::ZERO);
        assert_eq!(Account::wait_after(5), Millis::seconds(2));
        assert_eq!(Account::wait_after(7), Millis::seconds(8));
        assert_eq!(Account::wait_after(u32::MAX), Millis::seconds(900));
    }

    #[test]
    fn a_hash_does_not_print() {
        assert_eq!(
            format!("{:?}", PasswordHash::new("$argon2id$x")),
            "PasswordHash"
        );
    }
}
