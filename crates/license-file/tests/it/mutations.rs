//! Thousands of damaged files: opening and explaining never panic, and nothing but what was signed is ever accepted.

use license_file::explain::explain;
use license_file::jws::{self, SESSION_TYP};
use license_file::key_file::{PrivateKeyFile, PublicKeyFile};
use license_file::open::{OpenError, Ours, open};

use crate::samples::{document, file, file_saying, full_terms, key, terms, trust};

/// Mutations of each file of the corpus.
pub(crate) const ROUNDS: usize = 1_500;

const US: Ours<'static> = Ours {
    company: Some("CUST-42"),
    installation: Some("0190a0f0-0000-7000-8000-00000000abcd"),
};

/// Xorshift64: the same mutations on every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).expect("a length fits");
        usize::try_from(self.roll() % limit).expect("below a length")
    }

    fn byte(&mut self) -> u8 {
        // Half of the time something that has a meaning here.
        const MEANING: &[u8] = b".-_=AZaz09{}[]\":,\\\n\r\t \0<";
        if self.roll().is_multiple_of(2) {
            MEANING[self.below(MEANING.len())]
        } else {
            self.roll().to_le_bytes()[3]
        }
    }
}

/// One to three changes: a bit, a byte, a cut, a piece repeated, moved or put in.
pub(crate) fn mutate(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(7) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            1 if !bytes.is_empty() => bytes[at] = dice.byte(),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let piece: Vec<u8> = bytes.drain(at..end).collect();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => {
                let piece: Vec<u8> = (0..dice.below(6)).map(|_| dice.byte()).collect();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[test]
fn l3_no_mutation_of_a_file_is_accepted_as_something_else() {
    let written = [
        document(vec![terms(1)]),
        document(vec![full_terms(1)]),
        document((0..20).map(terms).collect()),
    ];
    let mut dice = Dice(0x5ea7_4ee9_e400_0001);
    let mut refused = std::collections::BTreeMap::<&str, usize>::new();
    for document in &written {
        let wrapped = file(document);
        let bare = license_file::armor::unwrap(&wrapped)
            .expect("just wrapped")
            .into_bytes();
        for original in [wrapped, bare] {
            for _ in 0..ROUNDS {
                let mutated = mutate(&original, &mut dice);
                let shown = explain(&mutated, &trust());
                match open(&mutated, &trust(), &US) {
                    // Only white space around and between the lines may differ.
                    Ok(opened) => assert_eq!(opened.document, *document),
                    Err(error) => {
                        assert!(
                            !shown.is_acceptable(),
                            "{error}: {}",
                            String::from_utf8_lossy(&mutated)
                        );
                        assert_eq!(
                            shown.problems[0].code,
                            error.code(),
                            "{}",
                            String::from_utf8_lossy(&mutated)
                        );
                        *refused.entry(error.code()).or_default() += 1;
                    }
                }
            }
        }
    }
    // The dice reached each way in which damage shows.
    for code in [
        "not_a_license_file",
        "truncated",
        "bad_signature",
        "tampered",
    ] {
        assert!(refused.contains_key(code), "{code} in {refused:?}");
    }
}

#[test]
fn signed_nonsense_is_refused_or_sound() {
    // The trusted issuer itself signs damaged JSON: what opens must keep every rule.
    let json = serde_json::to_vec(&document(vec![terms(1), full_terms(2)])).unwrap();
    let mut dice = Dice(0x5ea7_4ee9_e400_0002);
    let mut opened = 0;
    for _ in 0..ROUNDS {
        let compact = jws::sign(&key(), jws::LICENSE_TYP, &mutate(&json, &mut dice));
        match open(compact.as_bytes(), &trust(), &US) {
            Ok(sound) => {
                assert_eq!(sound.document.check(), Ok(()));
                opened += 1;
            }
            Err(error) => assert!(
                matches!(
                    error,
                    OpenError::InvalidTerms(_)
                        | OpenError::UnsupportedVersion(_)
                        | OpenError::WrongCompany { .. }
                        | OpenError::WrongInstallation { .. }
                ),
                "{error}"
            ),
        }
    }
    assert!(
        opened > 0,
        "some damage, such as another digit in a serial, leaves a sound document"
    );
}

#[test]
fn h4_no_mutation_of_a_token_verifies() {
    let token = jws::sign(&key(), SESSION_TYP, br#"{"sub":"anna","product":"esm"}"#);
    let public = key().verifying_key().clone();
    let mut dice = Dice(0x5ea7_4ee9_e400_0003);
    for _ in 0..2 * ROUNDS {
        let mutated = mutate(token.as_bytes(), &mut dice);
        let Ok(text) = std::str::from_utf8(&mutated) else {
            continue;
        };
        if text != token {
            let answer = jws::verify(text, SESSION_TYP, |kid| {
                (kid == public.kid()).then_some(&public)
            });
            assert!(answer.is_err(), "{text}");
        }
    }
}

#[test]
fn damaged_key_files_never_become_another_key() {
    let private = PrivateKeyFile {
        name: "Northwind Software".to_owned(),
        key: key(),
    };
    let mut dice = Dice(0x5ea7_4ee9_e400_0004);
    for _ in 0..ROUNDS {
        let mutated = mutate(private.to_text().as_bytes(), &mut dice);
        if let Ok(read) = PrivateKeyFile::parse(&String::from_utf8_lossy(&mutated)) {
            assert_eq!(read.key.kid(), key().kid());
        }
        let mutated = mutate(private.public().to_text().as_bytes(), &mut dice);
        if let Ok(read) = PublicKeyFile::parse(&String::from_utf8_lossy(&mutated)) {
            assert!(
                read.key.kid() == key().kid()
                    || !String::from_utf8_lossy(&mutated).contains("\"kid\"")
            );
        }
    }
}

#[test]
fn deep_nesting_is_refused_without_harm() {
    let depth = 200_000;
    let nested = format!(
        r#"{{"format":1,"licenses":{}{}}}"#,
        "[".repeat(depth),
        "]".repeat(depth)
    );
    assert_eq!(
        open(&file_saying(&nested), &trust(), &US)
            .unwrap_err()
            .code(),
        "invalid_terms"
    );
    assert_eq!(
        explain(&file_saying(&nested), &trust()).problems[0].code,
        "invalid_terms"
    );
}
