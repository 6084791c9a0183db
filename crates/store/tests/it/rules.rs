//! Every rule that a check knows is broken once, and found.

use domain::license::Model;

use super::world::{World, terms};

/// A world with one of everything that rules speak of.
fn world() -> World {
    let mut world = World::new();
    let licenses = world.import(vec![
        terms("NW-D", Model::Dedicated),
        terms("NW-F", Model::Floating),
    ]);
    world.user("anna", "/Sales");
    world.user("bob", "/");
    world.grant("anna", licenses[0]);
    world.sign_in("anna", "esm");
    world.sign_in("bob", "esm");
    world.is_sound();
    world
}

#[test]
fn every_broken_rule_is_found_and_explained() {
    for (sql, rule, table) in [
        ("UPDATE pool SET occupied = 3", "S1", "pool"),
        ("DELETE FROM seat", "S1", "pool"),
        (
            "UPDATE session SET ended_at = 1, end_reason = 'signed_out' WHERE via = 'floating'",
            "S1",
            "pool",
        ),
        ("UPDATE pool SET size = size + 1", "P2", "license"),
        ("UPDATE seat SET unbacked = TRUE", "L9", "pool"),
        ("UPDATE product SET demo_in_use = 1", "A2", "product"),
        ("UPDATE pool SET usable_until = 1", "repeated", "pool"),
        ("UPDATE pool SET assignable = FALSE", "repeated", "pool"),
        ("UPDATE license SET stale_at = 1", "repeated", "license"),
        ("UPDATE license SET serial = 'y'", "repeated", "license"),
        (
            "UPDATE app_user SET username_key = 'y' WHERE username = 'bob'",
            "folded",
            "app_user",
        ),
        ("UPDATE folder SET name_key = 'y'", "folded", "folder"),
        ("UPDATE product SET code_key = 'y'", "folded", "product"),
        ("DELETE FROM folder", "link", "app_user"),
        (
            "INSERT INTO folder VALUES \
             (x'00000000000000000000000000000001', x'00000000000000000000000000000002', 'a', 'a', 1), \
             (x'00000000000000000000000000000002', x'00000000000000000000000000000001', 'b', 'b', 1)",
            "link",
            "folder",
        ),
        (
            "UPDATE folder SET parent_id = randomblob(16)",
            "link",
            "folder",
        ),
        ("DELETE FROM product", "link", "license"),
        ("DELETE FROM product", "link", "session"),
        (
            "UPDATE license SET replaced_by = randomblob(16)",
            "link",
            "license",
        ),
        ("DELETE FROM license", "link", "pool"),
        ("DELETE FROM license", "link", "session"),
        (
            "UPDATE pool SET folder_id = randomblob(16) WHERE model = 'floating'",
            "link",
            "pool",
        ),
        ("DELETE FROM pool", "link", "seat"),
        ("DELETE FROM pool", "link", "session"),
        (
            "DELETE FROM app_user WHERE username = 'anna'",
            "link",
            "seat",
        ),
        (
            "DELETE FROM app_user WHERE username = 'bob'",
            "link",
            "session",
        ),
        (
            "UPDATE session SET person_id = randomblob(16)",
            "link",
            "session",
        ),
        (
            "UPDATE app_user SET active = FALSE WHERE username = 'bob'",
            "S8",
            "session",
        ),
        ("DELETE FROM event WHERE seq = 2", "R3", "event"),
        (
            "UPDATE app_user SET username = char(7) WHERE username = 'bob'",
            "readable",
            "app_user",
        ),
        ("UPDATE license SET terms = '{}'", "readable", "license"),
        (
            "INSERT INTO policy (id, content) VALUES (1, '{}')",
            "readable",
            "policy",
        ),
    ] {
        let world = world();
        world.tamper(sql);
        let found = world.read(|reader| reader.check());
        let one = found
            .iter()
            .find(|violation| violation.rule == rule && violation.table == table);
        let one = one.unwrap_or_else(|| panic!("{sql}: {found:?}"));
        assert!(one.detail.len() > 20 && !one.row.is_empty(), "{one}");
    }
}
