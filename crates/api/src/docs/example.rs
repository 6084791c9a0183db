//! Examples: those of the document, or made from the types.

use serde_json::{Map, Value, json};

use super::{Html, items, members, text};

/// How deep types are followed.
const DEEPEST: usize = 8;

/// An example for a body.
pub(super) fn write(document: &Value, content: &Value, html: &mut Html) {
    let given = [&content["example"], &content["schema"]["example"]];
    let made = match given.into_iter().find(|example| !example.is_null()) {
        Some(example) => example.clone(),
        None => make(document, &content["schema"], 0),
    };
    let shown = match &made {
        Value::String(text) => text.clone(),
        Value::Null => return,
        // A value that came from JSON goes back to it.
        made => serde_json::to_string_pretty(made).unwrap_or_default(),
    };
    html.raw("<pre><code>").text(&shown).raw("</code></pre>");
}

/// A value of the type.
fn make(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    for example in [
        &schema["example"],
        &schema["examples"][0],
        &schema["const"],
        &schema["enum"][0],
    ] {
        if !example.is_null() {
            return example.clone();
        }
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return document
            .pointer(pointer)
            .map_or(Value::Null, |schema| make(document, schema, depth + 1));
    }
    for kind in ["oneOf", "anyOf"] {
        let alternative = items(&schema[kind]).find(|alternative| alternative["type"] != "null");
        if let Some(alternative) = alternative {
            return make(document, alternative, depth + 1);
        }
    }
    let mut parts = items(&schema["allOf"])
        .map(|part| make(document, part, depth + 1))
        .peekable();
    if parts.peek().is_some() {
        return Value::Object(
            parts
                .filter_map(|part| part.as_object().cloned())
                .flatten()
                .collect(),
        );
    }
    let name = match &schema["type"] {
        Value::Array(types) => types
            .iter()
            .map(text)
            .find(|name| *name != "null")
            .unwrap_or_default(),
        name => text(name),
    };
    match (name, text(&schema["format"])) {
        ("object" | "", _) if schema["properties"].is_object() => {
            let fields = members(&schema["properties"])
                .map(|(field, property)| (field.to_owned(), make(document, property, depth + 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        ("object", _) => json!({}),
        ("array", _) => json!([make(document, &schema["items"], depth + 1)]),
        ("string", "uuid") => json!("019aab12-3c4d-7000-8000-00000000002a"),
        ("string", "date-time") => json!("2026-11-22T09:30:00Z"),
        ("string", "binary") => Value::Null,
        ("string", _) => json!("text"),
        ("integer" | "number", _) => schema["minimum"]
            .as_i64()
            .map_or(json!(1), |least| json!(least.max(1))),
        ("boolean", _) => json!(true),
        _ => Value::Null,
    }
}
