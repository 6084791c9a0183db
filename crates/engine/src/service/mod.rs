//! Issuers' license services: keys become licenses (I2), licenses are refreshed (I3).
//!
//! What is said is [`license_file::exchange`]; what it may change is decided in `domain` like everything else. Here are
//! only the line to the service, the signing, and the schedule. Nothing of this is needed for people to work.

mod add;
mod aside;
mod calls;
mod line;
mod refresh;
mod speakers;

pub use self::line::{LineError, ServiceLine};
pub use add::{KeyError, KeyLicense};

pub(crate) use self::line::Http;
pub(crate) use refresh::run;

use add::{activate, preview};
use refresh::by_hand;

use domain::refresh::LicenseService;
use license_file::exchange::{Request, Wish};

use crate::state::Shared;

/// Signs a request as this installation.
fn signed(shared: &Shared, wish: Wish) -> String {
    let now = shared.now().as_millis();
    let request = Request {
        installation: shared.installation.id_text.clone(),
        company: shared.policy().company.as_ref().map(ToString::to_string),
        at: jiff::Timestamp::from_millisecond(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH),
        wish,
    };
    let payload = request.payload(&shared.installation.public, &rand::random());
    shared
        .installation
        .sign(license_file::exchange::REQUEST_TYP, &payload)
}

/// A fault with whose it is.
fn sentence(service: &LicenseService, what: &str) -> String {
    format!(
        "the license service of {} ({}): {what}",
        service.issuer, service.url
    )
}
