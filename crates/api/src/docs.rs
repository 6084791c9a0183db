//! The OpenAPI document as a page that a person can read.
//!
//! Written once, when the router is made, from the document itself: what is registered is
//! documented. One page and one style sheet, no script, nothing from elsewhere.

mod example;
mod html;
mod node;
mod operation;
mod schema;

pub(crate) use html::Html;
pub(crate) use node::Node;

/// The style sheet of every page of this crate.
pub(crate) const STYLE: &str = include_str!("docs/style.css");

/// The whole page for an OpenAPI document. Addresses within a group come in the order of `paths`.
pub(crate) fn page(document: &Node, paths: &[String]) -> String {
    let mut html = Html::default();
    let title = document["info"]["title"].text();
    html.head(&format!("{title} API"));
    html.raw("<div class=\"frame\"><nav aria-label=\"Contents\"><a class=\"home\" href=\"/\">")
        .text(title)
        .raw("</a>");
    let groups = groups(document, paths);
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
        .text(document["info"]["version"].text());
    html.raw("</small></h1>")
        .prose(document["info"]["description"].text());
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
    for (name, schema) in document["components"]["schemas"].members() {
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
fn groups<'a>(document: &'a Node, paths: &'a [String]) -> Vec<Group<'a>> {
    let tags = document["tags"].items().iter();
    let mut groups: Vec<Group<'_>> = tags
        .map(|tag| Group {
            name: tag["name"].text(),
            description: tag["description"].text(),
            operations: Vec::new(),
        })
        .collect();
    for path in paths {
        for (method, described) in document["paths"][path.as_str()].members() {
            let tag = described["tags"][0].text();
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
