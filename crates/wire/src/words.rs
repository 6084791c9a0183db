//! Closed sets of words. Each is spelled as in the domain.

/// Makes enums whose values travel as fixed words.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word as it travels.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The value of a word.
            pub fn from_code(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }

        // Not derived: the derive does not see a word that comes through a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .description(Some(concat!($($doc),*).trim()))
                    .enum_values(Some([$($word),*]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}
pub(crate) use words;

words! {
    /// How seats of a license are used.
    Model {
        /// A seat belongs to a named user until released.
        Dedicated = "dedicated",
        /// A seat is occupied while somebody works.
        Floating = "floating",
        /// Everyone may work; no seats are counted.
        Site = "site",
    }
    /// What an issuer's key signs: our own documents, or the license files of a Keygen account.
    IssuerKind {
        /// License files, and what introduces further keys.
        Seatkeeper = "seatkeeper",
        /// Keygen's license files.
        Keygen = "keygen",
    }
    /// Whether what an issuer's key signs is believed: not yet, now, or not any more.
    Standing {
        /// Its period begins later.
        NotBegun = "not_begun",
        /// It is.
        InForce = "in_force",
        /// Its period is over.
        Over = "over",
    }
    /// What a seat lets its user do. `write` is the higher level.
    AccessLevel {
        /// Look.
        Read = "read",
        /// Look and change.
        Write = "write",
    }
    /// When a license may be removed.
    Removable {
        /// At any time.
        Always = "always",
        /// Only once expired.
        AfterExpiry = "after_expiry",
    }
    /// What takes a floating seat.
    CountedBy {
        /// All sessions of one user share a seat.
        User = "user",
        /// Each session takes a seat.
        Session = "session",
    }
    /// When seats of a license are given without a hand.
    AutoAssign {
        /// Never.
        Off = "off",
        /// To each new account, while there are any.
        NewUsers = "new_users",
        /// At sign-in.
        AsNeeded = "as_needed",
    }
    /// What a license is at a moment.
    State {
        /// Its agreement has not been accepted.
        AwaitingAgreement = "awaiting_agreement",
        /// Not started yet.
        Scheduled = "scheduled",
        /// In force.
        Active = "active",
        /// In force, ending within the warning period.
        Expiring = "expiring",
        /// Past its end, within its grace days; still usable.
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
    /// What carries a session.
    Via {
        /// The user's own seats of the product.
        Dedicated = "dedicated",
        /// A seat that is taken for the time of the session.
        Floating = "floating",
        /// A site license; no seat.
        Site = "site",
        /// A demo seat.
        Demo = "demo",
    }
    /// Why a session ended.
    EndReason {
        /// The application signed out.
        SignedOut = "signed_out",
        /// No heartbeat came in time.
        TimedOut = "timed_out",
        /// The time for which it was borrowed is over.
        BorrowEnded = "borrow_ended",
        /// It was borrowed, and returned early.
        Returned = "returned",
        /// An administrator ended it.
        EndedByAdministrator = "ended_by_administrator",
        /// Its seat was taken back at once.
        SeatRecalled = "seat_recalled",
        /// What carried it expired.
        LicenseExpired = "license_expired",
        /// What carried it was not revalidated in time.
        LicenseStale = "license_stale",
        /// What carried it was withdrawn by its issuer.
        LicenseRevoked = "license_revoked",
        /// What carried it was removed.
        LicenseRemoved = "license_removed",
        /// Its seat no longer covers what was asked.
        NotCovered = "not_covered",
        /// Its user was deactivated.
        UserDeactivated = "user_deactivated",
        /// Its user was deleted.
        UserDeleted = "user_deleted",
        /// Its account left the person whose seats carried it.
        AccountUnlinked = "account_unlinked",
    }
    /// Why access was denied.
    DenialCode {
        /// No such account, and the policy adds none.
        UnknownUser = "unknown_user",
        /// The account is not active.
        UserInactive = "user_inactive",
        /// No license for the product ever arrived, or none is left.
        NotLicensed = "not_licensed",
        /// More seats are occupied than exist.
        OverAllocated = "over_allocated",
        /// The license is over.
        LicenseExpired = "license_expired",
        /// The license was not revalidated in time.
        LicenseStale = "license_stale",
        /// The license has not started, or waits for its agreement.
        NotStarted = "not_started",
        /// What is asked is not covered by what there is.
        ModuleNotLicensed = "module_not_licensed",
        /// The user's seat is being released.
        ReleasePending = "release_pending",
        /// Every seat is taken, or the free ones can't be given.
        NoFreeSeat = "no_free_seat",
    }
    /// Where an assignment comes from.
    Source {
        /// Somebody gave it.
        Hand = "hand",
        /// The license gives seats to new accounts.
        AutoAssign = "auto_assign",
        /// It was taken at sign-in.
        SignIn = "sign_in",
        /// A group's rule.
        Rule = "rule",
    }
    /// What a grant came to.
    GrantCode {
        /// The user has a seat now.
        Granted = "granted",
        /// The user had it before.
        AlreadyHeld = "already_held",
        /// No seat is free where the policy looks.
        NoFreeSeat = "no_free_seat",
        /// There is no such account.
        UnknownUser = "unknown_user",
        /// The account is not active.
        UserInactive = "user_inactive",
        /// No license of that product covers what is asked, or none is dedicated.
        NotLicensed = "not_licensed",
        /// The license can't be assigned, or was replaced.
        NotAssignable = "not_assignable",
        /// The license is not in force.
        NotUsable = "not_usable",
        /// The user, or the seat that they have, is outside the folder to which the actor's rights
        /// are limited.
        OutsideYourFolder = "outside_your_folder",
    }
    /// What a recall came to.
    RecallCode {
        /// The seat is free.
        Released = "released",
        /// The seat is freed when its last session ends.
        Releasing = "releasing",
        /// The seat is borrowed; it is freed when the loan ends, or is returned.
        Borrowed = "borrowed",
        /// The source was taken away; another keeps the seat.
        StillHeld = "still_held",
        /// There was nothing to take.
        NotHeld = "not_held",
        /// There is no such account.
        UnknownUser = "unknown_user",
        /// The user, or the seat that they have, is outside the folder to which the actor's rights
        /// are limited.
        OutsideYourFolder = "outside_your_folder",
    }
    /// What the intake of a license came to.
    ImportCode {
        /// It is new here.
        Added = "added",
        /// A higher revision replaced the terms.
        Updated = "updated",
        /// A response gave it more: seats, time, modules or access.
        Extended = "extended",
        /// A response gave it less.
        Shrunk = "shrunk",
        /// A response took it back.
        Withdrawn = "withdrawn",
        /// The same revision was there already.
        Unchanged = "unchanged",
        /// It can't be taken in; see why.
        Refused = "refused",
    }
    /// What a refresh of a license came to.
    RefreshCode {
        /// What is here is what was issued.
        Confirmed = "confirmed",
        /// A higher revision replaced the terms.
        Updated = "updated",
        /// Its issuer withdrew it.
        Withdrawn = "withdrawn",
        /// The issuer's service said nothing of use; nothing was changed.
        Failed = "failed",
    }
    /// What became of a holder whose seat was cut or replaced.
    Fate {
        /// They hold a seat of another license now.
        Moved = "moved",
        /// They hold a seat beyond what there is.
        Unbacked = "unbacked",
        /// Their old seat is kept until they sign out.
        Releasing = "releasing",
        /// No seat of the new license was left for them.
        LeftOut = "left_out",
    }
    /// What undoing a replacement came to for one holder.
    RestoreCode {
        /// They hold the old seat again.
        Restored = "restored",
        /// The account is gone.
        UnknownUser = "unknown_user",
        /// The account is not active.
        UserInactive = "user_inactive",
        /// The new seat was taken from them since; they get none back.
        RecalledSince = "recalled_since",
        /// The old license is not in force any more; they keep the new seat.
        NotUsable = "not_usable",
        /// The old license has no seat left for them; they keep the new seat.
        NoFreeSeat = "no_free_seat",
    }
    /// A bundle of permissions.
    Role {
        /// Everything.
        Administrator = "administrator",
        /// Licenses and the people who hold them.
        Manager = "manager",
        /// Looks at everything, changes nothing.
        Auditor = "auditor",
        /// Signs users in and out.
        Application = "application",
        /// Looks at the licenses of the user of the same name, and at nothing else.
        User = "user",
    }
    /// What an operation needs.
    Permission {
        /// See licenses, seats, sessions, products, folders, users.
        ViewLicenses = "view_licenses",
        /// Import, distribute, recall, remove.
        ManageLicenses = "manage_licenses",
        /// Create, change, delete accounts and folders.
        ManageUsers = "manage_users",
        /// Policy, issuers, tokens.
        ManageSettings = "manage_settings",
        /// See events and denials.
        ViewAudit = "view_audit",
        /// Sign users in and out, and check access.
        UseAccess = "use_access",
        /// See one's own licenses.
        ViewOwn = "view_own",
    }
    /// A place in which seats are looked for.
    Place {
        /// The folder in which the user lives.
        UserFolder = "user_folder",
        /// The root of the tree.
        Root = "root",
    }
    /// Who is denied while a product is over-allocated.
    OverAllocation {
        /// Only holders of unbacked seats.
        LockUnbacked = "lock_unbacked",
        /// Everyone.
        LockProduct = "lock_product",
    }
}
