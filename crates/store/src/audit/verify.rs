//! Proving that the record is whole, or naming the first thing that is not.

use super::hash::{self, DIGEST, Hash};
use super::seal::{Seal, seal, stored_event};
use crate::error::StoreError;
use crate::meta;
use crate::reader::Reader;
use crate::sql::{Link, statements};

statements! {
    SEALS = "SELECT b.block, b.first_seq, b.last_seq, b.count, b.previous, b.hash, b.digests, \
        b.sealed_at FROM seal b ORDER BY b.block";
    EVENTS_BETWEEN = "SELECT e.seq, e.at, e.actor, e.kind, e.user_id, e.product_id, \
        e.license_id, e.session_id, e.why, e.before_json, e.after_json \
        FROM event e WHERE e.seq >= $1 AND e.seq <= $2 ORDER BY e.seq";
    EVENT_COUNT = "SELECT count(*) FROM event e";
    FIRST_EVENT = "SELECT e.seq FROM event e ORDER BY e.seq LIMIT 1";
}

/// What a check of the whole record found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// How many events there are.
    pub events: u64,
    /// How many of them are in blocks that were found to be whole.
    pub sealed: u64,
    /// How many sealed blocks there are, up to the fault if there is one.
    pub blocks: u64,
    /// The hash of the last whole block: kept elsewhere, it proves this state later.
    pub last_hash: Option<Hash>,
    /// The first thing that is wrong.
    pub fault: Option<AuditFault>,
}

/// What is wrong with the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFault {
    /// In which block, counted from 1; for events not sealed yet, the one they would go to.
    pub block: u64,
    /// At which event, where one can be named.
    pub seq: Option<i64>,
    /// What kind of fault.
    pub kind: FaultKind,
    /// What, in a sentence.
    pub detail: String,
}

/// A kind of fault in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An event does not have the content that was sealed.
    EventAltered,
    /// An event is gone.
    EventMissing,
    /// An event was put where none was.
    EventInserted,
    /// A seal was altered.
    SealAltered,
    /// A seal is gone.
    SealMissing,
}

impl FaultKind {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EventAltered => "event_altered",
            Self::EventMissing => "event_missing",
            Self::EventInserted => "event_inserted",
            Self::SealAltered => "seal_altered",
            Self::SealMissing => "seal_missing",
        }
    }
}

impl Reader<'_> {
    /// Recomputes every seal, and stops at the first fault. Takes seconds for millions.
    pub fn verify_audit(&mut self) -> Result<AuditReport, StoreError> {
        let link = self.link;
        let mut report = AuditReport {
            events: link.one(&EVENT_COUNT, &[], |row| row.of("event").number("count"))?,
            ..AuditReport::default()
        };
        let mut before = Before {
            block: 0,
            last_seq: 0,
            hash: hash::NOTHING,
        };
        let first = link.first(&FIRST_EVENT, &[], |row| row.of("event").int("seq"))?;
        if let Some(seq) = first.filter(|seq| *seq < 1) {
            let detail = format!("event {seq} was inserted before the first one");
            report.fault = Some(fault(1, Some(seq), FaultKind::EventInserted, detail));
            return Ok(report);
        }
        for seal in link.all(&SEALS, &[], seal)? {
            if let Some(fault) = check_block(link, &before, &seal)? {
                report.fault = Some(fault);
                return Ok(report);
            }
            report.blocks += 1;
            report.sealed += u64::try_from(seal.head.count).unwrap_or(0);
            report.last_hash = Some(seal.hash);
            before = Before {
                block: seal.head.block,
                last_seq: seal.head.last_seq,
                hash: seal.hash,
            };
        }
        report.fault = check_rest(link, &before)?;
        Ok(report)
    }
}

/// The end of what was proved so far.
struct Before {
    block: i64,
    last_seq: i64,
    hash: Hash,
}

fn fault(block: i64, seq: Option<i64>, kind: FaultKind, detail: String) -> AuditFault {
    AuditFault {
        block: u64::try_from(block).unwrap_or(0),
        seq,
        kind,
        detail,
    }
}

fn check_block(
    link: Link<'_>,
    before: &Before,
    seal: &Seal,
) -> Result<Option<AuditFault>, StoreError> {
    let head = seal.head;
    let block = before.block + 1;
    if head.block != block {
        let detail = format!(
            "block {block} is gone; the next one is block {}",
            head.block
        );
        return Ok(Some(fault(block, None, FaultKind::SealMissing, detail)));
    }
    let altered = |what: &str| {
        let detail = format!("the seal of block {block} was altered: {what}");
        Ok(Some(fault(block, None, FaultKind::SealAltered, detail)))
    };
    if seal.previous != before.hash {
        return altered("it does not continue the block before");
    }
    if head.first_seq != before.last_seq + 1 {
        return altered(&format!(
            "it begins at event {} instead of {}",
            head.first_seq,
            before.last_seq + 1
        ));
    }
    if head.last_seq - head.first_seq + 1 != head.count {
        return altered("its count does not fit its first and last event");
    }
    let walked = walk(link, seal)?;
    if let Some(seq) = walked.missing {
        let detail = if seq == head.last_seq {
            format!("event {seq}, the last one of block {block}, is gone")
        } else {
            format!("event {seq} of block {block} is gone")
        };
        return Ok(Some(fault(
            block,
            Some(seq),
            FaultKind::EventMissing,
            detail,
        )));
    }
    if hash::of_block(&seal.previous, &head, &walked.hashes) == seal.hash {
        return match walked.differs {
            Some(_) => altered("its digests do not fit its events"),
            None => Ok(None),
        };
    }
    match walked.differs {
        Some(seq) => {
            let detail = format!("event {seq} of block {block} was altered after it was sealed");
            Ok(Some(fault(
                block,
                Some(seq),
                FaultKind::EventAltered,
                detail,
            )))
        }
        None => altered("its hash does not fit its events"),
    }
}

/// The events of a block, walked through.
struct Walked {
    hashes: Vec<Hash>,
    missing: Option<i64>,
    differs: Option<i64>,
}

fn walk(link: Link<'_>, seal: &Seal) -> Result<Walked, StoreError> {
    let head = seal.head;
    let mut walked = Walked {
        hashes: Vec::new(),
        missing: None,
        differs: None,
    };
    let mut expected = head.first_seq;
    let mut digests = seal.digests.chunks_exact(DIGEST);
    let values = [head.first_seq.into(), head.last_seq.into()];
    link.each(&EVENTS_BETWEEN, &values, |row| {
        let event = stored_event(row)?;
        if event.seq != expected {
            walked.missing.get_or_insert(expected);
        }
        expected = event.seq + 1;
        let hash = hash::of_event(&event);
        if digests.next() != Some(hash::digest(&hash)) {
            walked.differs.get_or_insert(event.seq);
        }
        walked.hashes.push(hash);
        Ok(())
    })?;
    if expected <= head.last_seq {
        walked.missing.get_or_insert(expected);
    }
    Ok(walked)
}

/// The events that are not sealed yet: without gaps up to the last one that was written.
fn check_rest(link: Link<'_>, before: &Before) -> Result<Option<AuditFault>, StoreError> {
    let last = meta::last_event(link)?;
    let block = before.block + 1;
    if before.last_seq > last {
        let detail = format!(
            "the seals go to event {}, but the last one written was event {last}",
            before.last_seq
        );
        return Ok(Some(fault(block, None, FaultKind::SealAltered, detail)));
    }
    let mut expected = before.last_seq + 1;
    let mut found = None;
    let values = [expected.into(), i64::MAX.into()];
    link.each(&EVENTS_BETWEEN, &values, |row| {
        let event = stored_event(row)?;
        if event.seq > last {
            let detail = format!(
                "event {} was inserted; the last one written was event {last}",
                event.seq
            );
            found.get_or_insert((event.seq, FaultKind::EventInserted, detail));
        } else if event.seq != expected {
            let detail = format!("event {expected}, not sealed yet, is gone");
            found.get_or_insert((expected, FaultKind::EventMissing, detail));
        }
        expected = event.seq + 1;
        Ok(())
    })?;
    if found.is_none() && expected <= last {
        let detail = format!("event {expected}, not sealed yet, and all after it are gone");
        found = Some((expected, FaultKind::EventMissing, detail));
    }
    Ok(found.map(|(seq, kind, detail)| fault(block, Some(seq), kind, detail)))
}
