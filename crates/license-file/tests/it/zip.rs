//! Archives: what is in them comes in, what they could do to a reader does not.

use std::io::{Cursor, Write as _};

use license_file::intake::{MAX_ENTRIES, MAX_RATIO};
use license_file::open::MAX_FILE;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::intake::{licenses, refused, take_apart};
use crate::samples::{document, file, key, terms};

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

/// An archive of these files.
pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer
            .start_file(*path, deflated())
            .expect("memory takes it");
        writer.write_all(bytes).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

fn lic(number: usize) -> Vec<u8> {
    file(&document(vec![terms(number)]))
}

/// Changes what an archive says of an entry, in the local header and in the central one.
fn rename(archive: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let mut at = 0;
    while let Some(found) = archive[at..]
        .windows(from.len())
        .position(|window| window == from.as_bytes())
    {
        archive[at + found..at + found + to.len()].copy_from_slice(to.as_bytes());
        at += found + to.len();
    }
}

#[test]
fn i1_an_archive_holds_license_files_of_both_kinds_and_what_else_is_named() {
    let xml = document(vec![terms(2)]).sign_xml(&key()).unwrap();
    let archive = zip_of(&[
        ("order/license.xml", xml.as_bytes()),
        ("order/NW.LIC", &lic(1)),
        ("readme.txt", b"Dear customer"),
        ("__MACOSX/order/._NW.LIC", b"\0\x05\x16\x07"),
    ]);
    assert_eq!(licenses(&archive), [terms(2), terms(1)]);
    let unpacked = take_apart(&archive).unwrap();
    assert_eq!(unpacked.ignored, ["readme.txt", "__MACOSX/order/._NW.LIC"]);
    let sources: Vec<_> = unpacked
        .parts
        .iter()
        .map(|part| part.source.as_deref())
        .collect();
    assert_eq!(sources, [Some("order/license.xml"), Some("order/NW.LIC")]);
}

#[test]
fn i1_one_bad_file_in_an_archive_refuses_it_by_name() {
    let archive = zip_of(&[("a.lic", &lic(1)), ("b.lic", b"hello")]);
    let error = take_apart(&archive).unwrap_err();
    assert!(error.to_string().starts_with("b.lic: "), "{error}");
    assert_eq!(error.code(), "not_a_license_file");
}

#[test]
fn i1_no_path_leads_out_of_an_archive() {
    for path in [
        "../a.lic",
        "/etc/a.lic",
        "x/../a.lic",
        "c:\\a.lic",
        "a\\b.lic",
        "./a.lic",
        "a//b.lic",
    ] {
        let plain: String = "n".repeat(path.len());
        let mut archive = zip_of(&[(&plain, b"x")]);
        rename(&mut archive, &plain, path);
        assert_eq!(refused(&archive), "zip_unsafe_path", "{path}");
    }
    let long = "x".repeat(600);
    assert_eq!(refused(&zip_of(&[(&long, b"x")])), "zip_unsafe_path");
}

#[test]
fn i1_archives_in_archives_links_and_two_of_one_name_are_refused() {
    let inner = zip_of(&[("a.lic", &lic(1))]);
    assert_eq!(refused(&zip_of(&[("inner.zip", &inner)])), "zip_nested");
    assert_eq!(refused(&zip_of(&[("inner.lic", &inner)])), "zip_nested");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_symlink("a.lic", "/etc/passwd", deflated())
        .unwrap();
    let link = writer.finish().unwrap().into_inner();
    assert_eq!(refused(&link), "zip_link");
    let mut twice = zip_of(&[("a.lic", &lic(1)), ("b.lic", &lic(2))]);
    rename(&mut twice, "b.lic", "a.lic");
    assert_eq!(refused(&twice), "zip_duplicate");
    assert_eq!(refused(&zip_of(&[("readme.txt", b"x")])), "zip_no_license");
    assert_eq!(refused(&zip_of(&[])), "zip_no_license");
}

#[test]
fn i1_what_needs_a_password_or_another_method_is_named() {
    // Bit 0 of the flags: encrypted. Offset 6 in the local header, 8 in the central one.
    let mut archive = zip_of(&[("a.lic", &lic(1))]);
    let central = archive
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    archive[6] |= 1;
    archive[central + 8] |= 1;
    assert_eq!(refused(&archive), "zip_encrypted");
    // Method 12 is bzip2. Offset 8 in the local header, 10 in the central one.
    let mut archive = zip_of(&[("a.lic", &lic(1))]);
    archive[8] = 12;
    archive[central + 10] = 12;
    assert_eq!(refused(&archive), "zip_method");
}

#[test]
fn i1_bombs_are_refused_before_they_go_off() {
    // 40 MiB of zeros pack a thousand times.
    let zeros = vec![0; MAX_FILE + 8 * 1024 * 1024];
    assert_eq!(refused(&zip_of(&[("a.lic", &zeros)])), "zip_ratio");
    const { assert!(MAX_RATIO < 1000) };
    let entries: Vec<String> = (0..=MAX_ENTRIES).map(|n| format!("{n}.lic")).collect();
    let files: Vec<(&str, &[u8])> = entries
        .iter()
        .map(|name| (name.as_str(), &b"x"[..]))
        .collect();
    assert_eq!(refused(&zip_of(&files)), "zip_too_many_entries");
    // Stored, so that the ratio is 1: three files of 30 MiB are more than is unpacked in all.
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("a.lic", stored).unwrap();
    writer.write_all(&vec![b'x'; MAX_FILE]).unwrap();
    let archive = writer.finish().unwrap().into_inner();
    assert_eq!(
        refused(&archive),
        "too_large",
        "the archive itself is over the limit"
    );
}

#[test]
fn i1_sizes_that_an_archive_claims_are_not_believed() {
    let mut archive = zip_of(&[("a.lic", &lic(1))]);
    let central = archive
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    // The size unpacked, in both headers, becomes 1.
    archive[22..26].copy_from_slice(&1_u32.to_le_bytes());
    archive[central + 24..central + 28].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(refused(&archive), "zip_damaged");
}

#[test]
fn i1_a_damaged_archive_is_said_to_be() {
    let archive = zip_of(&[("a.lic", &lic(1))]);
    assert_eq!(refused(&archive[..archive.len() - 10]), "zip_damaged");
    assert_eq!(refused(b"PK\x03\x04rest of a zip"), "zip_damaged");
    let mut wrong_sum = archive.clone();
    let central = archive
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    wrong_sum[central + 16] ^= 0xff;
    assert_eq!(refused(&wrong_sum), "zip_damaged");
}
