//! Changing, moving and removing licenses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AutoAssign, Fate, patch};

/// What changes on a license; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicensePatch {
    /// When its seats are given without a hand.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = AutoAssign, required = false)]
    pub auto_assign: Option<AutoAssign>,
}

/// Which seats move to another folder: `from`, `to` and `count` for free ones, `user` and `to` for one that is occupied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSeatsRequest {
    /// Free seats: the folder they leave, id or path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The folder they go to, id or path.
    pub to: String,
    /// Free seats: how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// An occupied seat: whose, username or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A [`MoveSeatsRequest`] that makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeatMove {
    /// Free seats.
    Free {
        /// The folder they leave, id or path.
        from: String,
        /// The folder they go to, id or path.
        to: String,
        /// How many.
        count: u32,
    },
    /// One that is occupied, with its holder.
    Occupied {
        /// Whose, username or id.
        user: String,
        /// The folder it goes to, id or path.
        to: String,
    },
}

impl MoveSeatsRequest {
    /// Which of the two it is.
    ///
    /// # Errors
    /// A sentence, when it is neither or both.
    pub fn into_move(self) -> Result<SeatMove, &'static str> {
        let to = self.to;
        match (self.from, self.count, self.user) {
            (Some(from), Some(count), None) => Ok(SeatMove::Free { from, to, count }),
            (None, None, Some(user)) => Ok(SeatMove::Occupied { user, to }),
            _ => Err(
                "give `from`, `to` and `count` to move free seats, or `user` and `to` to move an occupied one",
            ),
        }
    }
}

/// What a removal came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RemovedLicenses {
    /// The ids of the licenses that were removed.
    pub removed: Vec<Uuid>,
    /// Who is affected, in the order in which they lose.
    pub displaced: Vec<Displaced>,
}

/// A holder whose seat was cut or replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Displaced {
    /// The id of the human.
    pub person: Uuid,
    /// The id of the account for which the seat was assigned.
    pub user: Uuid,
    /// Its username.
    pub username: String,
    /// The id of the license they held.
    pub from: Uuid,
    /// The id of the license they hold now, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Uuid>,
    /// What became of them.
    pub fate: Fate,
}

/// What must be typed to remove everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Exactly `delete all licenses`.
    #[schema(example = "delete all licenses")]
    pub confirmation: String,
}

impl Confirmation {
    /// What must be typed.
    pub const DELETE_ALL: &str = "delete all licenses";
}

/// What was removed when everything was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeletedAll {
    /// How many licenses.
    pub licenses: u64,
    /// How many seats became free.
    pub seats: u64,
    /// How many sessions ended.
    pub sessions: u64,
}

/// Whose seat is kept after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelReleaseRequest {
    /// Username or id.
    pub user: String,
}

/// Whether a pending release was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseCancelled {
    /// `false` when none was pending.
    pub cancelled: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(json: &str) -> Result<SeatMove, &'static str> {
        serde_json::from_str::<MoveSeatsRequest>(json)
            .unwrap()
            .into_move()
    }

    #[test]
    fn seats_move_free_or_with_their_holder_and_never_both() {
        assert!(matches!(
            request(r#"{"from":"/","to":"/Sales","count":3}"#),
            Ok(SeatMove::Free { count: 3, .. })
        ));
        assert!(matches!(
            request(r#"{"user":"anna","to":"/Sales"}"#),
            Ok(SeatMove::Occupied { .. })
        ));
        for both_or_neither in [
            r#"{"to":"/Sales"}"#,
            r#"{"from":"/","to":"/Sales"}"#,
            r#"{"from":"/","to":"/Sales","count":3,"user":"anna"}"#,
        ] {
            assert!(request(both_or_neither).is_err(), "{both_or_neither}");
        }
    }
}
