//! Tokens of the service's administrators: shown once, kept as hashes.

use jiff::Timestamp;
use license_file::license_key::{LicenseKey, RANDOM};
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use store::ledger::Ledger;
use zeroize::Zeroizing;

use super::ServiceError;
use super::kept::kept;

/// What an administrator's token begins with. Never to be changed: people's scanners look for it.
pub const TOKEN_PREFIX: &str = "svt_";

/// Makes an administrator's token.
pub(super) fn make(
    ledger: &Ledger,
    name: &str,
    now: Timestamp,
) -> Result<Zeroizing<String>, ServiceError> {
    if name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        let why = "a token's name has 1 to 100 characters on one line";
        return Err(ServiceError::Invalid(why.to_owned()));
    }
    let token = fresh_token()?;
    ledger.write(|book| {
        if book.add_token(name, &token_hash(&token), kept(now))? {
            Ok(())
        } else {
            Err(ServiceError::TokenTaken(name.to_owned()))
        }
    })?;
    Ok(token)
}

/// A fresh token: 256 random bits.
fn fresh_token() -> Result<Zeroizing<String>, ServiceError> {
    let bytes = random::<32>()?;
    let mut text = Zeroizing::new(String::with_capacity(TOKEN_PREFIX.len() + 64));
    text.push_str(TOKEN_PREFIX);
    for byte in bytes.iter() {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
    Ok(text)
}

/// A fresh license key.
pub(super) fn fresh_key() -> Result<LicenseKey, ServiceError> {
    Ok(LicenseKey::from_random(&*random::<RANDOM>()?))
}

fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, ServiceError> {
    let mut bytes = Zeroizing::new([0; N]);
    SysRng
        .try_fill_bytes(bytes.as_mut_slice())
        .map_err(|error| ServiceError::Random(error.to_string()))?;
    Ok(bytes)
}

/// As the ledger keeps it.
pub(super) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
