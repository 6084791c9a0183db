//! L3, L9: where seats stand that a license lost and has again.

use domain::issuer::IssuerKind;
use domain::names::Title;
use domain::{Command, LicenseId};

use crate::world::prelude::*;

fn trust() -> Command {
    Command::TrustIssuer {
        key: "key-1".into(),
        name: Title::parse("Northwind Software").unwrap(),
        kind: IssuerKind::Seatkeeper,
        public_key: "x".into(),
        period: None,
    }
}

fn distrust() -> Command {
    Command::DistrustIssuer {
        key: "key-1".into(),
        withdraw: true,
    }
}

/// A license of seven seats, two of them in the root, one of those in Sales held by Anna.
fn spread() -> World {
    let mut world = world()
        .folder("/Sales")
        .folder("/Support")
        .user_in("anna", "/Sales")
        .license(dedicated("S-1").seats(7));
    assert!(world.move_seats("S-1", "/", "/Sales", 3));
    assert!(world.move_seats("S-1", "/", "/Support", 2));
    world.grant("anna", "esm");
    assert_eq!(world.pools("S-1"), SPREAD);
    world
}

const SPREAD: [&str; 3] = ["/ 0/2", "/Sales 1/3", "/Support 0/2"];

fn id(world: &World) -> LicenseId {
    world.license_id("S-1")
}

#[test]
fn l3_seats_that_went_with_a_key_come_back_to_their_folders() {
    let mut world = spread();
    world.run(&distrust());
    assert_eq!(world.pools("S-1"), ["/Sales 1/0"]);
    world.wait_days(1);
    world.run(&trust());
    assert_eq!(world.pools("S-1"), SPREAD);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    assert_eq!(world.license_row("S-1").stood, []);
}

#[test]
fn l3_a_license_of_one_folder_comes_back_to_it_and_no_seat_to_the_root() {
    let mut world = world()
        .folder("/Sales")
        .license_in("/Sales", floating("F-1").seats(4));
    world.run(&distrust());
    world.wait_days(1);
    world.run(&trust());
    assert_eq!(world.pools("F-1"), ["/Sales 0/4"]);
}

#[test]
fn l9_seats_of_a_folder_that_is_gone_come_back_to_the_root() {
    let mut world = spread();
    world.run(&distrust());
    let support = world.folder_id("/Support");
    world.run(&Command::DeleteFolder(support));
    world.wait_days(1);
    world.run(&trust());
    assert_eq!(world.pools("S-1"), ["/ 0/4", "/Sales 1/3"]);
}

#[test]
fn l9_what_its_issuer_gives_back_stands_where_it_stood() {
    let mut world = spread();
    world.run(&Command::RevokeLicense(id(&world)));
    // One seat more than before stands in the root.
    world.revise(dedicated("S-1").seats(8).revision(2));
    assert_eq!(world.pools("S-1"), ["/ 0/3", "/Sales 1/3", "/Support 0/2"]);
    // Fewer: those that are held first, then the folders in the order in which the seats were made.
    world.run(&Command::RevokeLicense(id(&world)));
    world.revise(dedicated("S-1").seats(5).revision(3));
    assert_eq!(world.pools("S-1"), ["/ 0/2", "/Sales 1/3"]);
}

#[test]
fn l9_where_a_folder_is_named_seats_come_back_to_that_one() {
    let mut world = spread();
    world.run(&Command::RevokeLicense(id(&world)));
    let again = dedicated("S-1").seats(7).revision(2);
    let command = world.importing(std::slice::from_ref(&again), None, "/Support");
    world.run(&command);
    assert_eq!(world.pools("S-1"), ["/Sales 1/1", "/Support 0/6"]);
    assert_eq!(world.license_row("S-1").stood, []);
}

#[test]
fn l7_a_license_that_was_removed_begins_anew() {
    let mut world = spread();
    world.recall_now("anna", "esm");
    world.run(&Command::RemoveLicense(id(&world)));
    world.import(&[dedicated("S-1").seats(7)]);
    assert_eq!(world.pools("S-1"), ["/ 0/7"]);
}
