//! Writing HTML by hand, escaped.

/// A page being written.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// The policy under which every page is served: its own style sheet, and nothing else.
    pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// Everything up to the body.
    pub(crate) fn head(&mut self, title: &str) -> &mut Self {
        self.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .text(title)
            .raw("</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .raw("<meta name=\"color-scheme\" content=\"light dark\">")
            .raw("<link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body>")
    }

    /// Markup, as it is.
    pub(crate) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, escaped.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Text in which backticks mark code.
    pub(crate) fn line(&mut self, text: &str) -> &mut Self {
        for (place, part) in text.split('`').enumerate() {
            if place % 2 == 1 {
                self.raw("<code>").text(part).raw("</code>");
            } else {
                self.text(part);
            }
        }
        self
    }

    /// Paragraphs, parted by empty lines.
    pub(crate) fn prose(&mut self, text: &str) -> &mut Self {
        for paragraph in text
            .split("\n\n")
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            self.raw("<p>").line(paragraph).raw("</p>");
        }
        self
    }

    /// The end of the page, and the page.
    pub(crate) fn end(&mut self) -> String {
        self.raw("</body></html>\n");
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_backticks_are_code() {
        let mut html = Html::default();
        html.prose("a <b> & `\"c\"`\n\nd");
        assert_eq!(
            html.0,
            "<p>a &lt;b&gt; &amp; <code>&quot;c&quot;</code></p><p>d</p>"
        );
    }
}
