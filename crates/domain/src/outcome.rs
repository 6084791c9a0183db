//! What a command answers. Outcomes are kept with idempotency keys, so they serialize.

use serde::{Deserialize, Serialize};

use crate::command::Holder;
use crate::denial::Denial;
use crate::ids::{
    AccountId, FolderId, LicenseId, PersonId, ProductId, ReplacementId, SeatId, SessionId, TokenId,
    UserId,
};
use crate::license::{AccessLevel, Modules, codes};
use crate::names::{ProductCode, Serial, Username};
use crate::refresh::Fault;
use crate::replacement::RestoreCode;
use crate::request::LicenseRequest;
use crate::seat::Sources;
use crate::session::EndReason;
use crate::set::Totals;
use crate::time::{Millis, Timestamp};
use crate::undo::TakenBack;

/// A granted sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedAccess {
    /// The session.
    pub session: SessionId,
    /// Who.
    pub user: UserId,
    /// The human behind.
    pub person: PersonId,
    /// Their username, as the account has it.
    pub username: Username,
    /// To what.
    pub product: ProductId,
    /// Its code, as the product has it.
    pub product_code: ProductCode,
    /// `dedicated`, `floating`, `site` or `demo`.
    pub via: String,
    /// The license and its serial; none for a demo.
    pub license: Option<(LicenseId, Serial)>,
    /// The access level that it gives; none for a demo.
    pub access: Option<AccessLevel>,
    /// The modules that it gives.
    pub modules: Modules,
    /// Until when the session holds without a heartbeat.
    pub expires_at: Timestamp,
    /// When the next heartbeat is due, counted from now.
    pub heartbeat_after: Millis,
}

/// How a heartbeat was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeartbeatAnswer {
    /// The session holds on.
    Alive {
        /// Until when.
        expires_at: Timestamp,
        /// When the next heartbeat is due, counted from now.
        heartbeat_after: Millis,
        /// From when its license no longer carries it; a heartbeat from then on must be judged.
        usable_until: Timestamp,
    },
    /// The session is over (H3).
    Ended {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: EndReason,
    },
}

/// How a grant was answered (S7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantAnswer {
    /// What happened.
    pub code: GrantCode,
    /// The account, where there is one.
    pub user: Option<UserId>,
    /// The license concerned, where there is one.
    pub license: Option<(LicenseId, Serial)>,
    /// The seat, when there is one now.
    pub seat: Option<SeatId>,
}

codes! {
    /// What a grant came to.
    GrantCode {
        /// The user has a seat now.
        Granted = "granted",
        /// The user had it before (S2).
        AlreadyHeld = "already_held",
        /// No seat is free where the policy looks (S3).
        NoFreeSeat = "no_free_seat",
        /// There is no such account.
        UnknownUser = "unknown_user",
        /// The account is not active (S8).
        UserInactive = "user_inactive",
        /// No license of that product covers what is asked.
        NotLicensed = "not_licensed",
        /// The license can't be assigned (L6), or was replaced; of a product: none is dedicated.
        NotAssignable = "not_assignable",
        /// The license is not in force; of a product: none that covers what is asked is.
        NotUsable = "not_usable",
    }
    /// What a recall came to.
    RecallCode {
        /// The seat is free.
        Released = "released",
        /// The seat is freed when its last session ends (S4).
        Releasing = "releasing",
        /// The seat is borrowed; it is freed when the loan ends, or is returned (H5).
        Borrowed = "borrowed",
        /// The source was taken away; another keeps the seat (S11).
        StillHeld = "still_held",
        /// There was nothing to take.
        NotHeld = "not_held",
        /// There is no such account.
        UnknownUser = "unknown_user",
    }
    /// What the intake of a license came to (I1).
    ImportCode {
        /// It is new here.
        Added = "added",
        /// A higher revision replaced the terms (L4).
        Updated = "updated",
        /// A response gave it more: seats, time, modules or access (I4).
        Extended = "extended",
        /// A response gave it less (I4).
        Shrunk = "shrunk",
        /// A response took it back (I4).
        Withdrawn = "withdrawn",
        /// The same revision was there already (L4).
        Unchanged = "unchanged",
        /// It can't be taken in; see why.
        Refused = "refused",
    }
    /// What a refresh came to (I3).
    RefreshCode {
        /// What is here is what was issued.
        Confirmed = "confirmed",
        /// A higher revision replaced the terms (L4).
        Updated = "updated",
        /// The issuer withdrew it.
        Withdrawn = "withdrawn",
        /// The service said nothing of use; nothing was changed.
        Failed = "failed",
    }
    /// What became of a holder whose seat was cut (L9) or replaced (L10).
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
}

/// How a recall was answered, per seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallAnswer {
    /// What happened.
    pub code: RecallCode,
    /// The account, where there is one.
    pub user: Option<UserId>,
    /// The license of the seat, where there was one.
    pub license: Option<(LicenseId, Serial)>,
    /// The sources that keep the seat.
    pub left: Sources,
}

/// What became of one license of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportAnswer {
    /// The issuer's id.
    pub reference: String,
    /// The serial.
    pub serial: Serial,
    /// The product's code, as the document has it.
    pub product: ProductCode,
    /// The file that it came in, where that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Our id; none when refused as new.
    pub license: Option<LicenseId>,
    /// What happened.
    pub code: ImportCode,
    /// Why, when refused: a stable code.
    pub refusal: Option<String>,
    /// Why, when refused: a sentence.
    pub detail: Option<String>,
    /// The seats it has now.
    pub seats: u32,
    /// Who was affected by fewer seats, in the order in which they lose (S13).
    pub displaced: Vec<Displaced>,
}

/// What became of one license at a refresh (I3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshAnswer {
    /// Which.
    pub license: LicenseId,
    /// Its serial.
    pub serial: Serial,
    /// What happened.
    pub code: RefreshCode,
    /// What went wrong, if it failed.
    pub fault: Option<Fault>,
    /// The same as a sentence.
    pub detail: Option<String>,
    /// The seats it has now.
    pub seats: u32,
    /// Until when it runs; [`Timestamp::FOREVER`] when perpetual.
    pub expires_at: Timestamp,
    /// How many days it stays usable without a refresh, where it needs one.
    pub days_until_stale: Option<u32>,
    /// When it is refreshed next by itself.
    pub next_at: Option<Timestamp>,
    /// Who was affected by fewer seats, in the order in which they lose (S13).
    pub displaced: Vec<Displaced>,
}

/// A holder whose seat was cut or replaced (S13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Displaced {
    /// Who.
    pub holder: Holder,
    /// From which license.
    pub from: LicenseId,
    /// To which license, when moved.
    pub to: Option<LicenseId>,
    /// What became of them.
    pub fate: Fate,
}

/// What undoing a replacement came to for a holder (L10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Who.
    pub holder: Holder,
    /// The license they held before the replacement.
    pub license: LicenseId,
    /// What happened.
    pub code: RestoreCode,
}

/// What a command answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A sign-in was granted.
    SignedIn(GrantedAccess),
    /// A sign-in was denied (A9).
    Denied(Denial),
    /// A heartbeat.
    Heartbeat(HeartbeatAnswer),
    /// A session ended now; false when it had ended before or never was (H3).
    SessionEnded(bool),
    /// A session is over for its user, and its seat is held because it is borrowed (H5).
    SessionHeld {
        /// Until when.
        until: Timestamp,
    },
    /// A seat was borrowed; `expires_at` is until when (H5).
    Borrowed(GrantedAccess),
    /// So many lapsed sessions were written down; whether more may be left.
    Reclaimed {
        /// How many.
        sessions: u32,
        /// Whether there may be more.
        more: bool,
    },
    /// A grant.
    Grant(GrantAnswer),
    /// A recall: one answer per seat, or one that says that there was none.
    Recall(Vec<RecallAnswer>),
    /// Whether a pending release was cancelled; false when none was pending.
    ReleaseCancelled(bool),
    /// An intake.
    Imported(Vec<ImportAnswer>),
    /// A refresh.
    Refreshed(RefreshAnswer),
    /// A request was made.
    Requested(LicenseRequest),
    /// Licenses were removed; who was affected.
    Removed {
        /// Which.
        licenses: Vec<LicenseId>,
        /// Who was affected (S13).
        displaced: Vec<Displaced>,
    },
    /// Everything was removed.
    DeletedAll(Totals),
    /// Licenses took over from others.
    Replaced {
        /// By this it can be undone; none when nobody was left to be carried over.
        replacement: Option<ReplacementId>,
        /// Every holder, in the order in which they were served: longest held first (S13).
        /// Moved, with the old seat kept until sign-out, or left out.
        holders: Vec<Displaced>,
    },
    /// What a job changed of an account was taken back: one answer per change.
    TakenBack(Vec<TakenBack>),
    /// A replacement was undone.
    ReplacementUndone(Vec<Restored>),
    /// An account exists now.
    User {
        /// Its id.
        user: UserId,
        /// What was done to it.
        code: PutCode,
    },
    /// A folder exists now.
    Folder(FolderId),
    /// The folder at the end of a path.
    FolderEnsured {
        /// Which.
        folder: FolderId,
        /// Whether it was missing.
        is_new: bool,
    },
    /// A token exists now.
    Token(TokenId),
    /// An account of the console exists now.
    Account(AccountId),
    /// It is done; false when it was so before.
    Done(bool),
}

codes! {
    /// What was done to an account.
    PutCode {
        /// It is new.
        Created = "created",
        /// It was changed.
        Updated = "updated",
        /// It was so already.
        Unchanged = "unchanged",
    }
}
