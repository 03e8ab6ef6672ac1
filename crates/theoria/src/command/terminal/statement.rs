//! A statement in Markdown as text for the terminal.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{BOLD, formula, wrapped};

/// Renders Markdown with formulas; headings bold, paragraphs wrapped.
pub(crate) fn statement(markdown: &str) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut indent = "";
    for event in Parser::new_ext(markdown, Options::ENABLE_MATH) {
        match event {
            Event::Start(Tag::Heading { level, .. })
                if level != HeadingLevel::H1 && !text.ends_with("\n\n") =>
            {
                text.push('\n');
            }
            Event::End(TagEnd::Heading(_)) => {
                text += &format!("{BOLD}{}{BOLD:#}\n\n", paragraph.trim());
                paragraph.clear();
            }
            Event::Start(Tag::Item) => indent = "- ",
            Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                flush(&mut text, &mut paragraph, indent);
                if indent.is_empty() && !text.ends_with("\n\n") {
                    text.push('\n');
                }
            }
            Event::End(TagEnd::List(_)) => {
                indent = "";
                text.push('\n');
            }
            Event::Text(words) | Event::Code(words) => paragraph += &words,
            Event::InlineMath(source) => paragraph += &formula::inline(&source),
            Event::DisplayMath(source) => {
                flush(&mut text, &mut paragraph, indent);
                if !text.ends_with("\n\n") {
                    text.push('\n');
                }
                for line in formula::display(&source).lines() {
                    text += &format!("    {line}\n");
                }
                text.push('\n');
            }
            Event::SoftBreak | Event::HardBreak => paragraph.push(' '),
            _ => {}
        }
    }
    text.trim_end().to_owned() + "\n"
}

fn flush(text: &mut String, paragraph: &mut String, indent: &str) {
    if !paragraph.trim().is_empty() {
        let hanging = " ".repeat(indent.len());
        *text += &wrapped(paragraph.trim(), indent, &hanging);
        text.push('\n');
    }
    paragraph.clear();
}

#[cfg(test)]
mod tests {
    use super::statement;

    #[test]
    fn markdown_with_formulas_becomes_wrapped_text() {
        let markdown = "# Title\n\nWords and $x \\le y$.\n\n## Hypotheses\n\n- first $L$\n- second\n\n\
                        ## Statement\n\n$$\\frac{a}{b}$$\n";
        let text = statement(markdown);
        assert!(text.contains("Words and x ≤ y."), "{text}");
        assert!(text.contains("- first L\n- second\n"), "{text}");
        assert!(text.contains("    ───"), "{text}");
        assert!(!text.contains('$'), "{text}");
    }
}
