//! H2: lapsed sessions hold nothing either for those who know what was before.

use crate::world::prelude::*;

fn remembering() -> crate::world::World {
    let mut world = world()
        .users(&["anna", "ben", "carl"])
        .license(floating("F-1").read_only());
    world.remember();
    world
}

/// What a check says that knows what checks before it knew.
fn check(world: &mut crate::world::World, username: &str) -> String {
    check_for(world, username, ask())
}

fn check_for(world: &mut crate::world::World, username: &str, asking: Asking) -> String {
    let command = signing_in(username, "esm", &asking);
    match world.dry_run_by_memory(&command).0 {
        Ok(outcome) => Access(outcome).says(),
        Err(refusal) => panic!("refused: {refusal}"),
    }
}

#[test]
fn h2_one_who_remembers_that_nobody_worked_notices_when_a_session_lapses() {
    let mut world = remembering();
    let denied = check_for(&mut world, "ben", ask().write());
    assert_ne!(denied, "floating F-1");
    world.sign_in("anna", "esm");
    assert_eq!(check(&mut world, "ben"), "no_free_seat");
    world.let_sessions_lapse();
    assert_eq!(check(&mut world, "ben"), "floating F-1");
    assert_eq!(world.sign_in("ben", "esm").says(), "floating F-1");
}

#[test]
fn h2_one_session_after_the_other_lapses_and_each_gives_its_seat_back() {
    let mut world = remembering();
    for username in ["anna", "ben", "carl", "anna"] {
        assert_eq!(check(&mut world, username), "floating F-1");
        assert_eq!(world.sign_in(username, "esm").says(), "floating F-1");
        world.let_sessions_lapse();
    }
}
