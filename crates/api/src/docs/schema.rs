//! Types, as a person reads them.

use super::{Html, Node};

/// A named type with its fields or values.
pub(super) fn write(name: &str, schema: &Node, html: &mut Html) {
    html.raw("<article id=\"schema-")
        .text(name)
        .raw("\"><h3>")
        .text(name)
        .raw("</h3>");
    html.prose(schema["description"].text());
    let parts = schema["allOf"].items();
    if parts.is_empty() && schema["properties"].is_null() {
        html.raw("<p>");
        type_name(schema, html);
        html.raw("</p>");
    }
    for part in parts.iter().filter(|part| !part["$ref"].is_null()) {
        html.raw("<p>All of ");
        type_name(part, html);
        html.raw(", and:</p>");
    }
    for part in parts.iter().chain([schema]) {
        fields(part, html);
    }
    html.raw("</article>");
}

fn fields(schema: &Node, html: &mut Html) {
    if schema["properties"].is_null() {
        return;
    }
    html.raw("<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th>");
    html.raw("<th scope=\"col\">Meaning</th></tr></thead><tbody>");
    for (field, property) in schema["properties"].members() {
        html.raw("<tr><td><code>").text(field).raw("</code>");
        if schema["required"]
            .items()
            .iter()
            .any(|required| required.text() == field)
        {
            html.raw(" <em>required</em>");
        }
        html.raw("</td><td>");
        type_name(property, html);
        html.raw("</td><td>")
            .line(property["description"].text())
            .raw("</td></tr>");
    }
    html.raw("</tbody></table>");
}

/// A type in a few words, with links to what it names.
pub(super) fn type_name(schema: &Node, html: &mut Html) {
    let reference = schema["$ref"].text();
    let alternatives = [&schema["oneOf"], &schema["anyOf"]]
        .map(Node::items)
        .concat();
    if let Some((_, name)) = reference.rsplit_once('/') {
        html.raw("<a href=\"#schema-")
            .text(name)
            .raw("\">")
            .text(name)
            .raw("</a>");
    } else if !schema["enum"].is_null() {
        each(schema["enum"].items(), ", ", html, |value, html| {
            html.raw("<code>").text(value.text()).raw("</code>");
        });
    } else if !alternatives.is_empty() {
        each(&alternatives, " or ", html, type_name);
    } else if schema["type"].items().is_empty() {
        simple(schema["type"].text(), schema, html);
    } else {
        each(schema["type"].items(), " or ", html, |name, html| {
            simple(name.text(), schema, html);
        });
    }
}

fn each(nodes: &[Node], joint: &str, html: &mut Html, mut write: impl FnMut(&Node, &mut Html)) {
    for (place, node) in nodes.iter().enumerate() {
        html.raw(if place == 0 { "" } else { joint });
        write(node, html);
    }
}

fn simple(name: &str, schema: &Node, html: &mut Html) {
    let format = schema["format"].text();
    let values = &schema["additionalProperties"];
    if name == "array" {
        html.raw("list of ");
        type_name(&schema["items"], html);
    } else if name == "object" && matches!(values, Node::Map(_)) {
        html.raw("map to ");
        type_name(values, html);
    } else if name == "string" && !format.is_empty() {
        html.text(format);
    } else {
        html.text(if name.is_empty() { "any" } else { name });
    }
}
