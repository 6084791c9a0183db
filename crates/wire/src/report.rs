//! `/v1/reports`: how much was used, what nobody uses, what ends, and who used what.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;
use crate::{Model, State, Time};

/// How finely use is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// By the hour; kept for 92 days.
    Hour,
    /// By the UTC day; kept for good.
    #[default]
    Day,
}

/// The use of one product in one hour or day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductUse {
    /// The product's code.
    #[schema(example = "esm")]
    pub product: String,
    /// When the hour or day begins, in UTC.
    pub at: Time,
    /// The most seats in use at the same moment: floating seats, and people at work on dedicated seats, site licenses
    /// and demo seats.
    pub peak: u64,
    /// How many seats were in use on average.
    pub average: f64,
    /// How many seats licenses in force had: at the end of an hour; the most of a day's hours. Site licenses have none.
    pub owned: u64,
    /// How many sessions began.
    pub sessions: u64,
}

/// A dedicated seat that nobody uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IdleSeat {
    /// The seat's id.
    pub id: Uuid,
    /// The id of the account for which it was assigned.
    pub user: Uuid,
    /// That account's username; absent when it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// That account's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The path of that account's folder.
    pub folder: String,
    /// The product's code.
    pub product: String,
    /// The license's id.
    pub license: Uuid,
    /// The license's serial.
    pub serial: String,
    /// When the seat was assigned.
    pub assigned_at: Time,
    /// When the holder last signed in on it; absent when never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_active: Option<Time>,
    /// For how many whole days nobody has used it.
    pub idle_days: u64,
}

/// A license that ends, and whether the coming term is covered (R5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndingLicense {
    /// The license's id.
    pub license: Uuid,
    /// The license's serial.
    pub serial: String,
    /// The product's code.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// How its seats are used.
    pub model: Model,
    /// Its state now.
    pub state: State,
    /// When it ends (exclusive); days of grace come after that.
    pub expires_at: Time,
    /// How many days of grace it has.
    pub grace_days: u32,
    /// How many seats end with it.
    pub seats: u64,
    /// How many of them people hold or use now.
    pub held: u64,
    /// For how many of those other licenses have no seat afterwards.
    pub without: u64,
}

/// What one user used of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonUse {
    /// The user's id.
    pub user: Uuid,
    /// The username.
    pub username: String,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The path of the user's folder.
    pub folder: String,
    /// The product's code.
    pub product: String,
    /// How many sessions began.
    pub sessions: u64,
    /// How many hours they lasted in the period, those at the same time counted each.
    pub hours: f64,
    /// The last day of use, in UTC.
    #[schema(example = "2026-01-31")]
    pub last_day: String,
}

pages! {
    /// The use of products, by time. It comes in one page.
    ProductUsePage of ProductUse;
    /// A page of seats that nobody uses, longest first where there are few seats.
    IdleSeatPage of IdleSeat;
    /// A page of licenses that end, earliest first.
    EndingLicensePage of EndingLicense;
    /// A page of users with what each used, by username.
    PersonUsePage of PersonUse;
}

/// Which use is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UseQuery {
    /// Of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// By the hour or by the day; by the day when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub grain: Option<Grain>,
    /// Hours or days that begin at this moment or later; 30 days ago when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub since: Option<Time>,
    /// Hours or days that begin before this moment; now when absent. At most 31 days by the hour, 400 by the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
}

/// Which seats that nobody uses are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IdleSeatQuery {
    /// Of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Without a sign-in for so many days, 1 to 3650; 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 3650)]
    pub days: Option<u32>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Which ends are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EndingQuery {
    /// Not before; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub since: Option<Time>,
    /// Before (exclusive); in a year when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Whose use of what is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PersonUseQuery {
    /// From the UTC day of this moment on; 29 days ago when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub since: Option<Time>,
    /// Up to the UTC day of the last moment before this one; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
    /// Of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// By users in this folder and those below: path or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// With this text in the username, the name or the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// How many users at most, 1 to 1000; 100 when absent. Each comes with all its products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
