//! Why an XML file is refused.

use super::{MAX_ATTRIBUTES, MAX_TAG, NAMESPACE};
use crate::show::quoted;

/// Why XML is not a `license.xml`. Each is a clause that follows "This XML file".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not UTF-8, by its declaration.
    #[error("is declared to be in the encoding {}; only UTF-8 is read", quoted(.0))]
    Encoding(String),
    /// Not well-formed.
    #[error("is not well-formed: {0}")]
    Malformed(String),
    /// A DTD, which could define entities and name files.
    #[error("has a document type (DTD); none is read, since it could pull in or multiply text")]
    Dtd,
    /// A reference to an entity other than the predefined ones.
    #[error(
        "refers to an entity; none but the predefined ones is read, and those only in attributes"
    )]
    Entity,
    /// Something else that has no place in the format.
    #[error("has {0}, which has no place in a license file")]
    Foreign(String),
    /// Too many attributes, or too long a tag.
    #[error("has an element with more than {MAX_ATTRIBUTES} attributes or {MAX_TAG} bytes")]
    TooComplex,
    /// The root element is another one.
    #[error("is not a license file: its root element is {}, expected <licenses xmlns=\"{NAMESPACE}\">", quoted(.0))]
    Root(String),
    /// No signed document, or more than one.
    #[error("has {0} <signed> elements; exactly one must be there")]
    Signed(usize),
    /// The readable part says something else than the signed document.
    #[error("was altered: what stands in it to be read is not what is signed ({0})")]
    Mismatch(String),
}

impl XmlError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding(_) | Self::Malformed(_) => "xml_malformed",
            Self::Dtd => "xml_dtd",
            Self::Entity => "xml_entity",
            Self::Foreign(_) => "xml_foreign",
            Self::TooComplex => "xml_too_complex",
            Self::Root(_) => "xml_not_licenses",
            Self::Signed(_) => "xml_signed_count",
            Self::Mismatch(_) => "xml_mismatch",
        }
    }
}
