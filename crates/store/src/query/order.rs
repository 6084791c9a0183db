//! How lists of licenses and of accounts are ordered. Every order has an index, and its key with
//! the id (or username) behind it is the cursor.

use domain::license::State;
use domain::{License, Millis, Timestamp, User};

use super::Cursor;
use super::user_list::Listed;
use crate::error::StoreError;
use crate::sql::{Select, Value, ms};

/// Declares an order: each column with its code, up and down.
macro_rules! orders {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $up:ident, $down:ident = $code:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $up, #[doc = concat!("The other way round: `-", $code, "`.")] $down),*
        }

        impl $name {
            /// Every order.
            pub const ALL: &[Self] = &[$(Self::$up, Self::$down),*];

            /// The code: the column, with `-` in front for the other way round.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$up => $code, Self::$down => concat!("-", $code)),* }
            }

            /// The order with a code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|sort| sort.code() == code)
            }

            pub(crate) const fn is_down(self) -> bool {
                matches!(self, $(Self::$down)|*)
            }
        }
    };
}

orders! {
    /// How licenses are ordered; ties by id, those of a state by serial.
    LicenseSort {
        /// By serial.
        #[default]
        Serial, SerialDown = "serial";
        /// Earliest end first, perpetual ones last.
        ExpiresAt, ExpiresAtDown = "expires_at";
        /// By product code, without case.
        Product, ProductDown = "product";
        /// What needs somebody first: expired, stale, revoked, in grace, ending soon, with an
        /// open agreement, scheduled, active, removed.
        State, StateDown = "state";
        /// By model.
        Model, ModelDown = "model";
        /// By access level.
        Access, AccessDown = "access";
        /// Fewest seats first.
        Seats, SeatsDown = "seats";
        /// By issuer.
        Issuer, IssuerDown = "issuer";
        /// By the path of the folder in which all seats stand, then by serial; those whose seats
        /// stand in several folders, seen or not, or in none, come last.
        Folder, FolderDown = "folder";
    }
}

orders! {
    /// How accounts are ordered; ties by username.
    UserSort {
        /// By username.
        #[default]
        Username, UsernameDown = "username";
        /// By name, without case; those without one first.
        Name, NameDown = "name";
        /// By the path of the folder.
        Folder, FolderDown = "folder";
        /// Those who are not active first.
        Active, ActiveDown = "active";
        /// Who never signed in first, then by the last sign-in as it is written down
        /// ([`UserItem::last_active`](super::UserItem::last_active)).
        LastActive, LastActiveDown = "last_active";
    }
}

/// The states in the order of [`LicenseSort::State`].
const BY_URGENCY: [State; 9] = [
    State::Expired,
    State::Stale,
    State::Revoked,
    State::Grace,
    State::Expiring,
    State::AwaitingAgreement,
    State::Scheduled,
    State::Active,
    State::Removed,
];

/// The same as an expression, in the order of the tests in [`License::state`].
const URGENCY: &str = "CASE WHEN l.removed_at IS NOT NULL THEN 8 \
    WHEN l.revoked_at IS NOT NULL THEN 2 WHEN l.ends_at <= ? THEN 0 \
    WHEN l.awaits_agreement THEN 5 WHEN l.starts_at > ? THEN 6 WHEN l.stale_at <= ? THEN 1 \
    WHEN l.expires_at <= ? THEN 3 WHEN l.expires_at <= ? THEN 4 ELSE 7 END";

impl LicenseSort {
    pub(crate) const fn column(self) -> &'static str {
        match self {
            Self::Serial
            | Self::SerialDown
            | Self::State
            | Self::StateDown
            | Self::Folder
            | Self::FolderDown => "l.serial",
            Self::ExpiresAt | Self::ExpiresAtDown => "l.expires_at",
            Self::Product | Self::ProductDown => "p.code_key",
            Self::Model | Self::ModelDown => "(l.model || '')",
            Self::Access | Self::AccessDown => "l.access",
            Self::Seats | Self::SeatsDown => "l.seats",
            Self::Issuer | Self::IssuerDown => "l.issuer",
        }
    }

    /// The key of a license, and its id. By folder it is that of its place in the folder.
    pub(crate) fn cursor(self, license: &License, now: Timestamp, warn_before: Millis) -> Cursor {
        let terms = &license.terms;
        let id = license.id.to_string().into();
        let key = match self {
            Self::State | Self::StateDown => {
                let state = license.state(now, warn_before);
                let urgency = BY_URGENCY.iter().position(|one| *one == state);
                let serial = terms.serial.as_str().into();
                return Cursor::new([urgency.unwrap_or(BY_URGENCY.len()).into(), serial, id]);
            }
            Self::Serial | Self::SerialDown | Self::Folder | Self::FolderDown => {
                terms.serial.as_str().into()
            }
            Self::ExpiresAt | Self::ExpiresAtDown => terms.expires_at.as_millis().into(),
            Self::Product | Self::ProductDown => terms.product.key().into(),
            Self::Model | Self::ModelDown => terms.model.code().into(),
            Self::Access | Self::AccessDown => terms.access.code().into(),
            Self::Seats | Self::SeatsDown => terms.seats.into(),
            Self::Issuer | Self::IssuerDown => license.issuer.as_str().into(),
        };
        Cursor::new([key, id])
    }

    /// The state that a cursor's first part stands for.
    pub(crate) fn state_at(urgency: i64) -> Option<State> {
        let at = usize::try_from(urgency).ok()?;
        BY_URGENCY.get(at).copied()
    }

    pub(crate) const fn is_by_folder(self) -> bool {
        matches!(self, Self::Folder | Self::FolderDown)
    }

    const fn is_by_state(self) -> bool {
        matches!(self, Self::State | Self::StateDown)
    }

    /// Adds what comes after a cursor, and the order.
    pub(crate) fn add(
        self,
        select: &mut Select<'_>,
        (now, warn_before): (Timestamp, Millis),
        cursor: Option<&Cursor>,
    ) -> Result<(), StoreError> {
        let (direction, beyond) = if self.is_down() {
            (" DESC", "<")
        } else {
            ("", ">")
        };
        let column = self.column();
        if self.is_by_state() {
            let moments = || [now, now, now, now, now.plus(warn_before)].map(ms);
            if let Some(cursor) = cursor {
                let mut values: Vec<Value<'_>> = moments().into();
                values.extend([
                    cursor.int(0)?.into(),
                    cursor.text(1)?.into(),
                    Value::Id(cursor.id(2)?),
                ]);
                let after = format!("AND ({URGENCY}, l.serial, l.id) {beyond} (?, ?, ?)");
                select.push(&after, values);
            }
            let order =
                format!("ORDER BY {URGENCY}{direction}, l.serial{direction}, l.id{direction}");
            select.push(&order, moments());
            return Ok(());
        }
        if let Some(cursor) = cursor {
            let key = match self {
                Self::ExpiresAt | Self::ExpiresAtDown | Self::Seats | Self::SeatsDown => {
                    cursor.int(0)?.into()
                }
                _ => cursor.text(0)?.into(),
            };
            select.push(
                &format!("AND ({column}, l.id) {beyond} (?, ?)"),
                [key, Value::Id(cursor.id(1)?)],
            );
        }
        select.add(&format!("ORDER BY {column}{direction}, l.id{direction}"));
        Ok(())
    }
}

/// How an order of accounts comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Read off an index.
    Read,
    /// A few, sorted.
    Sorted,
}

impl UserSort {
    pub(crate) const fn is_by_folder(self) -> bool {
        matches!(self, Self::Folder | Self::FolderDown)
    }

    /// Whether what lives in one folder has an index in this order.
    pub(crate) const fn has_folders(self) -> bool {
        !matches!(
            self,
            Self::Name | Self::NameDown | Self::Active | Self::ActiveDown
        )
    }

    /// The key of an account. By folder it is that of its place in the folder.
    pub(crate) fn cursor(self, Listed { user, last_active }: &Listed) -> Cursor {
        let username = user.username.key().into();
        match self {
            Self::Name | Self::NameDown => Cursor::new([name_key(user).into(), username]),
            Self::Active | Self::ActiveDown => {
                Cursor::new([i64::from(user.active).into(), username])
            }
            Self::LastActive | Self::LastActiveDown => {
                let at = last_active.unwrap_or(Timestamp::NEVER);
                Cursor::new([at.as_millis().into(), username])
            }
            _ => Cursor::new([username]),
        }
    }

    /// Adds what comes after a cursor, and the order: read off its index, or of a few accounts
    /// that are found in another way, sorted.
    pub(crate) fn add(
        self,
        select: &mut Select<'_>,
        cursor: Option<&Cursor>,
        by: Order,
    ) -> Result<(), StoreError> {
        let (direction, beyond) = if self.is_down() {
            (" DESC", "<")
        } else {
            ("", ">")
        };
        // An expression is in no index.
        let (key, username) = match (self, by) {
            (Self::Name | Self::NameDown, Order::Read) => (Some("u.name_key"), "u.username_key"),
            (Self::Name | Self::NameDown, Order::Sorted) => {
                (Some("(u.name_key || '')"), "u.username_key")
            }
            (Self::Active | Self::ActiveDown, _) => (Some("u.active"), "u.username_key"),
            (Self::LastActive | Self::LastActiveDown, Order::Read) => {
                (Some("u.last_active_at"), "u.username_key")
            }
            (Self::LastActive | Self::LastActiveDown, Order::Sorted) => {
                (Some("(u.last_active_at + 0)"), "u.username_key")
            }
            (_, Order::Read) => (None, "u.username_key"),
            (_, Order::Sorted) => (None, "(u.username_key || '')"),
        };
        let Some(key) = key else {
            if let Some(cursor) = cursor {
                let after = format!("AND {username} {beyond} ?");
                select.push(&after, [cursor.text(0)?.into()]);
            }
            select.add(&format!("ORDER BY {username}{direction}"));
            return Ok(());
        };
        if let Some(cursor) = cursor {
            let value: Value<'_> = match self {
                Self::Active | Self::ActiveDown => (cursor.int(0)? != 0).into(),
                Self::LastActive | Self::LastActiveDown => cursor.int(0)?.into(),
                _ => cursor.text(0)?.into(),
            };
            let after = format!("AND ({key}, u.username_key) {beyond} (?, ?)");
            select.push(&after, [value, cursor.text(1)?.into()]);
        }
        select.add(&format!(
            "ORDER BY {key}{direction}, u.username_key{direction}"
        ));
        Ok(())
    }
}

/// What an account's name is ordered by; empty without a name.
pub(crate) fn name_key(user: &User) -> String {
    let name = user.name.as_ref();
    name.map_or_else(String::new, |name| domain::names::fold(name.as_str()))
}

/// The last word of a name that has several; empty for any other.
pub(crate) fn last_key(user: &User) -> String {
    let name = name_key(user);
    let last = name.rsplit_once(' ').map(|(_, last)| last.to_owned());
    last.unwrap_or_default()
}

/// What an account is found by through its address; empty without one.
pub(crate) fn email_key(user: &User) -> String {
    let email = user.email.as_ref();
    email.map_or_else(String::new, |email| domain::names::fold(email.as_str()))
}
