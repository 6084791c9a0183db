//! Settings that can't be meant so.

use crate::support::{Ran, Start, seatkeeper};

/// A start with this configuration file, which must fail and make nothing.
#[track_caller]
fn refused(text: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seatkeeper.toml");
    std::fs::write(&file, text).unwrap();
    let data = folder.path().join("data");
    let start = Start::on(&data).argument("--config").argument(&file);
    let ran = start.ends();
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(!data.exists(), "something was made: {ran:?}");
    ran
}

#[test]
fn a_configuration_file_with_a_mistake_is_refused_with_the_place() {
    refused("listen = \n").complains(&["seatkeeper.toml", "line 1"]);
    refused("\nlisen = \"127.0.0.1:1\"\n").complains(&["seatkeeper.toml", "lisen"]);
    refused("listen = 5\n").complains(&["seatkeeper.toml", "listen"]);
    refused("log = \"store=loud\"\n").complains(&["log", "store=loud"]);
    refused("trust = \"vendor.pub\"\n").complains(&["seatkeeper.toml", "trust"]);
}

#[test]
fn a_configuration_file_that_is_not_there_is_named() {
    let ran = Ran::of(&mut seatkeeper([
        "serve",
        "--config",
        "/nowhere/seatkeeper.toml",
    ]));
    ran.exits(2)
        .complains(&["/nowhere/seatkeeper.toml", "no such file"]);
}

#[test]
fn flags_that_make_no_sense_are_bad_usage() {
    for arguments in [
        &["serve", "--listen", "nowhere"][..],
        &["serve", "--listen", "127.0.0.1:99999"],
        &["serve", "--lisen", "127.0.0.1:0"],
        &["serve", "--listen"],
    ] {
        let ran = Ran::of(&mut seatkeeper(arguments)).exits(2);
        ran.complains(&["--lis"]);
    }
}

#[test]
fn a_configuration_file_is_obeyed_and_flags_win() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seatkeeper.toml");
    std::fs::write(&file, "listen = \"192.0.2.1:1\"\ncompany = \"CUST-42\"\n").unwrap();
    // The flag's address is taken: nobody here has the file's.
    let data = folder.path().join("data");
    let server = Start::on(data).argument("--config").argument(&file).ready();
    let token = server.quick_token("auditor");
    let me = server.caller(&token).get("/v1/me").is(200);
    assert_eq!(me["company"], "CUST-42");
}
