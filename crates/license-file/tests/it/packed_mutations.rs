//! Thousands of damaged XML files, archives and Keygen files: taking them apart and opening them never panics, and what
//! opens is what was signed.

use std::collections::BTreeMap;

use license_file::document::LicenseTerms;
use license_file::explain::explain_any;
use license_file::intake::Keys;
use serde_json::Value;

use crate::intake::{accounts, given, licenses, open_all};
use crate::keygen_maker::{LICENSE_KEY, account, encrypted, plain, usual};
use crate::mutations::{Dice, mutate};
use crate::samples::{document, file, full_terms, key, terms, trust};
use crate::zip::zip_of;

/// Mutations of each file of the corpus.
const ROUNDS: usize = 800;

/// Mutates a file; whatever still opens must say what the whole one says. Answers how often each code was met.
fn disturb(original: &[u8], seed: u64) -> BTreeMap<&'static str, usize> {
    let whole = licenses(original);
    let (trusted, keygen, given) = (trust(), accounts(), given());
    let keys = Keys {
        trusted: &trusted,
        keygen: &keygen,
        given: &given,
    };
    let mut dice = Dice(seed);
    let mut codes = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mutated = mutate(original, &mut dice);
        let explained = explain_any(&mutated, keys);
        match open_all(&mutated, &given) {
            Ok(parts) => {
                let opened: Vec<LicenseTerms> = parts
                    .into_iter()
                    .flat_map(|part| part.opened.document.licenses)
                    .collect();
                // An archive may have lost a whole file, by its name; what is there is as it was.
                assert!(
                    !opened.is_empty() && opened.iter().all(|license| whole.contains(license)),
                    "{}",
                    String::from_utf8_lossy(&mutated)
                );
                *codes.entry("opened").or_default() += 1;
            }
            Err(error) => {
                let refused = explained.iter().any(|shown| !shown.is_acceptable());
                assert!(refused, "{error}: {}", String::from_utf8_lossy(&mutated));
                *codes.entry(error.code()).or_default() += 1;
            }
        }
    }
    codes
}

fn reaches(codes: &BTreeMap<&'static str, usize>, expected: &[&str]) {
    for code in expected {
        assert!(codes.contains_key(code), "{code} in {codes:?}");
    }
}

#[test]
fn l3_no_mutation_of_an_xml_file_is_accepted_as_something_else() {
    let text = document(vec![terms(1), full_terms(2)])
        .sign_xml(&key())
        .unwrap();
    let codes = disturb(text.as_bytes(), 0x5ea7_4ee9_e400_0005);
    reaches(
        &codes,
        &[
            "xml_malformed",
            "xml_mismatch",
            "xml_foreign",
            "tampered",
            "opened",
        ],
    );
}

#[test]
fn l3_no_mutation_of_an_archive_is_accepted_as_something_else() {
    let xml = document(vec![terms(2)]).sign_xml(&key()).unwrap();
    let lic = file(&document(vec![terms(1)]));
    let archive = zip_of(&[
        ("a.lic", &lic),
        ("license.xml", xml.as_bytes()),
        ("readme.txt", b"Dear customer"),
    ]);
    let codes = disturb(&archive, 0x5ea7_4ee9_e400_0006);
    reaches(&codes, &["zip_damaged", "not_a_license_file"]);
}

#[test]
fn l3_no_mutation_of_a_keygen_file_is_accepted_as_something_else() {
    let corpus = [
        plain(&usual(), &account()),
        encrypted(&usual(), &account(), LICENSE_KEY),
    ];
    for (number, text) in (0..).zip(corpus) {
        let codes = disturb(text.as_bytes(), 0x5ea7_4ee9_e400_0007 + number);
        reaches(
            &codes,
            &["keygen_malformed", "keygen_not_verified", "truncated"],
        );
    }
}

#[test]
fn signed_nonsense_of_keygens_is_refused_or_sound() {
    // The account itself signs damaged JSON: what opens must keep every rule.
    let json = usual().to_string();
    let mut dice = Dice(0x5ea7_4ee9_e400_0008);
    let mut opened = 0;
    for _ in 0..2 * ROUNDS {
        let mutated = mutate(json.as_bytes(), &mut dice);
        let Ok(payload) = serde_json::from_slice::<Value>(&mutated) else {
            continue;
        };
        match open_all(plain(&payload, &account()).as_bytes(), &given()) {
            Ok(parts) => {
                assert_eq!(parts[0].opened.document.check(), Ok(()));
                opened += 1;
            }
            Err(error) => assert!(
                ["keygen_malformed", "keygen_suspended", "invalid_terms"].contains(&error.code()),
                "{error}"
            ),
        }
    }
    assert!(
        opened > 0,
        "some damage, such as another digit, leaves a sound license"
    );
}
