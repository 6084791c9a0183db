//! Files of every kind that is taken in, opened the way the server opens them.

use license_file::document::LicenseTerms;
use license_file::intake::{File, IntakeError, Keys, OpenedPart, Unpacked, unpack};
use license_file::keygen::{Given, LicenseKey};
use license_file::open::{Ours, TrustedKey};

use crate::keygen_maker::{self, LICENSE_KEY};
use crate::samples::{document, file, full_terms, terms, trust};

pub(crate) const US: Ours<'static> = Ours {
    company: Some("CUST-42"),
    installation: Some("0190a0f0-0000-7000-8000-00000000abcd"),
};

/// The Keygen account that is trusted.
pub(crate) fn accounts() -> Vec<TrustedKey> {
    vec![TrustedKey {
        name: "Northwind Software".to_owned(),
        key: keygen_maker::account().verifying_key().clone(),
    }]
}

/// Everything that opens the samples.
pub(crate) fn given() -> Given {
    Given {
        license_keys: vec![LicenseKey::new("wrong"), LicenseKey::new(LICENSE_KEY)],
        product: None,
    }
}

/// All documents of a file, opened.
pub(crate) fn open_all(bytes: &[u8], given: &Given) -> Result<Vec<OpenedPart>, IntakeError> {
    let (trusted, keygen) = (trust(), accounts());
    let keys = Keys {
        trusted: &trusted,
        keygen: &keygen,
        given,
    };
    let unpacked = take_apart(bytes)?;
    unpacked
        .parts
        .iter()
        .map(|part| part.open(keys, &US))
        .collect()
}

pub(crate) fn take_apart(bytes: &[u8]) -> Result<Unpacked, IntakeError> {
    unpack([File { name: None, bytes }])
}

/// The licenses of a file that must open.
pub(crate) fn licenses(bytes: &[u8]) -> Vec<LicenseTerms> {
    let opened = open_all(bytes, &given()).expect("it opens");
    opened
        .into_iter()
        .flat_map(|part| part.opened.document.licenses)
        .collect()
}

/// The code that a file is refused with.
pub(crate) fn refused(bytes: &[u8]) -> &'static str {
    let error = open_all(bytes, &given()).expect_err("it is refused");
    assert!(error.to_string().ends_with(['.', '…']), "{error}");
    error.code()
}

#[test]
fn i1_files_of_all_kinds_come_in_together_each_under_its_name() {
    let lic = file(&document(vec![terms(1), full_terms(2)]));
    let xml = document(vec![terms(3)])
        .sign_xml(&crate::samples::key())
        .unwrap();
    let keygen = keygen_maker::plain(&keygen_maker::usual(), &keygen_maker::account());
    let files = [
        (Some("a.lic"), lic.as_slice()),
        (None, xml.as_bytes()),
        (Some("k.lic"), keygen.as_bytes()),
    ];
    let unpacked = unpack(files.map(|(name, bytes)| File { name, bytes })).unwrap();
    let sources: Vec<Option<&str>> = unpacked
        .parts
        .iter()
        .map(|part| part.source.as_deref())
        .collect();
    assert_eq!(sources, [Some("a.lic"), None, Some("k.lic")]);
    assert!(unpacked.ignored.is_empty());
}

#[test]
fn i1_a_refusal_names_its_file() {
    let sound = file(&document(vec![terms(1)]));
    let files = [
        File {
            name: Some("a.lic"),
            bytes: &sound,
        },
        File {
            name: Some("b\n.lic"),
            bytes: b"hello",
        },
    ];
    let error = unpack(files).unwrap_err();
    assert_eq!(error.code(), "not_a_license_file");
    assert!(
        error.to_string().starts_with("b\\n.lic: This is not"),
        "{error}"
    );
}

#[test]
fn i1_no_more_than_a_hundred_files_come_in_at_once() {
    let sound = file(&document(vec![terms(1)]));
    let many = std::iter::repeat_n(
        File {
            name: None,
            bytes: &sound,
        },
        101,
    );
    assert_eq!(unpack(many).unwrap_err().code(), "too_many_files");
    let huge = vec![b' '; license_file::open::MAX_FILE + 1];
    assert_eq!(refused(&huge), "too_large");
}

#[test]
fn l5_the_binding_holds_whatever_a_license_is_packed_in() {
    let mut elsewhere = terms(1);
    elsewhere.installation = Some("somewhere-else".to_owned());
    let document = document(vec![elsewhere]);
    let key = crate::samples::key();
    assert_eq!(refused(&file(&document)), "wrong_installation");
    assert_eq!(
        refused(document.sign_xml(&key).unwrap().as_bytes()),
        "wrong_installation"
    );
}
