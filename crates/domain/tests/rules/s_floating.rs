//! S6 and H2: floating seats, and sessions that nobody ended.

use domain::set::WorkingSet;
use domain::{EventKind, ProductId};

use crate::world::prelude::*;

#[test]
fn s6_a_floating_seat_is_free_when_its_last_session_ends() {
    let mut world = world().license(floating("F-1"));
    let first = world.sign_in("anna", "esm").session();
    let second = world.sign_in("anna", "esm").session();
    world.sign_out(first);
    assert_eq!(world.pools("F-1"), ["/ 1/1"]);
    world.sign_out(second);
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
    assert_eq!(world.sign_in("bob", "esm"), "floating F-1");
}

#[test]
fn s6_counted_by_session_each_session_takes_a_seat() {
    let mut world = world().license(floating("F-1").seats(2).per_session());
    let first = world.sign_in("anna", "esm").session();
    world.sign_in("anna", "esm");
    assert_eq!(world.pools("F-1"), ["/ 2/2"]);
    assert_eq!(world.sign_in("anna", "esm"), "no_free_seat");
    world.sign_out(first);
    assert_eq!(world.pools("F-1"), ["/ 1/2"]);
    assert_eq!(world.sign_in("bob", "esm"), "floating F-1");
}

#[test]
fn s6_seats_of_two_folders_are_kept_apart() {
    let mut world = world()
        .folder("/Sales")
        .license(floating("F-1").seats(2).per_session());
    world.move_seats("F-1", "/", "/Sales", 1);
    let mut world = world.user_in("anna", "/Sales");
    let first = world.sign_in("anna", "esm").session();
    let second = world.sign_in("anna", "esm").session();
    assert_eq!(world.pools("F-1"), ["/ 1/1", "/Sales 1/1"]);
    world.sign_out(first);
    assert_eq!(world.pools("F-1"), ["/ 1/1", "/Sales 0/1"]);
    world.sign_out(second);
    assert_eq!(world.pools("F-1"), ["/ 0/1", "/Sales 0/1"]);
}

#[test]
fn h2_a_lapsed_seat_is_free_for_the_very_next_sign_in() {
    let mut world = world().license(floating("F-1"));
    let lapsed = world.sign_in("anna", "esm").session();
    world.let_sessions_lapse();
    assert_eq!(world.sign_in("bob", "esm"), "floating F-1");
    assert_eq!(world.end_of(lapsed), Some("timed_out"));
    assert_eq!(world.heartbeat(lapsed), "timed_out");
}

#[test]
fn h2_a_seat_is_held_until_the_lease_is_over_and_no_longer() {
    let mut world = world().license(floating("F-1"));
    let expires_at = world.sign_in("anna", "esm").granted().expires_at;
    world.now = expires_at.minus(domain::Millis::new(1));
    assert_eq!(world.sign_in("bob", "esm"), "no_free_seat");
    world.now = expires_at;
    assert_eq!(world.sign_in("bob", "esm"), "floating F-1");
}

#[test]
fn h2_each_of_a_batch_finds_the_seats_that_lapsed() {
    let mut world = world().license(floating("F-1").seats(3));
    for user in ["a", "b", "c"] {
        world.sign_in(user, "esm");
    }
    world.let_sessions_lapse();
    let commands: Vec<Command> = ["d", "e", "f", "g"]
        .iter()
        .map(|user| signing_in(user, "esm", &ask()))
        .collect();
    let answers = world.run_all(&commands);
    let words: Vec<String> = answers
        .into_iter()
        .map(|answer| Access(answer.unwrap()).says())
        .collect();
    let floating = "floating F-1";
    assert_eq!(words, [floating, floating, floating, "no_free_seat"]);
}

#[test]
fn h2_a_seat_is_found_behind_thousands_of_lapsed_sessions_that_free_none() {
    // The sessions that lapsed first are on the site license; the floating seat is the last.
    let mut world = world().license(site("X-1").expires(1));
    let commands: Vec<Command> = (0..2_500)
        .map(|number| signing_in(&format!("user {number}"), "esm", &ask()))
        .collect();
    world.run_all(&commands);
    world.wait_s(1);
    let mut world = world.license(floating("F-1").modules(&[]).revision(1));
    let spec = floating("F-1").revision(2);
    world.revise(spec);
    world.wait_days(1);
    assert_eq!(world.sign_in("last", "esm"), "floating F-1");
    world.wait_days(1);
    let lapsed = world.rows.open_sessions().count();
    assert!(lapsed > 2_000, "{lapsed}");
    assert_eq!(world.sign_in("next", "esm"), "floating F-1");
    assert_eq!(world.rows.open_sessions().count(), 1);
    assert_eq!(world.sign_in("another", "esm"), "no_free_seat");
}

#[test]
fn h2_in_a_batch_lapsed_sessions_are_looked_for_once() {
    let mut world = world().license(floating("F-1").seats(5));
    for user in ["a", "b", "c", "d", "e"] {
        world.sign_in(user, "esm");
    }
    world.let_sessions_lapse();
    let alone = {
        let mut world = world.clone();
        world.sign_in("f", "esm");
        world.needs
    };
    let commands: Vec<Command> = ["f", "g", "h"]
        .iter()
        .map(|user| signing_in(user, "esm", &ask()))
        .collect();
    world.run_all(&commands);
    // Each further one asks for its own name only.
    assert_eq!(world.needs, alone + 2);
}

#[test]
fn h2_whoever_lapsed_signs_in_anew_on_the_same_seat() {
    let mut world = world().license(floating("F-1"));
    let old = world.sign_in("anna", "esm").session();
    world.let_sessions_lapse();
    let access = world.sign_in("anna", "esm");
    assert_eq!(access, "floating F-1");
    assert_ne!(access.session(), old);
    assert_eq!(world.end_of(old), Some("timed_out"));
    assert_eq!(world.pools("F-1"), ["/ 1/1"]);
}

#[test]
fn h2_lapsed_sessions_can_be_written_down_a_few_at_a_time() {
    let mut world = world().license(floating("F-1").seats(5));
    for user in ["a", "b", "c", "d", "e"] {
        world.sign_in(user, "esm");
        world.wait_s(1);
    }
    // A store may name more than it was asked for.
    world.rows.slack = 1;
    let product = world.product_row("esm").id;
    assert_eq!(reclaim(&mut world, product, 3), (0, false));
    world.let_sessions_lapse();
    assert_eq!(reclaim(&mut world, product, 3), (3, true));
    assert_eq!(world.pools("F-1"), ["/ 2/5"]);
    // The longest lapsed came first.
    assert_eq!(
        world
            .rows
            .open_sessions()
            .map(|session| session.user)
            .collect::<Vec<_>>(),
        [world.user_id("d"), world.user_id("e")]
    );
    assert_eq!(reclaim(&mut world, product, 3), (2, false));
    assert_eq!(world.count_events(EventKind::SessionEnded), 5);
}

fn reclaim(world: &mut World, product: ProductId, at_most: u32) -> (u32, bool) {
    match world.run(&Command::Reclaim { product, at_most }) {
        Outcome::Reclaimed { sessions, more } => (sessions, more),
        other => panic!("no answer to a reclaim: {other:?}"),
    }
}

#[test]
fn h2_a_new_set_knows_of_no_lapsed_session_until_told() {
    let mut world = world().license(floating("F-1"));
    world.sign_in("anna", "esm");
    let product = world.product_row("esm").id;
    let set = WorkingSet::new(world.rows.policy.clone());
    assert!(set.lapsed(product, 0).is_err());
}
