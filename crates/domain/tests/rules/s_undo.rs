//! S7: what a job changed of somebody is taken back, and nothing else.

use domain::command::{FolderRef, UserPatch};
use domain::undo::{Act, Change, Changed, Subject, Undone};
use domain::{JobId, Millis, Role, Source, Sources, Target};
use uuid::Uuid;

use crate::world::prelude::*;

fn patching(world: &World, username: &str, patch: UserPatch) -> Command {
    Command::UpdateUser {
        user: world.user_id(username),
        patch,
        version: None,
    }
}

fn moving(world: &World, username: &str, to: &str) -> Command {
    let folder = Some(FolderRef::Id(world.folder_id(to)));
    let patch = UserPatch {
        folder,
        ..UserPatch::default()
    };
    patching(world, username, patch)
}

fn switching(world: &World, username: &str, active: bool) -> Command {
    let patch = UserPatch {
        active: Some(active),
        ..UserPatch::default()
    };
    patching(world, username, patch)
}

fn change(world: &mut World, command: &Command) -> Change {
    world.noted(command).expect("it changes something")
}

/// What taking it back comes to, one code after the other.
fn take_back(world: &mut World, change: &Change) -> String {
    match world.run(&Command::TakeBack(change.clone())) {
        Outcome::TakenBack(answers) => {
            let codes: Vec<&str> = answers.iter().map(|one| one.code.code()).collect();
            codes.join(" ")
        }
        other => panic!("{other:?}"),
    }
}

/// Two people; a license with a seat for each in Sales, and one with a seat in the root.
fn house() -> World {
    world()
        .user_in("anna", "/Sales")
        .user("bob")
        .license_in("/Sales", dedicated("S-1").seats(2))
        .license(dedicated("R-1").of("crm").seats(1))
}

#[test]
fn s7_a_given_seat_is_taken_and_only_that_one() {
    let mut world = house();
    world.grant("bob", "crm");
    let given = change(&mut world, &granting("anna", product("esm")));
    let [Changed::SeatGiven { license, .. }] = given.what[..] else {
        panic!("{given:?}");
    };
    assert_eq!(license, world.license_id("S-1"));
    assert_eq!(take_back(&mut world, &given), "released");
    assert!(world.seats_of("anna").is_empty());
    assert_eq!(world.seats_of("bob"), ["R-1 in /"]);
    // Once more it is gone already, whoever has a seat by then.
    world.grant("anna", "esm");
    assert_eq!(take_back(&mut world, &given), "recalled_since");
    assert_eq!(world.seats_of("anna"), ["S-1 in /Sales"]);
}

#[test]
fn s7_what_was_held_before_is_no_change_and_stays() {
    let mut world = house();
    world.grant("anna", "esm");
    assert_eq!(world.noted(&granting("anna", product("esm"))), None);
    assert_eq!(world.noted(&recalling("bob", product("esm"), false)), None);
    let there = moving(&world, "anna", "/Sales");
    assert_eq!(world.noted(&there), None);
    let active = switching(&world, "anna", true);
    assert_eq!(world.noted(&active), None);
}

#[test]
fn s7_a_taken_seat_comes_back_where_it_stood_with_its_sources_s11() {
    let mut world = house();
    world.grant_from("anna", "S-1", Source::Rule);
    world.grant("anna", "esm");
    let since = world.seat("anna", "S-1").assigned_at;
    world.wait_days(1);
    let taken = change(&mut world, &recalling("anna", product("esm"), true));
    world.move_user("anna", "/");
    assert_eq!(take_back(&mut world, &taken), "given_back");
    assert_eq!(world.seats_of("anna"), ["S-1 in /Sales"]);
    let seat = world.seat("anna", "S-1");
    let both = Sources::of(Source::Rule).with(Source::Hand);
    assert_eq!((seat.sources, seat.assigned_at), (both, since));
    assert_eq!(take_back(&mut world, &taken), "unchanged");
}

#[test]
fn s7_a_release_that_waits_is_taken_back_s4() {
    let mut world = house();
    world.grant("anna", "esm");
    let session = world.sign_in("anna", "esm").session();
    let taken = change(&mut world, &recalling("anna", product("esm"), false));
    assert_eq!(world.holders("S-1"), ["anna (releasing)"]);
    assert_eq!(take_back(&mut world, &taken), "given_back");
    assert_eq!(world.holders("S-1"), ["anna"]);
    world.sign_out(session);
    assert_eq!(world.holders("S-1"), ["anna"]);
    // Kept by a grant, and the grant taken back: it waits again for whoever works.
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    let kept = change(&mut world, &granting("anna", product("esm")));
    assert_eq!(take_back(&mut world, &kept), "releasing");
    assert_eq!(world.holders("S-1"), ["anna (releasing)"]);
}

#[test]
fn s7_no_seat_is_made_of_nothing_to_give_one_back_s1() {
    let mut world = house();
    world.grant("bob", "crm");
    let taken = change(&mut world, &recalling("bob", product("crm"), true));
    world.grant("anna", "crm");
    assert_eq!(take_back(&mut world, &taken), "no_free_seat");
    assert_eq!(world.pools("R-1"), ["/ 1/1"]);
    world.recall("anna", "crm");
    world.set_active("bob", false);
    assert_eq!(take_back(&mut world, &taken), "user_inactive");
    world.set_active("bob", true);
    world.run(&Command::RemoveLicense(world.license_id("R-1")));
    assert_eq!(take_back(&mut world, &taken), "not_usable");
    world.delete_user("bob");
    assert_eq!(take_back(&mut world, &taken), "unknown_user");
}

#[test]
fn s7_whoever_was_deactivated_is_active_again_with_the_seats_s8() {
    let mut world = house();
    world.grant("anna", "esm");
    world.grant("anna", "crm");
    world.sign_in("anna", "esm");
    let off = switching(&world, "anna", false);
    let off = change(&mut world, &off);
    assert!(world.seats_of("anna").is_empty());
    world.grant("bob", "crm");
    assert_eq!(
        take_back(&mut world, &off),
        "activated given_back no_free_seat"
    );
    assert_eq!(world.seats_of("anna"), ["S-1 in /Sales"]);
    assert_eq!(
        take_back(&mut world, &off),
        "unchanged unchanged no_free_seat"
    );
}

#[test]
fn s7_what_others_lost_or_got_by_it_is_no_part_of_it() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    world.grant("bob", "esm");
    world.import(&[dedicated("S-1").seats(1).revision(2)]);
    assert_eq!(world.holders("S-1"), ["anna", "bob (unbacked)"]);
    let taken = change(&mut world, &recalling("anna", product("esm"), true));
    assert_eq!((taken.user, taken.what.len()), (world.user_id("anna"), 1));
    assert_eq!(world.holders("S-1"), ["bob"]);
    assert_eq!(take_back(&mut world, &taken), "no_free_seat");
}

#[test]
fn s7_p4_whoever_was_moved_goes_back_unless_moved_on() {
    let mut world = house().folder("/Away");
    let moved = moving(&world, "anna", "/");
    let moved = change(&mut world, &moved);
    assert_eq!(take_back(&mut world, &moved), "moved_back");
    assert_eq!(take_back(&mut world, &moved), "unchanged");
    world.move_user("anna", "/Away");
    assert_eq!(take_back(&mut world, &moved), "moved_since");
    world.move_user("bob", "/Away");
    let left = moving(&world, "bob", "/");
    let left = change(&mut world, &left);
    world.move_user("anna", "/");
    world.run(&Command::DeleteFolder(world.folder_id("/Away")));
    assert_eq!(take_back(&mut world, &left), "unknown_folder");
}

#[test]
fn s7_r1_nothing_is_taken_back_beyond_the_folder_of_whoever_asks() {
    let mut world = house();
    let moved = moving(&world, "anna", "/");
    let away = change(&mut world, &moved);
    let given = change(&mut world, &granting("bob", product("crm")));
    world.act_within("/Sales");
    let outside = Refusal::OutsideYourFolder("/Sales".into());
    for change in [away, given] {
        assert_eq!(world.refused(&Command::TakeBack(change)), outside);
    }
    world.act_as(Role::Auditor);
    let nothing = Change {
        user: world.user_id("bob"),
        what: vec![Changed::Active { was: false }],
    };
    let refused = world.refused(&Command::TakeBack(nothing));
    assert_eq!(refused.code(), "forbidden");
}

#[test]
fn s7_a_license_by_its_name_is_given_back_though_it_was_replaced_l10() {
    let mut world = house().license(dedicated("S-2").seats(2));
    let license = Target::License(world.license_id("S-1"));
    world.grant_license("anna", "S-1");
    let taken = change(&mut world, &recalling("anna", license, true));
    world.replace("S-1", "S-2");
    assert_eq!(take_back(&mut world, &taken), "given_back");
}

#[test]
fn s7_a_job_is_undone_once_after_its_end_for_a_week() {
    let ended = Subject {
        act: Act::Seats,
        dry_run: false,
        ended_at: Some(BEGINNING),
        is_known: true,
        undone: Undone::Not,
    };
    let by = JobId(Uuid::from_u128(1));
    let says = |subject: Subject, days| {
        let checked = subject.check(BEGINNING.plus(Millis::days(days)));
        checked.map_err(|refusal| refusal.code())
    };
    assert_eq!(says(ended, 6), Ok(()));
    assert_eq!(says(ended, 7), Err("too_late_to_undo_job"));
    for (subject, expected) in [
        (
            Subject {
                ended_at: None,
                ..ended
            },
            Err("job_running"),
        ),
        (
            Subject {
                dry_run: true,
                ..ended
            },
            Err("nothing_to_undo"),
        ),
        (
            Subject {
                is_known: false,
                ..ended
            },
            Err("too_late_to_undo_job"),
        ),
        (
            Subject {
                act: Act::Import,
                ..ended
            },
            Err("job_not_undoable"),
        ),
        (
            Subject {
                act: Act::Undo,
                ..ended
            },
            Err("job_not_undoable"),
        ),
        (
            Subject {
                undone: Undone::By(by),
                ..ended
            },
            Err("job_undone"),
        ),
        (
            Subject {
                undone: Undone::InPart,
                ..ended
            },
            Ok(()),
        ),
    ] {
        assert_eq!(says(subject, 0), expected, "{subject:?}");
    }
}
