//! RFC vectors, and each way in which a JWS is refused.

use license_file::jws::{
    self, EncodedHeader, Header, Jwk, Jwks, JwsError, KeyError, SESSION_TYP, SigningKey,
    VerifyingKey,
};

use crate::samples::{key, strangers_key};

fn hex<const N: usize>(text: &str) -> [u8; N] {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("two hex digits");
    assert_eq!(text.len(), 2 * N);
    std::array::from_fn(|index| digits(2 * index))
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A JWS with any header at all, rightly signed by `key`.
fn signed_under(key: &SigningKey, header: &str, payload: &[u8]) -> String {
    let input = format!("{}.{}", base64url(header), base64url(payload));
    let signature = key.sign(input.as_bytes());
    jws::assemble(input, &signature)
}

fn verify(compact: &str) -> Result<Vec<u8>, JwsError> {
    let key = key().verifying_key().clone();
    jws::verify(compact, SESSION_TYP, |kid| {
        (kid == key.kid()).then_some(&key)
    })
}

#[test]
fn rfc_8032_vectors_sign_and_verify() {
    let vectors: [(&str, &str, &[u8], &str); 3] = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            b"",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            b"\x72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            b"\xaf\x82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (seed, public, message, signature) in vectors {
        let key = SigningKey::from_seed(&hex(seed));
        assert_eq!(key.verifying_key().as_bytes(), &hex::<32>(public));
        assert_eq!(key.sign(message), hex::<64>(signature));
        assert_eq!(
            VerifyingKey::from_bytes(&hex(public))
                .unwrap()
                .verify(message, &hex(signature)),
            Ok(())
        );
    }
}

#[test]
fn rfc_8037_appendix_a_key_thumbprint_and_signature() {
    let key = SigningKey::from_seed(&hex(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    ));
    assert_eq!(
        base64url(key.seed().as_slice()),
        "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
    );
    assert_eq!(
        key.verifying_key().to_base64url(),
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    );
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let compact = jws::assemble(input.to_owned(), &key.sign(input.as_bytes()));
    assert_eq!(
        compact.strip_prefix(input),
        Some(
            ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        )
    );
}

#[test]
fn what_is_signed_verifies_and_says_who_and_what() {
    let compact = jws::sign(&key(), SESSION_TYP, b"{\"sub\":\"anna\"}");
    assert_eq!(
        verify(&compact).as_deref(),
        Ok(b"{\"sub\":\"anna\"}".as_slice())
    );
    let header = Header {
        alg: "EdDSA".to_owned(),
        kid: key().kid().to_owned(),
        typ: SESSION_TYP.to_owned(),
    };
    assert_eq!(jws::peek_header(&compact), Ok(header));
}

#[test]
fn a_signature_made_elsewhere_assembles_into_the_same_jws() {
    let header = EncodedHeader::new(key().kid(), SESSION_TYP);
    let input = jws::signing_input(&header, b"payload");
    let signature = key().sign(input.as_bytes());
    assert_eq!(
        jws::assemble(input, &signature),
        jws::sign(&key(), SESSION_TYP, b"payload")
    );
}

#[test]
fn both_names_of_the_algorithm_are_read_and_no_other() {
    let header = |alg: &str| {
        format!(
            r#"{{"typ":"{SESSION_TYP}","alg":"{alg}","kid":"{}"}}"#,
            key().kid()
        )
    };
    for alg in ["EdDSA", "Ed25519"] {
        assert_eq!(
            verify(&signed_under(&key(), &header(alg), b"x")).as_deref(),
            Ok(b"x".as_slice())
        );
    }
    for alg in ["none", "HS256", "ES256", "Ed448", "eddsa", ""] {
        let compact = signed_under(&key(), &header(alg), b"x");
        assert_eq!(verify(&compact), Err(JwsError::Algorithm(alg.to_owned())));
        assert_eq!(
            verify(&compact).unwrap_err().code(),
            "unsupported_algorithm"
        );
    }
    let unsigned = format!("{}.{}.", base64url(r#"{"alg":"none"}"#), base64url("x"));
    assert_eq!(
        verify(&unsigned),
        Err(JwsError::Algorithm("none".to_owned()))
    );
}

#[test]
fn a_header_is_exactly_alg_kid_and_typ() {
    let kid = key().kid().to_owned();
    let refused = [
        (
            format!(
                r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{SESSION_TYP}","crit":["exp"],"exp":1}}"#
            ),
            "extensions",
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{SESSION_TYP}","crit":[]}}"#),
            "extensions",
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{SESSION_TYP}","jwk":{{}}}}"#),
            "`jwk` must not be there",
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#),
            "`typ` is missing",
        ),
        (
            format!(r#"{{"alg":"EdDSA","typ":"{SESSION_TYP}"}}"#),
            "`kid` is missing",
        ),
        (
            format!(r#"{{"kid":"{kid}","typ":"{SESSION_TYP}"}}"#),
            "`alg` is missing",
        ),
        (
            format!(r#"{{"alg":"EdDSA","alg":"EdDSA","kid":"{kid}","typ":"{SESSION_TYP}"}}"#),
            "duplicate field",
        ),
        (
            format!(r#"{{"alg":["EdDSA"],"kid":"{kid}","typ":"{SESSION_TYP}"}}"#),
            "`alg` must be a text",
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":7,"typ":"{SESSION_TYP}"}}"#),
            "invalid type",
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":"","typ":"{SESSION_TYP}"}}"#),
            "`kid` must have",
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{SESSION_TYP}"}} "#)
                + &" ".repeat(4096),
            "longer than",
        ),
        ("[]".to_owned(), "header"),
        ("nonsense".to_owned(), "header"),
    ];
    for (header, expected) in refused {
        let error = verify(&signed_under(&key(), &header, b"x")).unwrap_err();
        assert_eq!(error.code(), "invalid_header", "{header}");
        assert!(error.to_string().contains(expected), "{header}: {error}");
    }
}

#[test]
fn another_type_is_refused_before_the_key_is_looked_up() {
    let compact = jws::sign(&key(), jws::LICENSE_TYP, b"x");
    let answer = jws::verify(&compact, SESSION_TYP, |_| -> Option<VerifyingKey> {
        panic!("looked up")
    });
    assert_eq!(
        answer,
        Err(JwsError::Type {
            expected: SESSION_TYP.to_owned(),
            found: jws::LICENSE_TYP.to_owned()
        })
    );
}

#[test]
fn a_key_does_not_go_by_another_keys_name() {
    let compact = jws::sign(&strangers_key(), SESSION_TYP, b"x");
    assert_eq!(
        verify(&compact),
        Err(JwsError::UnknownKey(strangers_key().kid().to_owned()))
    );
    let careless = jws::verify(&compact, SESSION_TYP, |_| {
        Some(key().verifying_key().clone())
    });
    assert_eq!(
        careless,
        Err(JwsError::UnknownKey(strangers_key().kid().to_owned()))
    );
    let header = EncodedHeader::new(key().kid(), SESSION_TYP);
    let input = jws::signing_input(&header, b"x");
    let signature = strangers_key().sign(input.as_bytes());
    assert_eq!(
        verify(&jws::assemble(input, &signature)),
        Err(JwsError::Mismatch)
    );
}

#[test]
fn a_malformed_signature_is_told_from_a_wrong_one() {
    let compact = jws::sign(&key(), SESSION_TYP, b"x");
    let (signed, signature) = compact.rsplit_once('.').unwrap();
    let malformed = [
        String::new(),
        signature[..84].to_owned(),
        format!("{signature}AA"),
        format!("{signature}=="),
        format!("{}+", &signature[..85]),
        // The last character carries four unused bits; only one spelling is right.
        format!(
            "{}{}",
            &signature[..85],
            char::from(signature.as_bytes()[85] + 1)
        ),
    ];
    for signature in malformed {
        let error = verify(&format!("{signed}.{signature}")).unwrap_err();
        assert_eq!(error.code(), "bad_signature", "{signature}");
    }
    assert_eq!(
        verify(&format!("{signed}.{}", base64url([0; 64]))),
        Err(JwsError::Mismatch)
    );
    assert_eq!(
        verify(&compact.replacen(&base64url("x"), &base64url("y"), 1)),
        Err(JwsError::Mismatch)
    );
}

#[test]
fn a_signature_with_its_scalar_out_of_range_is_malformed() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut signature = key().sign(b"message");
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    assert_eq!(carry, 0, "S + L still fits into 32 bytes");
    let answer = key().verifying_key().verify(b"message", &signature);
    assert!(matches!(answer, Err(JwsError::Signature(_))), "{answer:?}");
}

#[test]
fn small_order_and_unusual_keys_are_no_keys() {
    let small_order = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    for bytes in small_order {
        assert_eq!(
            VerifyingKey::from_bytes(&hex(bytes)),
            Err(KeyError::Weak),
            "{bytes}"
        );
    }
    let second_spellings = [
        // p + 3 and p + 4: beyond the field's order.
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // The neutral element with its sign bit set.
        "0100000000000000000000000000000000000000000000000000000000000080",
    ];
    for bytes in second_spellings {
        assert_eq!(
            VerifyingKey::from_bytes(&hex(bytes)),
            Err(KeyError::NotAPoint),
            "{bytes}"
        );
    }
}

#[test]
fn a_small_order_point_in_the_signature_proves_nothing() {
    // R the neutral element and S zero satisfy the unstrict equation under a small-order key only; strictly, never.
    let mut signature = [0; 64];
    signature[0] = 1;
    assert_eq!(
        key().verifying_key().verify(b"anything", &signature),
        Err(JwsError::Mismatch)
    );
}

#[test]
fn texts_of_another_shape_are_not_jws() {
    for text in ["", ".", "..", "a", "a.b", "a.b.c.d", ".b.c"] {
        let code = verify(text).unwrap_err().code();
        assert_eq!(code, "not_a_jws", "{text:?}");
    }
}

#[test]
fn a_signed_payload_that_is_not_base64url_is_refused() {
    let input = format!(
        "{}.a b",
        EncodedHeader::new(key().kid(), SESSION_TYP).as_str()
    );
    let signature = key().sign(input.as_bytes());
    assert_eq!(
        verify(&jws::assemble(input, &signature)),
        Err(JwsError::Payload)
    );
}

#[test]
fn a_key_set_reads_back_and_passes_over_other_kinds() {
    let keys = [key(), strangers_key()];
    let set: Jwks = keys.iter().map(SigningKey::verifying_key).collect();
    let mut json = serde_json::to_value(&set).unwrap();
    assert_eq!(
        json["keys"][0],
        serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "x": key().verifying_key().to_base64url(),
            "kid": key().kid(), "alg": "EdDSA", "use": "sig",
        })
    );
    json["keys"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({ "kty": "RSA", "n": "AQ", "e": "AQAB" }));
    let read: Jwks = serde_json::from_value(json).unwrap();
    let kids: Vec<_> = read
        .verifying_keys()
        .unwrap()
        .iter()
        .map(|key| key.kid().to_owned())
        .collect();
    assert_eq!(kids, [key().kid(), strangers_key().kid()]);
    let broken = Jwk {
        x: Some("AA".to_owned()),
        ..Jwk::from(key().verifying_key())
    };
    assert_eq!(broken.verifying_key(), Err(KeyError::Encoding));
}

#[test]
fn a_private_key_never_prints_itself() {
    let shown = format!("{:?}", key());
    assert_eq!(shown, format!("SigningKey({}, secret)", key().kid()));
}
