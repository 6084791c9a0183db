//! Documents and keys that the tests start from.

use jiff::Timestamp;
use license_file::document::{
    Access, Agreement, CountedBy, Document, FORMAT, LicenseTerms, Model, Modules, Removable,
};
use license_file::jws::SigningKey;
use license_file::open::TrustedKeys;

/// The vendor's key.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

/// Someone else's key.
pub(crate) fn strangers_key() -> SigningKey {
    SigningKey::from_seed(&[8; 32])
}

/// Trust in the vendor's key alone.
pub(crate) fn trust() -> TrustedKeys {
    let mut trust = TrustedKeys::new();
    trust.add("Northwind Software", key().verifying_key().clone());
    trust
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant in RFC 3339")
}

/// Usual terms: 25 dedicated seats for two years.
pub(crate) fn terms(number: usize) -> LicenseTerms {
    LicenseTerms {
        id: format!("5d1c9c1e-7a33-8f10-9b1e-{number:012}"),
        revision: 1,
        serial: format!("NW-ESM-{number:06}"),
        product: "esm".to_owned(),
        product_name: "Service Management".to_owned(),
        model: Model::Dedicated,
        access: Access::Write,
        modules: Modules::All,
        seats: Some(25),
        starts_at: instant("2026-01-01T00:00:00Z"),
        expires_at: Some(instant("2028-01-01T00:00:00Z")),
        grace_days: 0,
        assignable: true,
        removable: Removable::Always,
        counted_by: None,
        revalidate_days: None,
        offline_grace_days: None,
        agreement: None,
        installation: None,
        replaces: Vec::new(),
    }
}

/// Terms with every field in use.
pub(crate) fn full_terms(number: usize) -> LicenseTerms {
    LicenseTerms {
        revision: 3,
        model: Model::Floating,
        access: Access::Read,
        modules: Modules::Only(vec!["cmdb".to_owned(), "it-processes".to_owned()]),
        grace_days: 14,
        assignable: false,
        removable: Removable::AfterExpiry,
        counted_by: Some(CountedBy::Session),
        revalidate_days: Some(30),
        offline_grace_days: Some(7),
        agreement: Some(Agreement {
            title: Some("Terms of use".to_owned()),
            text: "Be kind.\nAlways.".to_owned(),
        }),
        installation: Some("0190a0f0-0000-7000-8000-00000000abcd".to_owned()),
        replaces: vec!["old-1".to_owned()],
        ..terms(number)
    }
}

pub(crate) fn document(licenses: Vec<LicenseTerms>) -> Document {
    Document {
        format: FORMAT,
        issuer: "Northwind Software".to_owned(),
        customer: Some("CUST-42".to_owned()),
        issued_at: instant("2026-02-03T04:05:06Z"),
        licenses,
    }
}

/// The document as a `.lic` file signed by the vendor.
pub(crate) fn file(document: &Document) -> Vec<u8> {
    document
        .sign(&key())
        .expect("a sound document")
        .into_bytes()
}

/// Any payload at all as a `.lic` file rightly signed by the vendor.
pub(crate) fn file_saying(payload: &str) -> Vec<u8> {
    let compact =
        license_file::jws::sign(&key(), license_file::jws::LICENSE_TYP, payload.as_bytes());
    license_file::armor::wrap(&compact).into_bytes()
}
