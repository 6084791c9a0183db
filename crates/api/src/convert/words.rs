//! Closed sets of words. Each variant is named, so that a new one on either side does not compile
//! until it is known here.

macro_rules! outward {
    ($($name:ident: $domain:ty => $wire:ty { $($variant:ident),* $(,)? })*) => {$(
        pub(crate) const fn $name(word: $domain) -> $wire {
            match word { $(<$domain>::$variant => <$wire>::$variant),* }
        }
    )*};
}

macro_rules! inward {
    ($($name:ident: $wire:ty => $domain:ty { $($variant:ident),* $(,)? })*) => {$(
        pub(crate) const fn $name(word: $wire) -> $domain {
            match word { $(<$wire>::$variant => <$domain>::$variant),* }
        }
    )*};
}

outward! {
    model: domain::Model => wire::Model { Dedicated, Floating, Site }
    issuer_kind: domain::IssuerKind => wire::IssuerKind { Seatkeeper, Keygen }
    standing: domain::Standing => wire::Standing { NotBegun, InForce, Over }
    access: domain::AccessLevel => wire::AccessLevel { Read, Write }
    removable: domain::Removable => wire::Removable { Always, AfterExpiry }
    counted_by: domain::CountedBy => wire::CountedBy { User, Session }
    auto_assign: domain::AutoAssign => wire::AutoAssign { Off, NewUsers, AsNeeded }
    state: domain::State => wire::State {
        AwaitingAgreement, Scheduled, Active, Expiring, Grace, Expired, Stale, Revoked, Removed,
    }
    end_reason: domain::EndReason => wire::EndReason {
        SignedOut, TimedOut, BorrowEnded, Returned, EndedByAdministrator, SeatRecalled, LicenseExpired, LicenseStale,
        LicenseRevoked, LicenseRemoved, NotCovered, UserDeactivated, UserDeleted, AccountUnlinked,
    }
    denial_code: domain::DenialCode => wire::DenialCode {
        UnknownUser, UserInactive, NotLicensed, OverAllocated, LicenseExpired, LicenseStale,
        NotStarted, ModuleNotLicensed, ReleasePending, NoFreeSeat,
    }
    source: domain::Source => wire::Source { Hand, AutoAssign, SignIn, Rule }
    grant_code: domain::outcome::GrantCode => wire::GrantCode {
        Granted, AlreadyHeld, NoFreeSeat, UnknownUser, UserInactive, NotLicensed, NotAssignable, NotUsable,
    }
    recall_code: domain::outcome::RecallCode => wire::RecallCode {
        Released, Releasing, Borrowed, StillHeld, NotHeld, UnknownUser,
    }
    import_code: domain::outcome::ImportCode => wire::ImportCode {
        Added, Updated, Extended, Shrunk, Withdrawn, Unchanged, Refused,
    }
    refresh_code: domain::outcome::RefreshCode => wire::RefreshCode { Confirmed, Updated, Withdrawn, Failed }
    fate: domain::outcome::Fate => wire::Fate { Moved, Unbacked, Releasing, LeftOut }
    restore_code: domain::replacement::RestoreCode => wire::RestoreCode {
        Restored, UnknownUser, UserInactive, RecalledSince, NotUsable, NoFreeSeat,
    }
    role: domain::Role => wire::Role { Administrator, Manager, Auditor, Application, User }
    permission: domain::Permission => wire::Permission {
        ViewLicenses, ManageLicenses, ManageUsers, ManageSettings, ViewAudit, UseAccess, ViewOwn,
    }
    place: domain::policy::Place => wire::Place { UserFolder, Root }
    over_allocation: domain::policy::OverAllocation => wire::OverAllocation { LockUnbacked, LockProduct }
}

inward! {
    to_model: wire::Model => domain::Model { Dedicated, Floating, Site }
    to_access: wire::AccessLevel => domain::AccessLevel { Read, Write }
    to_auto_assign: wire::AutoAssign => domain::AutoAssign { Off, NewUsers, AsNeeded }
    to_state: wire::State => domain::State {
        AwaitingAgreement, Scheduled, Active, Expiring, Grace, Expired, Stale, Revoked, Removed,
    }
    to_denial_code: wire::DenialCode => domain::DenialCode {
        UnknownUser, UserInactive, NotLicensed, OverAllocated, LicenseExpired, LicenseStale,
        NotStarted, ModuleNotLicensed, ReleasePending, NoFreeSeat,
    }
    to_source: wire::Source => domain::Source { Hand, AutoAssign, SignIn, Rule }
    to_role: wire::Role => domain::Role { Administrator, Manager, Auditor, Application, User }
    to_place: wire::Place => domain::policy::Place { UserFolder, Root }
    to_over_allocation: wire::OverAllocation => domain::policy::OverAllocation { LockUnbacked, LockProduct }
}

/// The sources of an assignment, in their order.
pub(crate) fn sources(sources: domain::Sources) -> Vec<wire::Source> {
    sources.iter().map(source).collect()
}

/// The modules that a license gives.
pub(crate) fn modules(modules: &domain::Modules) -> wire::Modules {
    match modules {
        domain::Modules::All => wire::Modules::All,
        domain::Modules::Only(codes) => {
            wire::Modules::Only(codes.iter().map(|code| code.as_str().to_owned()).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! spelled_alike {
        ($($name:ident of $domain:ty;)*) => {$(
            for word in <$domain>::ALL {
                assert_eq!($name(*word).code(), word.code());
            }
        )*};
    }

    #[test]
    fn words_travel_as_the_domain_spells_them() {
        spelled_alike! {
            model of domain::Model;
            access of domain::AccessLevel;
            removable of domain::Removable;
            counted_by of domain::CountedBy;
            auto_assign of domain::AutoAssign;
            state of domain::State;
            end_reason of domain::EndReason;
            denial_code of domain::DenialCode;
            source of domain::Source;
            grant_code of domain::outcome::GrantCode;
            recall_code of domain::outcome::RecallCode;
            import_code of domain::outcome::ImportCode;
            fate of domain::outcome::Fate;
            restore_code of domain::replacement::RestoreCode;
            role of domain::Role;
            permission of domain::Permission;
            place of domain::policy::Place;
            over_allocation of domain::policy::OverAllocation;
        }
    }
}
