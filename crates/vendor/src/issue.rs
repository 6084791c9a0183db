//! From a specification to a signed license file.

use jiff::Timestamp;
use license_file::document::{Document, FORMAT};
use license_file::jws::SigningKey;
use license_file::key_file::PrivateKeyFile;
use sha2::{Digest as _, Sha256};

use crate::spec::{Spec, SpecError, lines, start_of_day};

/// Issues a specification: the text of a `.lic` file, signed with `key` at the time `now`.
///
/// The same specification, key and second give the same text.
///
/// # Errors
/// [`SpecError`]: every broken rule with its license and line; nothing unsound is signed.
pub fn issue(spec: Spec, key: &SigningKey, now: Timestamp) -> Result<String, SpecError> {
    issue_as(spec, key, now, Format::Lic)
}

/// The forms of a license file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.lic`: one block of text.
    Lic,
    /// `license.xml`: readable, around the same signature.
    Xml,
}

/// Issues a specification in one of the forms.
///
/// # Errors
/// [`SpecError`], as for [`issue`].
pub fn issue_as(
    spec: Spec,
    key: &SigningKey,
    now: Timestamp,
    format: Format,
) -> Result<String, SpecError> {
    if !spec.withdraw.is_empty() {
        let message =
            "withdraw is for answering a request: a license file can't take licenses back";
        return Err(SpecError::of_whole(message));
    }
    let lines = lines(&spec.licenses);
    let made_id = |serial: &str| license_id(key.lineage(), serial);
    let document = Document {
        format: FORMAT,
        issuer: spec.issuer,
        customer: spec.customer,
        issued_at: Timestamp::from_second(now.as_second()).unwrap_or(now),
        licenses: spec
            .licenses
            .into_iter()
            .map(|license| license.into_terms(made_id, start_of_day(now)))
            .collect(),
    };
    let signed = match format {
        Format::Lic => document.sign(key),
        Format::Xml => document.sign_xml(key),
    };
    signed.map_err(|problems| SpecError::of_terms(&problems, &lines))
}

/// A specification of another issuer than the one whose key is to sign it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the issuer of the specification is `{theirs}`, and the key is that of `{ours}`: nothing was signed"
)]
pub struct WrongIssuer {
    /// The specification's.
    pub theirs: String,
    /// The key's.
    pub ours: String,
}

impl WrongIssuer {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        "wrong_issuer"
    }
}

/// Checks that a specification is of the issuer whose key is to sign it: customers see the one name in the license,
/// and have trusted the other.
///
/// # Errors
/// [`WrongIssuer`].
pub fn check_issuer(spec: &Spec, key: &PrivateKeyFile) -> Result<(), WrongIssuer> {
    if spec.issuer == key.name {
        return Ok(());
    }
    Err(WrongIssuer {
        theirs: spec.issuer.clone(),
        ours: key.name.clone(),
    })
}

/// The id of a license whose specification gives none: made from the issuer's first key and the serial alone, so that
/// issuing a serial again is a revision of the same license, also after a change of keys. Shaped as a UUID of version 8 (RFC 9562).
pub fn license_id(kid: &str, serial: &str) -> String {
    let digest = Sha256::new()
        .chain_update("seatkeeper-license-id\0")
        .chain_update(kid)
        .chain_update("\0")
        .chain_update(serial)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use license_file::open::{Ours, TrustedKeys, open};

    use super::*;
    use crate::spec::LicenseSpec;

    fn key() -> SigningKey {
        SigningKey::from_seed(&[7; 32])
    }

    fn now() -> Timestamp {
        "2026-02-03T04:05:06.789Z".parse().expect("an instant")
    }

    fn spec(licenses: Vec<LicenseSpec>) -> Spec {
        Spec {
            issuer: "Northwind Software".to_owned(),
            customer: Some("CUST-42".to_owned()),
            licenses,
            withdraw: Vec::new(),
        }
    }

    fn opened(text: &str) -> Document {
        let mut trust = TrustedKeys::new();
        trust.add("Northwind Software", key().verifying_key().clone());
        let ours = Ours {
            company: Some("CUST-42"),
            installation: None,
        };
        open(text.as_bytes(), &trust, &ours)
            .expect("a license file")
            .document
    }

    #[test]
    fn l3_what_is_issued_opens_with_the_issuers_public_key() {
        let written = spec(vec![
            LicenseSpec::dedicated("A", "esm", "Service Management", 25),
            LicenseSpec {
                grace_days: 14,
                ..LicenseSpec::site("B", "crm", "Sales")
            },
        ]);
        let document = opened(&issue(written, &key(), now()).unwrap());
        assert_eq!(
            (document.issuer.as_str(), document.customer.as_deref()),
            ("Northwind Software", Some("CUST-42"))
        );
        assert_eq!(document.issued_at.to_string(), "2026-02-03T04:05:06Z");
        let serials: Vec<&str> = document
            .licenses
            .iter()
            .map(|license| license.serial.as_str())
            .collect();
        assert_eq!(serials, ["A", "B"]);
        let starts = document
            .licenses
            .iter()
            .all(|license| license.starts_at.to_string() == "2026-02-03T00:00:00Z");
        assert!(starts, "from the day of issue");
        assert_eq!(document.licenses[1].grace_days, 14);
    }

    #[test]
    fn l4_a_serial_issued_again_is_the_same_license() {
        let issued_at = |now| {
            let terms = LicenseSpec::floating("A", "esm", "Service Management", 3);
            opened(&issue(spec(vec![terms]), &key(), now).unwrap())
                .licenses
                .remove(0)
                .id
        };
        assert_eq!(issued_at(now()), issued_at(now() + 1000.hours()));
        assert_ne!(
            license_id(key().kid(), "A"),
            license_id(SigningKey::from_seed(&[8; 32]).kid(), "A")
        );
        assert_ne!(license_id(key().kid(), "A"), license_id(key().kid(), "B"));
        let given = LicenseSpec {
            id: Some("mine".to_owned()),
            ..LicenseSpec::site("A", "esm", "ESM")
        };
        assert_eq!(
            opened(&issue(spec(vec![given]), &key(), now()).unwrap()).licenses[0].id,
            "mine"
        );
    }

    #[test]
    fn l4_a_serial_issued_with_a_successor_is_the_same_license() {
        let successor = SigningKey::from_seed(&[8; 32]).succeeding(key().kid());
        let terms = || LicenseSpec::floating("A", "esm", "Service Management", 3);
        let text = issue(spec(vec![terms()]), &successor, now()).unwrap();
        let mut trust = TrustedKeys::new();
        trust.add("Northwind Software", successor.verifying_key().clone());
        let theirs = open(text.as_bytes(), &trust, &Ours::default())
            .unwrap()
            .document;
        let ours = opened(&issue(spec(vec![terms()]), &key(), now()).unwrap());
        assert_eq!(theirs.licenses[0].id, ours.licenses[0].id);
    }

    #[test]
    fn l3_a_specification_of_another_issuer_is_told_by_both_names() {
        let key = PrivateKeyFile {
            name: "Southwind".to_owned(),
            key: key(),
        };
        let error = check_issuer(&spec(Vec::new()), &key).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("Southwind") && text.contains("Northwind Software"),
            "{text}"
        );
        let spec = Spec {
            issuer: "Southwind".to_owned(),
            ..spec(Vec::new())
        };
        assert_eq!(check_issuer(&spec, &key), Ok(()));
    }

    #[test]
    fn a_made_id_has_the_shape_of_a_uuid_of_version_8() {
        for number in 0..64 {
            let id = license_id("kid", &number.to_string());
            let groups: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(&id[14..15], "8", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn l1_broken_rules_are_told_with_line_and_license_and_nothing_is_signed() {
        let text = r#"issuer = "Northwind Software"
[[license]]
serial = "A"
product = "p"
model = "dedicated"
seats = 0
[[license]]
serial = "A"
product = "p"
model = "floating"
seats = 1
starts_at = "2026-02-01"
expires_at = "2026-01-31"
"#;
        let error = issue(Spec::parse(text).unwrap(), &key(), now()).unwrap_err();
        assert_eq!(error.code(), "invalid_spec");
        let lines: Vec<String> = error.to_string().split("; ").map(str::to_owned).collect();
        assert_eq!(
            lines,
            [
                "line 2: license 1 (`A`): seats must be 1 to 10000000, not 0",
                "line 7: license 2 (`A`): expires_at (2026-02-01T00:00:00Z) must be after starts_at (2026-02-01T00:00:00Z)",
                &format!(
                    "line 7: license 2 (`A`): id `{}` is already that of license 1",
                    license_id(key().kid(), "A")
                ),
                "line 7: license 2 (`A`): serial is already that of license 1",
            ]
        );
        let empty = issue(Spec::parse("issuer = \"N\"").unwrap(), &key(), now()).unwrap_err();
        assert_eq!(empty.to_string(), "licenses must list at least one license");
    }
}
