//! What this installation asked an issuer for (I4).

use serde::{Deserialize, Serialize};

use crate::ids::RequestId;
use crate::names::{CompanyId, NameError, Title};
use crate::time::Timestamp;

/// The version of a product that an installation will run: three numbers with dots between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProductVersion([u32; 3]);

impl ProductVersion {
    /// What people call it.
    pub const WHAT: &str = "the version";
    /// The most digits of each number.
    const DIGITS: usize = 9;

    /// Checks a text such as `8.3.0`.
    ///
    /// # Errors
    /// [`NameError::NotAVersion`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let number = |part: &str| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            let fits = (1..=Self::DIGITS).contains(&part.len());
            (digits && fits).then(|| part.parse().ok()).flatten()
        };
        let parts: Vec<Option<u32>> = text.split('.').map(number).collect();
        match parts[..] {
            [Some(major), Some(minor), Some(patch)] => Ok(Self([major, minor, patch])),
            _ => Err(NameError::NotAVersion { what: Self::WHAT }),
        }
    }
}

impl std::fmt::Display for ProductVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl TryFrom<String> for ProductVersion {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<ProductVersion> for String {
    fn from(version: ProductVersion) -> Self {
        version.to_string()
    }
}

/// A request to an issuer. It is answered once (I4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenseRequest {
    /// Its id; the response names it.
    pub id: RequestId,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it, as the record names them.
    pub by: String,
    /// The company id in it.
    pub company: CompanyId,
    /// The version that will run here.
    pub version: ProductVersion,
    /// Whose licenses are meant; none while there are none here.
    pub issuer: Option<Title>,
    /// When its response was taken in, and the id of the key that signed that.
    pub answered: Option<(Timestamp, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i4_a_version_is_three_dotted_numbers() {
        let version = ProductVersion::parse("8.3.0").unwrap();
        assert_eq!(version.to_string(), "8.3.0");
        for wrong in [
            "",
            "8",
            "8.3",
            "8.3.0.1",
            "8.3.x",
            "8..0",
            "+8.3.0",
            "1.2.1234567890",
        ] {
            assert!(ProductVersion::parse(wrong).is_err(), "{wrong}");
        }
    }
}
