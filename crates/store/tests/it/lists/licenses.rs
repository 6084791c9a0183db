//! Licenses, products, folders.

use domain::license::{Model, State, Terms};
use domain::{Command, Millis, Timestamp};
use store::query::{LicenseFilter, LicenseSort, ProductCounts};

use super::all;
use crate::world::{BEGIN, World, agreement, import, of_product, terms};

const WARN: Millis = Millis::days(30);

fn serials(world: &World, filter: &LicenseFilter, sort: LicenseSort) -> Vec<String> {
    let (items, total) = all(world, |reader, paging| {
        reader.licenses(filter, sort, world.now, WARN, paging)
    });
    assert_eq!(total, Some(items.len() as u64));
    let serial = |item: &store::query::LicenseItem| item.license.terms.serial.to_string();
    items.iter().map(serial).collect()
}

#[test]
fn licenses_are_ordered_by_serial_end_and_product_both_ways() {
    let mut world = World::new();
    let of = |serial: &str, days: i64, product: &str| {
        of_product(
            product,
            Terms {
                expires_at: BEGIN.plus(Millis::days(days)),
                ..terms(serial, Model::Dedicated)
            },
        )
    };
    world.import(vec![
        of("C", 100, "esm"),
        of("A", 300, "crm"),
        of("B", 200, "esm"),
        of("D", 200, "abc"),
        Terms {
            expires_at: Timestamp::FOREVER,
            ..of("E", 1, "crm")
        },
    ]);
    let order = |sort| serials(&world, &LicenseFilter::default(), sort).concat();
    assert_eq!(order(LicenseSort::Serial), "ABCDE");
    assert_eq!(order(LicenseSort::SerialDown), "EDCBA");
    assert_eq!(order(LicenseSort::ExpiresAt), "CBDAE");
    assert_eq!(order(LicenseSort::ExpiresAtDown), "EADBC");
    assert_eq!(order(LicenseSort::Product), "DAECB");
    assert_eq!(order(LicenseSort::ProductDown), "BCEAD");
}

#[test]
fn a_license_is_listed_in_exactly_the_state_that_it_is_in() {
    // L2
    let mut world = World::new();
    let at = |days: i64| BEGIN.plus(Millis::days(days));
    let of = |serial: &str, from: i64, until: i64| Terms {
        starts_at: at(from),
        expires_at: at(until),
        grace: Millis::days(5),
        ..terms(serial, Model::Floating)
    };
    let ids = world.import(vec![
        of("active", -10, 100),
        of("expiring", -10, 20),
        of("ending", -10, 2),
        of("scheduled", 10, 100),
        Terms {
            agreement: Some(agreement("x")),
            ..of("awaiting", -10, 100)
        },
        Terms {
            revalidate_every: Some(Millis::days(1)),
            ..of("stale", -10, 100)
        },
        of("revoked", -10, 100),
        of("removed", -10, 100),
        of("over", -10, 1),
    ]);
    world.run(Command::RevokeLicense(ids[6]));
    world.run(Command::RemoveLicense(ids[7]));
    for days in [0, 3, 7, 20, 200] {
        world.now = at(days);
        let everything = LicenseFilter {
            removed: true,
            ..LicenseFilter::default()
        };
        let (items, _) = all(&world, |reader, paging| {
            reader.licenses(&everything, LicenseSort::Serial, world.now, WARN, paging)
        });
        assert_eq!(items.len(), 9);
        for state in State::ALL {
            let filter = LicenseFilter {
                state: Some(*state),
                ..LicenseFilter::default()
            };
            let expected: Vec<String> = items
                .iter()
                .filter(|item| item.license.state(world.now, WARN) == *state)
                .map(|item| item.license.terms.serial.to_string())
                .collect();
            let listed = serials(&world, &filter, LicenseSort::Serial);
            assert_eq!(listed, expected, "{state} after {days} days");
        }
    }
}

#[test]
fn licenses_are_filtered_by_product_model_folder_serial_and_text() {
    let mut world = World::new();
    let ids = world.import(vec![
        terms("NW-1", Model::Dedicated),
        terms("NW-2", Model::Floating),
        of_product("crm", terms("50%_X", Model::Site)),
    ]);
    let sales = world.folder("/Sales");
    world.run(Command::MoveSeats {
        license: ids[1],
        from: domain::FolderId::ROOT,
        to: sales,
        count: 1,
    });
    let crm = world.read(|reader| reader.find_product("crm", world.now));
    let none = LicenseFilter::default;
    for (filter, expected) in [
        (none(), vec!["50%_X", "NW-1", "NW-2"]),
        (
            LicenseFilter {
                product: Some(crm.unwrap().product.id),
                ..none()
            },
            vec!["50%_X"],
        ),
        (
            LicenseFilter {
                model: Some(Model::Dedicated),
                ..none()
            },
            vec!["NW-1"],
        ),
        (
            LicenseFilter {
                folder: Some(sales),
                ..none()
            },
            vec!["NW-2"],
        ),
        (
            LicenseFilter {
                serial: Some("NW-1".into()),
                ..none()
            },
            vec!["NW-1"],
        ),
        (
            LicenseFilter {
                q: Some("service MAN".into()),
                ..none()
            },
            vec!["NW-1", "NW-2"],
        ),
        (
            LicenseFilter {
                q: Some("0%_".into()),
                ..none()
            },
            vec!["50%_X"],
        ),
        (
            LicenseFilter {
                q: Some("W_".into()),
                ..none()
            },
            vec![],
        ),
    ] {
        assert_eq!(
            serials(&world, &filter, LicenseSort::Serial),
            expected,
            "{filter:?}"
        );
    }
}

#[test]
fn a_license_is_shown_with_its_pools_and_its_seats_are_counted() {
    // R4
    let mut world = World::new();
    let [license] = world.import(vec![terms("NW-1", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    let sales = world.folder("/Sales/EMEA");
    world.run(Command::MoveSeats {
        license,
        from: domain::FolderId::ROOT,
        to: sales,
        count: 1,
    });
    for user in ["anna", "bob"] {
        world.user(user, "/");
        world.grant(user, license);
        world.after(Millis::SECOND);
    }
    let access = world.sign_in("anna", "esm");
    world.after(Millis::SECOND);
    world.run(Command::Recall {
        user: crate::world::user_ref("anna"),
        target: domain::Target::License(license),
        source: None,
        now: false,
    });
    let found = world.read(|reader| reader.find_license(license)).unwrap();
    let seats = found.seats;
    assert_eq!(
        (seats.occupied, seats.free, seats.releasing, seats.unbacked),
        (2, 1, 1, 0)
    );
    let pools: Vec<_> = found
        .pools
        .iter()
        .map(|item| (item.path.as_str(), item.pool.size, item.pool.occupied))
        .collect();
    assert_eq!(pools, [("/", 2, 2), ("/Sales/EMEA", 1, 0)]);

    let (holders, _) = all(&world, |reader, paging| {
        reader.seats_of_license(license, paging)
    });
    let names: Vec<_> = holders
        .iter()
        .map(|holder| holder.user.as_ref().unwrap().username.as_str())
        .collect();
    assert_eq!(names, ["anna", "bob"], "longest held first");
    let signed_in = BEGIN.plus(Millis::seconds(2));
    assert_eq!(holders[0].last_active, Some(signed_in));
    assert_eq!(holders[1].last_active, None);
    assert_eq!(holders[0].path, "/");

    let held = world.read(|reader| reader.seats_of_person(access.person));
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].license.id, license);
    assert!(held[0].seat.releasing_since.is_some());
    let sessions = world.read(|reader| reader.sessions_of_person(access.person, world.now));
    assert_eq!(sessions[0].session.id, access.session);
}

#[test]
fn product_counts_are_exact() {
    // R4
    let mut world = World::new();
    let expired = Terms {
        expires_at: BEGIN.plus(Millis::DAY),
        seats: 10,
        ..terms("NW-old", Model::Floating)
    };
    let ids = world.import(vec![
        terms("NW-d", Model::Dedicated),
        terms("NW-f", Model::Floating),
        expired,
        of_product("crm", terms("NW-s", Model::Site)),
    ]);
    for user in ["anna", "bob", "cleo"] {
        world.user(user, "/");
    }
    world.grant("anna", ids[0]);
    world.grant("bob", ids[0]);
    world.after(Millis::days(2));
    world.sign_in("cleo", "esm");
    world.batch(&[import(vec![Terms {
        revision: 2,
        seats: 1,
        ..terms("NW-d", Model::Dedicated)
    }])]);
    let counts = |code| {
        let found = world.read(|reader| reader.find_product(code, world.now));
        found.unwrap().counts
    };
    let esm = ProductCounts {
        owned: 4,
        assigned: 2,
        in_use: 1,
        releasing: 0,
        free: 2,
        unbacked: 1,
        site: false,
    };
    assert_eq!(counts("esm"), esm);
    let site = ProductCounts {
        site: true,
        ..ProductCounts::default()
    };
    assert_eq!(counts("crm"), site);
    let (items, total) = all(&world, |reader, paging| {
        reader.products(None, world.now, paging)
    });
    let codes: Vec<_> = items
        .iter()
        .map(|item| item.product.code.as_str())
        .collect();
    assert_eq!((codes.as_slice(), total), (&["crm", "esm"][..], Some(2)));
    let (items, total) = all(&world, |reader, paging| {
        reader.products(Some("SERVICE"), world.now, paging)
    });
    assert_eq!((items.len(), total), (1, Some(1)));
}

#[test]
fn folders_come_in_the_order_of_the_tree_with_what_is_in_them() {
    let mut world = World::new();
    for path in [
        "/Sales",
        "/Sales/EMEA",
        "/Sales Ops",
        "/Ärger",
        "/Sales/EMEA/Nord",
    ] {
        world.folder(path);
    }
    world.user("anna", "/Sales/EMEA");
    let (items, total) = all(&world, |reader, paging| reader.folders(None, paging));
    let paths: Vec<_> = items.iter().map(|item| item.path.as_str()).collect();
    let expected = [
        "/",
        "/Sales",
        "/Sales/EMEA",
        "/Sales/EMEA/Nord",
        "/Sales Ops",
        "/Ärger",
    ];
    assert_eq!(paths, expected);
    assert_eq!(total, Some(6));
    assert_eq!((items[2].contents.users, items[2].contents.folders), (1, 1));
    let (items, _) = all(&world, |reader, paging| {
        reader.folders(Some("sales/em"), paging)
    });
    let paths: Vec<_> = items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!(paths, ["/Sales/EMEA", "/Sales/EMEA/Nord"]);
    let emea = world.read(|reader| reader.find_folder_by_path("/sales/emea/"));
    let emea = emea.unwrap();
    assert_eq!(world.read(|reader| reader.folder_path(emea)), "/Sales/EMEA");
    let found = world.read(|reader| reader.find_folder(emea)).unwrap();
    assert_eq!(found.path, "/Sales/EMEA");
    assert_eq!(
        world.read(|reader| reader.find_folder_by_path("/nowhere")),
        None
    );
}
