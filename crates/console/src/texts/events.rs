//! What happened, as sentences: `{who}` did it, to `{user}`, `{license}`, `{name}`, `{product}`.

use domain::EventKind;

use super::{S, Texts};

/// The sentence of each kind of event.
pub(crate) type Sentences = fn(EventKind) -> S;

/// In English.
pub(crate) const fn en(kind: EventKind) -> S {
    use EventKind as K;
    match kind {
        K::LicenseAdded => "{who} imported the license {license}",
        K::LicenseUpdated => "{who} imported new terms of the license {license}",
        K::LicenseRemoved => "{who} removed the license {license}",
        K::LicenseRevoked => "The vendor withdrew the license {license}",
        K::LicenseReplaced => "{who} replaced the license {license}",
        K::LicensesRequested => "{who} made a license request for a vendor",
        K::ResponseTaken => "{who} took in a vendor's response",
        K::LicenseConfirmed => "The vendor confirmed the license {license}",
        K::LicenseRefreshFailed => "The license {license} could not be confirmed with its vendor",
        K::LicenseRefreshRecovered => "The license {license} can be confirmed again",
        K::ReplacementUndone => "{who} took back the replacement of {license}",
        K::AgreementAccepted => "{who} accepted the agreement of {license}",
        K::AutoAssignChanged => "{who} changed how seats of {license} are given",
        K::AllLicensesDeleted => "{who} deleted every license",
        K::ProductAdded => "The product {product} came with a license",
        K::SeatsMoved => "{who} moved free seats of {license} to another folder",
        K::SeatAssigned => "{who} assigned {user} a seat of {license}",
        K::SeatSourcesChanged => "Why {user} holds a seat of {license} changed",
        K::SeatReleasing => {
            "{who} released the seat of {user} on {license}; it is free at sign-out"
        }
        K::SeatReleaseCancelled => "{who} took back the release of {user}'s seat on {license}",
        K::SeatReleased => "The seat of {user} on {license} became free",
        K::SeatMoved => "The seat of {user} moved to {license}",
        K::SeatUnbacked => "The seat of {user} on {license} does not exist any more",
        K::SeatBacked => "The seat of {user} on {license} exists again",
        K::SessionStarted => "{user} signed in to {product}",
        K::SessionEnded => "{user} signed out",
        K::SessionBorrowed => "{user} borrowed a seat of {product}",
        K::SessionClosed => {
            "{who} ended a borrowed session of {user}; its seat is free when the loan ends"
        }
        K::SessionMoved => "The session of {user} went over to {license}",
        K::UserCreated => "{who} added {user}",
        K::UserUpdated => "{who} changed {user}",
        K::UserDeactivated => "{who} deactivated {user}",
        K::UserActivated => "{who} activated {user}",
        K::UserDeleted => "{who} deleted {user}",
        K::UserLinked => "{who} linked {user} to another account of the same person",
        K::UserUnlinked => "{who} gave {user} a person of their own again",
        K::FolderCreated => "{who} made the folder {name}",
        K::FolderUpdated => "{who} changed the folder {name}",
        K::FolderDeleted => "{who} deleted the folder {name}",
        K::PolicyChanged => "{who} changed the policy",
        K::IssuerTrusted => "{who} trusts the key of {name}",
        K::IssuerIntroduced => "A trusted key of {name} introduced its next one",
        K::IssuerPeriodChanged => "{who} changed for how long the key of {name} is trusted",
        K::IssuerDistrusted => "{who} trusts the key of {name} no longer",
        K::IssuerServiceChanged => "{who} changed where the license service of {name} is",
        K::TokenCreated => "{who} made the token {name}",
        K::TokenRevoked => "{who} revoked the token {name}",
        K::BackupTaken => "{who} took a backup of everything",
        K::AccountCreated => "{who} made the account {name}",
        K::AccountUpdated => "{who} changed the account {name}",
        K::AccountDeleted => "{who} deleted the account {name}",
        K::AccountSignedIn => "{name} signed in to the console",
        K::AccountSignedOut => "{name} signed out of the console",
    }
}

impl Texts {
    /// The sentence of a kind of event.
    pub(crate) fn event(&self, kind: EventKind) -> S {
        (self.events)(kind)
    }
}
