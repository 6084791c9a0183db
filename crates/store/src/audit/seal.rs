//! Putting seals on blocks of events.

use domain::Timestamp;

use super::hash::{self, Hash, Head, StoredEvent};
use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql::{Columns, Link, Value, statements};
use crate::writer::Transaction;

statements! {
    LAST_SEAL = "SELECT b.block, b.first_seq, b.last_seq, b.count, b.previous, b.hash, b.digests, \
        b.sealed_at FROM seal b ORDER BY b.block DESC LIMIT 1";
    UNSEALED = "SELECT e.seq, e.at, e.actor, e.kind, e.user_id, e.product_id, e.license_id, \
        e.session_id, e.why, e.before_json, e.after_json \
        FROM event e WHERE e.seq > $1 ORDER BY e.seq LIMIT $2";
    PUT_SEAL = "INSERT INTO seal (block, first_seq, last_seq, count, previous, hash, digests, \
        sealed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// The seal of a block of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The block's number and events.
    pub head: Head,
    /// The hash of the block before.
    pub previous: Hash,
    /// The block's hash.
    pub hash: Hash,
    /// The first bytes of each event's hash, to tell which one was altered.
    pub(crate) digests: Vec<u8>,
}

impl Reader<'_> {
    /// Computes the seal of the events after the last block, at most so many; none when
    /// every event is sealed. To be written with [`Transaction::put_seal`].
    pub fn next_seal(&mut self, now: Timestamp, at_most: u32) -> Result<Option<Seal>, StoreError> {
        next(self.link, now, at_most)
    }
}

impl Transaction<'_> {
    /// Writes a seal.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] when the block was sealed meanwhile.
    pub fn put_seal(&mut self, seal: &Seal) -> Result<(), StoreError> {
        put(self.link(), seal)
    }

    /// Computes and writes the next seal within this transaction, which delays others by the
    /// time it takes to hash the events. None when every event is sealed.
    pub fn seal(&mut self, now: Timestamp, at_most: u32) -> Result<Option<Seal>, StoreError> {
        let seal = next(self.link(), now, at_most)?;
        if let Some(seal) = &seal {
            put(self.link(), seal)?;
        }
        Ok(seal)
    }
}

fn next(link: Link<'_>, now: Timestamp, at_most: u32) -> Result<Option<Seal>, StoreError> {
    let last = link.first(&LAST_SEAL, &[], seal)?;
    let (block, after, previous) = match &last {
        Some(seal) => (seal.head.block + 1, seal.head.last_seq, seal.hash),
        None => (1, 0, hash::NOTHING),
    };
    let mut hashes: Vec<Hash> = Vec::new();
    let mut head = Head {
        block,
        first_seq: 0,
        last_seq: 0,
        count: 0,
        sealed_at: now.as_millis(),
    };
    let values = [Value::from(after), Value::from(at_most)];
    link.each(&UNSEALED, &values, |row| {
        let event = stored_event(row)?;
        if head.count == 0 {
            head.first_seq = event.seq;
        }
        head.last_seq = event.seq;
        head.count += 1;
        hashes.push(hash::of_event(&event));
        Ok(())
    })?;
    if head.count == 0 {
        return Ok(None);
    }
    let digests = hashes.iter().flat_map(hash::digest).copied().collect();
    Ok(Some(Seal {
        head,
        previous,
        hash: hash::of_block(&previous, &head, &hashes),
        digests,
    }))
}

fn put(link: Link<'_>, seal: &Seal) -> Result<(), StoreError> {
    let head = &seal.head;
    let values = [
        head.block.into(),
        head.first_seq.into(),
        head.last_seq.into(),
        head.count.into(),
        Value::Bytes(&seal.previous),
        Value::Bytes(&seal.hash),
        Value::Bytes(&seal.digests),
        head.sealed_at.into(),
    ];
    link.put(&PUT_SEAL, &values)?;
    link.settle()
}

/// Reads a seal's columns.
pub(super) fn seal(row: &mut Columns<'_, '_>) -> Result<Seal, StoreError> {
    row.of("seal");
    let (block, first_seq, last_seq, count) = (
        row.int("block")?,
        row.int("first_seq")?,
        row.int("last_seq")?,
        row.int("count")?,
    );
    Ok(Seal {
        previous: row.bytes("previous")?,
        hash: row.bytes("hash")?,
        digests: row.opt_bytes("digests")?.unwrap_or_default().to_vec(),
        head: Head {
            block,
            first_seq,
            last_seq,
            count,
            sealed_at: row.int("sealed_at")?,
        },
    })
}

/// Reads an event's columns as they are: what was altered need not make sense.
pub(super) fn stored_event<'r>(row: &mut Columns<'r, '_>) -> Result<StoredEvent<'r>, StoreError> {
    row.of("event");
    let text = |text: Option<&'r str>| text.map(str::as_bytes);
    Ok(StoredEvent {
        seq: row.int("seq")?,
        at: row.int("at")?,
        fields: [
            text(row.opt_text("actor")?),
            text(row.opt_text("kind")?),
            row.opt_bytes("user_id")?,
            row.opt_bytes("product_id")?,
            row.opt_bytes("license_id")?,
            row.opt_bytes("session_id")?,
            text(row.opt_text("why")?),
            text(row.opt_text("before_json")?),
            text(row.opt_text("after_json")?),
        ],
    })
}
