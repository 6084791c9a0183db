//! Taking back what a job did to many people (S7): what it changed of whom, whether it can be taken
//! back, and what that came to.

use serde::{Deserialize, Serialize};

use crate::actor::Permission;
use crate::ids::{FolderId, JobId, LicenseId, SeatId, UserId};
use crate::license::codes;
use crate::names::Serial;
use crate::refusal::Refusal;
use crate::seat::Sources;
use crate::time::{Millis, Timestamp};

/// One thing that was changed of an account, with all that taking it back needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// It lives in another folder (P4).
    Folder {
        /// Where it lived.
        from: FolderId,
        /// Where it lives now.
        to: FolderId,
    },
    /// It was deactivated, or activated (S8).
    Active {
        /// Whether it was active.
        was: bool,
    },
    /// Its person got a seat, or kept one that was being released, or further sources came to stand
    /// behind one (S11).
    SeatGiven {
        /// The seat.
        seat: SeatId,
        /// Of which license.
        license: LicenseId,
        /// The sources that came.
        sources: Sources,
    },
    /// Its person lost a seat, at once or at the end of the last session (S4), or sources of one.
    SeatTaken {
        /// Of which license.
        license: LicenseId,
        /// The folder in which it stood.
        folder: FolderId,
        /// The sources that went.
        sources: Sources,
        /// Since when it was held.
        assigned_at: Timestamp,
    },
}

impl Changed {
    /// The license, of a change of a seat.
    pub const fn license(&self) -> Option<LicenseId> {
        match self {
            Self::SeatGiven { license, .. } | Self::SeatTaken { license, .. } => Some(*license),
            Self::Folder { .. } | Self::Active { .. } => None,
        }
    }
}

/// What one step of a job changed of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose account.
    pub user: UserId,
    /// What, in the order in which it is taken back.
    pub what: Vec<Changed>,
}

codes! {
    /// What taking back one change came to.
    UndoCode {
        /// They live again where they lived.
        MovedBack = "moved_back",
        /// The account is active again.
        Activated = "activated",
        /// The account is inactive again; what it held is free (S8).
        Deactivated = "deactivated",
        /// They hold a seat of the license again.
        GivenBack = "given_back",
        /// The seat that was given is free.
        Released = "released",
        /// The seat that was given is freed when its last session ends (S4).
        Releasing = "releasing",
        /// The seat that was given is borrowed; it is freed when the loan ends, or is returned (H5).
        Borrowed = "borrowed",
        /// What was added is taken away; another source keeps the seat (S11).
        StillHeld = "still_held",
        /// It is as it was already; somebody else saw to it.
        Unchanged = "unchanged",
        /// They live somewhere else by now, and stay there.
        MovedSince = "moved_since",
        /// The folder where they lived is gone.
        UnknownFolder = "unknown_folder",
        /// The seat was taken from them since.
        RecalledSince = "recalled_since",
        /// The license has no seat left for them.
        NoFreeSeat = "no_free_seat",
        /// The license is not in force any more.
        NotUsable = "not_usable",
        /// The license can't be assigned any more (L6).
        NotAssignable = "not_assignable",
        /// The account is not active, and gets no seat back (S8).
        UserInactive = "user_inactive",
        /// The account is gone.
        UnknownUser = "unknown_user",
    }
}

impl UndoCode {
    /// Whether the change is taken back by it, so that nothing of it is left to be done.
    pub const fn is_done(self) -> bool {
        matches!(
            self,
            Self::MovedBack
                | Self::Activated
                | Self::Deactivated
                | Self::GivenBack
                | Self::Released
                | Self::Releasing
                | Self::Borrowed
                | Self::StillHeld
                | Self::Unchanged
        )
    }

    /// Why the change could not be taken back, as a sentence; none where it was.
    pub const fn fault(self) -> Option<&'static str> {
        Some(match self {
            Self::MovedSince => "they were moved since then, and stay where they are",
            Self::UnknownFolder => "the folder where they lived is gone",
            Self::RecalledSince => "the seat was taken from them since then",
            Self::NoFreeSeat => "no seat of the license is free any more",
            Self::NotUsable => "the license is not in force any more",
            Self::NotAssignable => "the license can't be assigned any more",
            Self::UserInactive => "the account is not active, and gets no seat back",
            Self::UnknownUser => "the account is gone",
            _ => return None,
        })
    }
}

/// What taking back one change came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// What happened.
    pub code: UndoCode,
    /// The license, of a change of a seat.
    pub license: Option<(LicenseId, Serial)>,
}

/// What a job does, as far as it matters to taking it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Gives seats, or takes them.
    Seats,
    /// Moves accounts, or activates them.
    Accounts,
    /// Deactivates accounts, and so takes their seats (S8).
    Deactivation,
    /// Makes and changes accounts as a file says.
    Import,
    /// Takes back what another job did.
    Undo,
}

impl Act {
    /// What whoever takes it back must be allowed (R1).
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Seats => &[Permission::ManageLicenses],
            Self::Accounts | Self::Import => &[Permission::ManageUsers],
            Self::Deactivation | Self::Undo => {
                &[Permission::ManageUsers, Permission::ManageLicenses]
            }
        }
    }

    /// Whether what it changes is kept, so that it can be taken back.
    pub const fn is_kept(self) -> bool {
        !matches!(self, Self::Import | Self::Undo)
    }
}

/// Whether a job was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// Nobody asked for it.
    Not,
    /// By this job, which goes on or came to its end.
    By(JobId),
    /// The job that should do so stopped before its end; what is left can be undone.
    InPart,
}

/// A job that somebody wants to undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it does.
    pub act: Act,
    /// Whether it changes nothing.
    pub dry_run: bool,
    /// When it ended; none while it goes on.
    pub ended_at: Option<Timestamp>,
    /// Whether what it changed is still known.
    pub is_known: bool,
    /// Whether it was undone.
    pub undone: Undone,
}

impl Subject {
    /// How long after its end a job can be undone. What it changed is forgotten then.
    pub const UNDO_WITHIN: Millis = Millis::days(7);

    /// Refuses what can't be undone, and says why (S7).
    ///
    /// # Errors
    /// [`Refusal::JobNotUndoable`], [`Refusal::NothingToUndo`], [`Refusal::JobRunning`],
    /// [`Refusal::JobUndone`], [`Refusal::TooLateToUndoJob`].
    pub fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.dry_run {
            return Err(Refusal::NothingToUndo);
        }
        match self.act {
            Act::Import => {
                return Err(Refusal::JobNotUndoable(
                    "an import of people is changed by another import",
                ));
            }
            Act::Undo => {
                return Err(Refusal::JobNotUndoable(
                    "it takes another job back itself; do that work again instead",
                ));
            }
            Act::Seats | Act::Accounts | Act::Deactivation => {}
        }
        let ended_at = self.ended_at.ok_or(Refusal::JobRunning)?;
        if let Undone::By(job) = self.undone {
            return Err(Refusal::JobUndone(job));
        }
        if !self.is_known || now >= ended_at.plus(Self::UNDO_WITHIN) {
            return Err(Refusal::TooLateToUndoJob);
        }
        Ok(())
    }
}
