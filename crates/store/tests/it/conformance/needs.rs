//! Needs about licenses, pools and folders.

use domain::license::{Model, Terms};
use domain::set::Spot;
use domain::{
    AccessLevel, Actor, AutoAssign, Command, Context, FolderId, Ids, LicenseId, Millis, Need,
    Policy, SessionId, Stop, UserId, WorkingSet, decide,
};
use uuid::Uuid;

use super::{loaded, person, product, three_licenses};
use crate::world::{World, import, of_product, sign_in, terms};

#[test]
fn licenses_are_found_by_reference_product_kind_and_end() {
    let mut world = World::new();
    let [dedicated, floating, site] = three_licenses(&mut world);
    let esm = product(&world, "esm");
    world.run(Command::SetAutoAssign {
        license: dedicated,
        auto_assign: AutoAssign::NewUsers,
    });
    world.run(Command::RemoveLicense(floating));
    let set = loaded(&world, Need::LicenseRef("ref-nw-d".into()));
    let found = set.find_license_ref("ref-nw-d").unwrap().unwrap();
    assert_eq!(found.id, dedicated);
    let set = loaded(&world, Need::LicensesOf(esm));
    assert_eq!(set.licenses_of(esm).unwrap(), [dedicated, site]);
    let set = loaded(&world, Need::SiteLicenses(esm));
    assert_eq!(set.site_licenses(esm).unwrap(), [site]);
    let set = loaded(&world, Need::NewUserLicenses);
    assert_eq!(set.new_user_licenses().unwrap(), [dedicated]);
    assert!(
        loaded(&world, Need::AllLicenses)
            .all_licenses()
            .unwrap()
            .is_empty()
    );
    world.after(Millis::days(365));
    let set = loaded(&world, Need::AllLicenses);
    assert_eq!(set.all_licenses().unwrap(), [dedicated, site]);
    world.is_sound();
}

#[test]
fn folders_are_found_by_name_and_counted() {
    let mut world = World::new();
    three_licenses(&mut world);
    world.user("anna", "/Sales/EMEA");
    world.user("bob", "/Sales");
    let sales = world.folder("/sales");
    let set = loaded(&world, Need::FolderName(FolderId::ROOT, "sales".into()));
    assert_eq!(
        set.find_folder_name(FolderId::ROOT, "sales"),
        Ok(Some(sales))
    );
    let contents = |id| {
        let set = loaded(&world, Need::FolderContents(id));
        let found = set.folder_contents(id).unwrap();
        (found.users, found.pools, found.folders)
    };
    assert_eq!(contents(sales), (1, 0, 1));
    let set = loaded(&world, Need::FoldersIn(sales));
    let below = set.folders_in(sales).unwrap();
    assert_eq!(below.len(), 1);
    assert!(set.find_folder(below[0]).is_ok());
    assert_eq!(contents(FolderId::ROOT).2, 1);
    assert!(contents(FolderId::ROOT).1 >= 2);
}

#[test]
fn open_pools_come_by_end_serial_and_id_and_without_what_cannot_be_given() {
    // S3, A8
    let mut world = World::new();
    let of = |serial: &str, days: i64| Terms {
        expires_at: crate::world::BEGIN.plus(Millis::days(days)),
        ..terms(serial, Model::Floating)
    };
    let unassignable = Terms {
        assignable: false,
        ..of("NW-0", 5)
    };
    let scheduled = Terms {
        starts_at: crate::world::BEGIN.plus(Millis::days(2)),
        ..of("NW-4", 200)
    };
    let ids = world.import(vec![
        of("NW-3", 100),
        of("NW-2", 100),
        of("NW-1", 10),
        unassignable,
        scheduled,
    ]);
    let spot: Spot = (product(&world, "esm"), Model::Floating, FolderId::ROOT);
    let order = |world: &World, at_least: u32| {
        let need = Need::OpenPools {
            product: spot.0,
            model: spot.1,
            folder: spot.2,
            at_least,
        };
        let set = loaded(world, need);
        let mut order = Vec::new();
        let all = set.first_open(spot, &[AccessLevel::Write], |license, _| {
            order.push(license.id);
            Ok(false)
        });
        (order, all.is_ok())
    };
    let (found, complete) = order(&world, 4);
    assert_eq!(found, [ids[2], ids[1], ids[0], ids[4]]);
    assert!(complete);

    for user in ["anna", "bob", "cleo"] {
        world.user(user, "/");
        world.sign_in(user, "esm");
    }
    assert_eq!(
        order(&world, 4).0,
        [ids[1], ids[0], ids[4]],
        "the first one is full"
    );
    world.after(Millis::days(150));
    assert_eq!(order(&world, 4).0, [ids[4]], "two are over");
    // A license that changes carries its pools along.
    world.batch(&[import(vec![Terms {
        revision: 2,
        ..of("NW-2", 400)
    }])]);
    assert_eq!(order(&world, 4).0, [ids[4], ids[1]]);
    world.is_sound();
}

#[test]
fn more_open_pools_than_asked_for_are_known_to_be_more() {
    let mut world = World::new();
    let many = (0..20).map(|n| terms(&format!("NW-{n:02}"), Model::Floating));
    world.import(many.collect());
    let spot: Spot = (product(&world, "esm"), Model::Floating, FolderId::ROOT);
    let ask = |at_least| Need::OpenPools {
        product: spot.0,
        model: spot.1,
        folder: spot.2,
        at_least,
    };
    let none = |set: &WorkingSet| set.first_open(spot, &[AccessLevel::Write], |_, _| Ok(false));
    let mut set = loaded(&world, ask(4));
    let Err(more) = none(&set) else {
        panic!("there are more")
    };
    assert!(matches!(more, Need::OpenPools { at_least, .. } if at_least > 4));
    world.read(|reader| reader.load(&mut set, &more, world.now));
    assert_eq!(none(&set), Ok(None));
}

#[test]
fn over_allocated_pools_and_their_unbacked_seats_are_found() {
    // A3, L9
    let mut world = World::new();
    let [license] = world.import(vec![terms("NW-D", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    for user in ["anna", "bob", "cleo"] {
        world.user(user, "/");
        world.grant(user, license);
        world.after(Millis::SECOND);
    }
    let esm = product(&world, "esm");
    let over = |world: &World| {
        let set = loaded(world, Need::OverAllocated(esm));
        set.is_over_allocated(esm).unwrap()
    };
    assert!(!over(&world));
    world.batch(&[import(vec![Terms {
        revision: 2,
        seats: 1,
        ..terms("NW-D", Model::Dedicated)
    }])]);
    assert!(over(&world));
    let set = loaded(&world, Need::PoolsOf(license));
    let pool = set.pools_of(license).unwrap()[0];
    let set = loaded(&world, Need::Unbacked { pool, at_least: 8 });
    let first = set.first_unbacked(pool).unwrap().unwrap();
    assert_eq!(set.known_seat(first).unwrap().person, person(&world, "bob"));
    world.is_sound();
}

#[test]
fn one_load_is_enough_for_a_usual_sign_in() {
    let mut world = World::new();
    world.import(vec![terms("NW-F", Model::Floating)]);
    world.user("anna", "/Sales");
    // What a new account gets (S9) is asked for apart.
    for (user, product, expected) in [
        ("anna", "esm", vec![]),
        ("anna", "nothing", vec![]),
        ("nobody", "esm", vec![Need::NewUserLicenses]),
    ] {
        let mut set = WorkingSet::new(Policy::default());
        world.read(|reader| reader.load_access(&mut set, user, product, world.now));
        let asked = lacking(&world, &mut set, &sign_in(user, product));
        assert_eq!(asked, expected, "{user} in {product}");
    }
}

/// Decides on a set that was prepared, and answers what was asked for beyond that.
fn lacking(world: &World, set: &mut WorkingSet, command: &Command) -> Vec<Need> {
    let mut asked = Vec::new();
    let mut ids = Ids::new(world.now, 1);
    let actor = Actor::system();
    loop {
        let mut context = Context {
            now: world.now,
            actor: &actor,
            ids: &mut ids,
            trace: None,
        };
        match decide(set, command, &mut context) {
            Err(Stop::Need(need)) => {
                world.read(|reader| reader.load(set, &need, world.now));
                asked.push(need);
            }
            Err(Stop::Refused(refusal)) => panic!("{refusal:?}"),
            Ok(_) => return asked,
        }
    }
}

#[test]
fn one_load_is_enough_for_an_intake_however_many_licenses() {
    let mut world = World::new();
    world.trust();
    let many = |revision, seats| -> Vec<Terms> {
        (0..30)
            .map(|n| Terms {
                revision,
                seats,
                ..of_product(
                    &format!("p{}", n % 3),
                    terms(&format!("NW-{n}"), Model::Dedicated),
                )
            })
            .collect()
    };
    world.user("anna", "/");
    for (revision, seats) in [(1, 3), (1, 3), (2, 5), (3, 2)] {
        let command = import(many(revision, seats));
        let Command::ImportLicenses { licenses, .. } = &command else {
            panic!("{command:?}")
        };
        let mut set = WorkingSet::new(Policy::default());
        world.read(|reader| reader.load_import(&mut set, licenses, world.now));
        let asked = lacking(&world, &mut set, &command);
        // A few for each product that loses seats, none for each license.
        assert!(asked.len() <= 6, "revision {revision}: {asked:?}");
        let ids = world.import(many(revision, seats));
        for license in &ids[..10] {
            world.grant("anna", *license);
        }
    }
    world.after(Millis::days(365));
    let mut set = loaded(&world, Need::AllLicenses);
    let asked = lacking(&world, &mut set, &Command::RemoveExpired);
    assert!(asked.len() <= 12, "{asked:?}");
}

#[test]
fn what_is_not_there_is_known_to_be_absent() {
    let world = World::new();
    let (user, license) = (UserId(Uuid::max()), LicenseId(Uuid::max()));
    assert_eq!(loaded(&world, Need::User(user)).find_user(user), Ok(None));
    let set = loaded(&world, Need::Username("nobody".into()));
    assert_eq!(set.find_username("nobody"), Ok(None));
    let set = loaded(&world, Need::ProductCode("nothing".into()));
    assert_eq!(set.find_product_code("nothing"), Ok(None));
    let set = loaded(&world, Need::FolderName(FolderId::ROOT, "x".into()));
    assert_eq!(set.find_folder_name(FolderId::ROOT, "x"), Ok(None));
    let set = loaded(&world, Need::LicenseRef("x".into()));
    assert_eq!(set.find_license_ref("x"), Ok(None));
    let set = loaded(&world, Need::HoldersOf(license));
    assert_eq!(set.holders_of(license), Ok(&[][..]));
    let session = SessionId(Uuid::max());
    let set = loaded(&world, Need::Session(session));
    assert_eq!(set.find_session(session), Ok(None));
    let pool = domain::PoolId(Uuid::max());
    let set = loaded(&world, Need::Pool(pool));
    assert_eq!(set.find_pool(pool), Ok(None));
    let set = loaded(&world, Need::Unbacked { pool, at_least: 8 });
    assert_eq!(set.first_unbacked(pool), Ok(None));
    let token = domain::TokenId(Uuid::max());
    assert_eq!(
        loaded(&world, Need::Token(token)).find_token(token),
        Ok(None)
    );
}
