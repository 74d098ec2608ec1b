//! HTML, written from front to back. Markup comes from the program alone, which the type
//! `&'static str` holds; whatever a definition says goes through [`Html::text`] or into the value of
//! an attribute, and both are escaped. So no text of a form can become markup.

/// A document that grows.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup of the program's own.
    pub fn markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Text, as it is read.
    pub fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    /// The beginning of an element; attributes without a value are left out.
    pub fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// The end of an element. Blocks end their line too, so that the file can be read and compared.
    pub fn close(&mut self, tag: &'static str) {
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
        if !matches!(tag, "span" | "strong" | "b") {
            self.0.push('\n');
        }
    }

    /// An element with text in it; nothing where there is no text.
    pub fn words(&mut self, tag: &'static str, class: &'static str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.open(tag, &[("class", class)]);
        self.text(text);
        self.close(tag);
    }

    /// An element without anything in it: a box, a line.
    pub fn empty(&mut self, class: &'static str) {
        self.open("span", &[("class", class)]);
        self.close("span");
    }

    /// All that was written.
    pub fn finish(self) -> String {
        self.0
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What HTML cannot hold, and what turns the direction of the text behind it.
            '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}' => {}
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_and_values_stay_text() {
        let mut html = Html::default();
        html.open("p", &[("class", ""), ("lang", "\"><script>")]);
        html.text("<b>&'\u{202E}\0</p>");
        html.close("p");
        assert_eq!(
            html.finish(),
            "<p lang=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&#39;&lt;/p&gt;</p>\n"
        );
    }
}
