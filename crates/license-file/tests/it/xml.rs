//! `license.xml`: what is signed comes in, whatever else stands around it does not.

use license_file::document::Document;

use crate::intake::{licenses, open_all, refused};
use crate::samples::{document, file, full_terms, key, strangers_key, terms};

fn xml(document: &Document) -> String {
    document.sign_xml(&key()).expect("a sound document")
}

fn sample() -> String {
    xml(&document(vec![terms(1), full_terms(2)]))
}

#[test]
fn i1_what_is_written_is_read_again_and_people_can_read_it() {
    let text = sample();
    assert_eq!(licenses(text.as_bytes()), [terms(1), full_terms(2)]);
    for readable in [
        "serial=\"NW-ESM-000001\"",
        "issuer=\"Northwind Software\"",
        "customer=\"CUST-42\"",
        "modules=\"cmdb, it-processes\"",
        "seats=\"25\"",
    ] {
        assert!(text.contains(readable), "{readable} in {text}");
    }
    // Names that mean something in XML.
    let mut odd = terms(1);
    odd.product_name = "R&D <\"Suite\"> 'X'".to_owned();
    assert_eq!(
        licenses(xml(&document(vec![odd.clone()])).as_bytes()),
        [odd]
    );
}

#[test]
fn i1_white_space_order_comments_and_a_mark_make_no_difference() {
    let text = sample();
    for variant in [
        format!("\u{FEFF}\n{text}"),
        text.replace('\n', "\r\n"),
        text.replace("<signed>", "<!-- by Northwind --><signed>"),
        text.replace(" product=\"esm\"", "")
            .replace("<license ", "<license product='esm' "),
        text.lines().skip(1).collect::<Vec<_>>().join("\n"),
        text.replace("/>", "></license>"),
    ] {
        assert_eq!(
            licenses(variant.as_bytes()),
            [terms(1), full_terms(2)],
            "{variant}"
        );
    }
}

#[test]
fn l3_what_can_be_read_must_be_what_is_signed() {
    let text = sample();
    let first = text
        .lines()
        .find(|line| line.contains("<license "))
        .unwrap();
    for altered in [
        text.replacen("seats=\"25\"", "seats=\"2500\"", 1),
        text.replacen("NW-ESM-000001", "NW-ESM-000009", 1),
        text.replacen(" expires-at=\"2028-01-01T00:00:00Z\"", "", 1),
        text.replacen("CUST-42", "CUST-43", 1),
        text.replacen(" customer=\"CUST-42\"", "", 1),
        text.replacen("<license ", "<license note=\"x\" ", 1),
        text.replacen(first, "", 1),
        text.replacen(first, &format!("{first}\n{first}"), 1),
    ] {
        assert_ne!(altered, text);
        assert_eq!(refused(altered.as_bytes()), "xml_mismatch", "{altered}");
    }
}

#[test]
fn l3_a_signature_can_not_be_wrapped_around_something_else() {
    let text = sample();
    let signed = |text: &str| {
        let (_, rest) = text.split_once("<signed>").unwrap();
        format!(
            "<signed>{}</signed>",
            rest.split_once("</signed>").unwrap().0
        )
    };
    let other = xml(&document(vec![terms(3)]));
    // Two signed elements; one inside another; one in a place of its own; none.
    let two = text.replacen("</licenses>", &format!("{}</licenses>", signed(&other)), 1);
    assert_eq!(refused(two.as_bytes()), "xml_signed_count");
    let nested = text.replacen("</signed>", &format!("{}</signed>", signed(&other)), 1);
    assert_eq!(refused(nested.as_bytes()), "xml_foreign");
    let wrapped = text.replacen(&signed(&text), &format!("<x>{}</x>", signed(&text)), 1);
    assert_eq!(refused(wrapped.as_bytes()), "xml_foreign");
    let without = text.replacen(&signed(&text), "", 1);
    assert_eq!(refused(without.as_bytes()), "xml_signed_count");
    let empty = text.replacen(&signed(&text), "<signed/>", 1);
    assert_eq!(refused(empty.as_bytes()), "not_a_license_file");
    // The signed part of another file of the same issuer, under this readable part.
    let swapped = text.replacen(&signed(&text), &signed(&other), 1);
    assert_eq!(refused(swapped.as_bytes()), "xml_mismatch");
    let strangers = document(vec![terms(1)]).sign_xml(&strangers_key()).unwrap();
    assert_eq!(refused(strangers.as_bytes()), "unknown_key");
}

#[test]
fn i1_no_dtd_no_entity_and_nothing_else_of_xml_is_read() {
    let text = sample();
    let with_dtd = |dtd: &str| text.replacen("<licenses", &format!("{dtd}\n<licenses"), 1);
    for dtd in [
        "<!DOCTYPE licenses>",
        "<!DOCTYPE licenses SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE licenses [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>",
    ] {
        assert_eq!(refused(with_dtd(dtd).as_bytes()), "xml_dtd", "{dtd}");
    }
    let cases = [
        (text.replacen("<signed>", "<signed>&lt;", 1), "xml_entity"),
        (text.replacen("\"esm\"", "\"&xxe;\"", 1), "xml_entity"),
        (
            text.replacen("<signed>", "<?php x?><signed>", 1),
            "xml_foreign",
        ),
        (
            text.replacen("<signed>", "<signed><![CDATA[x]]>", 1),
            "xml_foreign",
        ),
        (text.replacen("<signed>", "text<signed>", 1), "xml_foreign"),
        (
            text.replacen("<signed>", "<signed x=\"1\">", 1),
            "xml_foreign",
        ),
        (
            text.replacen("<licenses", "<xi:include href=\"x\"/><licenses", 1),
            "xml_not_licenses",
        ),
        (
            text.replacen("licenses:1", "licenses:2", 1),
            "xml_not_licenses",
        ),
        (
            "<html><body>Not found</body></html>".to_owned(),
            "xml_not_licenses",
        ),
        (text.replacen("UTF-8", "ISO-8859-1", 1), "xml_malformed"),
        (text.replacen("</licenses>", "", 1), "xml_malformed"),
        (text.replacen("</signed>", "</sined>", 1), "xml_malformed"),
        (
            text.replacen("seats=", "seats=\"25\" seats=", 1),
            "xml_malformed",
        ),
        (format!("{text}<licenses/>"), "xml_foreign"),
    ];
    for (altered, code) in cases {
        assert_eq!(refused(altered.as_bytes()), code, "{altered}");
    }
}

fn attributes(count: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for number in 0..count {
        write!(text, " a{number}=\"\"").expect("writing to a String can't fail");
    }
    text
}

#[test]
fn i1_depth_attributes_and_sizes_have_limits() {
    let text = sample();
    let many = attributes(40);
    let wide = text.replacen("<license ", &format!("<license {many} "), 1);
    assert_eq!(refused(wide.as_bytes()), "xml_too_complex");
    let long = format!(" a=\"{}\"", "x".repeat(license_file::xml::MAX_TAG));
    let long = text.replacen("<license ", &format!("<license {long} "), 1);
    assert_eq!(refused(long.as_bytes()), "xml_too_complex");
    let deep = format!(
        "<licenses xmlns=\"urn:seatkeeper:licenses:1\">{}",
        "<license>".repeat(100_000)
    );
    assert_eq!(refused(deep.as_bytes()), "xml_foreign");
    // A million attributes are refused at once, not compared with each other first.
    let million = attributes(1_000_000);
    let million = format!("<licenses{million}/>");
    assert_eq!(refused(million.as_bytes()), "xml_too_complex");
}

#[test]
fn l3_a_document_is_the_same_in_both_forms() {
    let document = document((1..30).map(terms).collect());
    let lic = open_all(&file(&document), &crate::intake::given()).unwrap();
    let xml = open_all(xml(&document).as_bytes(), &crate::intake::given()).unwrap();
    assert_eq!(lic, xml);
}
