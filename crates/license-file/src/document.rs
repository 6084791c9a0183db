//! What a license file says: one issuer's licenses for one customer, and the rules every such document keeps.
//!
//! Defaults are left out when writing, and products are named once, so that 100,000 usual licenses fit into one file.

mod check;
mod payload;
mod problem;
mod read;
mod terms;

pub(crate) use check::name as check_name;
pub use check::{
    MAX_AGREEMENT, MAX_ID, MAX_MODULES, MAX_NAME, MAX_PERIOD_DAYS, MAX_REPLACES, MAX_REVISION,
    MAX_SEATS, MAX_SERIAL,
};
pub(crate) use payload::{ProductNames, fill_in};
pub use problem::{LicenseRef, Problem, Problems};
pub(crate) use read::{ReadError, read};
pub use terms::{Access, Agreement, CountedBy, LicenseTerms, Model, Modules, Removable};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::jws::{self, SigningKey};
use crate::open::MAX_FILE;

/// The format that we write and the only one we read.
pub const FORMAT: u64 = 1;

/// The payload of a license file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "payload::Payload", into = "payload::Payload")]
pub struct Document {
    /// [`FORMAT`].
    pub format: u64,
    /// The issuer's name as the document gives it. Who signed is told by the key, not by this.
    pub issuer: String,
    /// The company id this was issued for (L5); anyone's when absent.
    pub customer: Option<String>,
    /// When the document was issued.
    pub issued_at: Timestamp,
    /// At least one.
    pub licenses: Vec<LicenseTerms>,
}

impl Document {
    /// Every rule the document breaks; empty when it is sound.
    ///
    /// # Errors
    /// [`Problems`], each naming the license, the field and what is wrong.
    pub fn check(&self) -> Result<(), Problems> {
        check::document(self)
    }

    /// Checks the document, signs it and wraps it as the text of a `.lic` file.
    ///
    /// # Errors
    /// [`Problems`]: a document that would be refused is never signed.
    pub fn sign(&self, key: &SigningKey) -> Result<String, Problems> {
        Self::fitting(crate::armor::wrap(&self.signed(key)?))
    }

    /// Checks the document, signs it and writes it as a `license.xml`: readable, around the same signature. See
    /// [`crate::xml`].
    ///
    /// # Errors
    /// [`Problems`]: a document that would be refused is never signed.
    pub fn sign_xml(&self, key: &SigningKey) -> Result<String, Problems> {
        let compact = self.signed(key)?;
        Self::fitting(crate::xml::write(self, &compact))
    }

    /// The compact JWS of a sound document.
    fn signed(&self, key: &SigningKey) -> Result<String, Problems> {
        self.check()?;
        let json = serde_json::to_vec(self)
            .map_err(|error| Problems::one(Problem::of_document("document", error.to_string())))?;
        Ok(jws::sign(key, jws::LICENSE_TYP, &json))
    }

    /// The text, if a file of it would be read.
    fn fitting(text: String) -> Result<String, Problems> {
        if text.len() > MAX_FILE {
            let message = format!(
                "makes a file of {} bytes, at most {MAX_FILE} are read: split it",
                text.len()
            );
            return Err(Problems::one(Problem::of_document("document", message)));
        }
        Ok(text)
    }
}
