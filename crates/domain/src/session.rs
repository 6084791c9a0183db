//! A session: one sign-in of a user to a product, kept alive by heartbeats.

use serde::{Deserialize, Serialize};

use crate::ids::{LicenseId, PersonId, PoolId, ProductId, SessionId, UserId};
use crate::license::{AccessLevel, codes};
use crate::names::{ClientName, ModuleCode};
use crate::time::Timestamp;

/// What is asked of a seat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ask {
    /// The lowest access level that will do; none: the best to be had.
    pub access: Option<AccessLevel>,
    /// The modules needed; none: any.
    pub modules: Vec<ModuleCode>,
}

/// What carries a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// The person's usable dedicated seats of the product together; the license named in the
    /// answer is the one that ends first.
    Dedicated {
        /// The license named in the answer.
        license: LicenseId,
    },
    /// One floating seat.
    Floating {
        /// Its license.
        license: LicenseId,
        /// Its pool.
        pool: PoolId,
    },
    /// A site license; no seat.
    Site {
        /// That license.
        license: LicenseId,
    },
    /// A demo seat (A2).
    Demo,
}

impl Via {
    /// The stable code, as it is stored and travels.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dedicated { .. } => "dedicated",
            Self::Floating { .. } => "floating",
            Self::Site { .. } => "site",
            Self::Demo => "demo",
        }
    }

    /// The license named in the answer.
    pub const fn license(self) -> Option<LicenseId> {
        match self {
            Self::Dedicated { license }
            | Self::Floating { license, .. }
            | Self::Site { license } => Some(license),
            Self::Demo => None,
        }
    }

    /// The pool in which it takes a floating seat.
    pub const fn floating_pool(self) -> Option<PoolId> {
        match self {
            Self::Floating { pool, .. } => Some(pool),
            _ => None,
        }
    }
}

codes! {
    /// Why a session ended.
    EndReason {
        /// The application signed out.
        SignedOut = "signed_out",
        /// No heartbeat came in time (H1, H2).
        TimedOut = "timed_out",
        /// The time for which it was borrowed is over (H5).
        BorrowEnded = "borrow_ended",
        /// It was borrowed, and returned early (H5).
        Returned = "returned",
        /// An administrator ended it.
        EndedByAdministrator = "ended_by_administrator",
        /// Its seat was taken back at once (S4).
        SeatRecalled = "seat_recalled",
        /// What carried it expired (H6).
        LicenseExpired = "license_expired",
        /// What carried it was not revalidated in time (H6).
        LicenseStale = "license_stale",
        /// What carried it was withdrawn by its issuer (H6).
        LicenseRevoked = "license_revoked",
        /// What carried it was removed (H6, L7).
        LicenseRemoved = "license_removed",
        /// Its seat no longer covers what was asked (H6).
        NotCovered = "not_covered",
        /// Its user was deactivated (S8).
        UserDeactivated = "user_deactivated",
        /// Its user was deleted (S8).
        UserDeleted = "user_deleted",
        /// Its account left the person whose seats carried it (S12).
        AccountUnlinked = "account_unlinked",
    }
}

/// What is known of a seat that is offline (H5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loan {
    /// When the last signed period ends (exclusive): until then the seat is held.
    pub until: Timestamp,
    /// When and why the session was ended all the same; its seat is held until then.
    pub closed: Option<(Timestamp, EndReason)>,
}

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// The human behind.
    pub person: PersonId,
    /// To what.
    pub product: ProductId,
    /// What carries it.
    pub via: Via,
    /// What was asked at sign-in; must stay covered (H6).
    pub ask: Ask,
    /// What the application said of itself.
    pub client: Option<ClientName>,
    /// When it began.
    pub started_at: Timestamp,
    /// Until when it holds without a heartbeat (exclusive).
    pub expires_at: Timestamp,
    /// Until when it is, or was, borrowed (H5).
    pub loan: Option<Loan>,
    /// When and why it ended.
    pub ended: Option<(Timestamp, EndReason)>,
}

impl Session {
    /// Whether it holds anything at `now` (H2): neither ended nor past its time-out.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.expires_at
    }

    /// Whether its seat is offline at `now`, so that nothing but its return frees it (H5).
    pub fn is_borrowed(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.loan.is_some_and(|loan| now < loan.until)
    }

    /// Why it is over once its time is: it was ended while borrowed, the loan came to its end,
    /// or no heartbeat came.
    pub fn lapse_reason(&self) -> EndReason {
        match self.loan {
            Some(Loan {
                closed: Some((_, reason)),
                ..
            }) => reason,
            Some(loan) if loan.until == self.expires_at => EndReason::BorrowEnded,
            _ => EndReason::TimedOut,
        }
    }

    /// Whether it is past its time-out and nobody has written that down yet (H2).
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.expires_at <= now
    }
}
