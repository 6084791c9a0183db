use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Set to anything, it has the snapshot written anew.
const UPDATE: &str = "UPDATE_SNAPSHOTS";

fn options() -> api::ApiOptions {
    api::ApiOptions {
        version: "0.0.0".into(),
    }
}

fn document() -> Value {
    serde_json::to_value(api::openapi(&options())).expect("a description is JSON")
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object();
    paths.into_iter().flatten().flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[test]
fn the_committed_description_is_the_one_that_the_code_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = serde_json::to_string_pretty(&api::openapi(&options())).unwrap() + "\n";
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "the interface has changed: look at it, and run the tests with {UPDATE}=1"
    );
}

#[test]
fn every_operation_says_what_it_is() {
    let document = document();
    let tags: BTreeSet<_> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(
            ids.insert(operation["operationId"].as_str().unwrap()),
            "{name}: its id is not its own"
        );
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert!(
            operation["security"].is_array(),
            "{name} does not say who may do it"
        );
        assert!(
            tags.contains(operation["tags"][0].as_str().unwrap()),
            "{name} is in no group"
        );
        for (status, response) in operation["responses"].as_object().unwrap() {
            let description = response["description"].as_str().unwrap_or_default();
            assert!(
                !description.is_empty(),
                "{name}: {status} has no description"
            );
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let target = document.pointer(reference.trim_start_matches('#'));
                    assert!(target.is_some(), "{reference} is not there");
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
}
