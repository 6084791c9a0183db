//! Documents and keys that the tests start from.

use license_file::jws::SigningKey;

/// The vendor's key.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

/// Someone else's key.
pub(crate) fn strangers_key() -> SigningKey {
    SigningKey::from_seed(&[8; 32])
}
