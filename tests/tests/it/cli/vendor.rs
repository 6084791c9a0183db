//! `vendor` and `license inspect`: without any server.

use std::path::Path;

use tempfile::TempDir;

use super::{has, words};
use crate::support::{Ran, seatkeeper};

const SPEC: &str = "issuer = \"Northwind Software\"\ncustomer = \"CUST-42\"\n\
    [[license]]\nserial = \"NW-1\"\nproduct = \"esm\"\nproduct_name = \"Service Management\"\n\
    model = \"dedicated\"\nseats = 25\n";

/// A vendor's folder, with a key pair and a specification.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        office
            .types("vendor keygen --name 'Northwind Software' --out vendor")
            .exits(0);
        office.file("licenses.toml", SPEC);
        office
    }

    fn types(&self, line: &str) -> Ran {
        Ran::of(seatkeeper(words(line)).current_dir(self.0.path()))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.0.path().join(name), content).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn issue(&self, more: &str) -> Ran {
        self.file("licenses.toml", format!("{SPEC}{more}"));
        self.types("vendor issue --key vendor.key --spec licenses.toml --out out.lic")
    }
}

#[test]
fn a_key_pair_is_made_once_and_never_overwritten() {
    let office = Office::new();
    let before = std::fs::read(office.path().join("vendor.key")).unwrap();
    let again = office
        .types("vendor keygen --name Other --out vendor")
        .exits(1);
    again.complains(&["vendor.key"]);
    assert_eq!(
        std::fs::read(office.path().join("vendor.key")).unwrap(),
        before
    );
    office
        .types("vendor keygen --name '' --out empty")
        .exits(2)
        .complains(&["name"]);
    office
        .types("vendor keygen --name N --out nowhere/vendor")
        .exits(2);
}

#[test]
fn a_specification_with_a_mistake_is_refused_with_its_place() {
    let office = Office::new();
    for (more, words) in [
        ("colour = \"red\"\n", &["colour"][..]),
        ("revision = \"two\"\n", &["revision"]),
        ("expires_at = \"2020-13-01\"\n", &["expires_at"]),
        (
            "starts_at = \"2027-01-01\"\nexpires_at = \"2026-01-01\"\n",
            &["NW-1"],
        ),
        ("[[license]]\nserial = \"NW-1\"\n", &["product"]),
    ] {
        let ran = office.issue(more).exits(2);
        ran.complains(words);
        assert!(!office.path().join("out.lic").exists(), "{more}");
    }
    office.file("zero.toml", SPEC.replace("seats = 25", "seats = 0"));
    office
        .types("vendor issue --key vendor.key --spec zero.toml --out out.lic")
        .exits(2)
        .complains(&["seats"]);
    office
        .types("vendor issue --key vendor.pub --spec licenses.toml --out out.lic")
        .exits(2)
        .complains(&["private key"]);
}

#[test]
fn a_genuine_file_is_told_from_one_that_was_altered() {
    let office = Office::new();
    office.issue("").exits(0);
    let fine = office
        .types("license inspect out.lic --trust vendor.pub")
        .good();
    has(
        &fine,
        &["valid, by Northwind Software", "CUST-42", "NW-1", "25"],
    );
    let unknown = office.types("license inspect out.lic").good();
    has(&unknown, &["not checked", "--trust"]);
    let json = office
        .types("--json license inspect out.lic --trust vendor.pub")
        .exits(0)
        .json();
    assert_eq!(json["licenses"][0]["serial"], "NW-1");

    let text = std::fs::read_to_string(office.path().join("out.lic")).unwrap();
    let middle = text.len() / 2;
    let mut altered = text.into_bytes();
    altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
    office.file("altered.lic", altered);
    let said = office
        .types("license inspect altered.lic --trust vendor.pub")
        .exits(1);
    has(&said.stdout, &["NOT VALID"]);

    office
        .types("vendor keygen --name Other --out other")
        .exits(0);
    let said = office
        .types("license inspect out.lic --trust other.pub")
        .exits(1);
    has(&said.stdout, &["unknown_key"]);
    office.file("archive.zip", b"PK\x03\x04");
    let said = office.types("license inspect archive.zip").exits(1);
    has(&said.stdout, &["zip_damaged"]);
}
