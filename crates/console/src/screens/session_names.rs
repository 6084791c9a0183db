//! Whom and what a session names, as people know them; a dash for what is gone.

use domain::{PersonName, Serial, Username};
use store::query::SessionItem;

const GONE: &str = "–";

/// Who works: their name where it is known, the username otherwise.
pub(crate) fn person(item: &SessionItem) -> String {
    let name = item.name.as_ref().map(PersonName::as_str);
    name.map_or_else(|| username(item), str::to_owned)
}

/// The account's username.
pub(crate) fn username(item: &SessionItem) -> String {
    let username = item.username.as_ref();
    username.map_or(GONE, Username::as_str).to_owned()
}

/// The product's name.
pub(crate) fn product(item: &SessionItem) -> String {
    let product = item.product.as_ref();
    product
        .map_or(GONE, |product| product.name.as_str())
        .to_owned()
}

/// The license: its id and serial; none where a session needs no license.
pub(crate) fn license(item: &SessionItem) -> Option<(String, String)> {
    let serial = item.serial.as_ref().map_or(GONE, Serial::as_str);
    let license = item.session.via.license();
    license.map(|id| (id.to_string(), serial.to_owned()))
}

/// From where; empty when the application did not say.
pub(crate) fn client(item: &SessionItem) -> String {
    let client = item.session.client.as_ref();
    client.map_or_else(String::new, |client| client.as_str().to_owned())
}
