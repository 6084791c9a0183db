//! Needs about what people hold.

use domain::license::Model;
use domain::{Command, EndReason, Millis, Need};

use super::{loaded, person, product, three_licenses};
use crate::world::{World, terms};

#[test]
fn a_holding_brings_what_is_behind_it() {
    let mut world = World::new();
    let [dedicated, ..] = three_licenses(&mut world);
    world.user("anna", "/");
    world.user("bob", "/");
    world.grant("anna", dedicated);
    let access = world.sign_in("bob", "esm");
    let esm = product(&world, "esm");
    let anna = person(&world, "anna");
    let set = loaded(&world, Need::Holding(anna, esm));
    let seat = set.seats(anna, esm).unwrap().next().unwrap();
    assert!(set.knows_pool(seat.pool) && set.knows_license(seat.license));

    let set = loaded(&world, Need::Session(access.session));
    let session = set.find_session(access.session).unwrap().unwrap();
    assert_eq!(
        set.holding(session.person, esm).unwrap().sessions,
        [session.id]
    );
    assert!(set.find_product(esm).unwrap().is_some());
    assert!(set.knows_license(session.via.license().unwrap()));

    let set = loaded(&world, Need::HoldingsOf(anna));
    assert_eq!(set.products_held(anna).unwrap(), [esm]);
    assert_eq!(set.holding(anna, esm).unwrap().seats.len(), 1);
}

#[test]
fn an_ended_session_is_in_nobodys_holding() {
    let mut world = World::new();
    three_licenses(&mut world);
    world.user("anna", "/");
    let access = world.sign_in("anna", "esm");
    world.sign_out(access.session);
    let set = loaded(&world, Need::Session(access.session));
    let session = set.find_session(access.session).unwrap().unwrap();
    assert_eq!(session.ended, Some((world.now, EndReason::SignedOut)));
    let set = loaded(&world, Need::HoldingsOf(access.person));
    assert!(set.products_held(access.person).unwrap().is_empty());
    world.is_sound();
}

#[test]
fn holders_are_those_with_seats_and_those_on_floating_ones() {
    let mut world = World::new();
    let [dedicated, floating, _] = three_licenses(&mut world);
    world.run(Command::RemoveLicense(world.read(|reader| {
        let filter = store::query::LicenseFilter {
            model: Some(Model::Site),
            ..Default::default()
        };
        let paging = store::query::Paging::first(1);
        let page = reader.licenses(
            &filter,
            store::query::LicenseSort::Serial,
            world.now,
            Millis::ZERO,
            &paging,
        )?;
        Ok(page.items[0].license.id)
    })));
    for user in ["anna", "bob", "cleo"] {
        world.user(user, "/");
    }
    world.grant("anna", dedicated);
    world.sign_in("bob", "esm");
    let set = loaded(&world, Need::HoldersOf(dedicated));
    assert_eq!(set.holders_of(dedicated).unwrap(), [person(&world, "anna")]);
    let set = loaded(&world, Need::HoldersOf(floating));
    let bob = person(&world, "bob");
    assert_eq!(set.holders_of(floating).unwrap(), [bob]);
    assert!(set.holding(bob, product(&world, "esm")).is_ok());
}

#[test]
fn lapsed_sessions_come_longest_lapsed_first_with_their_holdings() {
    // H2
    let mut world = World::new();
    world.import(vec![terms("NW-F", Model::Floating)]);
    let mut sessions = Vec::new();
    for user in ["anna", "bob", "cleo"] {
        world.user(user, "/");
        sessions.push(world.sign_in(user, "esm").session);
        world.after(Millis::SECOND);
    }
    let esm = product(&world, "esm");
    let lapsed = |world: &World, at_least| {
        let set = loaded(
            world,
            Need::Lapsed {
                product: esm,
                at_least,
            },
        );
        let (ids, complete) = set.lapsed(esm, at_least).unwrap();
        for id in ids {
            let session = set.find_session(*id).unwrap().unwrap();
            assert!(set.holding(session.person, esm).is_ok());
        }
        (ids.to_vec(), complete)
    };
    assert_eq!(lapsed(&world, 2), (vec![], true));
    world.after(Millis::days(1));
    assert_eq!(lapsed(&world, 2), (sessions, true));
    let found = world.read(|reader| reader.lapsed_products(world.now));
    assert_eq!(found, [esm]);
    world.run(Command::Reclaim {
        product: esm,
        at_most: 10,
    });
    assert_eq!(lapsed(&world, 2), (vec![], true));
    assert!(
        world
            .read(|reader| reader.lapsed_products(world.now))
            .is_empty()
    );
    world.is_sound();
}
