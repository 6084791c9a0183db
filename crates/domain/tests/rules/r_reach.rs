//! R1: a license manager may be limited to a folder and what is below it.

use domain::account::NewAccount;
use domain::command::{FolderRef, UserPatch};
use domain::names::TokenName;
use domain::{AccountPatch, FolderId, FolderName, PasswordHash, Reach, Role, UserRef, Username};

use crate::world::prelude::*;

/// Sales with a folder below it, and Support; in each a person and a license of one product.
fn two_folders() -> World {
    world()
        .user_in("sue", "/Sales")
        .user_in("emma", "/Sales/EMEA")
        .user_in("bob", "/Support")
        .license_in("/Sales", dedicated("S-1").seats(2))
        .license_in("/Support", dedicated("B-1").seats(2))
        .license(dedicated("R-1").seats(2))
}

/// The same, seen by the manager of Sales.
fn sales() -> World {
    let mut world = two_folders();
    world.act_within("/Sales");
    world
}

fn outside() -> Refusal {
    Refusal::OutsideYourFolder("/Sales".into())
}

#[test]
fn r1_seats_are_granted_and_recalled_inside() {
    let mut world = sales();
    assert_eq!(world.grant("sue", "esm"), "granted S-1");
    assert_eq!(world.grant_license("emma", "S-1"), "granted S-1");
    assert_eq!(world.recall("sue", "esm"), "released S-1");
    assert_eq!(world.pools("S-1"), ["/Sales 1/2"]);
}

#[test]
fn r1_who_or_what_is_outside_is_refused_and_the_folder_named() {
    let mut world = sales();
    let support = domain::Target::License(world.license_id("B-1"));
    for command in [
        granting("bob", product("esm")),
        granting("sue", support.clone()),
        recalling("bob", product("esm"), true),
        recalling("sue", support, false),
        world.moving_seats("S-1", "/Sales", "/", 1),
        world.moving_seats("R-1", "/", "/Sales", 1),
        world.importing(&[dedicated("N-1")], None, "/"),
        world.importing(&[dedicated("N-1")], None, "/Support"),
        world.importing(&[dedicated("B-1").revision(2)], None, "/Sales"),
        world.importing(&[site("X-1")], None, "/Sales"),
        Command::RemoveLicense(world.license_id("R-1")),
        Command::DeleteUser(world.user_id("bob")),
        Command::DeleteAll {
            confirmation: Command::DELETE_ALL_CONFIRMATION.into(),
        },
        signing_in("bob", "esm", &ask()),
        signing_in("nobody-yet", "esm", &ask()),
    ] {
        let before = world.rows.clone();
        assert_eq!(world.refused(&command), outside(), "{command:?}");
        assert_eq!(world.rows, before);
    }
    let sentence = outside().to_string();
    assert!(sentence.contains("/Sales"), "{sentence}");
}

#[test]
fn r1_a_grant_finds_no_seat_of_the_root() {
    let mut world = sales();
    world.grant("sue", "esm");
    world.grant("emma", "esm");
    let mut free = world.clone();
    free.act_freely();
    free = free.user_in("sam", "/Sales");
    free.act_within("/Sales");
    assert_eq!(free.grant("sam", "esm"), "no_free_seat");
    free.act_freely();
    assert_eq!(free.grant("sam", "esm"), "granted R-1");
    // Somebody's own seat of the root is not the manager's to take.
    free.act_within("/Sales");
    assert_eq!(
        free.refused(&recalling("sam", product("esm"), false)),
        outside()
    );
}

#[test]
fn r1_that_sessions_of_others_lapsed_may_be_written_down_on_the_way_h2() {
    let mut world = two_folders().license(floating("F-1").seats(1).of("crm"));
    let session = world.sign_in("bob", "crm").session();
    world.let_sessions_lapse();
    world = world.license_in("/Sales", dedicated("C-1").of("crm"));
    world.act_within("/Sales");
    assert_eq!(world.grant("sue", "crm"), "granted C-1");
    assert_eq!(world.end_of(session), Some("timed_out"));
}

#[test]
fn r1_people_move_within_and_neither_in_nor_out() {
    let mut world = sales();
    let to = |folder: &World, path: &str| UserPatch {
        folder: Some(FolderRef::Id(folder.folder_id(path))),
        ..UserPatch::default()
    };
    let moving = |world: &World, who: &str, path: &str| Command::UpdateUser {
        user: world.user_id(who),
        patch: to(world, path),
        version: None,
    };
    world.run(&moving(&world.clone(), "sue", "/Sales/EMEA"));
    for (who, path) in [("sue", "/"), ("sue", "/Support"), ("bob", "/Sales")] {
        let command = moving(&world, who, path);
        assert_eq!(world.refused(&command), outside(), "{who} {path}");
    }
    world = world.user_in("new", "/Sales/EMEA/North");
    let refused = world.refused(&Command::CreateUser(account("other", "/Support")));
    assert_eq!(refused, outside());
    let put = Command::PutUser {
        username: Username::parse("in-no-folder").unwrap(),
        patch: UserPatch::default(),
    };
    assert_eq!(world.refused(&put), outside());
}

#[test]
fn r1_folders_are_changed_below_the_limit_and_not_the_limit_itself() {
    let mut world = sales();
    let sales = world.folder_id("/Sales");
    let name = |text: &str| FolderName::parse(text).unwrap();
    let rename = |folder, to: &str| Command::UpdateFolder {
        folder,
        name: Some(name(to)),
        parent: None,
        version: None,
    };
    assert_eq!(world.refused(&rename(sales, "Mine")), outside());
    assert_eq!(world.refused(&Command::DeleteFolder(sales)), outside());
    let emea = world.folder_id("/Sales/EMEA");
    world.run(&rename(emea, "Europe"));
    let out = Command::UpdateFolder {
        folder: emea,
        name: None,
        parent: Some(FolderId::ROOT),
        version: None,
    };
    assert_eq!(world.refused(&out), outside());
    let elsewhere = Command::EnsureFolder(path("/Support"));
    assert_eq!(world.refused(&elsewhere), outside());
    world.run(&Command::EnsureFolder(path("/Sales/APAC/Tokyo")));
}

#[test]
fn r1_a_limit_goes_with_its_folder_p3() {
    let mut world = two_folders().folder("/Company");
    world.run(&Command::UpdateFolder {
        folder: world.folder_id("/Sales"),
        name: Some(FolderName::parse("Selling").unwrap()),
        parent: Some(world.folder_id("/Company")),
        version: None,
    });
    world.act_within("/Company/Selling");
    assert_eq!(world.grant("emma", "esm"), "granted S-1");
    let refused = world.refused(&granting("bob", product("esm")));
    assert_eq!(
        refused,
        Refusal::OutsideYourFolder("/Company/Selling".into())
    );
}

#[test]
fn r1_only_what_expired_inside_is_removed_l7() {
    let mut world = world()
        .folder("/Sales")
        .license_in("/Sales", dedicated("S-1").expires(1))
        .license(dedicated("R-1").expires(1));
    world.wait_days(3);
    world.act_within("/Sales");
    assert_eq!(world.remove_expired(), ["S-1"]);
    world.act_freely();
    assert_eq!(world.remove_expired(), ["R-1"]);
}

#[test]
fn r1_who_is_displaced_finds_refuge_only_inside_l9() {
    let mut world = sales();
    world.grant("sue", "esm");
    assert_eq!(world.remove("S-1"), ["sue: unbacked"]);
    let mut world = two_folders();
    world.grant("sue", "esm");
    assert_eq!(world.remove("S-1"), ["sue: moved to B-1"]);
}

#[test]
fn r1_a_license_with_seats_elsewhere_is_not_the_managers_to_change() {
    let mut world = two_folders();
    world.move_seats("S-1", "/Sales", "/Support", 1);
    world.act_within("/Sales");
    let removal = Command::RemoveLicense(world.license_id("S-1"));
    assert_eq!(world.refused(&removal), outside());
    // The seats that stand inside can be given all the same.
    assert_eq!(world.grant_license("sue", "S-1"), "granted S-1");
    assert_eq!(world.grant_license("emma", "S-1"), "no_free_seat S-1");
}

#[test]
fn r1_whoever_leaves_gives_back_all_seats_wherever_they_stand_s8() {
    let mut world = two_folders();
    world.grant_license("sue", "R-1");
    world.act_within("/Sales");
    world.set_active("sue", false);
    assert_eq!(world.pools("R-1"), ["/ 0/2"]);
}

#[test]
fn r1_the_first_document_that_names_a_company_is_not_the_managers_to_bring_l5() {
    let mut world = sales();
    let command = world.importing(&[dedicated("N-1")], Some("CUST-1"), "/Sales");
    assert_eq!(world.refused(&command), outside());
    let command = world.importing(&[dedicated("N-1")], None, "/Sales");
    world.run(&command);
    assert_eq!(world.pools("N-1"), ["/Sales 0/1"]);
}

fn account_within(world: &World, role: Role, folder: &str) -> Command {
    Command::CreateAccount {
        account: NewAccount {
            name: Username::parse("mara").unwrap(),
            full_name: None,
            role,
            reach: Reach::Folder(world.folder_id(folder)),
            password: PasswordHash::new("$argon2id$x"),
            invited: false,
        },
        first: false,
    }
}

#[test]
fn r1_only_a_license_manager_is_limited_and_only_to_a_folder_that_is_there() {
    let mut world = two_folders();
    for role in [Role::Administrator, Role::Auditor] {
        let command = account_within(&world, role, "/Sales");
        assert_eq!(world.refused(&command), Refusal::NotLimitable(role));
    }
    let token = Command::CreateToken {
        name: TokenName::parse("till").unwrap(),
        role: Role::Manager,
        reach: Reach::Folder(FolderId(uuid::Uuid::from_u128(7))),
        hash: "0".repeat(64),
        expires_at: None,
    };
    assert_eq!(world.refused(&token), Refusal::UnknownFolder);
    assert_eq!(Reach::of_folder(Some(FolderId::ROOT)), Reach::Everything);

    let Outcome::Account(mara) =
        world.run(&account_within(&world.clone(), Role::Manager, "/Sales"))
    else {
        panic!("an account was made");
    };
    let change = |patch| Command::UpdateAccount {
        account: mara,
        patch,
        version: None,
    };
    let promoted = AccountPatch {
        role: Some(Role::Administrator),
        ..AccountPatch::default()
    };
    let refused = world.refused(&change(promoted.clone()));
    assert_eq!(refused, Refusal::NotLimitable(Role::Administrator));
    world.run(&change(AccountPatch {
        reach: Some(Reach::Everything),
        ..promoted
    }));
    assert_eq!(world.rows.accounts[&mara].actor().reach, Reach::Everything);
}

#[test]
fn r1_a_folder_that_somebody_is_limited_to_is_not_deleted_p3() {
    let mut world = world().folder("/Sales");
    world.run(&account_within(&world.clone(), Role::Manager, "/Sales"));
    let Outcome::Token(token) = world.run(&Command::CreateToken {
        name: TokenName::parse("till").unwrap(),
        role: Role::Manager,
        reach: Reach::Folder(world.folder_id("/Sales")),
        hash: "0".repeat(64),
        expires_at: None,
    }) else {
        panic!("a token was made");
    };
    let delete = Command::DeleteFolder(world.folder_id("/Sales"));
    let refusal = world.refused(&delete);
    assert_eq!(refusal.code(), "folder_is_a_limit");
    let sentence = refusal.to_string();
    assert!(
        sentence.starts_with("the account mara, the token till are limited to this folder"),
        "{sentence}"
    );
    world.run(&Command::RevokeToken(token));
    let refusal = world.refused(&delete);
    assert_eq!(
        refusal,
        Refusal::FolderIsALimit(vec!["the account mara".into()])
    );
}

#[test]
fn r1_linking_needs_both_inside_s12() {
    let mut world = sales();
    let link = |world: &World, user: &str, with: &str| Command::LinkUser {
        user: world.user_id(user),
        with: world.user_id(with),
    };
    let command = link(&world, "sue", "bob");
    assert_eq!(world.refused(&command), outside());
    world.run(&link(&world.clone(), "sue", "emma"));
    assert_eq!(world.grant("emma", "esm"), "granted S-1");
    let cancel = Command::CancelRelease {
        user: UserRef::Id(world.user_id("bob")),
        license: world.license_id("B-1"),
    };
    assert_eq!(world.refused(&cancel), outside());
}

#[test]
fn r1_a_user_commands_nothing() {
    let mut world = two_folders();
    world.act_as(Role::User);
    let commands = [
        granting("sue", product("esm")),
        signing_in("sue", "esm", &ask()),
        Command::RemoveExpired,
        Command::CreateUser(account("new", "/")),
        Command::DeleteFolder(world.folder_id("/Support")),
    ];
    for command in commands {
        assert_eq!(world.refused(&command).code(), "forbidden", "{command:?}");
    }
    for permission in domain::Permission::ALL {
        let is_own = *permission == domain::Permission::ViewOwn;
        assert_eq!(Role::User.may(*permission), is_own, "{permission}");
    }
}
