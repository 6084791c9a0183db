//! What is hashed, byte by byte. Pure; another program can do the same from an export.
//!
//! All numbers are 64 bits, big-endian. A field is one byte 0 when it is absent, or one byte
//! 1, the number of its bytes, and its bytes: texts in UTF-8, ids in their 16 bytes.
//!
//! The hash of an event is SHA-256 over, in this order: [`EVENT`], `seq`, `at`, and the
//! fields `actor`, `kind`, `user`, `product`, `license`, `session`, `why`, `before`, `after`.
//!
//! The hash of a block is SHA-256 over, in this order: [`BLOCK`], the previous block's hash
//! (32 bytes 0 for the first one), the numbers `block`, `first_seq`, `last_seq`, `count`,
//! `sealed_at`, and the 32 bytes of each event's hash in the order of `seq`.

use sha2::{Digest as _, Sha256};

/// What begins the hash of an event.
pub const EVENT: &[u8] = b"seatkeeper event 1\n";
/// What begins the hash of a block.
pub const BLOCK: &[u8] = b"seatkeeper block 1\n";
/// The hash before the first block.
pub const NOTHING: Hash = [0; 32];
/// How many bytes of an event's hash are kept beside the block's.
pub const DIGEST: usize = 8;

/// A SHA-256.
pub type Hash = [u8; 32];

/// An event as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredEvent<'a> {
    /// Its number.
    pub seq: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// The fields in the order of the layout.
    pub fields: [Option<&'a [u8]>; 9],
}

/// The head of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, counted from 1.
    pub block: i64,
    /// The number of its first event.
    pub first_seq: i64,
    /// The number of its last event.
    pub last_seq: i64,
    /// How many events it has.
    pub count: i64,
    /// When it was sealed, in milliseconds.
    pub sealed_at: i64,
}

/// The hash of an event.
pub fn of_event(event: &StoredEvent<'_>) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(EVENT);
    hasher.update(event.seq.to_be_bytes());
    hasher.update(event.at.to_be_bytes());
    for field in event.fields {
        match field {
            None => hasher.update([0]),
            Some(bytes) => {
                hasher.update([1]);
                hasher.update((bytes.len() as u64).to_be_bytes());
                hasher.update(bytes);
            }
        }
    }
    hasher.finalize().into()
}

/// The hash of a block, from the previous block's and the hashes of its events.
pub fn of_block(previous: &Hash, head: &Head, events: &[Hash]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(BLOCK);
    hasher.update(previous);
    for number in [
        head.block,
        head.first_seq,
        head.last_seq,
        head.count,
        head.sealed_at,
    ] {
        hasher.update(number.to_be_bytes());
    }
    for event in events {
        hasher.update(event);
    }
    hasher.finalize().into()
}

/// What is kept of an event's hash beside the block's.
pub fn digest(event: &Hash) -> &[u8] {
    &event[..DIGEST]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(hash: Hash) -> String {
        let number = |bytes: &[u8]| u128::from_be_bytes(bytes.try_into().unwrap());
        let (high, low) = hash.split_at(16);
        format!("{:032x}{:032x}", number(high), number(low))
    }

    fn event() -> StoredEvent<'static> {
        StoredEvent {
            seq: 1,
            at: 1000,
            fields: [
                Some(b"anna"),
                Some(b"seat.assigned"),
                Some(&[7; 16]),
                None,
                None,
                None,
                Some(b""),
                None,
                None,
            ],
        }
    }

    /// Computed by the layout above with another program (Python's hashlib).
    #[test]
    fn the_layout_is_the_documented_one() {
        let of_one = of_event(&event());
        assert_eq!(hex(of_one), EVENT_HASH);
        let head = Head {
            block: 1,
            first_seq: 1,
            last_seq: 1,
            count: 1,
            sealed_at: 2000,
        };
        assert_eq!(hex(of_block(&NOTHING, &head, &[of_one])), BLOCK_HASH);
    }

    const EVENT_HASH: &str = "f7be125a1faa24d5052248239904b1328917f5f266e369b9c7acd749890162ef";
    const BLOCK_HASH: &str = "e71317cf4670dee3056e3d7043bcd0dd9f8615c23df24c6b392df539ec0c0ab0";

    #[test]
    fn what_moves_from_one_field_to_the_next_changes_the_hash() {
        let mut other = event();
        other.fields[0] = Some(b"annaseat");
        other.fields[1] = Some(b".assigned");
        assert_ne!(of_event(&event()), of_event(&other));
        let mut absent = event();
        absent.fields[6] = None;
        assert_ne!(of_event(&event()), of_event(&absent));
    }
}
