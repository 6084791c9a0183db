//! The record: every change, with who, what, when, why, before and after (R3).

use crate::ids::{LicenseId, ProductId, SessionId, UserId};
use crate::license::codes;
use crate::time::Timestamp;

codes! {
    /// What happened.
    EventKind {
        /// A license arrived.
        LicenseAdded = "license.added",
        /// A higher revision replaced the terms (L4).
        LicenseUpdated = "license.updated",
        /// An issuer was asked for licenses (I4).
        LicensesRequested = "license.requested",
        /// The response to a request was taken in (I4).
        ResponseTaken = "license.response_taken",
        /// A license was removed (L7).
        LicenseRemoved = "license.removed",
        /// A license was withdrawn by its issuer.
        LicenseRevoked = "license.revoked",
        /// A license took over the holders of another (L10).
        LicenseReplaced = "license.replaced",
        /// Its issuer confirmed it (I3).
        LicenseConfirmed = "license.confirmed",
        /// It could not be refreshed; told once for each way in which that fails (I3).
        LicenseRefreshFailed = "license.refresh_failed",
        /// It could be refreshed again (I3).
        LicenseRefreshRecovered = "license.refresh_recovered",
        /// A replacement was undone (L10).
        ReplacementUndone = "license.replacement_undone",
        /// An agreement was accepted (L8).
        AgreementAccepted = "license.agreement_accepted",
        /// The way its seats are given was changed (S9).
        AutoAssignChanged = "license.auto_assign_changed",
        /// Every license was removed (L7).
        AllLicensesDeleted = "license.all_deleted",
        /// A product was met for the first time.
        ProductAdded = "product.added",
        /// Free seats went to another folder (P1).
        SeatsMoved = "seats.moved",
        /// A dedicated seat was assigned.
        SeatAssigned = "seat.assigned",
        /// A source was added to or taken from an assignment (S11).
        SeatSourcesChanged = "seat.sources_changed",
        /// A seat waits for its sessions to end (S4).
        SeatReleasing = "seat.releasing",
        /// A pending release was cancelled (S4).
        SeatReleaseCancelled = "seat.release_cancelled",
        /// A seat became free.
        SeatReleased = "seat.released",
        /// A seat went to another pool (P1, L9).
        SeatMoved = "seat.moved",
        /// A seat is beyond what its pool has (L9).
        SeatUnbacked = "seat.unbacked",
        /// An unbacked seat is backed again.
        SeatBacked = "seat.backed",
        /// A sign-in was granted.
        SessionStarted = "session.started",
        /// A session ended.
        SessionEnded = "session.ended",
        /// A session's seat went offline (H5).
        SessionBorrowed = "session.borrowed",
        /// A session was ended while borrowed; its seat is held until the loan ends (H5).
        SessionClosed = "session.closed",
        /// A session was carried over to another license (L9).
        SessionMoved = "session.moved",
        /// An account was made.
        UserCreated = "user.created",
        /// An account was changed.
        UserUpdated = "user.updated",
        /// An account was deactivated (S8).
        UserDeactivated = "user.deactivated",
        /// An account was activated again.
        UserActivated = "user.activated",
        /// An account was deleted (S8).
        UserDeleted = "user.deleted",
        /// Accounts were linked as one person (S12).
        UserLinked = "user.linked",
        /// An account got a person of its own again (S12).
        UserUnlinked = "user.unlinked",
        /// A folder was made.
        FolderCreated = "folder.created",
        /// A folder was renamed or moved (P3).
        FolderUpdated = "folder.updated",
        /// A folder was deleted (P3).
        FolderDeleted = "folder.deleted",
        /// The policy was changed.
        PolicyChanged = "policy.changed",
        /// An issuer's key is trusted from now on.
        IssuerTrusted = "issuer.trusted",
        /// An issuer's key was introduced by another that is trusted.
        IssuerIntroduced = "issuer.introduced",
        /// The period in which an issuer's key is believed was changed.
        IssuerPeriodChanged = "issuer.period_changed",
        /// An issuer's key is not trusted any more.
        IssuerDistrusted = "issuer.distrusted",
        /// The license service of an issuer became known, moved, or is no longer known.
        IssuerServiceChanged = "issuer.service_changed",
        /// A token was made.
        TokenCreated = "token.created",
        /// A token was revoked.
        TokenRevoked = "token.revoked",
        /// A backup was taken: a file with every secret of the installation.
        BackupTaken = "backup.taken",
        /// An account of the console was made.
        AccountCreated = "account.created",
        /// An account of the console was changed.
        AccountUpdated = "account.updated",
        /// An account of the console was deleted.
        AccountDeleted = "account.deleted",
        /// Somebody signed in to the console.
        AccountSignedIn = "account.signed_in",
        /// Somebody signed out of the console.
        AccountSignedOut = "account.signed_out",
    }
}

/// What an event is about: ids to find it by. The names as they were then stand in its texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The user concerned.
    pub user: Option<UserId>,
    /// The product concerned.
    pub product: Option<ProductId>,
    /// The license concerned.
    pub license: Option<LicenseId>,
    /// The session concerned.
    pub session: Option<SessionId>,
}

/// One entry of the record. Its sequence number comes from the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: std::sync::Arc<str>,
    /// What.
    pub kind: EventKind,
    /// About what.
    pub subject: Subject,
    /// Why, where there is more to say than the kind.
    pub why: Option<String>,
    /// What was, as a JSON object; none for what is new.
    pub before: Option<String>,
    /// What is, as a JSON object; none for what is gone.
    pub after: Option<String>,
}

impl EventKind {
    /// Whether it is part of daily sign-ins, and not an act of administration.
    pub const fn is_sign_in(self) -> bool {
        matches!(self, Self::SessionStarted | Self::SessionEnded)
    }
}
