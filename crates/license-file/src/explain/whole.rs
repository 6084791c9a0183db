//! A license with every field, also those that a document leaves out because they say nothing unusual: whoever reads what
//! was found need not know what is usual.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::document::{Access, Agreement, CountedBy, LicenseTerms, Model, Modules, Removable};

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    revision: u64,
    serial: &'a str,
    product: &'a str,
    product_name: &'a str,
    model: Model,
    access: Access,
    modules: &'a Modules,
    seats: Option<u32>,
    starts_at: Timestamp,
    expires_at: Option<Timestamp>,
    grace_days: u16,
    assignable: bool,
    removable: Removable,
    counted_by: Option<CountedBy>,
    revalidate_days: Option<u16>,
    offline_grace_days: Option<u16>,
    agreement: Option<&'a Agreement>,
    installation: Option<&'a str>,
    replaces: &'a [String],
}

impl<'a> Whole<'a> {
    fn of(terms: &'a LicenseTerms) -> Self {
        Self {
            id: &terms.id,
            revision: terms.revision,
            serial: &terms.serial,
            product: &terms.product,
            product_name: &terms.product_name,
            model: terms.model,
            access: terms.access,
            modules: &terms.modules,
            seats: terms.seats,
            starts_at: terms.starts_at,
            expires_at: terms.expires_at,
            grace_days: terms.grace_days,
            assignable: terms.assignable,
            removable: terms.removable,
            counted_by: (terms.model == Model::Floating).then(|| terms.counting()),
            revalidate_days: terms.revalidate_days,
            offline_grace_days: terms.offline_grace_days,
            agreement: terms.agreement.as_ref(),
            installation: terms.installation.as_deref(),
            replaces: &terms.replaces,
        }
    }
}

pub(super) fn whole<S: Serializer>(
    licenses: &[LicenseTerms],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(licenses.iter().map(Whole::of))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn no_field_of_a_document_is_left_out_also_where_it_says_nothing_unusual() {
        let usual = serde_json::json!({
            "id": "NW-1", "serial": "NW-1", "product": "esm", "model": "floating", "seats": 5,
            "starts_at": "2026-01-01T00:00:00Z",
        });
        let unusual = serde_json::json!({
            "id": "NW-1", "revision": 2, "serial": "NW-1", "product": "esm", "product_name": "ESM",
            "model": "floating", "access": "read", "modules": ["a"], "seats": 5,
            "starts_at": "2026-01-01T00:00:00Z", "expires_at": "2027-01-01T00:00:00Z",
            "grace_days": 1, "assignable": false, "removable": "after_expiry",
            "counted_by": "session", "revalidate_days": 10, "offline_grace_days": 10,
            "agreement": { "title": "T", "text": "x" },
            "installation": "i", "replaces": ["NW-0"],
        });
        let fields = |value: Value| {
            let terms: LicenseTerms = serde_json::from_value(value).unwrap();
            let shown = serde_json::to_value(Whole::of(&terms)).unwrap();
            let document = serde_json::to_value(&terms).unwrap();
            (shown, document)
        };
        let (shown, document) = fields(unusual);
        assert_eq!(shown, document, "where all is unusual, both have all");
        let names = |value: &Value| {
            value
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        let (usual, _) = fields(usual);
        assert_eq!(names(&usual), names(&shown));
        assert_eq!(usual["access"], "write");
        assert_eq!(usual["modules"], "all");
        assert_eq!(usual["counted_by"], "user");
        assert_eq!(usual["grace_days"], 0);
        assert_eq!(usual["assignable"], true);
    }
}
