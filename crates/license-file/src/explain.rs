//! What is in a license file and whether it verifies, for people who look before they trust.

mod whole;

use jiff::Timestamp;
use serde::Serialize;

use crate::document::{LicenseTerms, ProductNames, ReadError, fill_in, read};
use crate::intake::{File, Form, Keys, Part, unpack};
use crate::jws::{Compact, Header, JwsError, LICENSE_TYP};
use crate::keygen::{Certificate, KeygenError};
use crate::open::{OpenError, TrustedKeys, open_compact, text_of};

/// Whether a file's signature holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum SignatureStatus {
    /// A trusted key signed exactly this content.
    Valid {
        /// The trusted key's name.
        signer: String,
    },
    /// Not checked: the key that it names is not among the trusted ones.
    UnknownKey,
    /// A trusted key is named, but did not sign this content.
    Tampered,
    /// What stands in the signature's place can't be one.
    Malformed,
    /// Not checked: the file has no header that we can go by.
    Unchecked,
}

/// Something that keeps the file from being accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The code that opening the file would be refused with.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

/// What is in a license file. Unless the signature is valid, all of it is only what the file claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Its path in the archive that it came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The header, where it can be read.
    pub header: Option<Header>,
    /// Whether the signature holds.
    pub signature: SignatureStatus,
    /// The document's format.
    pub format: Option<u64>,
    /// The issuer's name as the document gives it.
    pub issuer: Option<String>,
    /// The company it is for.
    pub customer: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
    /// From when the file itself is no longer taken in, whatever the licenses say (Keygen's).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good_until: Option<Timestamp>,
    /// The terms, when all of them can be read. Written with every field.
    #[serde(serialize_with = "whole::whole")]
    pub licenses: Vec<LicenseTerms>,
    /// What would keep it from being accepted, apart from its binding to a company or an installation.
    pub problems: Vec<Finding>,
}

impl Inspection {
    fn new() -> Self {
        Self {
            source: None,
            header: None,
            signature: SignatureStatus::Unchecked,
            format: None,
            issuer: None,
            customer: None,
            issued_at: None,
            good_until: None,
            licenses: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// What keeps the file from being one at all.
    fn refused(error: &OpenError) -> Self {
        let mut inspection = Self::new();
        inspection.add(error);
        inspection
    }

    /// Whether the file would be accepted by those it is bound to.
    pub fn is_acceptable(&self) -> bool {
        self.problems.is_empty()
    }

    fn add(&mut self, error: &OpenError) {
        self.problems.push(Finding {
            code: error.code(),
            message: error.to_string(),
        });
    }
}

/// Says what is in a `.lic` file, and verifies it as far as `trust` allows. Never fails: what is wrong is part of the
/// answer.
pub fn explain(file: &[u8], trust: &TrustedKeys) -> Inspection {
    match text_of(file) {
        Ok(compact) => explain_compact(&compact, trust),
        Err(error) => Inspection::refused(&error),
    }
}

/// The same for a file of any kind that is taken in; one answer for each signed document in it.
pub fn explain_any(file: &[u8], keys: Keys<'_>) -> Vec<Inspection> {
    let file = File {
        name: None,
        bytes: file,
    };
    match unpack([file]) {
        Ok(unpacked) => unpacked
            .parts
            .iter()
            .map(|part| explain_part(part, keys))
            .collect(),
        Err(refused) => vec![Inspection {
            source: refused.file,
            ..Inspection::refused(&refused.error)
        }],
    }
}

fn explain_part(part: &Part, keys: Keys<'_>) -> Inspection {
    let mut inspection = match &part.form {
        Form::Signed(signed) => {
            let mut inspection = explain_compact(signed.compact(), keys.trusted);
            let says_otherwise = open_compact(signed.compact(), keys.trusted)
                .and_then(|opened| signed.agrees(&opened.document));
            if let Err(error @ OpenError::Xml(_)) = says_otherwise {
                inspection.add(&error);
            }
            inspection
        }
        Form::Keygen(certificate) => explain_keygen(certificate, keys),
    };
    inspection.source.clone_from(&part.source);
    inspection
}

fn explain_keygen(certificate: &Certificate, keys: Keys<'_>) -> Inspection {
    let mut inspection = Inspection::new();
    inspection.signature = match certificate.signer(keys.keygen) {
        Ok(signer) => SignatureStatus::Valid {
            signer: signer.name.clone(),
        },
        Err(KeygenError::NotVerified(_)) => SignatureStatus::Tampered,
        Err(KeygenError::NoAccount) => SignatureStatus::UnknownKey,
        Err(_) => SignatureStatus::Malformed,
    };
    // Without a key to verify with, what is in it can be read all the same.
    match certificate.read(keys.given) {
        Ok((license, freshness)) => {
            inspection.issued_at = Some(freshness.issued_at);
            inspection.good_until = freshness.good_until;
            inspection.licenses = vec![license];
        }
        Err(_) if inspection.signature == SignatureStatus::Tampered => {}
        Err(error) => inspection.add(&error),
    }
    match certificate.open(keys.keygen, keys.given) {
        Ok((opened, _)) => inspection.issuer = Some(opened.signer.name),
        Err(error)
            if inspection
                .problems
                .iter()
                .all(|found| found.code != error.code()) =>
        {
            inspection.add(&error);
        }
        Err(_) => {}
    }
    inspection
}

/// What a compact JWS says, and whether it verifies.
fn explain_compact(text: &str, trust: &TrustedKeys) -> Inspection {
    let mut inspection = Inspection::new();
    let compact = match Compact::parse(text) {
        Ok(compact) => compact,
        Err(error) => return Inspection::refused(&OpenError::of_jws(error, "")),
    };
    inspection.header = Some(compact.header.clone());
    let is_license = compact
        .expect_typ(LICENSE_TYP)
        .map_err(|error| OpenError::of_jws(error, ""));
    if let Err(error) = &is_license {
        inspection.add(error);
    }
    let signer = verify(&mut inspection, &compact, trust);
    if is_license.is_err() {
        return inspection;
    }
    match compact.payload() {
        Ok(payload) => describe(&mut inspection, &payload),
        Err(error) if inspection.signature == SignatureStatus::Tampered => drop(error),
        Err(error) => inspection.add(&OpenError::of_jws(error, &signer)),
    }
    inspection
}

/// Judges the signature and answers the name of the key that it claims, where that key is trusted.
fn verify(inspection: &mut Inspection, compact: &Compact<'_>, trust: &TrustedKeys) -> String {
    let signer = trust.find(&compact.header.kid);
    let name = signer.map(|signer| signer.name.clone()).unwrap_or_default();
    if signer.is_none() {
        inspection.add(&OpenError::UnknownKey {
            kid: compact.header.kid.clone(),
        });
    }
    let verdict = match signer {
        Some(signer) => compact.verify(&signer.key),
        None => compact.signature().map(drop),
    };
    inspection.signature = match verdict {
        Ok(()) if signer.is_none() => SignatureStatus::UnknownKey,
        Ok(()) => SignatureStatus::Valid {
            signer: name.clone(),
        },
        Err(error) => {
            let status = match error {
                JwsError::Mismatch => SignatureStatus::Tampered,
                _ => SignatureStatus::Malformed,
            };
            inspection.add(&OpenError::of_jws(error, &name));
            status
        }
    };
    name
}

/// Puts what the payload says into the inspection, also when it breaks rules.
fn describe(inspection: &mut Inspection, payload: &[u8]) {
    #[derive(serde::Deserialize)]
    struct Claims {
        format: Option<u64>,
        issuer: Option<String>,
        customer: Option<String>,
        issued_at: Option<Timestamp>,
        #[serde(default)]
        products: ProductNames,
        licenses: Option<Vec<LicenseTerms>>,
    }
    if let Ok(claims) = serde_json::from_slice::<Claims>(payload) {
        inspection.format = claims.format;
        inspection.issuer = claims.issuer;
        inspection.customer = claims.customer;
        inspection.issued_at = claims.issued_at;
        inspection.licenses = claims.licenses.unwrap_or_default();
        fill_in(&claims.products, &mut inspection.licenses);
    }
    match read(payload) {
        Ok(_) => {}
        Err(ReadError::Terms(problems)) => {
            let shown = problems.listed().iter().map(|problem| Finding {
                code: "invalid_terms",
                message: problem.to_string(),
            });
            inspection.problems.extend(shown);
        }
        Err(error) => inspection.add(&error.into()),
    }
}
