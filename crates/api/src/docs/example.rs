//! Examples: those of the document, or made from the types.

use super::{Html, Node};

/// How deep types are followed.
const DEEPEST: usize = 8;
/// Stands for a text of which nothing more is known.
const SOME_TEXT: &str = "…";

/// An example for a body.
pub(super) fn write(document: &Node, content: &Node, html: &mut Html) {
    let given = [&content["example"], &content["schema"]["example"]];
    let made = match given.into_iter().find(|example| !example.is_null()) {
        Some(example) => example.clone(),
        None => make(document, &content["schema"], 0),
    };
    if matches!(made, Node::Map(_) | Node::List(_)) {
        // A value that came from JSON goes back to it.
        let shown = serde_json::to_string_pretty(&made).unwrap_or_default();
        html.raw("<pre><code>").text(&shown).raw("</code></pre>");
    }
}

/// A value of the type.
fn make(document: &Node, schema: &Node, depth: usize) -> Node {
    if depth > DEEPEST {
        return Node::Null;
    }
    let given = [
        &schema["example"],
        &schema["examples"][0],
        &schema["const"],
        &schema["enum"][0],
    ];
    if let Some(example) = given.into_iter().find(|example| !example.is_null()) {
        return example.clone();
    }
    let reference = schema["$ref"].text();
    if !reference.is_empty() {
        return make(document, document.follow(reference), depth + 1);
    }
    for kind in ["oneOf", "anyOf"] {
        let mut alternatives = schema[kind].items().iter();
        if let Some(alternative) = alternatives.find(|schema| schema["type"].text() != "null") {
            return make(document, alternative, depth + 1);
        }
    }
    let parts = schema["allOf"].items();
    if !parts.is_empty() {
        let parts = parts.iter().map(|part| make(document, part, depth + 1));
        let members = parts.filter_map(|part| match part {
            Node::Map(members) => Some(members),
            _ => None,
        });
        return Node::Map(members.flatten().collect());
    }
    if matches!(schema["properties"], Node::Map(_)) {
        let members = schema["properties"].members();
        let made =
            members.map(|(name, property)| (name.to_owned(), make(document, property, depth + 1)));
        return Node::Map(made.collect());
    }
    simple(document, schema, depth)
}

fn simple(document: &Node, schema: &Node, depth: usize) -> Node {
    let types = schema["type"].items().iter().map(Node::text);
    let name = match schema["type"].text() {
        "" => types
            .into_iter()
            .find(|name| *name != "null")
            .unwrap_or_default(),
        name => name,
    };
    match (name, schema["format"].text()) {
        ("object", _) => Node::Map(Vec::new()),
        ("array", _) => Node::List(vec![make(document, &schema["items"], depth + 1)]),
        ("string", "uuid") => "019aab12-3c4d-7000-8000-00000000002a".into(),
        ("string", "date-time") => "2026-01-31T12:00:00Z".into(),
        ("string", _) => SOME_TEXT.into(),
        ("integer" | "number", _) => match &schema["minimum"] {
            Node::Number(least) if least.as_u64().is_some_and(|least| least > 1) => {
                Node::Number(least.clone())
            }
            _ => Node::Number(1.into()),
        },
        ("boolean", _) => Node::Bool(true),
        _ => Node::Null,
    }
}
