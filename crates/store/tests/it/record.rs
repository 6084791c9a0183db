//! The record: sealed in blocks, verified as a whole, and every kind of tampering found (R3).

use store::audit::{AuditFault, FaultKind};

use super::world::World;

/// A record of 5 sealed events in two blocks and 2 that are not sealed yet.
fn recorded() -> World {
    let mut world = World::new();
    for number in 0..5 {
        world.user(&format!("user{number}"), "/");
    }
    seal(&mut world, 3);
    seal(&mut world, 100);
    for number in 5..7 {
        world.user(&format!("user{number}"), "/");
    }
    let report = world.read(|reader| reader.verify_audit());
    assert_eq!(report.fault, None);
    assert_eq!((report.events, report.sealed, report.blocks), (7, 5, 2));
    world
}

fn seal(world: &mut World, at_most: u32) {
    let seal = world.read(|reader| reader.next_seal(world.now, at_most));
    let mut transaction = world.writer.begin().unwrap();
    transaction.put_seal(&seal.unwrap()).unwrap();
    transaction.commit().unwrap();
}

fn fault(world: &World) -> AuditFault {
    world.read(|reader| reader.verify_audit()).fault.unwrap()
}

#[test]
fn every_kind_of_tampering_is_found_and_named() {
    use FaultKind as K;
    for (sql, kind, block, seq) in [
        (
            "UPDATE event SET actor = 'mallory' WHERE seq = 2",
            K::EventAltered,
            1,
            Some(2),
        ),
        (
            "UPDATE event SET at = at + 1 WHERE seq = 4",
            K::EventAltered,
            2,
            Some(4),
        ),
        (
            "UPDATE event SET why = 'because' WHERE seq = 1",
            K::EventAltered,
            1,
            Some(1),
        ),
        (
            "UPDATE event SET user_id = NULL WHERE seq = 5",
            K::EventAltered,
            2,
            Some(5),
        ),
        (
            "UPDATE event SET kind = 'nonsense' WHERE seq = 3",
            K::EventAltered,
            1,
            Some(3),
        ),
        (
            "DELETE FROM event WHERE seq = 2",
            K::EventMissing,
            1,
            Some(2),
        ),
        (
            "DELETE FROM event WHERE seq = 3",
            K::EventMissing,
            1,
            Some(3),
        ),
        (
            "DELETE FROM event WHERE seq = 1",
            K::EventMissing,
            1,
            Some(1),
        ),
        (
            "DELETE FROM event WHERE seq >= 4",
            K::EventMissing,
            2,
            Some(4),
        ),
        (
            "DELETE FROM event WHERE seq = 6",
            K::EventMissing,
            3,
            Some(6),
        ),
        (
            "DELETE FROM event WHERE seq = 7",
            K::EventMissing,
            3,
            Some(7),
        ),
        (
            "INSERT INTO event (seq, at, actor, kind, sign_in) VALUES (8, 1, 'm', 'y', FALSE)",
            K::EventInserted,
            3,
            Some(8),
        ),
        (
            "INSERT INTO event (seq, at, actor, kind, sign_in) VALUES (0, 1, 'm', 'y', FALSE)",
            K::EventInserted,
            1,
            Some(0),
        ),
        (
            "UPDATE seal SET hash = x'0000000000000000000000000000000000000000000000000000000000000000' WHERE block = 2",
            K::SealAltered,
            2,
            None,
        ),
        (
            "UPDATE seal SET hash = x'0000000000000000000000000000000000000000000000000000000000000000' WHERE block = 1",
            K::SealAltered,
            1,
            None,
        ),
        (
            "UPDATE seal SET previous = x'0000000000000000000000000000000000000000000000000000000000000000' WHERE block = 2",
            K::SealAltered,
            2,
            None,
        ),
        (
            "UPDATE seal SET sealed_at = sealed_at + 1 WHERE block = 1",
            K::SealAltered,
            1,
            None,
        ),
        (
            "UPDATE seal SET digests = x'000000000000000000000000000000000000000000000000' WHERE block = 1",
            K::SealAltered,
            1,
            None,
        ),
        (
            "UPDATE seal SET last_seq = 2 WHERE block = 1",
            K::SealAltered,
            1,
            None,
        ),
        ("DELETE FROM seal WHERE block = 1", K::SealMissing, 1, None),
        (
            "UPDATE meta SET number = 4 WHERE name = 'last_event'",
            K::SealAltered,
            3,
            None,
        ),
    ] {
        let world = recorded();
        world.tamper(sql);
        let found = fault(&world);
        assert_eq!(
            (found.kind, found.block, found.seq),
            (kind, block, seq),
            "{sql}"
        );
        let named = seq.is_none_or(|seq| found.detail.contains(&format!("event {seq}")));
        assert!(named, "{}", found.detail);
    }
}

#[test]
fn a_seal_continues_the_one_before_and_ends_with_the_last_event() {
    let mut world = recorded();
    seal(&mut world, 100);
    assert_eq!(world.read(|reader| reader.next_seal(world.now, 100)), None);
    let report = world.read(|reader| reader.verify_audit());
    assert_eq!((report.sealed, report.blocks, report.fault), (7, 3, None));
}

#[test]
fn a_block_is_sealed_once() {
    let mut world = World::new();
    world.user("anna", "/");
    let twice = world
        .read(|reader| reader.next_seal(world.now, 100))
        .unwrap();
    seal(&mut world, 100);
    let mut transaction = world.writer.begin().unwrap();
    let error = transaction.put_seal(&twice).unwrap_err();
    assert_eq!(error.code(), "store_constraint");
}

#[test]
fn sealing_within_a_transaction_comes_to_the_same() {
    let mut world = World::new();
    world.user("anna", "/");
    let apart = world.read(|reader| reader.next_seal(world.now, 100));
    let mut transaction = world.writer.begin().unwrap();
    let within = transaction.seal(world.now, 100).unwrap();
    assert_eq!(within, apart);
    assert_eq!(transaction.seal(world.now, 100).unwrap(), None);
}
