//! Entities and changes: what was saved is what is loaded.

use domain::command::{FolderRef, UserPatch};
use domain::license::{Model, Terms};
use domain::names::{ClientName, FolderName, ModuleCode, Title, TokenName};
use domain::set::Totals;
use domain::{
    AccessLevel, Ask, AutoAssign, Command, CountedBy, EndReason, Millis, Modules, Need, Outcome,
    Policy, Role, Timestamp, Username,
};

use super::{loaded, person, three_licenses};
use crate::world::{World, agreement, grant, new_user, terms};

#[test]
fn every_entity_survives_with_all_its_fields() {
    // `World::batch` compares each row that it saves with the row that is loaded.
    let mut world = World::new();
    let modules = ["cmdb", "it-processes"].map(|code| ModuleCode::parse(code).unwrap());
    let rich = Terms {
        access: AccessLevel::Read,
        modules: Modules::Only(modules.clone().into()),
        grace: Millis::days(14),
        counted_by: CountedBy::Session,
        revalidate_every: Some(Millis::days(30)),
        offline_grace: Millis::days(10),
        agreement: Some(agreement("Be nice.")),
        replaces: vec![domain::LicenseRef::parse("ref-0").unwrap()],
        expires_at: Timestamp::FOREVER,
        ..terms("NW-Ä \"1\"", Model::Floating)
    };
    let policy = Policy {
        auto_assign_default: AutoAssign::NewUsers,
        ..Policy::default()
    };
    let version = None;
    world.run(Command::SetPolicy { policy, version });
    let [license] = world.import(vec![rich])[..] else {
        panic!("one license")
    };
    world.run(Command::AcceptAgreement(license));
    world.user("änna", "/Säles/EMEA");
    let client = Some(ClientName::parse("host-1, v2").unwrap());
    world.run(Command::SignIn {
        user: Username::parse("ÄNNA").unwrap(),
        product: domain::ProductCode::parse("ESM").unwrap(),
        ask: Ask {
            access: Some(AccessLevel::Read),
            modules: modules[..1].to_vec(),
        },
        client,
    });
    world.run(Command::CreateToken {
        name: TokenName::parse("me").unwrap(),
        role: Role::Administrator,
        reach: domain::Reach::Everything,
        hash: "cd".repeat(32),
        expires_at: Some(Timestamp::FOREVER),
    });
    world.run(Command::TrustIssuer {
        key: "key-1".into(),
        name: Title::parse("Northwind Software").unwrap(),
        kind: domain::IssuerKind::Keygen,
        public_key: "x".into(),
        period: Some(domain::Period {
            from: Some(Timestamp::from_millis(1)),
            until: Some(Timestamp::from_millis(2)),
        }),
    });
    world.run(Command::DistrustIssuer {
        key: "key-1".into(),
        withdraw: false,
    });
    let policy = Policy {
        demo_seats: 7,
        ..Policy::default()
    };
    let version = None;
    world.run(Command::SetPolicy { policy, version });
    world.is_sound();
    world.reopen().is_sound();
}

#[test]
fn accounts_change_link_and_go() {
    let mut world = World::new();
    let [anna, bob] = [world.user("anna", "/"), world.user("bob", "/Sales")];
    let patch = UserPatch {
        username: Some(Username::parse("Anna.New").unwrap()),
        email: Some(None),
        folder: Some(FolderRef::Path(vec![FolderName::parse("Sales").unwrap()])),
        active: Some(false),
        ..UserPatch::default()
    };
    world.run(Command::UpdateUser {
        user: anna,
        patch,
        version: None,
    });
    world.run(Command::LinkUser {
        user: anna,
        with: bob,
    });
    let shared = person(&world, "bob");
    let accounts = loaded(&world, Need::Accounts(shared));
    assert_eq!(accounts.accounts(shared).unwrap(), [anna, bob]);
    world.run(Command::UnlinkUser(anna));
    world.run(Command::DeleteUser(bob));
    // A name that was given up can be taken in the same batch.
    let taken = world.batch(&[
        Command::DeleteUser(anna),
        Command::CreateUser(new_user("anna.new", "/")),
    ]);
    assert!(taken.iter().all(Result::is_ok), "{taken:?}");
    world.is_sound();
}

#[test]
fn duplicate_names_are_refused_by_the_schema_too() {
    let mut world = World::new();
    world.user("anna", "/Sales");
    for sql in [
        "INSERT INTO app_user SELECT randomblob(16), person_id, username, username_key, name, \
         email, folder_id, active, created_at, version, search_text, name_key, last_key, \
         email_key, last_active_at FROM app_user",
        "INSERT INTO folder SELECT randomblob(16), parent_id, name, name_key, version FROM folder",
    ] {
        let error = world.place.run(sql).unwrap_err();
        assert!(error.to_lowercase().contains("unique"), "{error}");
    }
}

#[test]
fn a_refused_command_leaves_nothing_in_its_batch() {
    let mut world = World::new();
    let [license] = world.import(vec![terms("NW-D", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    let outcomes = world.batch(&[
        Command::CreateUser(new_user("anna", "/")),
        Command::CreateUser(new_user("ANNA", "/")),
        grant("anna", license),
    ]);
    assert!(outcomes[0].is_ok() && outcomes[1].is_err() && outcomes[2].is_ok());
    assert_eq!(
        world.read(|reader| reader.count_users(&store::query::UserFilter::default())),
        1
    );
    world.is_sound();
}

#[test]
fn delete_all_removes_frees_and_ends_everything() {
    // L7
    let mut world = World::new();
    let [dedicated, ..] = three_licenses(&mut world);
    world.user("anna", "/");
    world.user("bob", "/");
    world.grant("anna", dedicated);
    let session = world.sign_in("bob", "esm").session;
    let outcome = world.run(Command::DeleteAll {
        confirmation: Command::DELETE_ALL_CONFIRMATION.into(),
    });
    let expected = Totals {
        licenses: 3,
        seats: 1,
        sessions: 1,
    };
    assert_eq!(outcome, Outcome::DeletedAll(expected));
    let set = loaded(&world, Need::Totals);
    assert_eq!(set.totals(), Ok(Totals::default()));
    let set = loaded(&world, Need::Session(session));
    let ended = set.find_session(session).unwrap().unwrap().ended;
    assert_eq!(ended, Some((world.now, EndReason::LicenseRemoved)));
    world.is_sound();
    // The same licenses can be taken in anew.
    three_licenses(&mut world);
    world.sign_in("bob", "esm");
    world.is_sound();
}
