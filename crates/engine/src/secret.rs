//! Secrets of API tokens: made here, shown once, kept only as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// What a token's secret begins with. Never to be changed: people's scanners look for it.
pub const PREFIX: &str = "sk_";

/// A token's secret: [`PREFIX`] and 43 base64url characters (256 bits). It is never printed or
/// stored; only [`Secret::reveal`] gives it away.
pub struct Secret(String);

/// SHA-256 of a secret.
pub(crate) type SecretHash = [u8; 32];

impl Secret {
    /// A fresh one from the system's randomness.
    pub(crate) fn generate() -> Self {
        let bytes: [u8; 32] = rand::random();
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text, to be handed to its owner once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its hash in lower-case hexadecimal, as the store keeps it.
    pub(crate) fn hash_hex(&self) -> String {
        hex(&hash(&self.0))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The hash of what a caller says is a secret.
pub(crate) fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret).into()
}

/// Whether a text has the form of a secret; anything else needs no look-up.
pub(crate) fn is_well_formed(secret: &str) -> bool {
    secret.strip_prefix(PREFIX).is_some_and(|rest| {
        rest.len() == 43
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_its_form_and_does_not_print() {
        let secret = Secret::generate();
        assert!(is_well_formed(secret.reveal()));
        assert_eq!(secret.reveal().len(), 46);
        assert_eq!(format!("{secret:?}"), "Secret");
        assert!(!is_well_formed("sk_short"));
        assert!(!is_well_formed(&secret.reveal().replace("sk_", "xx_")));
    }

    #[test]
    fn hashes_are_lower_case_hexadecimal() {
        assert_eq!(
            hex(&hash("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
