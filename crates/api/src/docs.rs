//! The OpenAPI document as a page that a person can read.
//!
//! Written once, when the router is made, from the document itself: what is registered is
//! documented. One page and one style sheet, no script, nothing from elsewhere.

mod example;
mod html;
mod operation;
mod schema;

use serde_json::Value;

pub(crate) use html::Html;

/// The style sheet of every page of this crate.
pub(crate) const STYLE: &str = include_str!("docs/style.css");

/// The whole page for an OpenAPI document.
pub(crate) fn page(document: &Value) -> String {
    let mut html = Html::default();
    let title = text(&document["info"]["title"]);
    html.head(&format!("{title} API"));
    html.raw("<div class=\"frame\"><nav aria-label=\"Contents\"><a class=\"home\" href=\"/\">")
        .text(title)
        .raw("</a>");
    let groups = groups(document);
    for group in &groups {
        html.raw("<section><h2>").text(group.name).raw("</h2><ul>");
        for operation in &group.operations {
            html.raw("<li><a href=\"#").text(operation.id()).raw("\">");
            html.text(operation.summary()).raw("</a></li>");
        }
        html.raw("</ul></section>");
    }
    html.raw("<section><h2><a href=\"#schemas\">Schemas</a></h2></section></nav><main>");
    html.raw("<h1>")
        .text(title)
        .raw(" API <small>")
        .text(text(&document["info"]["version"]));
    html.raw("</small></h1>")
        .prose(text(&document["info"]["description"]));
    html.raw(
        "<p>The same as a document for programs: <a href=\"/openapi.json\">openapi.json</a></p>",
    );
    for group in &groups {
        html.raw("<section class=\"group\"><h2>")
            .text(group.name)
            .raw("</h2>");
        html.prose(group.description);
        for operation in &group.operations {
            operation.write(document, &mut html);
        }
        html.raw("</section>");
    }
    html.raw("<section class=\"group\" id=\"schemas\"><h2>Schemas</h2>");
    for (name, schema) in members(&document["components"]["schemas"]) {
        schema::write(name, schema, &mut html);
    }
    html.raw("</section></main></div>");
    html.end()
}

struct Group<'a> {
    name: &'a str,
    description: &'a str,
    operations: Vec<operation::Operation<'a>>,
}

/// The operations by tag, in the order in which the document lists the tags.
fn groups(document: &Value) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = items(&document["tags"])
        .map(|tag| Group {
            name: text(&tag["name"]),
            description: text(&tag["description"]),
            operations: Vec::new(),
        })
        .collect();
    for (path, methods) in members(&document["paths"]) {
        for (method, described) in members(methods) {
            let tag = text(&described["tags"][0]);
            if let Some(group) = groups.iter_mut().find(|group| group.name == tag) {
                group.operations.push(operation::Operation {
                    path,
                    method,
                    described,
                });
            }
        }
    }
    groups
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}
