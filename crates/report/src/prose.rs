//! Markdown with formulas as HTML with MathML.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, Options, Parser};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{RenderConfig, Storage, push_mathml};

/// Renders Markdown; formulas stand between `$` or `$$`. Raw HTML is shown as text: evidence may
/// come from anywhere.
pub(crate) fn prose(markdown: &str) -> Markup {
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

/// A formula as MathML; what cannot be typeset is shown as its source.
fn formula(source: &str, display_mode: DisplayMode) -> String {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = pulldown_latex::Parser::new(source, &storage).collect();
    let mut typeset = String::new();
    let done = events.is_ok_and(|events| {
        let config =
            RenderConfig { display_mode, annotation: Some(source), ..RenderConfig::default() };
        let events = events.into_iter().map(Ok::<_, std::fmt::Error>);
        push_mathml(&mut typeset, events, config).is_ok()
    });
    let content = if done {
        PreEscaped(typeset)
    } else {
        html! { code { (source) } }
    };
    match display_mode {
        DisplayMode::Inline => content.into_string(),
        DisplayMode::Block => html! { span .display { (content) } }.into_string(),
    }
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
    fn foreign_markup_is_text() {
        let html = prose("<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](http://e/z)");
        let html = html.into_string();
        assert!(!html.contains("<script") && !html.contains("javascript"), "{html}");
        assert!(!html.contains("<img"), "{html}");
    }
}
