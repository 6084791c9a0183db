//! House rules that no compiler knows: short files, nothing left for later, names that say
//! something, documents whose paths exist.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{printer, workspace};

/// Above this many lines a file is mentioned.
const LONG: usize = 400;
/// Above this many lines a file fails the check.
const TOO_LONG: usize = 600;
/// Written apart so that this file does not find itself.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
];
const EMPTY_NAMES: &[&str] = &[
    "common", "core", "util", "utils", "shared", "helper", "helpers",
];
const DOCUMENTS: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"];
/// What a path in a document may end in; anything else may be an example.
const PATH_ENDINGS: &[&str] = &[
    ".rs", ".md", ".toml", ".sql", ".html", ".css", ".js", ".json", ".sh", ".yml", ".yaml",
];

/// Looks through the repository; warns about long files and fails on everything else.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut wrong = Vec::new();
    for file in workspace::files(root)? {
        let shown = file.display().to_string();
        if let Some(name) = empty_name(&file) {
            wrong.push(format!(
                "{shown}: `{name}` says nothing; name it after what is in it"
            ));
        }
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = read(&root.join(&file))?;
            let lines = text.lines().count();
            if lines > TOO_LONG {
                wrong.push(format!(
                    "{shown}: {lines} lines, more than {TOO_LONG}; split it"
                ));
            } else if lines > LONG {
                printer::warning(&format!("{shown}: {lines} lines, more than {LONG}"));
            }
            wrong.extend(wrong_lines(&text).map(|(line, why)| format!("{shown}:{line}: {why}")));
        }
    }
    for document in DOCUMENTS {
        if root.join(document).exists() {
            let text = read(&root.join(document))?;
            wrong.extend(
                missing_paths(&text, root)
                    .into_iter()
                    .map(|path| format!("{document}: `{path}` does not exist")),
            );
        }
    }
    if !wrong.is_empty() {
        bail!("house rules are broken:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The part of a source file's or a crate's path that is one of the names that say nothing.
fn empty_name(file: &Path) -> Option<String> {
    let is_rust = file.extension().is_some_and(|extension| extension == "rs");
    let is_manifest = file.file_name().is_some_and(|name| name == "Cargo.toml");
    if !is_rust && !is_manifest {
        return None;
    }
    file.with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .find(|part| EMPTY_NAMES.contains(&part.as_str()))
}

/// Lines of a source file that break a rule: number and reason.
fn wrong_lines(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    text.lines().enumerate().filter_map(|(index, line)| {
        let unfinished = UNFINISHED.iter().find(|word| has_word(line, word));
        let reason = unfinished
            .map(|word| format!("`{word}`: finish it or write it down elsewhere"))
            .or_else(|| {
                declared_module(line)
                    .filter(|name| EMPTY_NAMES.contains(name))
                    .map(|name| {
                        format!("module `{name}` says nothing; name it after what is in it")
                    })
            })
            .or_else(|| {
                let left_out = line.trim_start().starts_with("#[ignore");
                (left_out && !line.contains("#[ignore = \"slow: "))
                    .then(|| "only slow tests are left out: `#[ignore = \"slow: why\"]`".to_owned())
            });
        reason.map(|reason| (index + 1, reason))
    })
}

/// Whether `word` stands in `line` with no letter, digit or underscore right before or after it.
fn has_word(line: &str, word: &str) -> bool {
    let joins = |character: Option<char>| {
        character.is_some_and(|character| character.is_alphanumeric() || character == '_')
    };
    line.match_indices(word).any(|(at, _)| {
        let ends_open = word.ends_with('!');
        !joins(line[..at].chars().next_back())
            && (ends_open || !joins(line[at + word.len()..].chars().next()))
    })
}

/// The name in `mod name;`, `pub mod name {` and the like.
fn declared_module(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if first != "mod" {
        let is_visibility = first == "pub" || first.starts_with("pub(");
        if !is_visibility || words.next() != Some("mod") {
            return None;
        }
    }
    words.next().map(|name| name.trim_end_matches(['{', ';']))
}

/// Paths in backticks (outside of code blocks) that look like ours and are not there.
fn missing_paths(text: &str, root: &Path) -> Vec<String> {
    let mut missing = Vec::new();
    let mut in_code_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code_block = !in_code_block;
        } else if !in_code_block {
            let quoted = line.split('`').skip(1).step_by(2);
            missing.extend(
                quoted
                    .filter_map(|quoted| repository_path(quoted, root))
                    .filter(|path| !root.join(path).exists())
                    .map(|path| path.display().to_string()),
            );
        }
    }
    missing
}

/// The path a quoted piece of a document names, if it looks like one inside this repository: it
/// has a slash, and either starts in a folder of the root or ends like a source file.
fn repository_path(quoted: &str, root: &Path) -> Option<PathBuf> {
    let path = quoted.trim_start_matches("./").trim_end_matches('/');
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-".contains(character);
    let (first, rest) = path.split_once('/')?;
    if !path.chars().all(plain) || matches!(first, "" | "target" | "..") || rest.is_empty() {
        return None;
    }
    let ends_like_ours = PATH_ENDINGS.iter().any(|ending| path.ends_with(ending));
    (root.join(first).is_dir() || ends_like_ours).then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_folder(files: &[(&str, &str)]) -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        check(folder.path())
    }

    fn refusal(files: &[(&str, &str)]) -> String {
        in_folder(files).unwrap_err().to_string()
    }

    #[test]
    fn file_over_six_hundred_lines_is_refused_and_a_shorter_one_is_not() {
        let text = refusal(&[("crates/a/src/long.rs", &"//\n".repeat(601))]);
        assert!(text.contains("crates/a/src/long.rs: 601 lines"), "{text}");
        in_folder(&[("crates/a/src/long.rs", &"//\n".repeat(600))]).unwrap();
    }

    #[test]
    fn unfinished_work_is_refused_with_its_line() {
        for word in UNFINISHED {
            let text = refusal(&[("a/src/lib.rs", &format!("fn a() {{}}\n// {word}: later\n"))]);
            assert!(text.contains("a/src/lib.rs:2:"), "{text}");
        }
        in_folder(&[(
            "a/src/lib.rs",
            concat!("// MASTO", "DON and TO", "DOS are words\n"),
        )])
        .unwrap();
    }

    #[test]
    fn only_slow_tests_are_left_out() {
        let text = refusal(&[("a/src/lib.rs", "#[test]\n#[ignore]\nfn a() {}\n")]);
        assert!(text.contains("a/src/lib.rs:2: only slow tests"), "{text}");
        in_folder(&[("a/src/lib.rs", "#[ignore = \"slow: a minute\"]\n")]).unwrap();
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        assert!(refusal(&[("crates/a/src/utils.rs", "")]).contains("`utils`"));
        assert!(refusal(&[("crates/a/tests/common/mod.rs", "")]).contains("`common`"));
        assert!(refusal(&[("crates/core/Cargo.toml", "")]).contains("`core`"));
        assert!(refusal(&[("a/src/lib.rs", "pub(crate) mod shared {\n}\n")]).contains("`shared`"));
        in_folder(&[
            ("a/src/lib.rs", "use core::fmt;\nmod wording;\n"),
            ("a/core/x.html", ""),
        ])
        .unwrap();
    }

    #[test]
    fn path_in_a_document_must_exist() {
        let source = ("crates/a/src/lib.rs", "");
        let text = refusal(&[source, ("README.md", "see `crates/a/src/gone.rs`")]);
        assert!(
            text.contains("README.md: `crates/a/src/gone.rs` does not exist"),
            "{text}"
        );
        let text = refusal(&[source, ("ARCHITECTURE.md", "see `docs/gone.md`")]);
        assert!(text.contains("docs/gone.md"), "{text}");
        in_folder(&[
            source,
            (
                "README.md",
                "`crates/a/src/lib.rs`, `crates/a/`, `/v1/users`, `application/json`, `target/debug/x`,\n\
                 `crates/*/src/lib.rs`, `./data`\n```\n`crates/a/in-a-block.rs`\n```\n",
            ),
        ])
        .unwrap();
    }

    #[test]
    fn build_output_is_not_looked_at() {
        in_folder(&[("target/debug/utils.rs", ""), (".git/common.rs", "")]).unwrap();
    }
}
