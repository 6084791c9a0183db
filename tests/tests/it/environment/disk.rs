//! Disks that are full or can't be written to.

use serde_json::json;

use super::contents::Contents;
use super::mount::Disk;
use crate::support::{Answer, Installation, license, until};

/// Signs users in, one after another, until it does not work; gives those that were let in, and
/// what came instead.
fn sign_in_until_refused(house: &Installation) -> (Vec<String>, Answer) {
    let mut application = house.application();
    let mut ids = Vec::new();
    for number in 0..20_000 {
        // Long texts fill disks.
        let body =
            json!({"user": format!("u{number}"), "product": "esm", "client": "x".repeat(200)});
        let answer = application.post("/v1/sessions", &body);
        if answer.status != 201 {
            return (ids, answer);
        }
        ids.push(answer.json()["id"].as_str().unwrap().to_owned());
    }
    panic!("the disk does not fill");
}

fn live(house: &Installation) -> Vec<String> {
    let id = |session: &serde_json::Value| session["id"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> = house.admin().list("/v1/sessions").iter().map(id).collect();
    ids.sort();
    ids
}

#[test]
fn a_full_disk_is_said_and_nothing_answered_is_lost() {
    let disk = Disk::of_kib(6 * 1024);
    let tables = license("floating", "esm", 100_000);
    let mut house = Installation::started(&tables, Disk::beside(), disk.serve("data"));
    house.sign_in("anna", "esm").is(201);
    disk.fill();
    let before = live(&house);
    let (mut ids, refused) = sign_in_until_refused(&house);
    refused.is_problem(503, "disk_full");
    assert!(refused.header("retry-after").is_some());
    // Whoever spreads the load learns of it, also when nobody asks for anything any more.
    let unready = house.server().anybody().get("/readyz");
    assert_eq!(unready.status, 503, "{}", unready.text());
    assert!(unready.text().contains("full"), "{}", unready.text());

    // Who reads is served; whoever was let in is in, and nobody else.
    assert_eq!(house.license("esm")["seats"], 100_000);
    ids.extend(before);
    ids.sort();
    assert_eq!(live(&house), ids);
    assert_eq!(house.product("esm")["in_use"], ids.len());

    disk.clear();
    until("the server to be ready by itself", || {
        let answer = house.server().anybody().get("/readyz");
        (answer.status == 200).then_some(())
    });
    let after = until("the server to go on", || {
        let answer = house.sign_in("zoe", "esm");
        (answer.status == 201).then(|| answer.json()["id"].as_str().unwrap().to_owned())
    });
    ids.push(after);
    ids.sort();
    assert_eq!(live(&house), ids);
    let start = house.stop();
    disk.assert_sound("data");
    house.start(start);
    assert_eq!(live(&house), ids);
}

#[test]
fn a_kill_on_a_full_disk_loses_nothing_either() {
    let disk = Disk::of_kib(6 * 1024);
    let tables = license("floating", "esm", 100_000);
    let mut house = Installation::started(&tables, Disk::beside(), disk.serve("data"));
    disk.fill();
    let (mut ids, refused) = sign_in_until_refused(&house);
    refused.is_problem(503, "disk_full");
    ids.sort();
    let start = house.kill();
    disk.clear();
    house.start(start);
    assert_eq!(live(&house), ids);
    house.stop();
    disk.assert_sound("data");
}

#[test]
fn an_import_that_does_not_fit_changes_nothing() {
    let disk = Disk::of_kib(6 * 1024);
    let house = Installation::started("", Disk::beside(), disk.serve("data"));
    let tables: Vec<String> = (0..3_000)
        .map(|n| license("floating", &format!("p{n}"), 1))
        .collect();
    house.import(&tables.concat()).is_problem(503, "disk_full");
    assert!(house.admin().list("/v1/licenses").is_empty());
    house.import(&tables[..3].concat()).is(200);
    assert_eq!(house.admin().list("/v1/licenses").len(), 3);
}

#[test]
fn a_server_does_not_start_on_a_full_disk_and_says_so() {
    let disk = Disk::of_kib(256);
    disk.fill();
    let ran = disk.serve("data").ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&["full"]);
}

#[test]
fn a_data_folder_that_cannot_be_written_is_said_and_left_alone() {
    let disk = Disk::of_kib(6 * 1024);
    let mut house = Installation::started(
        &license("floating", "esm", 1),
        Disk::beside(),
        disk.serve("data"),
    );
    let start = house.stop();
    disk.freeze();
    let before = Contents::of(start.seen_at());
    let ran = start.ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&["data", "can't be written"]);
    Contents::of(start.seen_at()).assert_same(&before);

    let ran = disk.serve("another").ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&["another", "can't be written"]);
}

#[test]
fn a_backup_that_does_not_fit_is_refused_and_leaves_nothing() {
    let disk = Disk::of_kib(6 * 1024);
    let tables = license("floating", "esm", 100_000);
    let house = Installation::started(&tables, Disk::beside(), disk.serve("data"));
    let sound = house.admin().post("/v1/backup", &json!({}));
    assert_eq!(sound.status, 200);
    assert!(sound.body.starts_with(b"SQLite format 3"));
    disk.fill();
    let full = house.admin().post("/v1/backup", &json!({}));
    full.is_problem(503, "disk_full");
    let left = std::fs::read_dir(disk.path("data")).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = left.filter(|name| name.contains("backup")).collect();
    assert_eq!(left, [""; 0]);

    // Onto another full disk, of a server that goes on.
    let house = Installation::with(&tables);
    let data = house.folder().join("data");
    let mut words = disk.enter();
    words.push(crate::support::program().into());
    let mut command = std::process::Command::new(&words[0]);
    let to = disk.inside("b.backup");
    command
        .args(&words[1..])
        .arg("backup")
        .arg(to)
        .arg("--data")
        .arg(data);
    crate::support::Ran::of(&mut command)
        .exits(1)
        .complains(&["no room", "b.backup"]);
    assert!(!disk.path("b.backup").exists());
    assert!(!disk.path("b.backup.unfinished").exists());
    house.sign_in("anna", "esm").is(201);
}
