//! One operation of the API.

use serde_json::Value;

use super::{Html, example, items, members, schema, text};

pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) described: &'a Value,
}

impl<'a> Operation<'a> {
    pub(super) fn id(&self) -> &'a str {
        text(&self.described["operationId"])
    }

    pub(super) fn summary(&self) -> &'a str {
        match text(&self.described["summary"]) {
            "" => self.id(),
            summary => summary.trim_end_matches('.'),
        }
    }

    pub(super) fn write(&self, document: &Value, html: &mut Html) {
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
            .prose(text(&self.described["description"]));
        self.permission(html);
        self.parameters(html);
        self.body(document, html);
        self.responses(document, html);
        html.raw("</article>");
    }

    fn permission(&self, html: &mut Html) {
        let permissions: Vec<&str> = items(&self.described["security"])
            .flat_map(|requirement| items(&requirement["bearer"]).map(text))
            .collect();
        let open = items(&self.described["security"]).next().is_none();
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
        if items(&self.described["parameters"]).next().is_none() {
            return;
        }
        html.raw("<table><caption>Parameters</caption><thead><tr><th scope=\"col\">Name</th>");
        html.raw("<th scope=\"col\">In</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
        for parameter in items(&self.described["parameters"]) {
            html.raw("<tr><td><code>")
                .text(text(&parameter["name"]))
                .raw("</code>");
            if parameter["required"] == true {
                html.raw(" <em>required</em>");
            }
            html.raw("</td><td>")
                .text(text(&parameter["in"]))
                .raw("</td><td>");
            schema::type_name(&parameter["schema"], html);
            html.raw("</td><td>")
                .line(text(&parameter["description"]))
                .raw("</td></tr>");
        }
        html.raw("</tbody></table>");
    }

    fn body(&self, document: &Value, html: &mut Html) {
        for (media_type, content) in members(&self.described["requestBody"]["content"]) {
            html.raw("<h4>Body</h4><p><code>")
                .text(media_type)
                .raw("</code> ");
            schema::type_name(&content["schema"], html);
            html.raw("</p>");
            let description = text(&self.described["requestBody"]["description"]);
            html.prose(description);
            example::write(document, content, html);
        }
    }

    fn responses(&self, document: &Value, html: &mut Html) {
        html.raw("<table><caption>Answers</caption><thead><tr><th scope=\"col\">Status</th>");
        html.raw("<th scope=\"col\">Meaning</th><th scope=\"col\">Body</th></tr></thead><tbody>");
        for (status, response) in members(&self.described["responses"]) {
            html.raw("<tr><td><code>")
                .text(status)
                .raw("</code></td><td>");
            html.line(text(&response["description"])).raw("</td><td>");
            for (media_type, content) in members(&response["content"]) {
                schema::type_name(&content["schema"], html);
                if media_type != "application/json" {
                    html.raw(" <small>").text(media_type).raw("</small>");
                }
            }
            html.raw("</td></tr>");
        }
        html.raw("</tbody></table>");
        let success =
            members(&self.described["responses"]).find(|(status, _)| status.starts_with('2'));
        if let Some((status, response)) = success {
            let content = &response["content"]["application/json"];
            if content.is_object() {
                html.raw("<h4>Answer ").text(status).raw("</h4>");
                example::write(document, content, html);
            }
        }
    }
}
