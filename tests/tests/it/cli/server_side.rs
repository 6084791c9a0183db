//! `serve --demo`, `config`, `doctor` and `completions`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::{Admin, has, offline, row};
use crate::support::{Connection, Ran, license, seatkeeper, until};

#[test]
fn a_healthy_house_gets_a_clean_bill() {
    let admin = Admin::of(&license("floating", "esm", 1));
    let said = admin.types("doctor").exits(0).stdout;
    assert_eq!(row(&said, "server")[0], "ok");
    assert_eq!(row(&said, "record")[0], "ok");
    assert!(!said.contains("WRONG"), "{said}");
    let findings = admin.asks("doctor");
    assert!(findings.as_array().unwrap().len() >= 6, "{findings}");
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let admin = Admin::of(&(license("floating", "old", 1) + "expires_at = \"2021-12-31\"\n"));
    let said = admin.types("doctor").exits(0).stdout;
    has(&said, &["warning", "1 expired", "FLOATING-old"]);
    let said = offline("doctor --url http://127.0.0.1:1").exits(1).stdout;
    has(&said, &["WRONG", "server", "seatkeeper serve"]);
    let url = admin.house.server().url();
    let said = offline(&format!("doctor --url {url}")).exits(1).stdout;
    has(&said, &["WRONG", "token", "token create"]);
}

#[test]
fn settings_are_shown_as_flags_variables_file_and_defaults_come_to() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seatkeeper.toml");
    std::fs::write(
        &file,
        "listen = \"127.0.0.1:1\"\ncompany = \"FILE\"\nlog = \"warn\"\n",
    )
    .unwrap();
    let show = |more: &[&str]| {
        let mut command = seatkeeper(["--json", "config", "show", "--config"]);
        command
            .arg(&file)
            .args(more)
            .env("SEATKEEPER_COMPANY", "VARIABLE");
        Ran::of(&mut command).exits(0).json()
    };
    let settings = show(&["--listen", "127.0.0.1:2"]);
    assert_eq!(settings["listen"], "127.0.0.1:2");
    assert_eq!(settings["company"], "VARIABLE");
    assert_eq!(settings["log"], "warn");
    assert_eq!(settings["data"], "data");
    has(&offline("config show").good(), &["127.0.0.1:7420"]);
}

#[test]
fn a_check_of_the_settings_names_what_would_fail() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "neither key nor folder").unwrap();
    let path = file.display();
    offline(&format!("config check --trust {path}"))
        .exits(2)
        .complains(&["trust"]);
    offline(&format!("config check --data {path}"))
        .exits(2)
        .complains(&["data"]);
    offline(&format!("config check --data {path}-absent")).exits(0);
}

#[test]
fn completions_are_scripts_that_shells_take() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        has(
            &offline(&format!("completions {shell}")).good(),
            &["seatkeeper", "remove-expired"],
        );
    }
    let script = offline("completions bash").good();
    Ran::fed(Command::new("bash").arg("-n"), script.as_bytes()).exits(0);
    offline("completions tcl").exits(2);
}

/// A demo; ends with this.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_demo_has_something_to_show_on_every_list_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = seatkeeper(["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let command = command
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut demo = Demo(command.spawn().unwrap());
    let (mut url, mut token) = (None, None);
    let mut lines = BufReader::new(demo.0.stdout.take().unwrap()).lines();
    while url.is_none() || token.is_none() {
        let line = lines.next().expect("the demo says where it is").unwrap();
        let trims = |c: char| !c.is_alphanumeric();
        for word in line
            .split(|c: char| c.is_whitespace() || c == '=')
            .map(|word| word.trim_matches(trims))
        {
            if word.starts_with("http://") && url.is_none() {
                url = Some(
                    word.trim_start_matches("http://")
                        .split('/')
                        .next()
                        .unwrap()
                        .to_owned(),
                );
            } else if word.starts_with("sk_") {
                token = Some(word.to_owned());
            }
        }
    }
    let address = url.unwrap().parse().unwrap();
    let mut caller = Connection::new(address, token.as_deref());
    for list in [
        "licenses", "products", "folders", "users", "events", "issuers", "tokens",
    ] {
        assert!(!caller.list(&format!("/v1/{list}")).is_empty(), "{list}");
    }
    for list in ["sessions", "denials"] {
        until("live traffic", || {
            (!caller.list(&format!("/v1/{list}")).is_empty()).then_some(())
        });
    }
    let pid = demo.0.id().to_string();
    Ran::of(Command::new("kill").args(["-TERM", &pid])).exits(0);
    let status = until("the demo to end", || demo.0.try_wait().unwrap());
    assert!(status.success(), "{status}");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "it cleans up"
    );
}
