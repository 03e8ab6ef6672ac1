//! Markdown with formulas as HTML with MathML.

mod formula;
mod plain;

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use pulldown_latex::config::DisplayMode;

use formula::formula;
pub(crate) use plain::{in_braces, plain};

/// No statement is nearly as long: what is, is shown as it is.
const LONGEST: usize = 100_000;

/// Renders Markdown; formulas stand between `$` or `$$`. Raw HTML is shown as text: evidence may
/// come from anywhere.
pub(crate) fn prose(markdown: &str) -> Markup {
    prose_with(markdown, &|_| None)
}

/// The same of a text of this project, whose relative links lead to pages of the site: where, and whether anywhere, is asked.
pub(crate) fn prose_with(markdown: &str, page: &dyn Fn(&str) -> Option<String>) -> Markup {
    if markdown.len() > LONGEST {
        return html! { pre { (markdown) } };
    }
    let mut in_head = false;
    let parser = Parser::new_ext(markdown, Options::ENABLE_MATH | Options::ENABLE_TABLES);
    let events = parser.map(|event| {
        match event {
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            _ => {}
        }
        match event {
            // The head of a column is read aloud by programs that may not know formulas.
            Event::InlineMath(source) if in_head => {
                let typeset = formula(&source, DisplayMode::Inline);
                let told = html! { span .unseen { (source) } }.into_string();
                Event::InlineHtml((typeset + &told).into())
            }
            Event::InlineMath(source) => {
                Event::InlineHtml(formula(&source, DisplayMode::Inline).into())
            }
            Event::DisplayMath(source) => {
                Event::InlineHtml(formula(&source, DisplayMode::Block).into())
            }
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            other => other,
        }
    });
    // A table that is wider than the screen is scrolled by itself.
    let events = without_foreign_attributes(events, page).flat_map(|event| match event {
        Event::Start(Tag::Table(_)) => {
            vec![Event::Html("<div class=\"scroll\" tabindex=\"0\">".into()), event]
        }
        Event::End(TagEnd::Table) => vec![event, Event::Html("</div>".into())],
        other => vec![other],
    });
    let mut text = String::new();
    pulldown_cmark::html::push_html(&mut text, events);
    PreEscaped(text)
}

/// A single paragraph without the element around it.
pub(crate) fn inline(markdown: &str, page: &dyn Fn(&str) -> Option<String>) -> Markup {
    let html = prose_with(markdown, page).into_string();
    let inside = html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    PreEscaped(inside.filter(|text| !text.contains("<p>")).map_or(html.clone(), str::to_owned))
}

/// Links of foreign statements may lead to pages, and say nothing else; code has no class.
fn without_foreign_attributes<'a>(
    events: impl Iterator<Item = Event<'a>>,
    page: &dyn Fn(&str) -> Option<String>,
) -> impl Iterator<Item = Event<'a>> {
    // Of the links that are open, whether each leads anywhere.
    let mut open = Vec::new();
    events.filter_map(move |event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            let tag = if let Some(inner) = page(&dest_url) {
                Some(html! { a href=(inner) {} })
            } else if leads_to_a_page(&dest_url) {
                Some(html! { a href=(dest_url) rel="noopener nofollow" {} })
            } else {
                None
            };
            open.push(tag.is_some());
            let tag = tag.map(Markup::into_string);
            tag.map(|tag| Event::InlineHtml(tag.trim_end_matches("</a>").to_owned().into()))
        }
        Event::End(TagEnd::Link) => {
            open.pop().unwrap_or(false).then(|| Event::InlineHtml("</a>".into()))
        }
        Event::Start(Tag::CodeBlock(_)) => {
            Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(CowStr::Borrowed("")))))
        }
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    })
}

/// Whether an address is one of the web, of a plain kind: nobody's name stands before the host.
fn leads_to_a_page(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
        host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.chars().all(plain)
            && rest.chars().all(|c| c.is_ascii_graphic() && c != '\\')
    })
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn formulas_become_mathml() {
        for formula in [
            r"f(x_N) - f^* \le \Bigl(1 - \frac{\mu}{L}\Bigr)^N \bigl(f(x_0) - f^*\bigr)",
            r"\min_{k\le N} \|\nabla f(x_k)\|^2 \le \frac{4 L \Delta}{3N+2}",
            r"\operatorname{argmin} f, \quad \mathbb{E}\,[x], \quad \langle x, y \rangle, \sqrt{\kappa}",
            r"\begin{cases} x & x < 1 \\ y & \text{else} \end{cases}",
        ] {
            let html = prose(&format!("$${formula}$$")).into_string();
            assert!(html.contains("<math") && !html.contains("<code>"), "{formula}: {html}");
        }
    }

    #[test]
    fn what_cannot_be_typeset_is_shown_as_its_source() {
        let html = prose(r"$\nosuchcommand{x}$").into_string();
        assert!(html.contains(r"<code>\nosuchcommand{x}</code>"), "{html}");
    }

    #[test]
    fn no_text_takes_long() {
        let began = std::time::Instant::now();
        for part in [
            ">", "[", "*", "_a", "`", "![", "$", "$$", "{", "$x{", "- ", "<", "&", "|", "\\",
            "\n> - ", "$x^",
        ] {
            for markdown in [part.repeat(99_000 / part.len()), part.repeat(100_000)] {
                let _ = prose(&markdown);
            }
        }
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }

    #[test]
    fn foreign_markup_is_text() {
        let html = prose("<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](http://e/z)");
        let html = html.into_string();
        assert!(!html.contains("<script") && !html.contains("javascript"), "{html}");
        assert!(!html.contains("<img"), "{html}");
    }

    #[test]
    fn links_lead_to_pages_and_say_nothing_else() {
        let html = prose(
            "[a](https://example.org/x?y=1 \"title\") [b](http://me@evil.org) [c](data:text/html,x) \
             [d](//evil.org) [e](../up.html) <https://plain.org>\n\n```evil\nlet x = 1;\n```",
        );
        let html = html.into_string();
        assert!(
            html.contains(
                "<a href=\"https://example.org/x?y=1\" rel=\"noopener nofollow\">a</a> b c d e"
            ),
            "{html}"
        );
        assert!(html.contains("plain.org</a>") && html.contains("<pre><code>let"), "{html}");
        assert!(!html.contains("title") && !html.contains("class"), "{html}");
    }
}
