//! One operation of the API.

use super::{Html, Node, example, schema};

pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) described: &'a Node,
}

impl<'a> Operation<'a> {
    pub(super) fn id(&self) -> &'a str {
        self.described["operationId"].text()
    }

    pub(super) fn summary(&self) -> &'a str {
        match self.described["summary"].text() {
            "" => self.id(),
            summary => summary.trim_end_matches('.'),
        }
    }

    pub(super) fn write(&self, document: &Node, html: &mut Html) {
        html.raw("<article id=\"")
            .text(self.id())
            .raw("\"><h3>")
            .text(self.summary());
        html.raw("</h3><p class=\"address\"><span class=\"method ")
            .text(self.method)
            .raw("\">");
        html.text(&self.method.to_uppercase())
            .raw("</span> <code>")
            .text(self.path);
        html.raw("</code></p>")
            .prose(self.described["description"].text());
        self.permission(html);
        self.parameters(html);
        self.body(document, html);
        self.responses(document, html);
        html.raw("</article>");
    }

    fn permission(&self, html: &mut Html) {
        let requirements = self.described["security"].items();
        let permissions: Vec<&str> = requirements
            .iter()
            .flat_map(|requirement| requirement["bearer"].items().iter().map(Node::text))
            .collect();
        let open = requirements
            .iter()
            .all(|requirement| requirement["bearer"].is_null());
        html.raw("<p class=\"permission\">");
        if open {
            html.raw("Needs no token.");
        } else if permissions.is_empty() {
            html.raw("Needs a token, of any role.");
        } else {
            html.raw("Needs the permission ");
            for (place, permission) in permissions.iter().enumerate() {
                html.raw(if place == 0 { "<code>" } else { " or <code>" });
                html.text(permission).raw("</code>");
            }
            html.raw(".");
        }
        html.raw("</p>");
    }

    fn parameters(&self, html: &mut Html) {
        if self.described["parameters"].items().is_empty() {
            return;
        }
        html.raw("<table><caption>Parameters</caption><thead><tr><th scope=\"col\">Name</th>");
        html.raw("<th scope=\"col\">In</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
        for parameter in self.described["parameters"].items() {
            html.raw("<tr><td><code>")
                .text(parameter["name"].text())
                .raw("</code>");
            if parameter["required"] == Node::Bool(true) {
                html.raw(" <em>required</em>");
            }
            html.raw("</td><td>")
                .text(parameter["in"].text())
                .raw("</td><td>");
            schema::type_name(&parameter["schema"], html);
            html.raw("</td><td>")
                .line(parameter["description"].text())
                .raw("</td></tr>");
        }
        html.raw("</tbody></table>");
    }

    fn body(&self, document: &Node, html: &mut Html) {
        for (media_type, content) in self.described["requestBody"]["content"].members() {
            html.raw("<h4>Body</h4><p><code>")
                .text(media_type)
                .raw("</code> ");
            schema::type_name(&content["schema"], html);
            html.raw("</p>");
            let description = self.described["requestBody"]["description"].text();
            html.prose(description);
            example::write(document, content, html);
        }
    }

    fn responses(&self, document: &Node, html: &mut Html) {
        html.raw("<table><caption>Answers</caption><thead><tr><th scope=\"col\">Status</th>");
        html.raw("<th scope=\"col\">Meaning</th><th scope=\"col\">Body</th></tr></thead><tbody>");
        for (status, response) in self.described["responses"].members() {
            html.raw("<tr><td><code>")
                .text(status)
                .raw("</code></td><td>");
            html.line(response["description"].text()).raw("</td><td>");
            for (media_type, content) in response["content"].members() {
                schema::type_name(&content["schema"], html);
                // That a problem is one, its name says.
                if !media_type.ends_with("json") {
                    html.raw(" <small>").text(media_type).raw("</small>");
                }
            }
            html.raw("</td></tr>");
        }
        html.raw("</tbody></table>");
        let success = self.described["responses"]
            .members()
            .find(|(status, _)| status.starts_with('2'));
        if let Some((status, response)) = success {
            let content = &response["content"]["application/json"];
            if !content.is_null() {
                html.raw("<h4>Answer ").text(status).raw("</h4>");
                example::write(document, content, html);
            }
        }
    }
}
