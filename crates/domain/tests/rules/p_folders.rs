//! P1, P2, P4: where seats stand. P3: folders.

use domain::command::FolderRef;
use domain::{FolderId, FolderName, Refusal};

use crate::world::prelude::*;

fn two_folders() -> World {
    world().folder("/Sales").folder("/Support")
}

#[test]
fn p1_free_seats_move_in_any_number() {
    let mut world = two_folders().license(dedicated("S-1").seats(5));
    assert!(world.move_seats("S-1", "/", "/Sales", 2));
    assert_eq!(world.pools("S-1"), ["/ 0/3", "/Sales 0/2"]);
    assert!(world.move_seats("S-1", "/Sales", "/Support", 1));
    assert!(world.move_seats("S-1", "/", "/Sales", 3));
    // The root's pool is empty and gone.
    assert_eq!(world.pools("S-1"), ["/Sales 0/4", "/Support 0/1"]);
    assert!(world.move_seats("S-1", "/Sales", "/", 4));
    assert_eq!(world.pools("S-1"), ["/ 0/4", "/Support 0/1"]);
}

#[test]
fn p1_only_free_seats_move() {
    let mut world = two_folders()
        .user("anna")
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    let command = world.moving_seats("S-1", "/", "/Sales", 2);
    let refusal = world.refused(&command);
    assert_eq!(refusal, Refusal::NotEnoughFreeSeats { wanted: 2, free: 1 });
    let command = world.moving_seats("S-1", "/Sales", "/", 1);
    let refusal = world.refused(&command);
    assert_eq!(refusal, Refusal::NotEnoughFreeSeats { wanted: 1, free: 0 });
    let command = world.moving_seats("S-1", "/", "/Sales", 0);
    let refusal = world.refused(&command);
    assert_eq!(refusal, Refusal::NothingToMove);
    assert!(!world.move_seats("S-1", "/", "/", 1));
    assert!(world.move_seats("S-1", "/", "/Sales", 1));
    assert_eq!(world.pools("S-1"), ["/ 1/1", "/Sales 0/1"]);
}

#[test]
fn p1_a_seat_that_only_lapsed_sessions_keep_is_free_to_move_h2() {
    let mut world = two_folders().license(floating("F-1"));
    world.sign_in("anna", "esm");
    world.let_sessions_lapse();
    assert!(world.move_seats("F-1", "/", "/Sales", 1));
    assert_eq!(world.pools("F-1"), ["/Sales 0/1"]);
}

#[test]
fn p1_site_licenses_have_no_seats_to_move() {
    let mut world = two_folders().license(site("X-1"));
    let command = world.moving_seats("X-1", "/", "/Sales", 1);
    let refusal = world.refused(&command);
    assert_eq!(refusal.code(), "no_seats");
}

#[test]
fn p1_free_seats_moved_in_back_the_unbacked_longest_held_first_l9() {
    let mut world = two_folders()
        .users(&["anna", "bob", "carl"])
        .license(dedicated("S-1").seats(5));
    world.move_seats("S-1", "/", "/Sales", 2);
    for user in ["anna", "bob", "carl"] {
        world.grant("anna", "esm");
        world.grant(user, "esm");
        world.wait_s(1);
    }
    let mut world = world.user_in("dora", "/Sales").user_in("emil", "/Sales");
    world.grant("dora", "esm");
    world.wait_s(1);
    world.grant("emil", "esm");
    // The latest lose wherever they sit: Emil, Dora and Carl.
    world.revise(dedicated("S-1").revision(2).seats(2));
    assert_eq!(world.pools("S-1"), ["/ 3/2", "/Sales 2/0"]);
    world.recall("anna", "esm");
    world.recall("bob", "esm");
    assert_eq!(world.pools("S-1"), ["/ 1/2", "/Sales 2/0"]);
    assert!(world.move_seats("S-1", "/", "/Sales", 1));
    assert_eq!(world.holders("S-1"), ["carl", "dora", "emil (unbacked)"]);
}

#[test]
fn p1_an_occupied_seat_moves_with_its_holder_in_it() {
    let mut world = two_folders()
        .user("anna")
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    let session = world.sign_in("anna", "esm").session();
    assert!(world.move_seat("anna", "S-1", "/Sales"));
    assert_eq!(world.seats_of("anna"), ["S-1 in /Sales"]);
    assert_eq!(world.pools("S-1"), ["/ 0/1", "/Sales 1/1"]);
    assert_eq!(world.heartbeat(session), "alive");
    assert!(!world.move_seat("anna", "S-1", "/Sales"));
    assert!(world.move_seat("anna", "S-1", "/Support"));
    assert_eq!(world.pools("S-1"), ["/ 0/1", "/Support 1/1"]);
}

#[test]
fn p1_what_is_not_held_or_unbacked_does_not_move() {
    let mut world = two_folders()
        .users(&["anna", "bob"])
        .license(dedicated("S-1"));
    world.grant("anna", "esm");
    let command = world.moving_seat("bob", "S-1", "/Sales");
    let refusal = world.refused(&command);
    assert_eq!(refusal.code(), "not_held");
    world.remove("S-1");
    let command = world.moving_seat("anna", "S-1", "/Sales");
    let refusal = world.refused(&command);
    assert_eq!(refusal, Refusal::SeatUnbacked);
}

#[test]
fn p1_a_folder_that_is_nowhere_is_refused() {
    let mut world = two_folders().license(dedicated("S-1"));
    let nowhere = FolderId(uuid::Uuid::from_u128(1));
    let Command::MoveSeats {
        license,
        from,
        count,
        ..
    } = world.moving_seats("S-1", "/", "/Sales", 1)
    else {
        unreachable!()
    };
    let command = Command::MoveSeats {
        license,
        from,
        to: nowhere,
        count,
    };
    assert_eq!(world.refused(&command), Refusal::UnknownFolder);
}

#[test]
fn p2_growing_adds_seats_where_the_file_is_imported() {
    let mut world = two_folders().license_in("/Sales", dedicated("S-1").seats(2));
    world.revise(dedicated("S-1").revision(2).seats(5));
    assert_eq!(world.pools("S-1"), ["/ 0/3", "/Sales 0/2"]);
    let command = world.importing(&[dedicated("S-1").revision(3).seats(6)], None, "/Sales");
    world.run(&command);
    assert_eq!(world.pools("S-1"), ["/ 0/3", "/Sales 0/3"]);
}

#[test]
fn p3_a_folder_with_anything_in_it_is_not_deleted() {
    let mut world = world()
        .folder("/Sales/EMEA")
        .license_in("/Pools", dedicated("S-1"))
        .license_in("/Pools", dedicated("S-2"))
        .user_in("anna", "/People")
        .folder("/People/Away");
    for (path, users, pools, folders, words) in [
        ("/Sales", 0, 0, 1, "1 folder is in it"),
        ("/Pools", 0, 2, 0, "2 pools are in it"),
        ("/People", 1, 0, 1, "1 user and 1 folder are in it"),
    ] {
        let folder = world.folder_id(path);
        let refusal = world.refused(&Command::DeleteFolder(folder));
        assert_eq!(
            refusal,
            Refusal::FolderNotEmpty {
                folder,
                users,
                pools,
                folders
            }
        );
        assert!(refusal.to_string().ends_with(words), "{refusal}");
    }
    // Emptied first, they go.
    let away = world.folder_id("/People/Away");
    assert!(done(&world.run(&Command::DeleteFolder(away))));
    let (emea, people) = (world.folder_id("/Sales/EMEA"), world.folder_id("/People"));
    world.move_user("anna", "/");
    for folder in [emea, people, world.folder_id("/Sales")] {
        assert!(done(&world.run(&Command::DeleteFolder(folder))));
    }
    assert_eq!(world.rows.folders.len(), 1);
}

fn moving(world: &World, path: &str, to: &str) -> Command {
    Command::UpdateFolder {
        folder: world.folder_id(path),
        name: None,
        parent: Some(world.folder_id(to)),
        version: None,
    }
}

#[test]
fn p3_moving_a_folder_moves_all_below_it() {
    let mut world = world()
        .folder("/Sales/EMEA/North")
        .folder("/Support")
        .user_in("anna", "/Sales/EMEA/North");
    let command = moving(&world, "/Sales/EMEA", "/Support");
    world.run(&command);
    let north = world.user_row("anna").folder;
    assert_eq!(world.path_of(north), "/Support/EMEA/North");
}

#[test]
fn p3_no_folder_comes_to_lie_below_itself() {
    let mut world = world().folder("/A/B/C");
    for to in ["/A", "/A/B", "/A/B/C"] {
        let command = moving(&world, "/A", to);
        let refusal = world.refused(&command);
        assert_eq!(refusal, Refusal::FolderCycle);
    }
    let command = moving(&world, "/A/B/C", "/");
    world.run(&command);
    let command = moving(&world, "/A", "/C");
    world.run(&command);
    assert_eq!(world.path_of(world.folder_id("/C/A/B")), "/C/A/B");
}

#[test]
fn p3_names_are_unique_among_siblings_without_case() {
    let mut world = world().folder("/Sales").folder("/Support/Sales");
    let parent = FolderId::ROOT;
    let name = FolderName::parse("SALES").unwrap();
    let refusal = world.refused(&Command::CreateFolder {
        parent,
        name: name.clone(),
    });
    assert_eq!(refusal, Refusal::FolderNameTaken("SALES".into()));
    let command = moving(&world, "/Support/Sales", "/");
    let refusal = world.refused(&command);
    assert_eq!(refusal, Refusal::FolderNameTaken("Sales".into()));
    // Its own name in other letters is no other's.
    let folder = world.folder_id("/Sales");
    world.run(&Command::UpdateFolder {
        folder,
        name: Some(name),
        parent: None,
        version: None,
    });
    assert_eq!(world.folder_id("/SALES"), folder);
}

#[test]
fn p3_folders_on_the_way_are_made_once() {
    let world = world()
        .user_in("anna", "/Sales/EMEA")
        .user_in("bob", "/sales/emea")
        .user_in("carl", "/Sales/APAC");
    assert_eq!(world.rows.folders.len(), 3);
    assert_eq!(world.user_row("anna").folder, world.user_row("bob").folder);
}

#[test]
fn p3_a_path_is_made_whole_or_not_at_all() {
    let mut world = world().folder("/Sales");
    let ensure = |text: &str| Command::EnsureFolder(path(text));
    let ensured = |world: &mut World, text: &str| match world.run(&ensure(text)) {
        Outcome::FolderEnsured { folder, is_new } => (world.path_of(folder), is_new),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        ensured(&mut world, "/sales/EMEA/North"),
        ("/Sales/EMEA/North".into(), true)
    );
    assert_eq!(
        ensured(&mut world, "/Sales/EMEA"),
        ("/Sales/EMEA".into(), false)
    );
    assert_eq!(
        world.run(&Command::EnsureFolder(Vec::new())),
        Outcome::FolderEnsured {
            folder: FolderId::ROOT,
            is_new: false
        }
    );
    let most = domain::decide::MOST_DEEP;
    let before = world.rows.folders.len();
    let refusal = world.refused(&ensure(&"/x".repeat(most + 1)));
    assert_eq!(refusal, Refusal::FolderTooDeep { most });
    assert_eq!(world.rows.folders.len(), before);
}

#[test]
fn p3_the_root_stays() {
    let mut world = world();
    assert_eq!(
        world.refused(&Command::DeleteFolder(FolderId::ROOT)),
        Refusal::RootFolder
    );
    let refusal = world.refused(&Command::UpdateFolder {
        folder: FolderId::ROOT,
        name: Some(FolderName::parse("Other").unwrap()),
        parent: None,
        version: None,
    });
    assert_eq!(refusal, Refusal::RootFolder);
}

#[test]
fn p3_folders_are_nested_so_deep_and_no_deeper() {
    let most = domain::decide::MOST_DEEP;
    let deep = "/x".repeat(most);
    let mut world = world().folder(&deep);
    let parent = world.folder_id(&deep);
    let name = FolderName::parse("y").unwrap();
    let refusal = world.refused(&Command::CreateFolder { parent, name });
    assert_eq!(refusal, Refusal::FolderTooDeep { most });
    let too_deep = account("anna", &format!("{deep}/y"));
    assert_eq!(
        world.refused(&Command::CreateUser(too_deep)),
        Refusal::FolderTooDeep { most }
    );
}

#[test]
fn p3_a_folder_does_not_move_to_where_what_is_below_it_is_too_deep() {
    let most = domain::decide::MOST_DEEP;
    let above = "/x".repeat(most - 2);
    let mut world = world().folder(&above).folder("/a/b/c").folder("/d/e");
    let command = moving(&world, "/a", &above);
    assert_eq!(world.refused(&command), Refusal::FolderTooDeep { most });
    let command = moving(&world, "/d", &above);
    world.run(&command);
    // In another name it stays where it is, however deep.
    let folder = world.folder_id(&format!("{above}/d/e"));
    world.run(&Command::UpdateFolder {
        folder,
        name: Some(FolderName::parse("f").unwrap()),
        parent: None,
        version: None,
    });
}

#[test]
fn p4_moving_a_user_changes_none_of_its_seats() {
    let mut world = two_folders()
        .license_in("/Sales", dedicated("S-1"))
        .license_in("/Sales", floating("F-1").of("crm"))
        .user_in("anna", "/Sales");
    world.grant("anna", "esm");
    world.sign_in("anna", "crm");
    let (seats, pools) = (world.rows.seats.clone(), world.rows.pools.clone());
    world.move_user("anna", "/Support");
    assert_eq!(
        (world.rows.seats.clone(), world.rows.pools.clone()),
        (seats, pools)
    );
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    assert_eq!(world.sign_in("anna", "crm"), "floating F-1");
}

#[test]
fn p4_a_user_can_not_live_nowhere() {
    let mut world = world();
    let mut nowhere = account("anna", "/");
    nowhere.folder = FolderRef::Id(FolderId(uuid::Uuid::from_u128(1)));
    assert_eq!(
        world.refused(&Command::CreateUser(nowhere)),
        Refusal::UnknownFolder
    );
}
