//! What commands carry.

use std::sync::Arc;

use crate::ids::{FolderId, LicenseId, PersonId, UserId};
use crate::issuer::Period;
use crate::license::Terms;
use crate::names::{
    Email, FolderName, LicenseRef, PersonName, ProductCode, Serial, Title, Username,
};
use crate::session::Ask;
use crate::time::{Millis, Timestamp};

/// A user, by id or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserRef {
    /// By id.
    Id(UserId),
    /// By username, compared without case.
    Name(Username),
}

/// A folder, by id or by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderRef {
    /// By id.
    Id(FolderId),
    /// By the names from the root down; missing ones are made. Empty: the root.
    Path(Vec<FolderName>),
}

/// What is granted or recalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A product: any of its licenses that covers what is asked (S3).
    Product(ProductCode, Ask),
    /// Exactly this license.
    License(LicenseId),
}

/// One license of a verified document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLicense {
    /// What it grants.
    pub terms: Arc<Terms>,
    /// The issuer's name, as its key is trusted.
    pub issuer: Title,
    /// The id of the key that signed it.
    pub key: String,
    /// When its document was issued, as that says.
    pub issued_at: Timestamp,
    /// Where its document is good only for a time, counted from `issued_at`: that time. Confirming
    /// the license (I3) then counts from `issued_at`, else from the import.
    pub good_for: Option<Millis>,
    /// The file that its document came in, for the account; none for pasted text.
    pub file: Option<Arc<str>>,
}

/// What a verified document says of a further key of its issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// The id of the key that signed it.
    pub by: String,
    /// When it was signed, as it says.
    pub issued_at: Timestamp,
    /// The new key's id.
    pub key: String,
    /// The new public key, base64url.
    pub public_key: String,
    /// When the new key's signatures are believed.
    pub period: Period,
    /// From when the old key's are not any more; none: as it was.
    pub old_until: Option<Timestamp>,
}

/// A license that its issuer takes back in a response (I4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The issuer's id of it.
    pub reference: LicenseRef,
    /// Its serial, as the response has it.
    pub serial: Serial,
    /// Its product's code, as the response has it.
    pub product: ProductCode,
    /// Why, as the issuer says.
    pub reason: Option<String>,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// What it signs in with.
    pub username: Username,
    /// The person's full name.
    pub name: Option<PersonName>,
    /// The person's address.
    pub email: Option<Email>,
    /// Where it lives.
    pub folder: FolderRef,
    /// Whether it may work.
    pub active: bool,
}

/// What changes on an account; `None` leaves as it is, `Some(None)` empties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// A new username.
    pub username: Option<Username>,
    /// A new name.
    pub name: Option<Option<PersonName>>,
    /// A new address.
    pub email: Option<Option<Email>>,
    /// Another folder (P4: seats stay).
    pub folder: Option<FolderRef>,
    /// Deactivated or activated (S8).
    pub active: Option<bool>,
}

impl From<NewUser> for UserPatch {
    /// Everything about the account becomes so.
    fn from(user: NewUser) -> Self {
        Self {
            username: Some(user.username),
            name: Some(user.name),
            email: Some(user.email),
            folder: Some(user.folder),
            active: Some(user.active),
        }
    }
}

/// A person, as an outcome names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Holder {
    /// The human.
    pub person: PersonId,
    /// The account for which the seat was assigned.
    pub user: UserId,
}
