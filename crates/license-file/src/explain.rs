//! What is in a license file and whether it verifies, for people who look before they trust.

use jiff::Timestamp;
use serde::Serialize;

use crate::document::{LicenseTerms, ProductNames, ReadError, fill_in, read};
use crate::jws::{Compact, Header, JwsError, LICENSE_TYP};
use crate::open::{OpenError, TrustedKeys, text_of};

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
    /// The terms, when all of them can be read.
    pub licenses: Vec<LicenseTerms>,
    /// What would keep it from being accepted, apart from its binding to a company or an installation.
    pub problems: Vec<Finding>,
}

impl Inspection {
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

/// Says what is in `file`, and verifies it as far as `trust` allows. Never fails: what is wrong is part of the answer.
pub fn explain(file: &[u8], trust: &TrustedKeys) -> Inspection {
    let mut inspection = Inspection {
        header: None,
        signature: SignatureStatus::Unchecked,
        format: None,
        issuer: None,
        customer: None,
        issued_at: None,
        licenses: Vec::new(),
        problems: Vec::new(),
    };
    let text = match text_of(file) {
        Ok(text) => text,
        Err(error) => {
            inspection.add(&error);
            return inspection;
        }
    };
    let compact = match Compact::parse(&text) {
        Ok(compact) => compact,
        Err(error) => {
            inspection.add(&OpenError::of_jws(error, ""));
            return inspection;
        }
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
