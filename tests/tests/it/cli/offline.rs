//! The offline way to a vendor and back: request, answer, response (I4).

use serde_json::{Value, json};

use super::{Admin, has, row};
use crate::support::license;

/// The specification of an answer, with these tables.
fn spec(admin: &Admin, tables: &str) {
    let text = format!("issuer = \"Northwind Software\"\n{tables}");
    admin.house.file("answer.toml", text);
}

/// An administrator with the vendor beside: their key is in the same folder.
fn with_vendor(licenses: &str) -> Admin {
    let admin = Admin::of(licenses);
    let key = admin.house.vendor().private_text();
    admin.house.file("vendor.key", key);
    admin
}

const ANSWER: &str =
    "vendor answer request.tlr --spec answer.toml --key vendor.key --out response.tls";

#[test]
fn a_request_is_answered_and_the_response_is_taken_once_i4() {
    let admin = with_vendor(&(license("dedicated", "esm", 2) + &license("floating", "old", 3)));
    admin.house.add_users(["anna"]);
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("license request --version 8.3 --company CUST-42 --out request.tlr")
        .exits(2)
        .complains(&["three numbers"]);
    admin
        .types("license request --version 8.3.0 --out request.tlr")
        .exits(1)
        .complains(&["company_missing", "--company"]);
    let made = admin
        .types("license request --version 8.3.0 --company CUST-42 --out request.tlr")
        .good();
    has(&made, &["request.tlr", "CUST-42", "8.3.0", "2 licenses"]);
    // Remembered.
    has(&admin.types("policy show").good(), &["CUST-42"]);
    let open = admin.asks("license requests --open");
    assert_eq!(
        (
            &open[0]["company"],
            &open[0]["version"],
            &open[0]["answered_at"]
        ),
        (&json!("CUST-42"), &json!("8.3.0"), &Value::Null)
    );
    assert_eq!(admin.asks("license requests --answered"), json!([]));

    let shown = admin.types("vendor inspect request.tlr").good();
    has(&shown, &["CUST-42", "8.3.0", "valid, by the installation"]);
    assert_eq!(row(&shown, "DEDICATED-esm")[4..6], ["2", "1"]);

    let tables = license("dedicated", "esm", 9) + &license("site", "new", 0);
    spec(&admin, &format!("withdraw = [\"FLOATING-old\"]\n{tables}"));
    let answered = admin.types(ANSWER).good();
    assert_eq!(row(&answered, "DEDICATED-esm")[0], "extend");
    assert_eq!(row(&answered, "SITE-new")[0], "add");
    assert_eq!(row(&answered, "FLOATING-old")[0], "withdraw");
    let shown = admin
        .types("license inspect response.tls --trust vendor.pub")
        .good();
    has(
        &shown,
        &["valid, by Northwind Software", "extend", "withdraw"],
    );

    let preview = admin.types("license import response.tls --dry-run").good();
    has(
        &preview,
        &[
            "would be added 1",
            "would be extended 1",
            "would be withdrawn 1",
        ],
    );
    let taken = admin.types("license import response.tls").good();
    assert!(
        row(&taken, "DEDICATED-esm").contains(&"extended"),
        "{taken}"
    );
    assert!(
        row(&taken, "FLOATING-old").contains(&"withdrawn"),
        "{taken}"
    );
    assert_eq!(admin.house.license("esm")["seats"], 9);
    assert_eq!(
        admin
            .asks("seat list DEDICATED-esm")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    admin
        .types("license import response.tls")
        .exits(1)
        .complains(&["response_replayed"]);
    let listed = admin.types("license requests").good();
    has(&listed, &["CUST-42", "8.3.0", "Northwind Software"]);
    assert_eq!(admin.asks("license requests --open"), json!([]));
}

#[test]
fn a_response_is_refused_where_it_was_not_asked_for_i4() {
    let asks = with_vendor("");
    asks.types("license request --version 8.3.0 --company CUST-42 --out request.tlr")
        .exits(0);
    spec(&asks, &license("dedicated", "esm", 2));
    asks.types(ANSWER).exits(0);

    let other = Admin::of("");
    for name in ["response.tls", "vendor.pub"] {
        let bytes = std::fs::read(asks.house.folder().join(name)).unwrap();
        other.house.file(name, bytes);
    }
    other.types("issuer trust vendor.pub").exits(0);
    other
        .types("license import response.tls")
        .exits(1)
        .complains(&["response_for_another_installation"]);
    // On the right one it is taken, and a request is nothing to take in.
    asks.types("license import response.tls").exits(0);
    asks.types("license import request.tlr")
        .exits(2)
        .complains(&["is_a_request"]);
}

#[test]
fn a_request_that_was_altered_is_not_answered_i4() {
    let admin = with_vendor("");
    admin
        .types("license request --version 8.3.0 --company CUST-42 --out request.tlr")
        .exits(0);
    let path = admin.house.folder().join("request.tlr");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] = if bytes[middle] == b'A' { b'B' } else { b'A' };
    std::fs::write(&path, bytes).unwrap();
    spec(&admin, &license("dedicated", "esm", 2));
    admin.types(ANSWER).exits(2).complains(&["request.tlr"]);
    admin.types("vendor inspect request.tlr").exits(1);
}
