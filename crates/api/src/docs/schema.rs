//! Types, as a person reads them.

use serde_json::Value;

use super::{Html, items, members, text};

/// A named type with its fields or values.
pub(super) fn write(name: &str, schema: &Value, html: &mut Html) {
    html.raw("<article id=\"schema-")
        .text(name)
        .raw("\"><h3>")
        .text(name)
        .raw("</h3>");
    html.prose(text(&schema["description"]));
    if schema["properties"].is_object() {
        html.raw("<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th>");
        html.raw("<th scope=\"col\">Meaning</th></tr></thead><tbody>");
        for (field, property) in members(&schema["properties"]) {
            html.raw("<tr><td><code>").text(field).raw("</code>");
            if items(&schema["required"]).any(|required| required == field) {
                html.raw(" <em>required</em>");
            }
            html.raw("</td><td>");
            type_name(property, html);
            html.raw("</td><td>")
                .line(text(&property["description"]))
                .raw("</td></tr>");
        }
        html.raw("</tbody></table>");
    } else {
        html.raw("<p>");
        type_name(schema, html);
        html.raw("</p>");
    }
    html.raw("</article>");
}

/// A type in a few words, with links to what it names.
pub(super) fn type_name(schema: &Value, html: &mut Html) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        html.raw("<a href=\"#schema-")
            .text(name)
            .raw("\">")
            .text(name)
            .raw("</a>");
    } else if let Some(values) = schema["enum"].as_array() {
        for (place, value) in values.iter().filter_map(Value::as_str).enumerate() {
            html.raw(if place == 0 { "<code>" } else { ", <code>" });
            html.text(value).raw("</code>");
        }
    } else if let Some(constant) = schema["const"].as_str() {
        html.raw("<code>").text(constant).raw("</code>");
    } else if let Some(alternatives) = alternatives(schema) {
        for (place, alternative) in alternatives.iter().enumerate() {
            html.raw(if place == 0 { "" } else { " or " });
            type_name(alternative, html);
        }
    } else {
        match &schema["type"] {
            Value::Array(types) => {
                for (place, name) in types.iter().enumerate() {
                    html.raw(if place == 0 { "" } else { " or " });
                    simple(text(name), schema, html);
                }
            }
            name => simple(text(name), schema, html),
        }
    }
}

fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf", "allOf"]
        .iter()
        .find_map(|kind| schema[*kind].as_array())
}

fn simple(name: &str, schema: &Value, html: &mut Html) {
    match (name, text(&schema["format"])) {
        ("array", _) => {
            html.raw("list of ");
            type_name(&schema["items"], html);
        }
        ("object", _) if schema["additionalProperties"].is_object() => {
            html.raw("map to ");
            type_name(&schema["additionalProperties"], html);
        }
        ("", _) => {
            html.raw("any");
        }
        ("string", format) if !format.is_empty() => {
            html.text(format);
        }
        (name, _) => {
            html.text(name);
        }
    }
}
