//! From the bytes of a license file to trusted terms, or to one specific refusal. A whole file or nothing (L3).

use std::collections::BTreeMap;

use crate::armor::{self, UnwrapError};
use crate::document::{Document, LicenseRef, Problems, ReadError, read};
use crate::intake::ZipError;
use crate::jws::{Compact, JwsError, LICENSE_TYP, VerifyingKey};
use crate::key_file::PublicKeyFile;
use crate::keygen::KeygenError;
use crate::show::quoted;
use crate::xml::XmlError;

/// Largest license file that is looked at, in bytes.
pub const MAX_FILE: usize = 32 * 1024 * 1024;

/// An issuer's key that licenses may be signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Who the key belongs to, as whoever trusted it was told.
    pub name: String,
    /// The key.
    pub key: VerifyingKey,
}

/// The keys that licenses may be signed with, by `kid`.
#[derive(Debug, Clone, Default)]
pub struct TrustedKeys(BTreeMap<String, TrustedKey>);

impl TrustedKeys {
    /// No key: everything is refused as `unknown_key`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts a key; a key that is already trusted gets the new name.
    pub fn add(&mut self, name: impl Into<String>, key: VerifyingKey) {
        self.0.insert(
            key.kid().to_owned(),
            TrustedKey {
                name: name.into(),
                key,
            },
        );
    }

    /// The key of that thumbprint, if it is trusted.
    pub fn find(&self, kid: &str) -> Option<&TrustedKey> {
        self.0.get(kid)
    }

    /// All trusted keys, ordered by `kid`.
    pub fn iter(&self) -> impl Iterator<Item = &TrustedKey> {
        self.0.values()
    }

    /// Whether no key is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<PublicKeyFile> for TrustedKeys {
    fn from_iter<I: IntoIterator<Item = PublicKeyFile>>(files: I) -> Self {
        let mut keys = Self::new();
        for file in files {
            keys.add(file.name, file.key);
        }
        keys
    }
}

/// Who we are, for licenses that are bound to someone (L5).
#[derive(Debug, Clone, Copy, Default)]
pub struct Ours<'a> {
    /// Our company id. While none is set, a document for any company is accepted.
    pub company: Option<&'a str>,
    /// This installation's id. Without one, a license bound to an installation is refused.
    pub installation: Option<&'a str>,
}

/// A document whose signature holds and whose terms are sound and meant for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The key that signed it.
    pub signer: TrustedKey,
    /// What it says.
    pub document: Document,
}

/// Why a license file is refused. Each refusal has a [`code`](OpenError::code) and reads as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// More than [`MAX_FILE`].
    #[error("The file has {bytes} bytes, at most {MAX_FILE} are allowed.")]
    TooLarge {
        /// The file's size.
        bytes: usize,
    },
    /// More files at once than [`crate::intake::MAX_FILES`].
    #[error(
        "More than {} files were sent at once; send them in several turns.",
        crate::intake::MAX_FILES
    )]
    TooManyFiles,
    /// An XML file that is none of ours, or not whole.
    #[error("This XML file {0}.")]
    Xml(#[from] XmlError),
    /// An archive that is not taken apart.
    #[error("This ZIP archive {0}.")]
    Zip(#[from] ZipError),
    /// A Keygen license file that is refused.
    #[error("This Keygen license file {0}.")]
    Keygen(#[from] KeygenError),
    /// Something else, or only a part of a license file.
    #[error("This is not a license file: {0}.")]
    NotALicenseFile(UnwrapError),
    /// The end is missing.
    #[error("This license file is not whole: {}.", UnwrapError::Truncated)]
    Truncated,
    /// It has the outer form of a license, but no readable header.
    #[error("This is not a license file: {0}.")]
    Unreadable(JwsError),
    /// Signed with something else than Ed25519.
    #[error("This license file can't be verified: {0}.")]
    UnsupportedAlgorithm(JwsError),
    /// Signed, but not a license (say, a session token).
    #[error("This is not a license file: {0}.")]
    WrongDocumentType(JwsError),
    /// Signed with a key that is not trusted here.
    #[error(
        "This license file is signed with the key {}, which is not trusted here.",
        quoted(kid)
    )]
    UnknownKey {
        /// The key's thumbprint.
        kid: String,
    },
    /// The signature is damaged.
    #[error("This license file's signature is damaged: {0}.")]
    BadSignature(JwsError),
    /// The signature is whole, but not over this content.
    #[error("This license file was altered after it was signed, or was not signed by {signer}.")]
    Tampered {
        /// Name of the trusted key that it claims.
        signer: String,
    },
    /// A format that this version does not know.
    #[error("This license file has format {0}; this version of Seatkeeper reads format {current}. Update Seatkeeper, or ask for a file in that format.", current = crate::document::FORMAT)]
    UnsupportedVersion(u64),
    /// Signed by a trusted key, but not sound.
    #[error("This license file is signed, but what it says is not valid: {0}.")]
    InvalidTerms(Problems),
    /// Issued for another company (L5).
    #[error(
        "This license file was issued for the company {}, and this installation belongs to {}.",
        quoted(theirs),
        quoted(ours)
    )]
    WrongCompany {
        /// The document's company id.
        theirs: String,
        /// Our company id.
        ours: String,
    },
    /// A license is bound to another installation (L5).
    #[error("{} is bound to the installation {}, and this is {}.", capital(license), quoted(theirs), match ours {
        Some(ours) => format!("the installation {}", quoted(ours)),
        None => "not an installation".to_owned(),
    })]
    WrongInstallation {
        /// The first such license.
        license: LicenseRef,
        /// The installation it is bound to.
        theirs: String,
        /// This installation.
        ours: Option<String>,
    },
}

fn capital(license: &LicenseRef) -> String {
    license.to_string().replacen('l', "L", 1)
}

impl OpenError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::TooManyFiles => "too_many_files",
            Self::Xml(error) => error.code(),
            Self::Zip(error) => error.code(),
            Self::Keygen(error) => error.code(),
            Self::NotALicenseFile(_) | Self::Unreadable(_) => "not_a_license_file",
            Self::Truncated => "truncated",
            Self::UnsupportedAlgorithm(_) => "unsupported_algorithm",
            Self::WrongDocumentType(_) => "wrong_document_type",
            Self::UnknownKey { .. } => "unknown_key",
            Self::BadSignature(_) => "bad_signature",
            Self::Tampered { .. } => "tampered",
            Self::UnsupportedVersion(_) => "unsupported_version",
            Self::InvalidTerms(_) => "invalid_terms",
            Self::WrongCompany { .. } => "wrong_company",
            Self::WrongInstallation { .. } => "wrong_installation",
        }
    }

    /// A refusal by the envelope. `signer` names the trusted key, once one was found.
    pub(crate) fn of_jws(error: JwsError, signer: &str) -> Self {
        match error {
            JwsError::Algorithm(_) => Self::UnsupportedAlgorithm(error),
            JwsError::Type { .. } => Self::WrongDocumentType(error),
            JwsError::UnknownKey(kid) => Self::UnknownKey { kid },
            JwsError::Signature(_) => Self::BadSignature(error),
            JwsError::Mismatch => Self::Tampered {
                signer: signer.to_owned(),
            },
            JwsError::NotCompact | JwsError::Header(_) | JwsError::Critical | JwsError::Payload => {
                Self::Unreadable(error)
            }
        }
    }
}

impl From<UnwrapError> for OpenError {
    fn from(error: UnwrapError) -> Self {
        match error {
            UnwrapError::Truncated => Self::Truncated,
            other => Self::NotALicenseFile(other),
        }
    }
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Version(version) => Self::UnsupportedVersion(version),
            ReadError::Terms(problems) => Self::InvalidTerms(problems),
        }
    }
}

/// Opens a license file: size, form, header, signature, format, terms, binding, in this order.
///
/// # Errors
/// [`OpenError`]: the first of these that does not hold.
pub fn open(file: &[u8], trust: &TrustedKeys, ours: &Ours<'_>) -> Result<Opened, OpenError> {
    let opened = open_compact(&text_of(file)?, trust)?;
    check_binding(&opened.document, ours)?;
    Ok(opened)
}

/// Opens a compact JWS, up to the binding of what it says (L5).
pub(crate) fn open_compact(text: &str, trust: &TrustedKeys) -> Result<Opened, OpenError> {
    let compact = Compact::parse(text).map_err(|error| OpenError::of_jws(error, ""))?;
    compact
        .expect_typ(LICENSE_TYP)
        .map_err(|error| OpenError::of_jws(error, ""))?;
    let kid = &compact.header.kid;
    let signer = trust
        .find(kid)
        .ok_or_else(|| OpenError::UnknownKey { kid: kid.clone() })?;
    let payload = compact
        .verify(&signer.key)
        .and_then(|()| compact.payload())
        .map_err(|error| OpenError::of_jws(error, &signer.name))?;
    let document = read(&payload)?;
    Ok(Opened {
        signer: signer.clone(),
        document,
    })
}

/// The compact JWS in a file of permitted size.
pub(crate) fn text_of(file: &[u8]) -> Result<String, OpenError> {
    if file.len() > MAX_FILE {
        return Err(OpenError::TooLarge { bytes: file.len() });
    }
    Ok(armor::unwrap(file)?)
}

/// L5: a document for another company, or a license for another installation, is refused.
///
/// # Errors
/// [`OpenError::WrongCompany`], [`OpenError::WrongInstallation`].
pub fn check_binding(document: &Document, ours: &Ours<'_>) -> Result<(), OpenError> {
    if let (Some(theirs), Some(ours)) = (document.customer.as_deref(), ours.company)
        && theirs != ours
    {
        return Err(OpenError::WrongCompany {
            theirs: theirs.to_owned(),
            ours: ours.to_owned(),
        });
    }
    for (index, license) in document.licenses.iter().enumerate() {
        let Some(bound) = &license.installation else {
            continue;
        };
        if ours
            .installation
            .is_none_or(|ours| !ours.eq_ignore_ascii_case(bound))
        {
            return Err(OpenError::WrongInstallation {
                license: LicenseRef {
                    position: index + 1,
                    serial: Some(license.serial.clone()),
                },
                theirs: bound.clone(),
                ours: ours.installation.map(str::to_owned),
            });
        }
    }
    Ok(())
}
