//! One id type per entity, all UUIDv7, and the generator that makes them from a given seed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// Identifies a user account.
    UserId,
    /// Identifies a person: one human, with one or several accounts (S12).
    PersonId,
    /// Identifies a product.
    ProductId,
    /// Identifies a license within this installation.
    LicenseId,
    /// Identifies a folder of the one tree.
    FolderId,
    /// Identifies a pool: the seats of one license that stand in one folder.
    PoolId,
    /// Identifies an occupied dedicated seat.
    SeatId,
    /// Identifies one sign-in.
    SessionId,
    /// Identifies an API token (not its secret).
    TokenId,
    /// Identifies a job of administrative work.
    JobId,
    /// Identifies a replacement of licenses by others (L10).
    ReplacementId,
    /// Identifies an account of the console.
    AccountId,
    /// Identifies a request to an issuer (I4).
    RequestId,
}

impl FolderId {
    /// The root of the tree, which always exists.
    pub const ROOT: Self = Self(Uuid::nil());
}

/// Makes UUIDv7 ids from a time and a random seed that the caller provides.
///
/// Ids of one generator ascend, so that rows are appended and not scattered. Two
/// generators with different random seeds do not collide in practice (62 random bits).
#[derive(Clone, Debug)]
pub struct Ids {
    millis: u64,
    state: u64,
    counter: u32,
}

impl Ids {
    /// A generator for ids made at `now`; `seed` must be fresh randomness.
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self {
            millis: u64::try_from(now.as_millis()).unwrap_or(0),
            state: seed,
            counter: 0,
        }
    }

    /// The next id.
    pub fn fresh<T: From<Uuid>>(&mut self) -> T {
        // RFC 9562 6.2, method 1: a counter behind the timestamp, then random bits.
        let millis = self.millis + u64::from(self.counter >> 12);
        let rand_a = u128::from(self.counter & 0xfff);
        self.counter += 1;
        let rand_b = u128::from(self.random() >> 2);
        let bits = (u128::from(millis & 0xffff_ffff_ffff) << 80)
            | (0x7 << 76)
            | (rand_a << 64)
            | (0b10 << 62)
            | rand_b;
        T::from(Uuid::from_u128(bits))
    }

    /// The next 64 bits of the stream (SplitMix64, Steele et al. 2014).
    pub fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
