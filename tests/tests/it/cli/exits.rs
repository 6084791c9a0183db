//! Exit codes: 0 done or yes, 1 no, 2 bad usage or a bad file, 3 no server, 4 no right.

use std::net::TcpListener;

use super::{Admin, offline};
use crate::support::{Ran, license, seatkeeper};

#[test]
fn yes_is_0_and_no_is_1() {
    let admin = Admin::of(&license("floating", "esm", 1));
    admin
        .types("access check --user anna --product esm")
        .exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    admin
        .types("access check --user boris --product esm")
        .exits(1);
    let denied = admin
        .types("session start --user boris --product esm")
        .exits(1);
    denied.complains(&["no_free_seat", "hint"]);
    admin
        .types("license show NOWHERE")
        .exits(1)
        .complains(&["unknown_license", "NOWHERE"]);
    admin
        .types("user show nobody")
        .exits(1)
        .complains(&["unknown_user", "nobody"]);
}

#[test]
fn bad_usage_and_bad_files_are_2() {
    let admin = Admin::of("");
    admin.house.file("noise.lic", "PK\x03\x04 not a license");
    admin.house.file("bad.csv", "username,name\n,\n");
    for line in [
        "license",
        "license lisst",
        "license list --state good",
        "grant --product esm",
        "session end anna",
        "token create --name me --role king",
        "policy set nonsense",
    ] {
        let ran = admin.types(line).exits(2);
        assert_eq!(ran.stdout, "", "{line}");
        assert!(!ran.stderr.is_empty(), "{line}");
        let ran = admin.types(&format!("{line} --json")).exits(2);
        let said: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        assert!(
            said["detail"].is_string() && said["code"].is_string(),
            "{said}"
        );
    }
    for (line, words) in [
        ("license import noise.lic", &["zip_damaged"][..]),
        (
            "license import absent.lic",
            &["absent.lic", "file_unreadable"],
        ),
        ("user import bad.csv", &["invalid_csv", "row 2"]),
        ("user import absent.csv", &["absent.csv"]),
        ("issuer trust noise.lic", &["noise.lic", "not_a_key_file"]),
        ("policy set warning_days=soon", &["warning_days"]),
        ("policy set nothing=1", &["nothing", "warning_days"]),
        ("license list --url gopher://x", &["gopher"]),
    ] {
        admin.types(line).exits(2).complains(words);
    }
}

#[test]
fn no_server_is_3_and_says_how_to_start_one() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let line = format!("license list --token sk_x --url http://{nobody}");
    offline(&line)
        .exits(3)
        .complains(&["unreachable", "seatkeeper serve"]);
    offline("license list --token sk_x --url http://nowhere.invalid").exits(3);
}

#[test]
fn something_else_than_a_server_is_3() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let other = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().unwrap();
        let mut part = [0; 4096];
        let _ = stream.read(&mut part).unwrap();
        let page =
            "HTTP/1.1 200 OK\r\ncontent-length: 13\r\ncontent-type: text/html\r\n\r\n<html></html>";
        stream.write_all(page.as_bytes()).unwrap();
    });
    let line = format!("product list --token sk_x --url http://{address}");
    offline(&line)
        .exits(3)
        .complains(&["does not answer as a Seatkeeper server"]);
    other.join().unwrap();
}

#[test]
fn no_token_a_wrong_one_and_one_that_may_not_are_4() {
    let admin = Admin::of("");
    let url = admin.house.server().url();
    let ask = |token: Option<&str>, line: &str| {
        let mut command = seatkeeper(super::words(line));
        command.env("SEATKEEPER_URL", &url);
        if let Some(token) = token {
            command.env("SEATKEEPER_TOKEN", token);
        }
        Ran::of(&mut command).exits(4)
    };
    ask(None, "license list").complains(&["no token", "SEATKEEPER_TOKEN"]);
    ask(Some(""), "license list").complains(&["no token"]);
    ask(Some("wrong"), "license list").complains(&["unauthorized"]);
    ask(Some("two words"), "license list").complains(&["invalid_token"]);
    let auditor = admin.house.server().quick_token("auditor");
    ask(Some(&auditor), "user add anna").complains(&["forbidden"]);
    let application = admin.house.server().quick_token("application");
    ask(Some(&application), "license list").complains(&["forbidden"]);
    let revoked = admin.house.server().make_token("short-lived", "auditor");
    admin.types("token revoke short-lived").exits(0);
    ask(Some(&revoked), "license list").complains(&["unauthorized"]);
}
