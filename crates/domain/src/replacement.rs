//! A replacement that took place, with all that undoing it needs (L10).

use serde::{Deserialize, Serialize};

use crate::ids::{FolderId, LicenseId, PersonId, ReplacementId, UserId};
use crate::license::codes;
use crate::seat::Sources;
use crate::time::{Millis, Timestamp};

/// A license as it was before a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Which.
    pub license: LicenseId,
    /// Which license had taken over from it then.
    pub replaced_by: Option<LicenseId>,
}

/// How a holder came to a seat of the new license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Got {
    /// A free seat of it was assigned.
    Seat,
    /// They had one already; these sources came to stand behind it too.
    Sources(Sources),
    /// They had one that was being released; the release was cancelled.
    Kept,
}

/// A holder who was carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The account for which the old seat was assigned.
    pub user: UserId,
    /// The human behind.
    pub person: PersonId,
    /// The license they held.
    pub from: LicenseId,
    /// The folder in which their old seat stood.
    pub folder: FolderId,
    /// Since when they held it.
    pub assigned_at: Timestamp,
    /// Where that assignment came from (S11).
    pub sources: Sources,
    /// The license they hold now.
    pub to: LicenseId,
    /// How they came to its seat.
    pub got: Got,
}

/// Free seats of a new license that went from the root to where they were needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedAlong {
    /// Of which license.
    pub license: LicenseId,
    /// To where.
    pub to: FolderId,
    /// How many.
    pub count: u32,
}

/// A replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// Its id.
    pub id: ReplacementId,
    /// When.
    pub at: Timestamp,
    /// Who did it, as the record names them.
    pub by: String,
    /// The licenses that went.
    pub old: Vec<Before>,
    /// The licenses that came.
    pub new: Vec<Before>,
    /// Who was carried over, longest held first.
    pub carried: Vec<Carried>,
    /// How many were left out.
    pub left_out: u32,
    /// Which free seats were moved along.
    pub moved: Vec<MovedAlong>,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

impl Replacement {
    /// How long it can be undone: a day of 24 hours, so that one made before midnight can be
    /// undone after it.
    pub const UNDO_WITHIN: Millis = Millis::DAY;

    /// Until when (exclusive) it can be undone.
    pub const fn undo_until(&self) -> Timestamp {
        self.at.plus(Self::UNDO_WITHIN)
    }
}

codes! {
    /// What undoing a replacement came to for one holder.
    RestoreCode {
        /// They hold the old seat again.
        Restored = "restored",
        /// The account is gone.
        UnknownUser = "unknown_user",
        /// The account is not active (S8).
        UserInactive = "user_inactive",
        /// The new seat was taken from them since; they get none back.
        RecalledSince = "recalled_since",
        /// The old license is not in force any more; they keep the new seat.
        NotUsable = "not_usable",
        /// The old license has no seat left for them; they keep the new seat.
        NoFreeSeat = "no_free_seat",
    }
}
