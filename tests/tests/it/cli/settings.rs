//! `policy`, `issuer` and `token`.

use super::{Admin, has, row};
use crate::support::{Ran, Vendor, license, seatkeeper};

#[test]
fn the_policy_is_shown_and_changed_by_what_is_shown() {
    let admin = Admin::of("");
    let shown = admin.types("policy show").good();
    assert_eq!(
        row(&shown, "session_timeout_s"),
        ["session_timeout_s", "600"]
    );
    assert_eq!(
        row(&shown, "folder_search"),
        ["folder_search", "user_folder,root"]
    );
    admin
        .types("policy set warning_days=60 company=CUST-42 auto_allocation=floating:root")
        .exits(0);
    let policy = admin.asks("policy show");
    assert_eq!(
        (&policy["warning_days"], &policy["company"]),
        (&60.into(), &"CUST-42".into())
    );
    assert_eq!(policy["auto_allocation"].as_array().unwrap().len(), 1);
    // A value that can't be meant is bad usage; one that the rules do not allow is refused, and nothing else is
    // changed with it.
    admin
        .types("policy set warning_days=5 session_timeout_s=1")
        .exits(2)
        .complains(&["session_timeout_s must be a whole number from 30 to 604800"]);
    admin
        .types("policy set warning_days=5 folder_search=root,root")
        .exits(1)
        .complains(&["folder_search"]);
    assert_eq!(admin.asks("policy show")["warning_days"], 60);
}

#[test]
fn an_issuer_is_trusted_by_a_file_and_distrusted_by_its_key() {
    // L3
    let admin = Admin::of("");
    let other = Vendor::new();
    admin.house.file("other.pub", other.public_text());
    let file = other.license_file(&license("site", "esm", 0));
    admin.house.file("other.lic", &file);
    admin.types("license import other.lic").exits(1);
    has(
        &admin.types("issuer trust other.pub").good(),
        &["Northwind Software"],
    );
    admin.types("license import other.lic").exits(0);
    let issuers = admin.asks("issuer list");
    assert_eq!(issuers.as_array().unwrap().len(), 2);
    let license = admin.asks("license show SITE-esm");
    let key = license["key"].as_str().unwrap();
    // Licenses came with it: what becomes of them is to be said, and can be seen first.
    has(
        &admin
            .types(&format!("issuer distrust {key} --dry-run"))
            .good(),
        &["would be withdrawn: 1 license"],
    );
    has(
        &admin
            .types(&format!("issuer distrust {key} --dry-run --keep-licenses"))
            .good(),
        &["would be withdrawn: 0 licenses"],
    );
    admin
        .types(&format!("issuer distrust {key}"))
        .exits(2)
        .complains(&["undecided", "--withdraw-licenses", "--keep-licenses"]);
    admin
        .types(&format!("issuer distrust {key} --withdraw-licenses"))
        .exits(0);
    assert_eq!(admin.asks("license show SITE-esm")["state"], "revoked");
    admin.types("issuer trust other.pub").exits(0);
    assert_eq!(admin.asks("license show SITE-esm")["state"], "active");
    admin
        .types(&format!("issuer distrust {key} --keep-licenses"))
        .exits(0);
    assert_eq!(admin.asks("license show SITE-esm")["state"], "active");
    admin.house.file(
        "more.lic",
        other.license_file(&super::license("site", "crm", 0)),
    );
    admin
        .types("license import more.lic")
        .exits(1)
        .complains(&["unknown_key"]);
    admin
        .types("issuer distrust nobody")
        .exits(1)
        .complains(&["unknown_issuer"]);
}

#[test]
fn a_token_is_shown_once_works_and_can_be_revoked() {
    let admin = Admin::of("");
    let made = admin
        .types("token create --name ci --role auditor --expires 2999-01-01T00:00:00Z")
        .good();
    assert_eq!(
        made.lines().count(),
        1,
        "the token alone, for scripts: {made}"
    );
    let secret = made.trim();
    let listed = admin.types("token list").good();
    assert_eq!(row(&listed, "ci")[..2], ["ci", "auditor"]);
    assert!(!listed.contains(secret), "a secret is shown once");
    let ask = || {
        let mut command = seatkeeper(["license", "list", "--token", secret]);
        Ran::of(command.env("SEATKEEPER_URL", admin.house.server().url()))
    };
    ask().exits(0);
    admin.types("token revoke ci").exits(0);
    ask().exits(4);
    admin
        .types("token revoke ci")
        .exits(1)
        .complains(&["unknown_token"]);
    admin
        .types("token create --name late --role auditor --expires tomorrow")
        .exits(2);
}

#[test]
fn an_expired_token_does_not_work() {
    let admin = Admin::of("");
    let past = "token create --name old --role auditor --expires 2020-01-01T00:00:00Z";
    let made = admin.types(past);
    if made.code == Some(0) {
        let mut command = seatkeeper(["license", "list", "--token", made.stdout.trim()]);
        Ran::of(command.env("SEATKEEPER_URL", admin.house.server().url())).exits(4);
    } else {
        made.complains(&["expires"]);
    }
}
