//! A license: its terms (L1), its state at a moment (L2), and what it covers.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::{FolderId, LicenseId, ProductId};
use crate::names::{LicenseRef, ModuleCode, ProductCode, Serial, Title};
use crate::session::Ask;
use crate::time::{Millis, Timestamp};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable code, as it is stored and travels.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The value of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    )*};
}
pub(crate) use codes;

codes! {
    /// How seats of a license are used.
    Model {
        /// A seat belongs to a named user until released.
        Dedicated = "dedicated",
        /// A seat is occupied while somebody works.
        Floating = "floating",
        /// Everyone may work; no seats are counted.
        Site = "site",
    }
    /// What a seat lets its user do. `Write` is the higher level.
    AccessLevel {
        /// Look.
        Read = "read",
        /// Look and change.
        Write = "write",
    }
    /// When a license may be removed (L6).
    Removable {
        /// At any time.
        Always = "always",
        /// Only once expired.
        AfterExpiry = "after_expiry",
    }
    /// What takes a floating seat (S6).
    CountedBy {
        /// All sessions of one user share a seat.
        User = "user",
        /// Each session takes a seat.
        Session = "session",
    }
    /// When seats of a license are given without a hand (S9).
    AutoAssign {
        /// Never.
        Off = "off",
        /// To each new account, while there are any.
        NewUsers = "new_users",
        /// At sign-in (A8).
        AsNeeded = "as_needed",
    }
    /// What a license is at a moment (L2). Derived, never stored.
    State {
        /// Its agreement has not been accepted (L8).
        AwaitingAgreement = "awaiting_agreement",
        /// Not started yet.
        Scheduled = "scheduled",
        /// In force.
        Active = "active",
        /// In force, ending within the warning period.
        Expiring = "expiring",
        /// Past its end, within its grace days.
        Grace = "grace",
        /// Over.
        Expired = "expired",
        /// Not revalidated in time.
        Stale = "stale",
        /// Withdrawn by its issuer.
        Revoked = "revoked",
        /// Removed here.
        Removed = "removed",
    }
}

impl State {
    /// Whether people may work on a license in this state (L2).
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Expiring | Self::Grace)
    }
}

/// The modules that a license gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modules {
    /// Every module of the product.
    All,
    /// These only.
    Only(BTreeSet<ModuleCode>),
}

impl Modules {
    /// Whether all modules are given.
    pub const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Whether this one is given.
    pub fn contains(&self, module: &ModuleCode) -> bool {
        match self {
            Self::All => true,
            Self::Only(modules) => modules.contains(module),
        }
    }

    /// Whether everything that `other` gives is given here.
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Only(_), Self::All) => false,
            (Self::Only(mine), Self::Only(theirs)) => theirs.is_subset(mine),
        }
    }

    /// What both give together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::Only(a.union(b).cloned().collect()),
            _ => Self::All,
        }
    }
}

/// An agreement that comes with a license (L8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its whole text.
    pub text: String,
    /// SHA-256 of the text, lower-case hexadecimal; kept with the acceptance.
    pub hash: String,
}

/// What an issuer grants (L1). Changes only by a higher revision (L4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The issuer's id, globally unique.
    pub reference: LicenseRef,
    /// Counts up with each re-issue.
    pub revision: u64,
    /// The serial number that people read.
    pub serial: Serial,
    /// The product's code.
    pub product: ProductCode,
    /// The product's name.
    pub product_name: Title,
    /// How seats are used.
    pub model: Model,
    /// What a seat lets its user do.
    pub access: AccessLevel,
    /// Which modules a seat gives.
    pub modules: Modules,
    /// How many seats; 0 for `site`.
    pub seats: u32,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when (exclusive); [`Timestamp::FOREVER`] when perpetual.
    pub expires_at: Timestamp,
    /// How long it stays usable after its end.
    pub grace: Millis,
    /// Whether seats can be assigned (L6).
    pub assignable: bool,
    /// When it may be removed (L6).
    pub removable: Removable,
    /// What takes a floating seat (S6).
    pub counted_by: CountedBy,
    /// How often it must be revalidated; never when absent (I3).
    pub revalidate_every: Option<Millis>,
    /// How long it stays usable when revalidation is overdue (I3).
    pub offline_grace: Millis,
    /// What must be accepted first (L8).
    pub agreement: Option<Agreement>,
    /// The installation it is bound to (L5); checked at intake.
    pub installation: Option<String>,
    /// The issuer's ids of licenses that this one replaces.
    pub replaces: Vec<LicenseRef>,
}

impl Terms {
    /// Whether a seat of this license alone covers what is asked (domain.md, "covers").
    pub fn covers(&self, ask: &Ask) -> bool {
        ask.access.is_none_or(|asked| self.access >= asked)
            && ask
                .modules
                .iter()
                .all(|module| self.modules.contains(module))
    }

    /// Whether a seat of this license gives all that a seat of `other` gives.
    pub fn covers_all_of(&self, other: &Self) -> bool {
        self.access >= other.access && self.modules.includes(&other.modules)
    }
}

/// Who accepted an agreement, and when (L8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The administrator.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The hash of the text that was accepted.
    pub hash: String,
}

/// A license as it stands in this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    /// Our id.
    pub id: LicenseId,
    /// Our id of its product.
    pub product: ProductId,
    /// What was granted.
    pub terms: Arc<Terms>,
    /// The issuer's name, as its key was trusted.
    pub issuer: Title,
    /// The id of the key that signed it.
    pub key: String,
    /// When its seats are given without a hand (S9).
    pub auto_assign: AutoAssign,
    /// When it first arrived.
    pub imported_at: Timestamp,
    /// When the issuer last confirmed it (I3); its import counts.
    pub validated_at: Timestamp,
    /// The acceptance of its agreement (L8).
    pub accepted: Option<Acceptance>,
    /// The license that took its holders over (L10); it gives no seats any more.
    pub replaced_by: Option<LicenseId>,
    /// When its issuer withdrew it.
    pub revoked_at: Option<Timestamp>,
    /// When it was removed here.
    pub removed_at: Option<Timestamp>,
    /// In which folders how many of its seats stood when it lost them, for when it has them again; empty while it does.
    pub stood: Vec<Stood>,
    /// Counts changes, for optimistic concurrency.
    pub version: u32,
}

/// How many seats of a license stood in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    /// The folder, which may be gone since.
    pub folder: FolderId,
    /// How many seats; at least 1.
    pub seats: u32,
}

impl License {
    /// How many seats there are: none once removed or revoked, and none on a site license.
    pub fn capacity(&self) -> u32 {
        if self.revoked_at.is_some() || self.removed_at.is_some() {
            0
        } else {
            self.terms.seats
        }
    }

    /// When the license must have been confirmed again, with its offline grace (I3).
    pub fn stale_at(&self) -> Timestamp {
        match self.terms.revalidate_every {
            Some(every) => self.validated_at.plus(every).plus(self.terms.offline_grace),
            None => Timestamp::FOREVER,
        }
    }

    fn awaits_agreement(&self) -> bool {
        match (&self.terms.agreement, &self.accepted) {
            (Some(agreement), Some(acceptance)) => agreement.hash != acceptance.hash,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// The time in which people may work on it: from the first moment, until the second
    /// (exclusive). Empty for what can't become usable by waiting.
    pub fn usable_window(&self) -> (Timestamp, Timestamp) {
        if self.removed_at.is_some() || self.revoked_at.is_some() || self.awaits_agreement() {
            return (Timestamp::FOREVER, Timestamp::NEVER);
        }
        let until = self
            .terms
            .expires_at
            .plus(self.terms.grace)
            .min(self.stale_at());
        (self.terms.starts_at, until)
    }

    /// Whether people may work on it now (L2).
    pub fn is_usable(&self, now: Timestamp) -> bool {
        let (from, until) = self.usable_window();
        from <= now && now < until
    }

    /// Whether its seats may be given to people at all (L6).
    pub fn is_assignable(&self) -> bool {
        self.terms.assignable
    }

    /// Whether its seats are given where the product is asked for. Those of a replaced license
    /// are not (L10); by its name it can still be granted, give refuge, or take over again.
    pub fn is_offered(&self) -> bool {
        self.is_assignable() && self.replaced_by.is_none()
    }

    /// Whether A8 may give its seats: all modules, assignable, and, when dedicated, as needed.
    pub fn gives_at_sign_in(&self) -> bool {
        self.is_offered()
            && self.terms.modules.is_all()
            && (self.terms.model != Model::Dedicated || self.auto_assign == AutoAssign::AsNeeded)
    }

    /// Whether its term and its grace are over, whatever else it is.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.terms.expires_at.plus(self.terms.grace) <= now
    }

    /// Its state at `now` (L2), with warnings `warn_before` its end.
    pub fn state(&self, now: Timestamp, warn_before: Millis) -> State {
        let end = self.terms.expires_at;
        if self.removed_at.is_some() {
            State::Removed
        } else if self.revoked_at.is_some() {
            State::Revoked
        } else if self.has_expired(now) {
            State::Expired
        } else if self.awaits_agreement() {
            State::AwaitingAgreement
        } else if now < self.terms.starts_at {
            State::Scheduled
        } else if self.stale_at() <= now {
            State::Stale
        } else if end <= now {
            State::Grace
        } else if end <= now.plus(warn_before) {
            State::Expiring
        } else {
            State::Active
        }
    }
}
