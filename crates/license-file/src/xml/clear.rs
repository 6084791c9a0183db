//! The readable part of a `license.xml`, and whether it says what is signed.

use std::fmt::Write as _;

use super::XmlError;
use crate::document::{Document, LicenseTerms, Modules};
use crate::show::quoted;

/// Names and values, in the order in which we write them.
pub(super) type Attributes = Vec<(&'static str, String)>;

/// What the readable part says, in a form to compare: each element's attributes ordered by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Clear {
    pub(super) document: String,
    pub(super) licenses: Vec<String>,
}

impl Clear {
    /// Whether all of it repeats `document`, and nothing is left out.
    ///
    /// # Errors
    /// [`XmlError::Mismatch`], naming the first license that differs.
    pub(crate) fn agrees(&self, document: &Document) -> Result<(), XmlError> {
        let mismatch = |what: String| Err(XmlError::Mismatch(what));
        if self.document != joined(&of_document(document)) {
            return mismatch("the attributes of <licenses> differ".to_owned());
        }
        if self.licenses.len() != document.licenses.len() {
            return mismatch(format!(
                "{} licenses are written out, {} are signed",
                self.licenses.len(),
                document.licenses.len()
            ));
        }
        for (position, (shown, license)) in self.licenses.iter().zip(&document.licenses).enumerate()
        {
            if *shown != joined(&of_license(license)) {
                return mismatch(format!(
                    "license {} differs from the signed one, {}",
                    position + 1,
                    quoted(&license.serial)
                ));
            }
        }
        Ok(())
    }
}

/// What the root element repeats.
pub(super) fn of_document(document: &Document) -> Attributes {
    let mut attributes = vec![("issuer", document.issuer.clone())];
    if let Some(customer) = &document.customer {
        attributes.push(("customer", customer.clone()));
    }
    attributes.push(("issued-at", document.issued_at.to_string()));
    attributes
}

/// What the element of a license repeats.
pub(super) fn of_license(license: &LicenseTerms) -> Attributes {
    let modules = match &license.modules {
        Modules::All => "all".to_owned(),
        Modules::Only(codes) => codes.join(", "),
    };
    let mut attributes = vec![
        ("serial", license.serial.clone()),
        ("revision", license.revision.to_string()),
        ("product", license.product.clone()),
        ("name", license.product_name.clone()),
        ("model", license.model.to_string()),
        ("access", license.access.to_string()),
        ("modules", modules),
    ];
    if let Some(seats) = license.seats {
        attributes.push(("seats", seats.to_string()));
    }
    attributes.push(("starts-at", license.starts_at.to_string()));
    if let Some(end) = license.expires_at {
        attributes.push(("expires-at", end.to_string()));
    }
    attributes
}

/// One text of all of them that differs when any of them does: names in order, values with their lengths.
pub(super) fn joined<N: AsRef<str>, V: AsRef<str>>(attributes: &[(N, V)]) -> String {
    let mut sorted: Vec<(&str, &str)> = attributes
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        .collect();
    sorted.sort_unstable();
    let mut text = String::new();
    for (name, value) in sorted {
        write!(text, "{name}={}:{value};", value.len()).expect("writing to a String can't fail");
    }
    text
}
