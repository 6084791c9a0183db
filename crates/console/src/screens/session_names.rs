//! Whom and what a session names, as people know them; a dash for what is gone.

use domain::{PersonName, Serial, SessionId, Username};
use store::query::SessionItem;

use crate::texts::Texts;

const GONE: &str = "–";

/// What every list says of a session.
pub(crate) struct Named {
    pub(crate) id: SessionId,
    /// The account's id.
    pub(crate) user: String,
    /// Their name where it is known, the username otherwise.
    pub(crate) name: String,
    pub(crate) username: String,
    pub(crate) product: String,
    pub(crate) via: &'static str,
    /// Its id and serial.
    pub(crate) license: Option<(String, String)>,
    pub(crate) client: String,
}

impl Named {
    pub(crate) fn of(t: &Texts, item: &SessionItem) -> Self {
        Self {
            id: item.session.id,
            user: item.session.user.to_string(),
            name: person(item),
            username: username(item),
            product: product(item),
            via: t.via(item.session.via),
            license: license(item),
            client: client(item),
        }
    }
}

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
