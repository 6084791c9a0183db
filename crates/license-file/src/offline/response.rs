//! A response: what an issuer gives, changes and takes back, for one request (I4).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{OfflineError, text_of};
use super::request::check_uuid;
use super::{FORMAT, Kind, Request};
use crate::document::{
    self, Document, LicenseTerms, MAX_ID, MAX_NAME, MAX_SERIAL, Problem, Problems, check_name,
};
use crate::jws::{Compact, SigningKey, sign};
use crate::open::{Ours, TrustedKey, TrustedKeys, check_binding};

/// Longest reason for a withdrawal, in characters.
pub const MAX_REASON: usize = 500;

/// The payload of a `.tls` file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// [`FORMAT`].
    pub format: u64,
    /// The id of the request that this answers.
    pub request: String,
    /// The id of the installation that asked; no other takes it.
    pub installation: String,
    /// The issuer's name as the response gives it. Who signed is told by the key, not by this.
    pub issuer: String,
    /// The company id that it is for (L5).
    pub company: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// What is done, in this order; at least one.
    pub operations: Vec<Operation>,
}

/// One thing that a response does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "license", rename_all = "snake_case")]
pub enum Operation {
    /// A license that the installation did not have.
    Add(Box<LicenseTerms>),
    /// A higher revision of one that it has, with more.
    Extend(Box<LicenseTerms>),
    /// A higher revision of one that it has, with less.
    Shrink(Box<LicenseTerms>),
    /// A license that is taken back.
    Withdraw(Withdrawn),
}

/// A license that is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// The issuer's id of it.
    pub id: String,
    /// The number people know it by.
    pub serial: String,
    /// Code of the product.
    pub product: String,
    /// Why, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Operation {
    /// The word as documents write it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Extend(_) => "extend",
            Self::Shrink(_) => "shrink",
            Self::Withdraw(_) => "withdraw",
        }
    }

    /// The terms that it brings.
    pub fn terms(&self) -> Option<&LicenseTerms> {
        match self {
            Self::Add(terms) | Self::Extend(terms) | Self::Shrink(terms) => Some(terms),
            Self::Withdraw(_) => None,
        }
    }

    /// The license that it takes back.
    pub const fn withdrawn(&self) -> Option<&Withdrawn> {
        match self {
            Self::Withdraw(withdrawn) => Some(withdrawn),
            _ => None,
        }
    }

    /// The serial of its license.
    pub fn serial(&self) -> &str {
        match self {
            Self::Withdraw(withdrawn) => &withdrawn.serial,
            Self::Add(terms) | Self::Extend(terms) | Self::Shrink(terms) => &terms.serial,
        }
    }
}

impl Response {
    /// An answer to a request, with nothing in it yet.
    pub fn to(request: &Request, issuer: &str, issued_at: Timestamp) -> Self {
        Self {
            format: FORMAT,
            request: request.id.clone(),
            installation: request.installation.clone(),
            issuer: issuer.to_owned(),
            company: request.company.clone(),
            issued_at,
            operations: Vec::new(),
        }
    }

    /// Checks the response, signs it and wraps it as the text of a `.tls` file.
    ///
    /// # Errors
    /// [`Problems`]: a response that would be refused is never signed.
    pub fn sign(&self, key: &SigningKey) -> Result<String, Problems> {
        self.check()?;
        let json = serde_json::to_vec(self)
            .map_err(|error| Problems::one(Problem::of_document("document", error.to_string())))?;
        let compact = sign(key, Kind::Response.typ(), &json);
        let (begin, end) = (Kind::Response.begin(), Kind::Response.end());
        Ok(crate::armor::wrap_between(&compact, begin, end))
    }

    /// Opens a `.tls` file: size, form, header, signature, format, content, and that it is for this installation.
    /// Whether the request was ours and is still open, the rules judge.
    ///
    /// # Errors
    /// [`OfflineError`]: the first of these that does not hold.
    pub fn open(
        file: &[u8],
        trust: &TrustedKeys,
        installation: &str,
    ) -> Result<(TrustedKey, Self), OfflineError> {
        let kind = Kind::Response;
        let text = text_of(kind, file)?;
        let of_jws = |why| OfflineError::of_jws(kind, why, "");
        let compact = Compact::parse(&text).map_err(of_jws)?;
        compact.expect_typ(kind.typ()).map_err(of_jws)?;
        let kid = &compact.header.kid;
        let signer = trust
            .find(kid)
            .ok_or_else(|| OfflineError::UnknownKey { kid: kid.clone() })?;
        let payload = compact
            .verify(&signer.key)
            .and_then(|()| compact.payload())
            .map_err(|why| OfflineError::of_jws(kind, why, &signer.name))?;
        let response = Self::read(&payload)?;
        if !response.installation.eq_ignore_ascii_case(installation) {
            return Err(OfflineError::AnotherInstallation {
                theirs: response.installation,
                ours: installation.to_owned(),
            });
        }
        let ours = Ours {
            company: None,
            installation: Some(installation),
        };
        check_binding(&response.document(), &ours).map_err(OfflineError::Binding)?;
        Ok((signer.clone(), response))
    }

    /// The thumbprint of the key that a `.tls` file names, not verified; none when it is not of the form.
    pub fn peek_kid(file: &[u8]) -> Option<String> {
        let text = text_of(Kind::Response, file).ok()?;
        Some(crate::jws::peek_header(&text).ok()?.kid)
    }

    /// Reads a payload and checks it.
    pub(super) fn read(payload: &[u8]) -> Result<Self, OfflineError> {
        #[derive(Deserialize)]
        struct AnyVersion {
            format: u64,
        }
        let kind = Kind::Response;
        let invalid = |problems| OfflineError::Invalid { kind, problems };
        match serde_json::from_slice::<AnyVersion>(payload) {
            Ok(AnyVersion { format }) if format != FORMAT => {
                return Err(OfflineError::UnsupportedVersion { kind, format });
            }
            _ => {}
        }
        let response: Self = serde_json::from_slice(payload).map_err(|error| {
            invalid(Problems::one(Problem::of_document(
                "document",
                format!("can't be read: {error}"),
            )))
        })?;
        response.check().map_err(invalid)?;
        Ok(response)
    }

    /// Its licenses as a document, for the checks that license files have too.
    fn document(&self) -> Document {
        let terms = self.operations.iter().filter_map(Operation::terms);
        Document {
            format: document::FORMAT,
            issuer: self.issuer.clone(),
            customer: Some(self.company.clone()),
            issued_at: self.issued_at,
            licenses: terms.cloned().collect(),
        }
    }

    /// Every rule that its licenses break, or the first that the rest does.
    ///
    /// # Errors
    /// [`Problems`].
    pub fn check(&self) -> Result<(), Problems> {
        let broken = |field: &'static str, message: String| {
            Err(Problems::one(Problem::of_document(field, message)))
        };
        let fields = [
            ("request", check_uuid(&self.request)),
            ("installation", check_uuid(&self.installation)),
            ("issuer", check_name(&self.issuer, MAX_NAME)),
            ("company", check_name(&self.company, MAX_ID)),
        ];
        for (field, result) in fields {
            if let Err(message) = result {
                return broken(field, message);
            }
        }
        if self.format != FORMAT {
            return broken("format", format!("must be {FORMAT}, not {}", self.format));
        }
        if self.operations.is_empty() {
            return broken("operations", "must list at least one".to_owned());
        }
        let document = self.document();
        if !document.licenses.is_empty() {
            document.check()?;
        }
        self.check_withdrawals(&document)
    }

    fn check_withdrawals(&self, document: &Document) -> Result<(), Problems> {
        let broken =
            |message: String| Err(Problems::one(Problem::of_document("operations", message)));
        let mut seen: BTreeSet<&str> = document
            .licenses
            .iter()
            .map(|one| one.id.as_str())
            .collect();
        for withdrawn in self.operations.iter().filter_map(Operation::withdrawn) {
            let reason = withdrawn.reason.as_deref();
            let checks = [
                ("id", check_name(&withdrawn.id, MAX_ID)),
                ("serial", check_name(&withdrawn.serial, MAX_SERIAL)),
                ("product", check_name(&withdrawn.product, MAX_SERIAL)),
                (
                    "reason",
                    reason.map_or(Ok(()), |text| check_name(text, MAX_REASON)),
                ),
            ];
            for (field, result) in checks {
                if let Err(message) = result {
                    return broken(format!("withdraws a license whose {field} {message}"));
                }
            }
            if !seen.insert(&withdrawn.id) {
                return broken(format!("name the license {} twice", withdrawn.serial));
            }
        }
        Ok(())
    }
}
