//! R1, R3, R4 and the settings: rights, the record, exact counts.

use domain::command::{FolderRef, UserPatch};
use domain::names::{Title, TokenName};
use domain::outcome::PutCode;
use domain::{Email, EventKind, Permission, PersonName, Role, TokenId, Username};

use crate::world::prelude::*;

/// One command of each permission but viewing.
fn samples() -> Vec<(Permission, Command)> {
    let name = Title::parse("Northwind Software").expect("a name");
    vec![
        (Permission::UseAccess, signing_in("anna", "esm", &ask())),
        (Permission::ManageLicenses, granting("anna", product("esm"))),
        (
            Permission::ManageUsers,
            Command::CreateUser(account("new", "/")),
        ),
        (
            Permission::ManageSettings,
            Command::TrustIssuer {
                key: "k".into(),
                name,
                kind: domain::IssuerKind::Seatkeeper,
                public_key: "p".into(),
                period: None,
            },
        ),
    ]
}

#[test]
fn r1_a_role_does_what_its_permissions_say_and_no_more() {
    for role in Role::ALL {
        for (permission, command) in samples() {
            let mut world = world().user("anna").license(floating("F-1"));
            world.act_as(*role);
            assert_eq!(command.permission(), permission);
            let answer = world.answer(&command);
            if role.may(permission) {
                assert!(answer.is_ok(), "{role}: {answer:?}");
            } else {
                assert_eq!(answer, Err(Refusal::Forbidden(permission)), "{role}");
            }
        }
    }
    let may = |role: Role| {
        let all = Permission::ALL.iter();
        all.filter(|permission| role.may(**permission)).count()
    };
    let counts = [
        Role::Administrator,
        Role::Manager,
        Role::Auditor,
        Role::Application,
        Role::User,
    ]
    .map(may);
    assert_eq!(counts, [7, 6, 3, 1, 1]);
}

#[test]
fn r3_the_record_says_who_what_when_before_and_after() {
    let mut world = world().user("anna");
    world.wait_s(5);
    world.act_as(Role::Manager);
    let patch = UserPatch {
        name: Some(Some(PersonName::parse("Anna A.").unwrap())),
        folder: Some(FolderRef::Path(path("/Sales"))),
        ..UserPatch::default()
    };
    assert_eq!(world.patch("anna", patch.clone()), PutCode::Updated);
    let event = world.rows.events.last().unwrap();
    assert_eq!(event.kind, EventKind::UserUpdated);
    assert_eq!(&*event.actor, "manager");
    assert_eq!(event.at, world.now);
    assert_eq!(event.subject.user, Some(world.user_id("anna")));
    let facts = |text: &Option<String>| -> serde_json::Value {
        serde_json::from_str(text.as_ref().unwrap()).unwrap()
    };
    assert!(facts(&event.before)["name"].is_null());
    assert_eq!(facts(&event.after)["name"], "Anna A.");
    // Nothing changed, nothing told.
    let count = world.rows.events.len();
    assert_eq!(world.patch("anna", patch), PutCode::Unchanged);
    assert_eq!(world.rows.events.len(), count);
}

#[test]
fn r3_daily_sign_ins_are_told_apart_from_acts_of_administration() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    world.sign_out(session);
    assert_eq!(
        world.last_events(3),
        ["user.created", "session.started", "session.ended"]
    );
    let sign_ins = world
        .rows
        .events
        .iter()
        .filter(|event| event.kind.is_sign_in());
    assert_eq!(sign_ins.count(), 2);
}

#[test]
fn r3_why_a_seat_was_given_is_told() {
    let mut world = world().license(dedicated("S-1"));
    world.sign_in("anna", "esm");
    let mut events = world.rows.events.iter();
    let assigned = events
        .find(|event| event.kind == EventKind::SeatAssigned)
        .unwrap();
    assert_eq!(assigned.why.as_deref(), Some("sign_in"));
}

#[test]
fn r4_pools_count_what_is_owned_and_occupied_through_everything() {
    let mut world = world()
        .folder("/Sales")
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(3))
        .license(floating("F-1").seats(2));
    world.move_seats("S-1", "/", "/Sales", 1);
    world.grant("anna", "esm");
    let session = world.sign_in("anna", "esm").session();
    world.sign_in("bob", "esm");
    assert_eq!(world.pools("S-1"), ["/ 1/2", "/Sales 0/1"]);
    assert_eq!(world.pools("F-1"), ["/ 1/2"]);
    // A releasing seat is occupied until it is free.
    world.recall("anna", "esm");
    assert_eq!(world.pools("S-1"), ["/ 1/2", "/Sales 0/1"]);
    world.sign_out(session);
    assert_eq!(world.pools("S-1"), ["/ 0/2", "/Sales 0/1"]);
    world.delete_user("bob");
    assert_eq!(world.pools("F-1"), ["/ 0/2"]);
}

#[test]
fn usernames_are_unique_without_case() {
    let mut world = world().user("Anna").user("bob");
    let refusal = world.refused(&Command::CreateUser(account("aNNa", "/")));
    assert_eq!(refusal, Refusal::UsernameTaken("aNNa".into()));
    let user = world.user_id("bob");
    let patch = UserPatch {
        username: Some(Username::parse("ANNA").unwrap()),
        ..UserPatch::default()
    };
    let refusal = world.refused(&Command::UpdateUser {
        user,
        patch,
        version: None,
    });
    assert_eq!(refusal, Refusal::UsernameTaken("ANNA".into()));
    // A name that was given up is free.
    world.patch(
        "bob",
        UserPatch {
            username: Some(Username::parse("robert").unwrap()),
            ..UserPatch::default()
        },
    );
    let world = world.user("bob");
    assert_ne!(world.user_id("bob"), user);
}

#[test]
fn putting_an_account_makes_it_or_makes_it_so() {
    let mut world = world();
    let put = |world: &mut World, folder: &str, active: bool| {
        let mut account = account("anna", folder);
        account.active = active;
        world.put("anna", account.into()).code()
    };
    assert_eq!(put(&mut world, "/Sales", true), "created");
    assert_eq!(put(&mut world, "/Sales", true), "unchanged");
    assert_eq!(put(&mut world, "/Support", true), "updated");
    assert_eq!(put(&mut world, "/Support", false), "updated");
    assert!(!world.user_row("anna").active);
    assert_eq!(world.last_events(1), ["user.deactivated"]);
    assert_eq!(put(&mut world, "/Support", true), "updated");
    assert_eq!(world.last_events(1), ["user.activated"]);
}

#[test]
fn what_a_put_leaves_open_stays_as_it_is() {
    let mut world = world().user("anna").folder("/Sales");
    let given = UserPatch {
        email: Some(Some(Email::parse("anna@example.org").unwrap())),
        folder: Some(FolderRef::Id(world.folder_id("/Sales"))),
        active: Some(false),
        ..UserPatch::default()
    };
    world.patch("anna", given);
    let before = world.user_row("anna").clone();
    let unchanged = world.put("anna", UserPatch::default());
    assert_eq!(unchanged, PutCode::Unchanged);
    let name = UserPatch {
        name: Some(Some(PersonName::parse("Anna Berg").unwrap())),
        ..UserPatch::default()
    };
    assert_eq!(world.put("ANNA", name), PutCode::Updated);
    let after = world.user_row("ANNA");
    assert_eq!(after.username.as_str(), "ANNA");
    assert_eq!(after.name.as_ref().unwrap().as_str(), "Anna Berg");
    assert_eq!(
        (&after.email, after.folder, after.active),
        (&before.email, before.folder, false)
    );
}

#[test]
fn what_a_put_leaves_open_of_somebody_new_is_root_and_active() {
    let mut world = world();
    assert_eq!(world.put("anna", UserPatch::default()), PutCode::Created);
    let anna = world.user_row("anna");
    assert_eq!(
        (&anna.name, &anna.email, anna.folder, anna.active),
        (&None, &None, domain::FolderId::ROOT, true)
    );
}

#[test]
fn a_version_that_was_changed_in_between_is_refused() {
    let mut world = world().user("anna").folder("/Sales");
    let user = world.user_id("anna");
    let folder = world.folder_id("/Sales");
    let mut policy = world.rows.policy.clone();
    policy.warning_days = 5;
    let commands = [
        Command::UpdateUser {
            user,
            patch: UserPatch::default(),
            version: Some(7),
        },
        Command::UpdateFolder {
            folder,
            name: None,
            parent: None,
            version: Some(7),
        },
        Command::SetPolicy {
            policy,
            version: Some(7),
        },
    ];
    for command in commands {
        let refusal = world.refused(&command);
        assert_eq!(
            refusal,
            Refusal::VersionMismatch {
                given: 7,
                actual: 1
            }
        );
    }
    world.set_active("anna", false);
    assert_eq!(world.user_row("anna").version, 2);
}

#[test]
fn a_policy_that_can_not_be_used_is_refused() {
    use domain::policy::Place;
    type Fault = fn(&mut domain::Policy);
    let faults: [Fault; 5] = [
        |policy| policy.session_timeout_s = 29,
        |policy| policy.session_timeout_s = 604_801,
        |policy| policy.folder_search.clear(),
        |policy| policy.folder_search = vec![Place::Root, Place::Root],
        |policy| policy.auto_allocation[0].model = domain::Model::Site,
    ];
    let mut world = world();
    for fault in faults {
        let mut policy = world.rows.policy.clone();
        fault(&mut policy);
        let command = Command::SetPolicy {
            policy,
            version: None,
        };
        assert_eq!(world.refused(&command).code(), "invalid_policy");
    }
    let policy = world.rows.policy.clone();
    assert!(!done(&world.run(&Command::SetPolicy {
        policy,
        version: None
    })));
}

#[test]
fn tokens_are_made_and_revoked_r1() {
    let mut world = world();
    let outcome = world.run(&Command::CreateToken {
        name: TokenName::parse("ci").unwrap(),
        role: Role::Auditor,
        reach: domain::Reach::Everything,
        hash: "ab12".into(),
        expires_at: None,
    });
    let Outcome::Token(id) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(world.rows.tokens[&id].role, Role::Auditor);
    assert!(done(&world.run(&Command::RevokeToken(id))));
    assert!(!done(&world.run(&Command::RevokeToken(id))));
    assert_eq!(world.rows.tokens[&id].revoked_at, Some(world.now));
    let nobody = TokenId(uuid::Uuid::from_u128(1));
    assert_eq!(
        world.refused(&Command::RevokeToken(nobody)),
        Refusal::UnknownToken
    );
}
