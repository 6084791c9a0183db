//! `license.xml`: the same signed document as a `.lic` file, with what it licenses readable beside it.
//!
//! ```xml
//! <?xml version="1.0" encoding="UTF-8"?>
//! <licenses xmlns="urn:seatkeeper:licenses:1" issuer="Northwind Software" customer="CUST-42" issued-at="2026-02-03T04:05:06Z">
//!   <license serial="NW-ESM-001" revision="1" product="esm" name="Service Management" model="dedicated"
//!            access="write" modules="all" seats="25" starts-at="2026-01-01T00:00:00Z" expires-at="2027-01-01T00:00:00Z"/>
//!   <signed>eyJhbGciOiJFZERTQSJ9…</signed>
//! </licenses>
//! ```
//!
//! The one `<signed>` element holds the compact JWS of the whole document, and only what the JWS says is ever taken in.
//! The readable elements repeat it for people and for tools that look into such files; where they say anything else
//! than the signed document, the file is refused. So there is nothing to canonicalize, no element whose signature could
//! be wrapped around another, and no license that can be added, dropped or reworded.
//!
//! The reader knows elements, attributes and text, and of everything else in XML only comments and the declaration: no
//! DTD, no entities but the five predefined ones and character references in attributes, no processing instructions,
//! no CDATA. Depth, attributes and sizes are limited ([`MAX_ATTRIBUTES`], [`MAX_TAG`], [`crate::open::MAX_FILE`]).

mod clear;
mod error;
mod read;

pub(crate) use clear::Clear;
pub use error::XmlError;
pub(crate) use read::{Taken, read};

use crate::document::Document;
use clear::{Attributes, of_document, of_license};

/// The namespace, and with it the version, of the format.
pub const NAMESPACE: &str = "urn:seatkeeper:licenses:1";
/// Most attributes of one element.
pub const MAX_ATTRIBUTES: usize = 32;
/// Longest tag with its attributes, in bytes: room for a license that lists 10,000 modules of 64 characters.
pub const MAX_TAG: usize = 1024 * 1024;

/// The text of a `license.xml`: `document` readable, around its compact JWS.
pub(crate) fn write(document: &Document, compact: &str) -> String {
    let mut text = String::with_capacity(compact.len() + 320 * (document.licenses.len() + 1));
    text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<licenses xmlns=\"");
    text.push_str(NAMESPACE);
    text.push('"');
    push(&mut text, &of_document(document));
    text.push_str(">\n");
    for license in &document.licenses {
        text.push_str("  <license");
        push(&mut text, &of_license(license));
        text.push_str("/>\n");
    }
    text.push_str("  <signed>\n");
    for line in compact.as_bytes().chunks(crate::armor::COLUMNS) {
        // A compact JWS is ASCII, so that no chunk cuts a character.
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("  </signed>\n</licenses>\n");
    text
}

fn push(text: &mut String, attributes: &Attributes) {
    for (name, value) in attributes {
        text.push(' ');
        text.push_str(name);
        text.push_str("=\"");
        for c in value.chars() {
            match c {
                '&' => text.push_str("&amp;"),
                '<' => text.push_str("&lt;"),
                '>' => text.push_str("&gt;"),
                '"' => text.push_str("&quot;"),
                c => text.push(c),
            }
        }
        text.push('"');
    }
}
