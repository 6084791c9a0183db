//! The table of refusals in `docs/REFUSALS.md` is what the sources say: every code, with its sentence.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p seatkeeper-api` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A heading, and the files whose refusals stand under it.
const CHAPTERS: &[(&str, &str, &[&str])] = &[
    (
        "Commands",
        "What the rules refuse. Nothing was changed.",
        &["crates/domain/src/refusal.rs"],
    ),
    (
        "License files",
        "Why what was sent is not taken in: none of it was. A refusal of one file of several begins with its name.",
        &[
            "crates/license-file/src/open.rs",
            "crates/license-file/src/xml/error.rs",
            "crates/license-file/src/intake/zip.rs",
            "crates/license-file/src/keygen/error.rs",
        ],
    ),
    (
        "Keys and their documents",
        "Why a key is not trusted, or no key was made known.",
        &[
            "crates/license-file/src/key_file.rs",
            "crates/license-file/src/introduction.rs",
            "crates/license-file/src/jws/error.rs",
        ],
    ),
    (
        "License keys",
        "Why a license key brings nothing. A typing error is `invalid_license_key` and is told with its place before anything is sent; what a license service did not say is told as under \"Refreshing\", and what it refuses as under \"The license service\".",
        &["crates/engine/src/service/add.rs"],
    ),
    (
        "The license service",
        "What it answers to installations and to its administrators.",
        &[
            "crates/license-file/src/exchange/request.rs",
            "crates/vendor/src/service/error.rs",
        ],
    ),
    (
        "The server",
        "What keeps it from answering.",
        &["crates/engine/src/error.rs"],
    ),
];

/// Closed sets of codes, whose documentation is their meaning.
const WORDS: &[(&str, &str, &str, &str)] = &[
    (
        "Denied sign-ins",
        "Why somebody can't work. Each denial comes with a sentence for the person and one for the administrator.",
        "crates/domain/src/denial.rs",
        "DenialCode",
    ),
    (
        "Ended sessions",
        "What a heartbeat is told whose session is over.",
        "crates/domain/src/session.rs",
        "EndReason",
    ),
    (
        "Refreshing",
        "Why a license service did not confirm a license.",
        "crates/domain/src/refresh.rs",
        "Fault",
    ),
];

/// Why a license in a file is refused: the files that decide it, and what each code means.
const OF_LICENSES: (&[&str], &[(&str, &str)]) = (
    &[
        "crates/domain/src/decide/intake.rs",
        "crates/domain/src/decide/intake/judge.rs",
        "crates/domain/src/decide/issuers.rs",
        "crates/domain/src/decide/timely.rs",
    ],
    &[
        (
            "document_expired",
            "its file was good for …, which were over … ago; get a new one from the vendor",
        ),
        ("duplicate", "its id … stands twice, with different terms"),
        (
            "issued_in_future",
            "its file was issued … from now; check the clock of this server",
        ),
        (
            "key_not_in_force",
            "the key of … that signed it is not in force, or was not when this was issued",
        ),
        (
            "older_revision",
            "it has revision …; revision … is here already",
        ),
        ("other_issuer", "it was issued by …, and … can't change it"),
        (
            "other_license",
            "its id belongs to a … license of …; a revision can't change product or model",
        ),
        (
            "revision_reused",
            "revision … is here already with other terms; a change needs a higher revision",
        ),
        (
            "unknown_key",
            "it is signed with the key …, which is not trusted here",
        ),
    ],
);

/// The first string literal in a piece of source, its placeholders as `…`.
fn literal(source: &str) -> Option<String> {
    let (_, rest) = source.split_once('"')?;
    let mut text = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => match chars.next()? {
                '\n' => chars = chars.as_str().trim_start().chars(),
                other => text.push(other),
            },
            '{' => {
                for c in chars.by_ref() {
                    if c == '}' {
                        break;
                    }
                }
                text.push('…');
            }
            other => text.push(other),
        }
    }
    Some(text)
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// `Enum::Variant` and its sentence: that of its `#[error]`, or its documentation where that only repeats another's.
fn sentences(source: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut of = String::new();
    let mut documented = String::new();
    let mut error: Option<String> = None;
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("pub enum ") {
            word(rest).clone_into(&mut of);
        } else if let Some(text) = line.strip_prefix("/// ") {
            if error.is_none() {
                documented.push_str(text);
                documented.push(' ');
            }
        } else if line.starts_with("#[error(") {
            let mut attribute = line.to_owned();
            while !attribute.ends_with(")]") {
                attribute.push('\n');
                attribute.push_str(lines.next().expect("the attribute ends").trim());
            }
            error = Some(attribute);
        } else if !line.starts_with("#[") {
            if let Some(attribute) = error.take() {
                let said = literal(&attribute).filter(|text| !text.trim_matches('…').is_empty());
                let sentence = said.unwrap_or_else(|| documented.trim().to_owned());
                found.insert(format!("{of}::{}", word(line)), sentence);
            }
            documented.clear();
        }
    }
    found
}

/// The codes that the `fn code` of each enum gives to its variants.
fn codes(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in source.split("\nimpl ").skip(1) {
        let of = word(block);
        let Some((_, body)) = block.split_once("fn code(") else {
            continue;
        };
        let body = body.split("\n    }\n").next().unwrap_or_default();
        let mut variants: Vec<&str> = Vec::new();
        let mut rest = body;
        while let Some(at) = rest.find("Self::").or_else(|| rest.find("=>")) {
            let arrow = rest.find("=>").unwrap_or(usize::MAX);
            if arrow <= at {
                let after = rest[arrow + 2..].trim_start();
                match after.strip_prefix('"') {
                    Some(code) => {
                        let code = code.split('"').next().unwrap_or_default();
                        let named = variants.drain(..);
                        found.extend(
                            named.map(|variant| (format!("{of}::{variant}"), code.to_owned())),
                        );
                    }
                    None if arrow < at => variants.clear(),
                    None => {}
                }
                rest = &rest[arrow + 2..];
            } else {
                variants.push(word(&rest[at + 6..]));
                rest = &rest[at + 6..];
            }
        }
    }
    found
}

/// The codes of a `codes!` enum with their documentation.
fn words(source: &str, of: &str) -> Vec<(String, String)> {
    let (_, body) = source
        .split_once(&format!(" {of} {{"))
        .unwrap_or_else(|| panic!("no {of}"));
    let mut found = Vec::new();
    let mut documented = String::new();
    for line in body.lines().map(str::trim).skip(1) {
        if let Some(text) = line.strip_prefix("/// ") {
            documented.push_str(text);
            documented.push(' ');
        } else if let Some((_, code)) = line.split_once(" = \"") {
            let code = code.trim_end_matches(['"', ',']).to_owned();
            found.push((code, documented.trim().to_owned()));
            documented.clear();
        } else if line.starts_with('}') {
            break;
        }
    }
    found
}

fn chapter(text: &mut String, heading: &str, about: &str, rows: &[(String, String)]) {
    assert!(!rows.is_empty(), "{heading} is empty");
    let head = format!("\n## {heading}\n\n{about}\n\n| code | says |\n|---|---|\n");
    text.push_str(&head);
    for (code, sentence) in rows {
        assert!(
            !code.is_empty()
                && code
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()),
            "{heading}: {code:?}"
        );
        assert!(sentence.len() > 3, "{heading}: {code} says nothing");
        let sentence = sentence.replace('|', "\\|").replace('\n', " ");
        let row = format!("| `{code}` | {sentence} |\n");
        text.push_str(&row);
    }
}

fn table() -> String {
    let mut text = "# Refusals\n\n\
        Every answer that is a no has a code that does not change, for programs, and a sentence for people; `…` stands for \
        what differs from case to case. Over HTTP the code is the `code` of the problem (RFC 9457), on the command line it \
        stands in brackets and in `--json`. This file is written by a test from the sources.\n"
        .to_owned();
    for (heading, about, files) in CHAPTERS {
        let mut rows = Vec::new();
        for file in *files {
            let source = read(file);
            let sentences = sentences(&source);
            for (variant, code) in codes(&source) {
                let sentence = sentences
                    .get(&variant)
                    .unwrap_or_else(|| panic!("{file}: {variant} has no sentence"));
                rows.push((code, sentence.clone()));
            }
        }
        rows.dedup();
        chapter(&mut text, heading, about, &rows);
    }
    let rows: Vec<(String, String)> = OF_LICENSES
        .1
        .iter()
        .map(|(code, says)| ((*code).to_owned(), (*says).to_owned()))
        .collect();
    let about = "Why one license keeps all that was sent out: `refusal` and `detail` of each license in the answer \
        `import_refused`.";
    chapter(&mut text, "Licenses in a file", about, &rows);
    for (heading, about, file, of) in WORDS {
        chapter(&mut text, heading, about, &words(&read(file), of));
    }
    let source = read("crates/wire/src/codes.rs");
    let mut rows = Vec::new();
    let mut documented = String::new();
    for line in source.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("/// ") {
            said.clone_into(&mut documented);
        } else if let Some((_, code)) = line.split_once(" = \"") {
            rows.push((
                code.trim_end_matches(['"', ';']).to_owned(),
                documented.clone(),
            ));
        }
    }
    let about = "What the interface itself refuses, whatever is asked.";
    chapter(&mut text, "HTTP", about, &rows);
    text
}

#[test]
fn every_refusal_stands_in_the_table_with_its_sentence() {
    let written = table();
    let path = root().join("docs/REFUSALS.md");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(root().join("docs")).unwrap();
        fs::write(&path, &written).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == written,
        "docs/REFUSALS.md is not what the sources say; UPDATE_SNAPSHOTS=1 writes it anew"
    );
}

#[test]
fn every_code_of_the_domain_that_refuses_a_license_is_in_the_table() {
    let mut found: Vec<String> = Vec::new();
    for file in OF_LICENSES.0 {
        let source = read(file);
        for (start, _) in source
            .match_indices("Some((")
            .chain(source.match_indices("refuse(answer,"))
        {
            let inside = &source[start..];
            let Some(at) = inside.find('"') else { continue };
            // Only a literal that is the next thing counts.
            let between = &inside[..at];
            if between.contains([';', '}']) {
                continue;
            }
            let code = word(&inside[at + 1..]);
            if code.contains('_') || code == "duplicate" {
                found.push(code.to_owned());
            }
        }
    }
    found.sort();
    found.dedup();
    let told: Vec<String> = OF_LICENSES
        .1
        .iter()
        .map(|(code, _)| (*code).to_owned())
        .collect();
    assert_eq!(found, told);
}
