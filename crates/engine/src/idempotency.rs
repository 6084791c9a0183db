//! Keys with which a caller repeats a request safely.

use domain::NameError;
use sha2::{Digest as _, Sha256};

/// A caller's key for one request, and the hash of what was requested. The same key with
/// another request is an error; with the same one it gives the answer that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    text: Box<str>,
    request: [u8; 32],
}

impl IdempotencyKey {
    /// The longest key, in bytes.
    pub const MOST: usize = 255;

    /// A key of 1 to [`Self::MOST`] printable ASCII characters, for a request of these parts
    /// (route and body, say).
    ///
    /// # Errors
    /// [`NameError`] says what is wrong with the key.
    pub fn new(text: &str, request: &[&[u8]]) -> Result<Self, NameError> {
        let what = "the idempotency key";
        if text.is_empty() {
            return Err(NameError::Empty { what });
        }
        if text.len() > Self::MOST {
            let length = text.chars().count();
            let most = Self::MOST;
            return Err(NameError::TooLong { what, length, most });
        }
        let allowed = |c: char| c.is_ascii_graphic() || c == ' ';
        if let Some((at, character)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            return Err(NameError::BadCharacter {
                what,
                character,
                position: at + 1,
            });
        }
        let mut hash = Sha256::new();
        for part in request {
            // With its length, so that parts can't flow into one another.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Ok(Self {
            text: text.into(),
            request: hash.finalize().into(),
        })
    }

    /// The key as the caller gave it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The hash of the request.
    pub fn request_hash(&self) -> &[u8; 32] {
        &self.request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_printable() {
        assert!(IdempotencyKey::new("order 66", &[]).is_ok());
        assert!(IdempotencyKey::new("", &[]).is_err());
        assert!(IdempotencyKey::new(&"x".repeat(256), &[]).is_err());
        assert!(IdempotencyKey::new("a\nb", &[]).is_err());
    }

    #[test]
    fn another_cut_of_the_same_bytes_is_another_request() {
        let hash = |parts: &[&[u8]]| *IdempotencyKey::new("k", parts).unwrap().request_hash();
        assert_eq!(hash(&[b"ab", b"c"]), hash(&[b"ab", b"c"]));
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
