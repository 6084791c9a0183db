//! Whose signatures are believed (L3): issuers' keys, their kinds and their periods.

use crate::license::codes;
use crate::names::Title;
use crate::time::Timestamp;

codes! {
    /// What a key signs.
    IssuerKind {
        /// Our own documents: license files, and what introduces further keys.
        Seatkeeper = "seatkeeper",
        /// The license files of a Keygen account.
        Keygen = "keygen",
    }
    /// Whether what a key signs is believed at a moment (L3).
    Standing {
        /// Not yet: its period begins later.
        NotBegun = "not_begun",
        /// It is.
        InForce = "in_force",
        /// Not any more: its period is over.
        Over = "over",
    }
}

impl Standing {
    /// In words, after the name of a key.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotBegun => "is not in force yet",
            Self::InForce => "is in force",
            Self::Over => "is not in force any more",
        }
    }
}

/// When a key may sign and be believed: from the first moment, until the second (exclusive).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Period {
    /// None: from ever.
    pub from: Option<Timestamp>,
    /// None: for ever.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Without ends.
    pub const ALWAYS: Self = Self {
        from: None,
        until: None,
    };

    /// Whether a moment lies before it, in it or after it. An empty one is over.
    pub fn standing(self, at: Timestamp) -> Standing {
        if self.until.is_some_and(|until| until <= at) {
            Standing::Over
        } else if self.from.is_some_and(|from| at < from) {
            Standing::NotBegun
        } else {
            Standing::InForce
        }
    }

    /// Whether a moment lies in it.
    pub fn contains(self, at: Timestamp) -> bool {
        self.standing(at) == Standing::InForce
    }

    /// Whether it has no moment at all.
    pub fn is_empty(self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until <= from)
    }
}

/// A key of an issuer that is trusted, or was (L3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The key's id.
    pub key: String,
    /// The issuer's name; a license of one issuer can't be changed by another.
    pub name: Title,
    /// What the key signs.
    pub kind: IssuerKind,
    /// The public key, base64url (RFC 8037 `x`).
    pub public_key: String,
    /// When its signatures are believed.
    pub period: Period,
    /// The key that introduced it; none: somebody here trusted it by hand.
    pub introduced_by: Option<String>,
    /// Since when it is trusted.
    pub trusted_at: Timestamp,
    /// Since when it is not trusted any more. It is remembered, so that no document can bring it
    /// back; only a person can.
    pub distrusted_at: Option<Timestamp>,
}

impl Issuer {
    /// Whether it is trusted at all.
    pub const fn is_trusted(&self) -> bool {
        self.distrusted_at.is_none()
    }
}
