//! Markdown with formulas as HTML with MathML.

mod formula;

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, Options, Parser};
use pulldown_latex::config::DisplayMode;

use formula::formula;

/// No statement is nearly as long: what is, is shown as it is.
const LONGEST: usize = 100_000;

/// Renders Markdown; formulas stand between `$` or `$$`. Raw HTML is shown as text: evidence may
/// come from anywhere.
pub(crate) fn prose(markdown: &str) -> Markup {
    if markdown.len() > LONGEST {
        return html! { pre { (markdown) } };
    }
    let events =
        Parser::new_ext(markdown, Options::ENABLE_MATH | Options::ENABLE_TABLES).map(|event| {
            match event {
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
    let mut text = String::new();
    pulldown_cmark::html::push_html(&mut text, without_dangerous_links(events));
    PreEscaped(text)
}

/// Links of foreign statements may lead to pages, not run anything.
fn without_dangerous_links<'a>(
    events: impl Iterator<Item = Event<'a>>,
) -> impl Iterator<Item = Event<'a>> {
    events.map(|event| match event {
        Event::Start(pulldown_cmark::Tag::Link { link_type, dest_url, title, id }) => {
            let harmless = ["https://", "http://", "#"];
            let dest_url = if harmless.iter().any(|start| dest_url.starts_with(start)) {
                dest_url
            } else {
                CowStr::Borrowed("#")
            };
            Event::Start(pulldown_cmark::Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(pulldown_cmark::Tag::Image { .. })
        | Event::End(pulldown_cmark::TagEnd::Image) => Event::Text(CowStr::Borrowed("")),
        other => other,
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
}
