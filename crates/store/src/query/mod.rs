//! What lists and pages show: one file a subject, each a few methods of [`crate::Reader`].
//!
//! A filter and a [`Paging`] are values; one function a list turns them into SQL. The sort
//! key and id of the last item are the cursor, so that a page costs the same wherever it
//! is in the list. Results are plain structs of domain values.

pub(crate) mod accounts;
pub(crate) mod beginning;
mod cursor;
pub(crate) mod denials;
pub(crate) mod events;
pub(crate) mod folders;
pub(crate) mod jobs;
pub(crate) mod license_folders;
pub(crate) mod license_list;
mod license_pages;
pub(crate) mod licenses;
pub(crate) mod order;
mod paths;
pub(crate) mod products;
pub(crate) mod refreshes;
pub(crate) mod replacements;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod seats;
pub(crate) mod sessions;
pub(crate) mod trust;
mod user_folders;
pub(crate) mod user_list;
pub(crate) mod users;
mod within;

pub use beginning::Beginning;
pub use cursor::{Page, Paging};
pub use denials::{DenialFilter, DenialItem};
pub use events::{EventFilter, EventItem};
pub use folders::FolderItem;
pub use jobs::{Job, JobState, WhyEnded};
pub use licenses::{LicenseDetail, LicenseFilter, LicenseItem, PoolItem, SeatCounts};
pub use order::{LicenseSort, UserSort};
pub use products::{ProductCounts, ProductItem};
pub use replacements::ReplacementItem;
pub use reports::{
    EndingItem, Grain, IdleCounts, IdleFilter, IdleSeat, IdleSummary, UsePoint, UsedByFilter,
    UsedByItem,
};
pub use seats::{HeldSeat, SeatHolder};
pub use sessions::{SessionFilter, SessionItem};
pub use users::{UserFilter, UserItem};

pub(crate) use cursor::Cursor;
pub(crate) use jobs::{end_running, find as find_job, put as put_job};
pub(crate) use paths::Paths;
pub(crate) use within::{Inside, Within, below};

/// A text as a pattern that finds it anywhere; the escape character is `\`.
pub(crate) fn anywhere(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in domain::names::fold(text).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
