//! Formulas as MathML, and nothing else.

use maud::{PreEscaped, html};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{RenderConfig, Storage, push_mathml};

/// No formula of a statement is nearly as long, or as deep: what is, is shown as its source.
const LONGEST: usize = 4000;
const DEEPEST: usize = 60;

/// A formula within a line whose source is longer may be wider than a narrow screen, and is scrolled there.
const LONG: usize = 60;

/// The elements that typeset formulas consist of.
const ELEMENTS: [&str; 30] = [
    "math",
    "semantics",
    "annotation",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "none",
    "mfrac",
    "msqrt",
    "mroot",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
    "menclose",
    "mstyle",
    "merror",
];
/// Their attributes, none of which can run or load anything.
const ATTRIBUTES: [&str; 21] = [
    "accent",
    "class",
    "columnalign",
    "columnlines",
    "depth",
    "display",
    "displaystyle",
    "encoding",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rspace",
    "stretchy",
    "style",
];
const MORE_ATTRIBUTES: [&str; 4] = ["scriptlevel", "symmetric", "voffset", "width"];

/// A formula as MathML; what cannot be typeset is shown as its source.
pub(super) fn formula(source: &str, display_mode: DisplayMode) -> String {
    let typeset = typeset(source, display_mode);
    let content = typeset.map_or_else(|| html! { code { (source) } }, PreEscaped);
    match display_mode {
        DisplayMode::Inline if source.len() > LONG => {
            html! { span .long tabindex="0" { (content) } }.into_string()
        }
        DisplayMode::Inline => content.into_string(),
        DisplayMode::Block => html! { span .display tabindex="0" { (content) } }.into_string(),
    }
}

/// The library writes the source of a formula, and some names in it, as they are: so the source is handed to it
/// escaped, and what comes out is looked through.
fn typeset(source: &str, display_mode: DisplayMode) -> Option<String> {
    if source.len() > LONGEST || depth(source) > DEEPEST {
        return None;
    }
    let storage = Storage::new();
    let apart = without_tags(source);
    let events: Vec<_> =
        pulldown_latex::Parser::new(&apart, &storage).collect::<Result<_, _>>().ok()?;
    let annotation = html! { (source) }.into_string();
    let config =
        RenderConfig { display_mode, annotation: Some(&annotation), ..RenderConfig::default() };
    let mut typeset = String::new();
    let events = events.into_iter().map(Ok::<_, std::fmt::Error>);
    push_mathml(&mut typeset, events, config).ok()?;
    mathml(&typeset)
}

/// With a blank after each `<`, which then begins no tag wherever it is written.
fn without_tags(source: &str) -> String {
    source.replace('<', "< ")
}

/// How many braces are open at once, at most.
fn depth(source: &str) -> usize {
    let mut open = 0usize;
    source.bytes().fold(0, |most, byte| {
        open = match byte {
            b'{' | b'[' | b'(' => open + 1,
            b'}' | b']' | b')' => open.saturating_sub(1),
            _ => open,
        };
        most.max(open)
    })
}

/// Elements that have a fixed number of children.
const SCRIPTS: [&str; 6] = ["msub", "msup", "msubsup", "munder", "mover", "munderover"];

/// The text if it consists of elements and attributes of formulas, properly nested, and of text between them, in which a
/// `<` is escaped. What the library gets wrong is mended: it puts the space before an operator into the element of the
/// operator's scripts, leaves out blanks between attributes, and gives the style of a fraction to a row.
fn mathml(text: &str) -> Option<String> {
    let mut written = String::with_capacity(text.len());
    // Names as they are read and as they are written.
    let mut open: Vec<(&str, &str)> = Vec::new();
    // Where an element of scripts begins that has no child yet.
    let mut scripts: Option<usize> = None;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        written += before;
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            written += "&lt;";
            rest = after;
            continue;
        }
        let (tag, after) = tag(after)?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let (_, name) = open.pop().filter(|(read, _)| *read == name)?;
            written.extend(["</", name, ">"]);
            scripts = None;
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        if !ELEMENTS.contains(&name) {
            return None;
        }
        let attributes = attributes_of_mathml(attributes)?;
        let styled = name == "mrow" && attributes.contains("displaystyle=");
        let out = if styled { "mstyle" } else { name };
        let end = if is_empty { " />" } else { ">" };
        let tag = ["<", out, &attributes, end].concat();
        if let Some(place) = scripts.filter(|_| name == "mspace" && is_empty) {
            written.insert_str(place, &tag);
            scripts = Some(place + tag.len());
            continue;
        }
        scripts = (SCRIPTS.contains(&name) && !is_empty).then_some(written.len());
        written += &tag;
        if !is_empty {
            open.push((name, out));
        }
    }
    open.is_empty().then(|| written + rest)
}

/// What stands before the `>` that ends the tag, and what after it. No value of an attribute holds one.
fn tag(text: &str) -> Option<(&str, &str)> {
    let (tag, after) = text.split_once('>')?;
    (!tag.contains('<')).then_some((tag, after))
}

/// Attributes in double quotes, with plain values, each after a blank.
fn attributes_of_mathml(mut attributes: &str) -> Option<String> {
    let mut written = String::new();
    loop {
        attributes = attributes.trim_start();
        if attributes.is_empty() {
            return Some(written);
        }
        let (name, after) = attributes.split_once("=\"")?;
        let known = [&ATTRIBUTES[..], &MORE_ATTRIBUTES].concat().contains(&name);
        // Only the name space of the root holds a colon that is not a property of style.
        let known = known || (name == "xmlns" && after.starts_with("http://www.w3.org/1998/Math/"));
        let (value, rest) = after.split_once('"').filter(|_| known)?;
        if value.contains("url") || value.contains('\\') {
            return None;
        }
        written.extend([" ", name, "=\"", value, "\""]);
        attributes = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_mathml_is_seen() {
        for fine in
            ["<math><mi>x</mi></math>", "<math display=\"block\"><mspace width=\"1em\" /></math>"]
        {
            assert!(mathml(fine).as_deref() == Some(fine), "{fine}");
        }
        assert_eq!(mathml("<math><mo><</mo></math>").unwrap(), "<math><mo>&lt;</mo></math>");
        for (library, mended) in [
            (
                r#"<msup><mspace width="1em" /><mi>sin</mi><mn>2</mn></msup>"#,
                r#"<mspace width="1em" /><msup><mi>sin</mi><mn>2</mn></msup>"#,
            ),
            (
                r#"<mo form="infix"stretchy="false">|</mo>"#,
                r#"<mo form="infix" stretchy="false">|</mo>"#,
            ),
            (
                r#"<mrow displaystyle="true"><mn>1</mn></mrow>"#,
                r#"<mstyle displaystyle="true"><mn>1</mn></mstyle>"#,
            ),
        ] {
            assert_eq!(mathml(library).as_deref(), Some(mended));
        }
        for foreign in [
            "<math><img src=x></math>",
            "<math><mi onclick=\"x\">x</mi></math>",
            "<math><mi style=\"background: url(x)\">x</mi></math>",
            "<math><mi>x</math>",
            "<math></math></math>",
            "<math",
            "<math><mi class=x>x</mi></math>",
            "<math xmlns=\"javascript:x\"></math>",
        ] {
            assert!(mathml(foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn nothing_in_a_formula_becomes_markup() {
        for source in [
            r"<img src=x onerror=alert(1)>",
            r"x </annotation></semantics></math><script>alert(1)</script>",
            r"\operatorname{<img src=x onerror=alert(1)>}",
            r"\text{<b onclick=alert(1)>}",
            r"\mathrm{<svg/onload=alert(1)>}",
            r#"\color{red" onload="alert(1)} x"#,
            r#"\textcolor{#fff" onload="x}{y}"#,
            r"\begin{array}{<b>} x \end{array}",
            r"\hspace{1em<b>} x",
            r"\tag{<i>} x",
            r"\&lt;img src=x\&gt; &#60;b&#62;",
            r"\def\x{<b>}\x",
            r"\operatorname{<merror>x</merror>}",
        ] {
            for mode in [DisplayMode::Inline, DisplayMode::Block] {
                let html = formula(source, mode);
                for tag in ["<img", "<script", "<b", "<svg", "<i>", "<merror", "onload=\"alert"] {
                    assert!(!html.contains(tag), "{source}: {html}");
                }
            }
        }
    }

    #[test]
    fn a_formula_without_end_is_shown_as_its_source() {
        for source in ["{".repeat(100_000), "{".repeat(1900) + &"}".repeat(1900), "x^".repeat(1500)]
        {
            let html = formula(&source, DisplayMode::Inline);
            assert!(html.contains("<code>"), "{html:.80}");
        }
    }
}
