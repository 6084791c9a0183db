//! `/v1/licenses`: intake, list, change, removal, and who holds the seats.

mod change;
mod import;
mod refresh;
mod replace;
mod request;
mod seat;

pub use change::{
    CancelReleaseRequest, Confirmation, DeletedAll, Displaced, LicensePatch, MoveSeatsRequest,
    ReleaseCancelled, RemovedLicenses, SeatMove,
};
pub use import::{ImportQuery, ImportedLicense, ImportedLicenses};
pub use refresh::{
    AddLicenseRequest, AddedLicense, RefreshRequest, RefreshState, RefreshTrouble,
    RefreshedLicense, RefreshedLicenses,
};
pub use replace::{
    LicenseSerial, ReplaceLicensesRequest, ReplaceRequest, Replaced, Replacement, ReplacementPage,
    ReplacementQuery, ReplacementUndone, Restored,
};
pub use request::{LicenseRequest, MadeRequest, MadeRequestPage, MadeRequestQuery};
pub use seat::{SeatHolder, SeatHolderPage, SeatQuery};

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;
use crate::words::words;
use crate::{AccessLevel, AutoAssign, CountedBy, Model, Modules, Removable, State, Time};

/// A license as it stands in this installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct License {
    /// Its id here.
    pub id: Uuid,
    /// The issuer's id of it, globally unique.
    pub reference: String,
    /// Counts up with each re-issue.
    pub revision: u64,
    /// The serial number that people read.
    pub serial: String,
    /// The product's code.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// How seats are used.
    pub model: Model,
    /// What a seat lets its user do.
    pub access: AccessLevel,
    /// Which modules a seat gives.
    pub modules: Modules,
    /// How many seats, whatever its state; 0 for a site license. A product counts those of licenses
    /// in force (`usable`).
    pub seats: u32,
    /// How many are taken, releasing and unbacked ones included.
    pub occupied: u32,
    /// How many are free.
    pub free: u32,
    /// How many of the occupied ones wait for their last session to end.
    pub releasing: u32,
    /// How many of the occupied ones are beyond what there is.
    pub unbacked: u32,
    /// What it is at this moment.
    pub state: State,
    /// Whether people may work on it at this moment.
    pub usable: bool,
    /// From when.
    pub starts_at: Time,
    /// Until when (exclusive); perpetual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// How many days it stays usable after its end.
    pub grace_days: u32,
    /// Whether its seats can be assigned.
    pub assignable: bool,
    /// When its seats are given without a hand.
    pub auto_assign: AutoAssign,
    /// When it may be removed.
    pub removable: Removable,
    /// What takes a floating seat.
    pub counted_by: CountedBy,
    /// The issuer's name, as its key was trusted.
    pub issuer: String,
    /// The id of the key that signed it.
    pub key: String,
    /// How often it must be revalidated, in days; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revalidate_days: Option<u32>,
    /// How many days it stays usable when revalidation is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_grace_days: Option<u32>,
    /// When it becomes stale unless it is refreshed before; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_at: Option<Time>,
    /// How many days are left until then, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_until_stale: Option<u32>,
    /// How its refreshing stands, where it was tried or is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshState>,
    /// What must be accepted before it takes effect, where there is something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// The id of the license that took its holders over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Uuid>,
    /// When it first arrived.
    pub imported_at: Time,
    /// Counts changes; the `ETag`.
    pub version: u32,
}

/// An agreement that comes with a license.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agreement {
    /// Its whole text; only where one license is asked for, and not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// SHA-256 of the text, lower-case hexadecimal.
    pub hash: String,
    /// Who accepted it; absent while nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<String>,
    /// When it was accepted; absent while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Time>,
}

/// A license with its pools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LicenseDetail {
    /// The license.
    #[serde(flatten)]
    pub license: License,
    /// Where its seats stand.
    pub pools: Vec<Pool>,
}

/// The seats of one license that stand in one folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pool {
    /// Its id.
    pub id: Uuid,
    /// The folder's id.
    pub folder: Uuid,
    /// The folder's path.
    #[schema(example = "/Sales/EMEA")]
    pub path: String,
    /// How many seats.
    pub size: u32,
    /// How many are taken.
    pub occupied: u32,
    /// How many are free.
    pub free: u32,
    /// How many of the occupied ones are beyond what there is.
    pub unbacked: u32,
}

pages! {
    /// A page of licenses.
    LicensePage of License, total;
}

words! {
    /// How licenses are ordered.
    LicenseSort {
        /// By serial.
        Serial = "serial",
        /// By serial, last first.
        SerialDown = "-serial",
        /// Earliest end first, perpetual ones last.
        ExpiresAt = "expires_at",
        /// Perpetual ones first, then the latest end.
        ExpiresAtDown = "-expires_at",
        /// By product code.
        Product = "product",
        /// By product code, last first.
        ProductDown = "-product",
        /// What needs somebody first: expired, stale, revoked, in grace, ending soon, scheduled, active.
        State = "state",
        /// Active ones first.
        StateDown = "-state",
        /// By model.
        Model = "model",
        /// By model, last first.
        ModelDown = "-model",
        /// By access level.
        Access = "access",
        /// By access level, last first.
        AccessDown = "-access",
        /// Fewest seats first.
        Seats = "seats",
        /// Most seats first.
        SeatsDown = "-seats",
        /// By issuer.
        Issuer = "issuer",
        /// By issuer, last first.
        IssuerDown = "-issuer",
        /// By the path of the folder in which all seats stand; those in several folders or in none last.
        Folder = "folder",
        /// By that path, last first; those in several folders or in none first.
        FolderDown = "-folder",
    }
}

/// Which licenses are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LicenseQuery {
    /// Of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub state: Option<State>,
    /// Of this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub model: Option<Model>,
    /// With seats in this folder: id or path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// With exactly this serial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// With this text in the serial, the reference, or the product's code or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Whether removed licenses are listed too; `false` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<bool>,
    /// In which order; by serial when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub sort: Option<LicenseSort>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
