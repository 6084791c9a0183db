//! Making an issuer's key pair.

use jiff::Timestamp;
use license_file::jws::SigningKey;
use license_file::key_file::{KeyFileError, PrivateKeyFile, PublicKeyFile, check_name};
use rand::TryRng as _;
use rand::rngs::{SysError, SysRng};
use zeroize::Zeroizing;

/// Why no key pair was made.
#[derive(Debug, thiserror::Error)]
pub enum KeygenError {
    /// The issuer's name can't stand in a key file.
    #[error("the issuer's name can't be used: {0}")]
    Name(#[from] KeyFileError),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    Random(#[from] SysError),
}

impl KeygenError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name(error) => error.code(),
            Self::Random(_) => "no_randomness",
        }
    }
}

/// Makes a key pair for the issuer `name`, from the operating system's random bytes.
///
/// # Errors
/// [`KeygenError`].
pub fn keygen(name: &str) -> Result<(PrivateKeyFile, PublicKeyFile), KeygenError> {
    check_name(name)?;
    let mut seed = Zeroizing::new([0; 32]);
    SysRng.try_fill_bytes(seed.as_mut_slice())?;
    let private = PrivateKeyFile {
        name: name.to_owned(),
        key: SigningKey::from_seed(&seed),
    };
    let public = private.public();
    Ok((private, public))
}

/// Makes the key pair that succeeds `old`, of the same issuer.
///
/// # Errors
/// [`KeygenError`].
pub fn succeed(old: &PrivateKeyFile) -> Result<PrivateKeyFile, KeygenError> {
    let (mut private, _) = keygen(&old.name)?;
    private.key = private.key.succeeding(old.key.lineage());
    Ok(private)
}

/// Why no key works in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It ends before it begins.
    #[error(
        "the new key would never work: its last time ({until}) must be after its first ({from})"
    )]
    Reversed {
        /// Its first time.
        from: Timestamp,
        /// From when it does not work any more.
        until: Timestamp,
    },
    /// It is over.
    #[error("the new key would never work: its last time ({until}) is over")]
    Over {
        /// From when it does not work any more.
        until: Timestamp,
    },
}

impl PeriodError {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        "invalid_period"
    }
}

/// Checks that a key that is made `now` can work at some time.
///
/// # Errors
/// [`PeriodError`].
pub fn check_period(
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), PeriodError> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => Err(PeriodError::Reversed { from, until }),
        (_, Some(until)) if until <= now => Err(PeriodError::Over { until }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_pair_is_new_and_its_halves_belong_together() {
        let (private, public) = keygen("Northwind Software").unwrap();
        assert_eq!(private.key.verifying_key(), &public.key);
        assert_eq!(
            (private.name.as_str(), public.name.as_str()),
            ("Northwind Software", "Northwind Software")
        );
        let (another, _) = keygen("Northwind Software").unwrap();
        assert_ne!(private.key.kid(), another.key.kid());
    }

    #[test]
    fn a_name_that_can_not_be_shown_is_refused() {
        for name in ["", " ", "a\nb", &"x".repeat(201)] {
            assert_eq!(keygen(name).unwrap_err().code(), "invalid_name", "{name:?}");
        }
    }

    #[test]
    fn l3_a_key_has_a_time_in_which_it_can_work() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let now = at("2026-06-01T00:00:00Z").unwrap();
        let (early, late) = (at("2026-07-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        assert_eq!(check_period(early, late, now), Ok(()));
        assert_eq!(check_period(None, late, now), Ok(()));
        assert_eq!(check_period(late, None, now), Ok(()));
        for (from, until) in [
            (late, early),
            (late, late),
            (None, at("2026-06-01T00:00:00Z")),
            (None, at("2025-01-01T00:00:00Z")),
        ] {
            let error = check_period(from, until, now).unwrap_err();
            assert_eq!(error.code(), "invalid_period");
            assert!(error.to_string().contains(&until.unwrap().to_string()));
        }
    }

    #[test]
    fn a_successor_is_another_key_of_the_same_issuer_and_lineage() {
        let (first, _) = keygen("Northwind Software").unwrap();
        let second = succeed(&first).unwrap();
        let third = succeed(&second).unwrap();
        assert_eq!(third.name, first.name);
        assert_ne!(third.key.kid(), second.key.kid());
        assert_eq!(third.key.lineage(), first.key.kid());
    }
}
