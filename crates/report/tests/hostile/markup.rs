//! Which elements and attributes a page consists of.

use std::collections::BTreeSet;

/// Elements, and attributes with their element; scripts; addresses that are loaded or led to.
#[derive(Debug, Default)]
pub(super) struct Markup {
    pub(super) names: BTreeSet<String>,
    pub(super) scripts: usize,
    pub(super) addresses: Vec<String>,
}

impl Markup {
    pub(super) fn add(&mut self, other: Markup) {
        self.names.extend(other.names);
        self.scripts += other.scripts;
        self.addresses.extend(other.addresses);
    }
}

/// What statements may become beside what the pages hold: Markdown's elements, and those of formulas.
pub(super) fn of_prose() -> Markup {
    let text = [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "em",
        "strong",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "ol start",
        "li",
        "a",
        "a href",
        "a rel",
        "hr",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "th style",
        "td style",
        "span",
        "span class",
        "span tabindex",
        // Formulas in legends.
        "i",
        "sub",
        "sup",
    ];
    let formulas = [
        "math",
        "semantics",
        "annotation",
        "mrow",
        "mi",
        "mn",
        "mo",
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
        "none",
    ];
    let attributes = [
        "accent",
        "class",
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
        "scriptlevel",
        "stretchy",
        "style",
        "symmetric",
        "voffset",
        "width",
    ];
    let of_formulas = formulas.iter().flat_map(|element| {
        attributes.iter().map(move |attribute| format!("{element} {attribute}"))
    });
    let plain = text.iter().chain(&formulas).map(|name| (*name).to_owned());
    Markup { names: plain.chain(of_formulas).collect(), ..Markup::default() }
}

/// A browser reads more than this does; but what this does not understand is a fault.
pub(super) fn markup_of(page: &str) -> Result<Markup, String> {
    let mut found = Markup::default();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").unwrap_or(page);
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(after) = after.strip_prefix('/') {
            rest = after.split_once('>').ok_or("a tag without an end")?.1;
            continue;
        }
        let end = after.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
        let (element, mut inside) = after.split_at(end.ok_or("an open tag")?);
        if !element.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(format!("<{element}> is no element"));
        }
        found.names.insert(element.into());
        loop {
            inside = inside.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if let Some(after) = inside.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = inside.find(|c: char| c.is_whitespace() || "=>/".contains(c));
            let (attribute, after) = inside.split_at(end.ok_or("an open tag")?);
            found.names.insert(format!("{element} {attribute}"));
            inside = after;
            if let Some(value) = after.strip_prefix('=') {
                let value = value.strip_prefix('"').ok_or_else(|| {
                    format!("<{element} {attribute}=...> is not in double quotes")
                })?;
                let (value, after) = value.split_once('"').ok_or("an open value")?;
                if value.contains('<') && !value.contains("&lt;") && attribute != "style" {
                    return Err(format!("<{element} {attribute}={value:?}>"));
                }
                if ["href", "src", "action", "xlink:href"].contains(&attribute) {
                    found.addresses.push(value.to_ascii_lowercase());
                }
                inside = after;
            }
        }
        // What these hold is no markup; they are ours whole.
        if ["script", "style"].contains(&element) {
            found.scripts += usize::from(element == "script");
            rest = rest.split_once(&format!("</{element}>")).ok_or("an open script or style")?.1;
        }
    }
    Ok(found)
}
