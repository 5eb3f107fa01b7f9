//! One line of text inside Markdown, with nothing in it that Markdown or GitHub would act on.

use super::{one_line, visible::visible};

/// Keeps what follows from being read as a mention, a reference or a link; takes no room on the screen.
const BREAK: char = '\u{200B}';

/// Text as one line of Markdown, safe in a paragraph, a heading, a list item or a table cell.
///
/// Markdown's own characters are escaped; mentions, references (and with them closing keywords) and bare links are broken.
pub fn inline(text: &str) -> String {
    let text = decode_triggers(&one_line(&visible(text)));
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let rest = escape_start(&text, &mut out);
    let start = text.len() - rest.len();
    for (at, c) in rest.char_indices() {
        let (before, after) = (&text[..start + at], &rest[at + c.len_utf8()..]);
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' => out.extend(['\\', c]),
            // Behind the dot it would come too late: `www.` alone begins a link.
            '.' if ends_with_word(before, "www") => out.extend([BREAK, c]),
            _ if needs_break(before, c, after) => out.extend([c, BREAK]),
            _ => out.push(c),
        }
    }
    out
}

/// Escapes what would begin a heading, a list, a rule or a table at the start of a line; returns what is left to do.
fn escape_start<'a>(text: &'a str, out: &mut String) -> &'a str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = &text[digits..];
    match mark.chars().next() {
        Some('.' | ')') if digits > 0 => {
            out.push_str(&text[..digits]);
            out.push('\\');
            out.push_str(&mark[..1]);
            &mark[1..]
        }
        Some('#' | '+' | '-' | '=' | ':') if digits == 0 => {
            out.push('\\');
            text
        }
        _ => text,
    }
}

fn needs_break(before: &str, c: char, after: &str) -> bool {
    let digit_follows = || after.chars().next().is_none_or(|next| next.is_numeric());
    match c {
        '@' => true,
        '#' => digit_follows(),
        '-' => ends_with_word(before, "gh") && digit_follows(),
        ':' => after.starts_with("//"),
        _ => false,
    }
}

/// Whether `text` ends with `word` in any case.
fn ends_with_word(text: &str, word: &str) -> bool {
    text.len()
        .checked_sub(word.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Entities that stand for `@`, `#` and `:` become those characters, so that they are broken like the others.
fn decode_triggers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match trigger(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character and the length of an entity at the start of `text` that stands for `@`, `#` or `:`.
fn trigger(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 32;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => {
            if number.contains('+') {
                return None; // a sign is no part of an entity, but of what `parse` accepts
            }
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).filter(|c| matches!(c, '@' | '#' | ':'))?
        }
        None => match name {
            "commat" => '@',
            "num" => '#',
            "colon" => ':',
            _ => return None,
        },
    };
    Some((c, end + 1))
}
