//! Ed25519 at its edges: Wycheproof's vectors, those of RFC 8032 that `jws.rs` leaves out, and the classes of cases that test suites of
//! Ed25519 look for (malleability, edge values of R and S, non-canonical encodings, small and mixed orders), computed
//! for keys of ours with an independent implementation.

use license_file::jws::{JwsError, KeyError, SigningKey, VerifyingKey};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

use crate::samples::key;

fn hex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("two hex digits");
    (0..text.len()).step_by(2).map(digits).collect()
}

fn signature(text: &str) -> [u8; 64] {
    hex(text).try_into().expect("64 bytes")
}

fn point(text: &str) -> [u8; 32] {
    hex(text).try_into().expect("32 bytes")
}

/// Order of the base point, little endian.
const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

/// `S + n` times the order: the same value to whoever does not look closely.
fn with_order_added(signature: &[u8; 64], times: u16) -> Option<[u8; 64]> {
    let order = hex(ORDER);
    let mut changed = *signature;
    for _ in 0..times {
        let mut carry = 0_u16;
        for (byte, add) in changed[32..].iter_mut().zip(&order) {
            let sum = u16::from(*byte) + u16::from(*add) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        if carry > 0 {
            return None;
        }
    }
    Some(changed)
}

#[test]
fn wycheproofs_ed25519_vectors_verify_as_they_should() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut seen = 0;
    for group in &set.test_groups {
        let public: &[u8] = &group.key.pk;
        let key = VerifyingKey::from_bytes(public.try_into().unwrap()).unwrap();
        for test in &group.tests {
            // Anything but 64 bytes is no signature before anybody verifies it.
            let signature: Result<&[u8; 64], _> = test.sig.as_slice().try_into();
            let verifies = signature.is_ok_and(|one| key.verify(&test.msg, one).is_ok());
            let should = test.result == TestResult::Valid;
            assert_eq!(verifies, should, "case {}: {}", test.tc_id, test.comment);
            seen += 1;
        }
    }
    assert_eq!(seen, set.number_of_tests);
}

#[test]
fn rfc_8032_sha_abc_signs_and_verifies() {
    let key = SigningKey::from_seed(&point(
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    ));
    let message = hex(
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    );
    let expected = signature(
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    );
    assert_eq!(
        key.verifying_key().as_bytes(),
        &point("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")
    );
    assert_eq!(key.sign(&message), expected);
    assert_eq!(key.verifying_key().verify(&message, &expected), Ok(()));
}

#[test]
fn a_signature_has_one_spelling() {
    let message = b"message";
    let sound = key().sign(message);
    let public = key().verifying_key().clone();
    assert_eq!(public.verify(message, &sound), Ok(()));
    let mut tried = 0;
    for times in 1..=15 {
        if let Some(changed) = with_order_added(&sound, times) {
            let verdict = public.verify(message, &changed);
            assert!(
                matches!(verdict, Err(JwsError::Signature(_))),
                "{times}: {verdict:?}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 14, "{tried}");
    // The bits above the scalar.
    for bit in [0x20, 0x40, 0x80] {
        let mut changed = sound;
        changed[63] |= bit;
        let verdict = public.verify(message, &changed);
        assert!(matches!(verdict, Err(JwsError::Signature(_))), "{bit}");
    }
}

#[test]
fn edge_values_of_r_and_s_sign_nothing() {
    let public = key().verifying_key().clone();
    let prime = "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
    let points = [
        "00".repeat(32),
        format!("01{}", "00".repeat(31)),
        prime.to_owned(),
        prime.replacen("ed", "ec", 1),
        prime.replacen("ed", "ee", 1),
        "ff".repeat(32),
        // The base point.
        format!("58{}", "66".repeat(31)),
    ];
    let less = ORDER.replacen("ed", "ec", 1);
    let scalars = [
        "00".repeat(32),
        format!("01{}", "00".repeat(31)),
        less,
        ORDER.to_owned(),
        prime.to_owned(),
        "ff".repeat(32),
    ];
    for r in &points {
        for s in &scalars {
            let edge = signature(&format!("{r}{s}"));
            for message in [&b""[..], b"message"] {
                assert!(public.verify(message, &edge).is_err(), "{r} {s}");
            }
        }
    }
}

#[test]
fn a_signature_with_a_small_r_is_refused_though_its_equation_holds() {
    // R is the identity (canonical, with y above the prime, with the sign bit of zero), and a point of order two.
    for text in [
        "0100000000000000000000000000000000000000000000000000000000000000d4c5323131ff9683cfb3d30197c786c9043f1052d6c2d5293f19d6f36b911104",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f429287529325c4ed20a20ad97fccf713cadc367a64bb7024b811454179bf3707",
        "01000000000000000000000000000000000000000000000000000000000000806c48dd23977cad979fe5b405427c91b5ef937d68089cb19ded46e0e110fca50f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fdbecfef05ade8793dd5bae1958043b5a2717498c2b7e8df8596d6b6386769703",
    ] {
        let verdict = key().verifying_key().verify(b"message", &signature(text));
        assert_eq!(verdict, Err(JwsError::Mismatch), "{text}");
    }
}

#[test]
fn a_key_with_a_small_part_does_not_verify_what_only_cofactors_would() {
    let mixed = point("03b5939c1d63adf5410aaf84ecd13a066ab889514141846dbde11596ebb92dd3");
    let signed = signature(
        "3389e4d1e09b9a88e72c2968e33381ae1683ac0011ebce3904ae3e180d4d4223643abad3232f179ee3f5cd67db96431928d82053adeb1b623f224e53aa31270d",
    );
    if let Ok(key) = VerifyingKey::from_bytes(&mixed) {
        assert_eq!(key.verify(b"message", &signed), Err(JwsError::Mismatch));
    }
}

#[test]
fn small_and_non_canonical_points_are_no_keys() {
    let small = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];
    for text in small {
        assert_eq!(
            VerifyingKey::from_bytes(&point(text)).err(),
            Some(KeyError::Weak),
            "{text}"
        );
    }
    // y at or above the prime, and zero with a sign: second spellings.
    let second = [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];
    for text in second {
        assert_eq!(
            VerifyingKey::from_bytes(&point(text)).err(),
            Some(KeyError::NotAPoint),
            "{text}"
        );
    }
}
