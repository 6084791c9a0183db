//! From signed bytes to a document, or to what keeps them from being one.

use serde::Deserialize;
use serde_json::Value;

use super::{Document, FORMAT, LicenseRef, LicenseTerms, Problem, Problems};
use crate::show::quoted;

/// Why a payload is not a document that we can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// A document of a later (or no) format.
    Version(u64),
    /// Broken rules.
    Terms(Problems),
}

/// Reads a payload and checks it.
pub(crate) fn read(json: &[u8]) -> Result<Document, ReadError> {
    match serde_json::from_slice::<Document>(json) {
        Ok(document) if document.format != FORMAT => Err(ReadError::Version(document.format)),
        Ok(document) => document
            .check()
            .map(|()| document)
            .map_err(ReadError::Terms),
        Err(error) => Err(diagnose(json, &error)),
    }
}

/// A payload that does not parse as a whole is taken apart, to name the version or the license that is to blame.
fn diagnose(json: &[u8], error: &serde_json::Error) -> ReadError {
    #[derive(Deserialize)]
    struct AnyVersion {
        format: u64,
    }
    #[derive(Deserialize)]
    struct Parts {
        licenses: Vec<Value>,
    }
    match serde_json::from_slice::<AnyVersion>(json) {
        Ok(AnyVersion { format }) if format != FORMAT => return ReadError::Version(format),
        _ => {}
    }
    let parts = serde_json::from_slice::<Parts>(json)
        .map(|parts| parts.licenses)
        .unwrap_or_default();
    for (index, value) in parts.iter().enumerate() {
        if let Err(error) = LicenseTerms::deserialize(value) {
            let serial = value
                .get("serial")
                .and_then(Value::as_str)
                .map(str::to_owned);
            return ReadError::Terms(Problems::one(Problem {
                license: Some(LicenseRef {
                    position: index + 1,
                    serial,
                }),
                field: "license",
                message: blame(value, &error),
            }));
        }
    }
    ReadError::Terms(Problems::one(Problem::of_document(
        "document",
        format!("can't be read: {error}"),
    )))
}

/// The error with the field in front where serde leaves it out (it names unknown and missing fields, not wrong types).
fn blame(value: &Value, error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("unknown field") || text.starts_with("missing field") {
        return text;
    }
    // The field to blame is the one without which the error changes.
    let Some(fields) = value.as_object() else {
        return text;
    };
    let culprit = fields.keys().find(|name| {
        let mut rest = fields.clone();
        rest.remove(*name);
        LicenseTerms::deserialize(&Value::Object(rest))
            .err()
            .is_none_or(|other| other.to_string() != text)
    });
    match culprit {
        Some(name) => format!("field {}: {text}", quoted(name)),
        None => text,
    }
}
