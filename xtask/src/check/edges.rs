//! Which crate may use which: compares `cargo metadata` with the table below.
//!
//! A new crate gets a line in `ROOMS`; a new edge is a decision about the architecture and belongs
//! in ARCHITECTURE.md first.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};

use crate::process;

/// What a crate may depend on inside the workspace.
enum May {
    Use(&'static [&'static str]),
    UseAllBut(&'static [&'static str]),
}

/// One crate: its package name, what its code may use, and what only its tests may use besides.
struct Room {
    package: &'static str,
    may: May,
    tests_may_also_use: &'static [&'static str],
}

const ROOMS: &[Room] = &[
    room("seatkeeper-domain", &[], &[]),
    room("seatkeeper-license-file", &[], &[]),
    room("seatkeeper-wire", &[], &[]),
    room("seatkeeper-line", &[], &[]),
    room("seatkeeper-store", &["seatkeeper-domain"], &[]),
    room(
        "seatkeeper-engine",
        &[
            "seatkeeper-domain",
            "seatkeeper-store",
            "seatkeeper-license-file",
            "seatkeeper-line",
        ],
        &["seatkeeper-vendor"],
    ),
    room(
        "seatkeeper-api",
        &[
            "seatkeeper-domain",
            "seatkeeper-engine",
            "seatkeeper-store",
            "seatkeeper-wire",
        ],
        &["seatkeeper-license-file", "seatkeeper-vendor"],
    ),
    room(
        "seatkeeper-console",
        &[
            "seatkeeper-domain",
            "seatkeeper-engine",
            "seatkeeper-store",
            "seatkeeper-wire",
        ],
        &["seatkeeper-license-file", "seatkeeper-vendor"],
    ),
    room(
        "seatkeeper-vendor",
        &[
            "seatkeeper-domain",
            "seatkeeper-license-file",
            "seatkeeper-line",
            "seatkeeper-store",
        ],
        &[],
    ),
    room(
        "seatkeeper-client",
        &[
            "seatkeeper-wire",
            "seatkeeper-license-file",
            "seatkeeper-line",
        ],
        &[],
    ),
    Room {
        package: "seatkeeper",
        may: May::UseAllBut(&["xtask", "seatkeeper-tests"]),
        tests_may_also_use: &[],
    },
    room(
        "xtask",
        &["seatkeeper-wire", "seatkeeper-license-file"],
        &[],
    ),
    Room {
        package: "seatkeeper-tests",
        may: May::UseAllBut(&["xtask"]),
        tests_may_also_use: &[],
    },
];

const fn room(
    package: &'static str,
    uses: &'static [&'static str],
    tests_may_also_use: &'static [&'static str],
) -> Room {
    Room {
        package,
        may: May::Use(uses),
        tests_may_also_use,
    }
}

/// One dependency between two crates of the workspace, or a crate that is alone.
#[derive(Debug)]
pub(crate) struct Member {
    package: String,
    edges: Vec<Edge>,
}

#[derive(Debug)]
struct Edge {
    to: String,
    for_tests: bool,
}

/// Reads the workspace's members and the edges between them from `cargo metadata`.
pub(crate) fn read() -> Result<Vec<Member>> {
    let text = process::output(&mut process::cargo([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ]))?;
    parse(&text).context("`cargo metadata` wrote something unexpected")
}

fn parse(text: &str) -> Result<Vec<Member>> {
    let metadata: serde_json::Value = serde_json::from_str(text)?;
    let packages = metadata["packages"].as_array().context("no `packages`")?;
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let mut members = Vec::new();
    for package in packages {
        let dependencies = package["dependencies"]
            .as_array()
            .context("no `dependencies`")?;
        let edges = dependencies
            .iter()
            .filter(|dependency| ours.contains(&name(dependency)))
            .map(|dependency| Edge {
                to: name(dependency),
                for_tests: dependency["kind"].as_str() == Some("dev"),
            })
            .collect();
        members.push(Member {
            package: name(package),
            edges,
        });
    }
    Ok(members)
}

/// Fails on every edge that the table does not allow, and on crates it does not know.
pub(crate) fn check(members: &[Member]) -> Result<()> {
    let mut wrong = Vec::new();
    for member in members {
        let Some(room) = ROOMS.iter().find(|room| room.package == member.package) else {
            wrong.push(format!("{}: not in the table", member.package));
            continue;
        };
        for edge in &member.edges {
            if !room.allows(edge) {
                let kind = if edge.for_tests { "tests of " } else { "" };
                wrong.push(format!("{kind}{} may not use {}", member.package, edge.to));
            }
        }
    }
    if !wrong.is_empty() {
        bail!(
            "crate edges that xtask/src/check/edges.rs does not allow:\n  {}",
            wrong.join("\n  ")
        );
    }
    Ok(())
}

impl Room {
    fn allows(&self, edge: &Edge) -> bool {
        let to = edge.to.as_str();
        let by_code = match &self.may {
            May::Use(list) => list.contains(&to),
            May::UseAllBut(list) => !list.contains(&to),
        };
        // A crate may name itself in its own tests, to turn on a feature.
        let by_tests =
            edge.for_tests && (to == self.package || self.tests_may_also_use.contains(&to));
        by_code || by_tests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(package: &str, to: &str, for_tests: bool) -> Member {
        Member {
            package: package.into(),
            edges: vec![Edge {
                to: to.into(),
                for_tests,
            }],
        }
    }

    fn allowed(package: &str, to: &str) -> bool {
        check(&[member(package, to, false)]).is_ok()
    }

    #[test]
    fn arrows_point_down_only() {
        assert!(allowed("seatkeeper-store", "seatkeeper-domain"));
        assert!(!allowed("seatkeeper-domain", "seatkeeper-store"));
        assert!(!allowed("seatkeeper-api", "seatkeeper-console"));
        assert!(!allowed("seatkeeper-client", "seatkeeper-engine"));
        assert!(!allowed("seatkeeper", "xtask"));
        assert!(!allowed("xtask", "seatkeeper-engine"));
        assert!(allowed("seatkeeper-tests", "seatkeeper-engine"));
    }

    #[test]
    fn edge_for_tests_is_allowed_to_tests_only() {
        assert!(check(&[member("seatkeeper-api", "seatkeeper-vendor", true)]).is_ok());
        let error = check(&[member("seatkeeper-api", "seatkeeper-vendor", false)]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("seatkeeper-api may not use seatkeeper-vendor")
        );
    }

    #[test]
    fn unknown_crate_is_refused_by_name() {
        let error = check(&[Member {
            package: "seatkeeper-extra".into(),
            edges: vec![],
        }]);
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("seatkeeper-extra: not in the table")
        );
    }

    #[test]
    fn edges_come_out_of_metadata_without_outside_packages() {
        let members = parse(
            r#"{"packages": [
                {"name": "a", "dependencies": [{"name": "b", "kind": null}, {"name": "serde", "kind": null}]},
                {"name": "b", "dependencies": [{"name": "a", "kind": "dev"}]}
            ]}"#,
        )
        .unwrap();
        assert_eq!(members[0].edges.len(), 1);
        assert_eq!(
            (
                members[0].edges[0].to.as_str(),
                members[0].edges[0].for_tests
            ),
            ("b", false)
        );
        assert!(members[1].edges[0].for_tests);
    }

    #[test]
    fn workspace_keeps_to_the_table() {
        check(&read().unwrap()).unwrap();
    }
}
