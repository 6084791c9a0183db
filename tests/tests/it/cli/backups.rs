//! `backup`, `restore` and `store check`.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use super::{Admin, has, offline};
use crate::support::{
    Installation, Ran, Start, alter_store, assert_sound, fresh_schema, license, seatkeeper, until,
};

fn live(house: &Installation) -> BTreeSet<String> {
    let mut admin = house.admin();
    let sessions = admin.list("/v1/sessions");
    let id = |session: &serde_json::Value| session["id"].as_str().unwrap().to_owned();
    sessions.iter().map(id).collect()
}

/// Users sign in without a pause while `act` is done; gives the sessions answered before it.
fn while_people_sign_in(house: &Installation, act: impl FnOnce()) -> BTreeSet<String> {
    let answered = Mutex::new(BTreeSet::new());
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (answered, over) = (&answered, &over);
            scope.spawn(move || {
                let mut application = house.application();
                for number in 0.. {
                    let body = json!({"user": format!("u{worker}-{number}"), "product": "esm"});
                    let made = application.post("/v1/sessions", &body).is(201);
                    let id = made["id"].as_str().unwrap().to_owned();
                    answered.lock().unwrap().insert(id);
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        let some = || (answered.lock().unwrap().len() > 100).then_some(());
        until("some sign-ins", some);
        let before = answered.lock().unwrap().clone();
        act();
        over.store(true, Ordering::Relaxed);
        before
    })
}

#[test]
fn a_backup_of_a_working_server_has_all_that_was_answered_before_it() {
    let house = Installation::with(&license("floating", "esm", 100_000));
    let data = house.folder().join("data");
    let backups = [
        house.folder().join("a.backup"),
        house.folder().join("b.backup"),
    ];
    let before = while_people_sign_in(&house, || {
        // Once through the interface, once off the folder.
        let there = house.cli([Path::new("backup"), &backups[0]]).output();
        Ran::from(there.unwrap()).exits(0);
        let line = format!("backup {} --data {}", backups[1].display(), data.display());
        offline(&line).exits(0);
    });
    let jwks = house
        .server()
        .anybody()
        .get("/.well-known/jwks.json")
        .is(200);
    for (number, backup) in backups.iter().enumerate() {
        let mode = backup.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        has(
            &offline(&format!("store check {}", backup.display())).good(),
            &["is sound"],
        );
        let restored = house.folder().join(format!("restored{number}"));
        let line = format!("restore {} --data {}", backup.display(), restored.display());
        has(&offline(&line).good(), &["restored", "on record"]);
        assert_sound(&restored);
        // The same installation goes on, with its tokens and its key.
        let server = Start::on(&restored).ready();
        let mut admin = server.caller(house.admin_token());
        let sessions = admin.list("/v1/sessions");
        let found: BTreeSet<String> = sessions
            .iter()
            .map(|session| session["id"].as_str().unwrap().to_owned())
            .collect();
        assert!(
            before.is_subset(&found),
            "{} of {}",
            found.len(),
            before.len()
        );
        let keys = server.anybody().get("/.well-known/jwks.json").is(200);
        assert_eq!(keys, jwks);
    }
    assert!(before.is_subset(&live(&house)));
}

#[test]
fn who_took_a_backup_is_on_record_with_its_size_r3() {
    let admin = Admin::of("");
    admin.types("backup a.backup").exits(0);
    admin.types("backup b.backup --data data").exits(0);
    // What fails gives nobody a copy.
    admin.types("backup b.backup --data data").exits(1);
    let taken = admin.asks("audit list --kind backup.taken");
    let taken: Vec<_> = taken.as_array().unwrap().iter().rev().collect();
    assert_eq!(taken.len(), 2, "{taken:?}");
    for (event, name) in taken.iter().zip(["a.backup", "b.backup"]) {
        let bytes = admin.house.folder().join(name).metadata().unwrap().len();
        assert_eq!(event["after"]["bytes"], bytes, "{event}");
    }
    assert_eq!(taken[0]["actor"], "administrator");
    assert_eq!(taken[1]["actor"], "data folder");
    admin.types("audit verify").exits(0);
    // A copy is as sound as before, and has the record up to its moment.
    for name in ["a.backup", "b.backup"] {
        admin.types(&format!("store check {name}")).exits(0);
    }
}

#[test]
fn a_backup_is_refused_where_a_file_is_and_to_whoever_may_not_have_it() {
    let admin = Admin::of("");
    let file = admin.house.file("there", "mine");
    admin
        .types("backup there")
        .exits(1)
        .complains(&["there", "exists already"]);
    admin
        .types("backup there --data data")
        .exits(1)
        .complains(&["exists already"]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
    let manager = admin.house.server().quick_token("manager");
    let to = admin.house.folder().join("b.backup");
    let mut command = admin
        .house
        .server()
        .cli(&manager, [Path::new("backup"), &to]);
    Ran::of(&mut command).exits(4).complains(&["forbidden"]);
    admin
        .types("backup b.backup --data nowhere")
        .exits(2)
        .complains(&["no store"]);
    let names = std::fs::read_dir(admin.house.folder()).unwrap();
    let left = names.filter(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("backup")
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_restore_replaces_nothing_and_takes_nothing_that_is_unsound() {
    let mut admin = Admin::of_small_house();
    admin.types("backup good --data data").exits(0);
    admin
        .types("restore good --data data")
        .exits(1)
        .complains(&["store", "already"]);
    admin.house.file("text", "no database");
    admin
        .types("restore text --data new")
        .exits(2)
        .complains(&["text", "not a seatkeeper store"]);
    let start = admin.house.stop();
    assert!(alter_store(start.seen_at(), "UPDATE pool SET occupied = 1") > 0);
    let found = offline(&format!("--json store check {}", start.seen_at().display()));
    let found = found.exits(1).json();
    assert_eq!(found["ok"], false);
    assert_eq!(found["findings"][0]["rule"], "S1");
    let folder = admin.house.folder();
    let (bad, new) = (folder.join("bad"), folder.join("new"));
    let line = format!(
        "backup {} --data {}",
        bad.display(),
        start.seen_at().display()
    );
    offline(&line).exits(0);
    let restore = format!("restore {} --data {}", bad.display(), new.display());
    offline(&restore)
        .exits(2)
        .complains(&["can't be trusted", "S1", "pool"]);
    assert!(!new.join("seatkeeper.db").exists());
    let said = offline(&format!("{restore} --despite-findings")).good();
    has(&said, &["S1"]);
    Start::on(&new).ready().stop();
}

#[test]
fn a_copied_store_goes_on_as_the_same_installation() {
    let mut admin = Admin::of_small_house();
    admin.types("grant --product esm --user anna").exits(0);
    let copy = "store copy --from sqlite:data --to sqlite:moved";
    admin
        .types(copy)
        .exits(1)
        .complains(&["another server works on"]);
    let jwks = admin.house.server().anybody().get("/.well-known/jwks.json");
    admin.house.stop();
    let folder = admin.house.folder().to_owned();
    let run = |line: &str| Ran::of(seatkeeper(super::words(line)).current_dir(&folder));
    let rows = run(&format!("--json {copy}")).exits(0).json();
    let of = |name: &str| {
        let mut rows = rows.as_array().unwrap().iter();
        rows.find(|row| row["table"] == name).unwrap()["rows"].clone()
    };
    assert_eq!((of("app_user"), of("seat")), (json!(3), json!(1)));
    run(copy).exits(1).complains(&["not empty"]);
    run("store copy --from sqlite:nowhere --to sqlite:other")
        .exits(2)
        .complains(&["no store"]);
    run("store copy --from data --to sqlite:other")
        .exits(2)
        .complains(&["sqlite:DIR"]);
    let moved = folder.join("moved");
    assert_sound(&moved);
    admin.house.start(Start::on(&moved));
    let keys = admin.house.server().anybody().get("/.well-known/jwks.json");
    assert_eq!(keys.is(200), jwks.is(200));
    let held = admin.asks("seat list DEDICATED-esm");
    assert_eq!(held[0]["username"], "anna");
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_database_is_checked_while_a_node_works_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = fresh_schema(folder.path());
    let check = ["--json", "store", "check", &url];
    let check = || Ran::of(&mut seatkeeper(check));
    check().exits(2).complains(&["no store"]);

    let start = Start::on(folder.path().join("data"));
    let start = start.argument("--database").argument(&url);
    let house = Installation::started(&license("floating", "esm", 5), folder, start);
    house.sign_in("anna", "esm").is(201);
    assert_eq!(check().exits(0).json()["ok"], true);
    let alter = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-c"])
        .args(["UPDATE pool SET occupied = 3", &url])
        .status();
    assert!(alter.unwrap().success());
    let found = check().exits(1).json();
    assert_eq!(found["findings"][0]["rule"], "S1");
}
