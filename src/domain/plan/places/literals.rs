//! Where a message that people saw stands in the sources.

use crate::domain::plan::model::Place;
use crate::domain::plan::places::{LINE, Places, definitions, existing};
use crate::domain::plan::words;

/// Words of a message that are compared.
const WORDS: usize = 14;
/// So many words in a row, and so many letters, are no accident.
const RUN: usize = 3;
const LETTERS: usize = 18;
/// Letters of two words that stand whole at the beginning of a text.
const SHORT: usize = 12;
/// A message in more files than these names no place.
const FILES: usize = 2;
/// In more lines than these, code names no place.
const LINES: usize = 4;

impl Places<'_> {
    /// The one or two sources that hold a message, with the part they hold: what a program fills in is left out, so
    /// the longest run of its words counts. Two words are looked for whole, and as the beginning of a text alone.
    pub fn saying(&self, message: &str) -> Vec<(Place, String)> {
        let starts: Vec<(usize, usize)> = spans(message).take(WORDS).collect();
        if starts.len() == 2 {
            return self.beginning(message.trim_matches(is_mark));
        }
        let product = || self.sources.iter().copied();
        for length in (RUN..=starts.len()).rev() {
            for run in starts.windows(length) {
                let (Some((from, _)), Some((_, to))) = (run.first(), run.last()) else { continue };
                let part = message.get(*from..*to).unwrap_or_default().trim_matches(is_mark);
                if part.len() < LETTERS {
                    continue;
                }
                let found = product().filter_map(|(path, text)| Some((path, line(text, part)?)));
                let found: Vec<_> = found.take(FILES + 1).collect();
                match found.len() {
                    0 => {}
                    1..=FILES => return made(found, part),
                    _ => return Vec::new(),
                }
            }
        }
        Vec::new()
    }

    /// The one line of all sources that has these texts between quotes, in their order; none where another has them, too.
    pub fn printing(&self, parts: &[&str]) -> Option<Place> {
        let holds = |line: &str| {
            let before = parts.first().and_then(|part| line.split_once(part)).map(|(before, _)| before);
            let mut rest = Some(line);
            for part in parts {
                rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, after)| after);
            }
            let quoted = before.is_some_and(|before| before.contains(['"', '\'', '`']));
            quoted && rest.is_some() && !is_comment(line)
        };
        let has = |source: &str| parts.iter().all(|part| words::holds(source, part));
        let sources = self.sources.iter().filter(|(_, source)| has(source));
        let mut found = sources.flat_map(|(path, source)| {
            let lines = source.lines().enumerate().filter(|(_, line)| line.len() < LINE && holds(line));
            lines.map(|(at, _)| Place { line: Some(at + 1), ..existing(path) })
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// The one or two sources that hold a tag, or name a variable of the environment, with what they hold.
    pub fn spelling(&self, name: &str) -> Vec<(Place, String)> {
        // Code that looks for a tag leaves room for its attributes; a variable stands in quotes.
        let forms: Vec<(String, String)> = match name.strip_prefix('$') {
            // An entry of a list only names it.
            Some(bare) => {
                let quoted = ["(\"*\"", "('*'", "[\"*\"", "['*'", "env.*"];
                quoted.map(|form| (form.replace('*', bare), bare.to_owned())).to_vec()
            }
            None => {
                let open = name.trim_end_matches('>').to_owned();
                vec![
                    (name.to_owned(), name.to_owned()),
                    (format!("{open}\""), open.clone()),
                    (format!("{open} "), open),
                ]
            }
        };
        let product = || self.sources.iter().copied();
        for (form, told) in forms {
            let found = product().filter_map(|(path, text)| Some((path, line(text, &form)?)));
            let found: Vec<_> = found.take(FILES + 1).collect();
            match found.len() {
                0 => {}
                1..=FILES => return made(found, &told),
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }

    /// The source that holds code, and its lines: the one that is named, else the only one. None where too many lines do.
    pub fn holding(&self, code: &str, named: Option<&str>) -> Option<(&str, Vec<usize>)> {
        let holds = |(_, line): &(usize, &str)| line.contains(code) && !is_comment(line);
        let found =
            self.sources.iter().filter(|(_, text)| words::holds(text, code)).filter_map(|(path, text)| {
                let lines: Vec<usize> =
                    text.lines().enumerate().filter(holds).map(|(at, _)| at + 1).collect();
                (!lines.is_empty()).then_some((*path, lines))
            });
        let mut found: Vec<(&str, Vec<usize>)> = found.collect();
        if found.len() > 1 {
            found.retain(|(path, _)| Some(*path) == named);
        }
        found.pop().filter(|(_, lines)| lines.len() <= LINES)
    }

    /// The one line of code that has this code, both without their blanks.
    pub fn coding(&self, code: &str, close: fn(&str) -> String) -> Option<Place> {
        let names = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let longest = names.max_by_key(|name| name.len())?;
        let holds = |line: &str| {
            line.contains(longest) && line.len() < LINE && !is_comment(line) && close(line).contains(code)
        };
        let mut found = self.sources.iter().flat_map(|(path, text)| {
            let lines = text.lines().enumerate().filter(|(_, line)| holds(line));
            lines.map(|(at, _)| Place { line: Some(at + 1), ..existing(path) })
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// The one or two sources whose code has a name: one in capitals in any case, since code writes it so.
    pub fn having(&self, name: &str) -> Vec<Place> {
        let small = name.to_lowercase();
        let forms: Vec<&str> =
            if name.chars().any(char::is_lowercase) { vec![name] } else { vec![name, &small] };
        let holds = |line: &str| {
            let has = |form: &&str| line.contains(form) && definitions::position(line, form).is_some();
            line.len() < LINE && forms.iter().any(has) && !is_comment(line)
        };
        let found = self.sources.iter().filter_map(|(path, text)| {
            forms.iter().any(|form| words::holds(text, form)).then_some(())?;
            let line = text.lines().position(holds)? + 1;
            Some(Place { line: Some(line), ..existing(path) })
        });
        let found: Vec<Place> = found.take(FILES + 1).collect();
        if found.len() > FILES { Vec::new() } else { found }
    }

    /// The one line in which a text in quotes begins with a prefix and something made up follows.
    pub fn prefixing(&self, prefix: &str) -> Option<Place> {
        let forms = ['"', '\'', '`'].map(|mark| format!("{mark}{prefix}"));
        let begins = |line: &str| {
            let mut behind = forms.iter().filter_map(|form| Some(line.split_once(form.as_str())?.1));
            let made_up = behind.any(|rest| rest.starts_with(['"', '\'', '`', '$', '{', '%', '#']));
            made_up && !is_comment(line) && line.len() < LINE
        };
        let sources = self.sources.iter().filter(|(_, text)| words::holds(text, prefix));
        let mut found = sources.flat_map(|(path, text)| {
            let lines = text.lines().enumerate().filter(|(_, line)| begins(line));
            lines.map(|(at, _)| Place { line: Some(at + 1), ..existing(path) })
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// The sources in which a text in quotes begins with these words.
    fn beginning(&self, words: &str) -> Vec<(Place, String)> {
        if words.len() < SHORT || !words.chars().all(|c| c.is_alphabetic() || c == ' ') {
            return Vec::new();
        }
        let quoted = ['"', '\'', '`'].map(|mark| format!("{mark}{words}"));
        let found = self
            .sources
            .iter()
            .filter_map(|(path, text)| Some((*path, quoted.iter().find_map(|quoted| line(text, quoted))?)));
        let found: Vec<_> = found.take(FILES + 1).collect();
        if found.len() > FILES { Vec::new() } else { made(found, words) }
    }
}

fn made(found: Vec<(&str, usize)>, part: &str) -> Vec<(Place, String)> {
    let place = |(path, line): (&str, usize)| Place { line: Some(line), ..existing(path) };
    found.into_iter().map(|found| (place(found), part.to_owned())).collect()
}

/// The first line of code that holds a text.
fn line(text: &str, part: &str) -> Option<usize> {
    if !words::holds(text, part) {
        return None;
    }
    text.lines().position(|line| line.contains(part) && !is_comment(line)).map(|at| at + 1)
}

/// A line of text for people.
pub fn is_comment(line: &str) -> bool {
    let start = line.trim_start();
    let marked = ["//", "# ", "* ", "*/", "/*", "--", "<!--"].iter().any(|mark| start.starts_with(mark));
    marked || start == "*" || start == "#"
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '.' | ',' | ':' | ' ')
}

/// Begin and end of each word.
fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |word| {
        let from = at;
        at += word.len() + text.get(from + word.len()..)?.chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((from, from + word.len()))
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_message_stands_where_its_longest_constant_part_is_found_once() {
        let files = [
            (
                "src/router.go",
                "package web\n// attempting to mount a handler\npanic(fmt.Sprintf(\"attempting to mount a handler on %s\", at))\n",
            ),
            ("src/other.go", "package web\n// attempting to mount a handler on /x\n"),
            ("src/a.js", "throw new Error('twice the same words here')\n"),
            ("src/b.js", "throw new Error('twice the same words here')\n"),
            ("src/c.js", "fail('unknown deed: ' + deed)\nfail('three times the same words')\n"),
            ("src/d.js", "fail('three times the same words')\n"),
            ("src/e.js", "fail('three times the same words')\n"),
            ("tests/all.js", "expect('only in the test of it')\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let said = |message: &str| {
            let found = places.saying(message).into_iter();
            found.map(|(place, part)| (place.path, place.line, part)).collect::<Vec<_>>()
        };
        let found = said("panic: attempting to mount a handler on '/api'");
        assert_eq!(found, [("src/router.go".into(), Some(3), "attempting to mount a handler on".into())]);
        assert_eq!(said("Error: twice the same words here").len(), 2);
        assert_eq!(said("Error: three times the same words"), []);
        assert_eq!(said("only in the test of it"), []);
        assert_eq!(said("unknown deed"), [("src/c.js".into(), Some(1), "unknown deed".into())]);
        assert_eq!(said("words here"), [], "two words count at the beginning of a text alone");
        assert_eq!(said("ü"), []);
    }

    #[test]
    fn a_tag_and_a_variable_are_found_as_code_writes_them() {
        let files = [
            ("src/inject.rb", "# <head> is special\nif line[\"<head\"]\n"),
            ("src/page.rb", "SHOWN = [\n\"PAGER\",\n]\nshow ENV[\"PAGER\"]\nputs '<td>'\n"),
            ("src/a.rb", "puts '<td>'\n"),
            ("src/b.rb", "puts '<td>'\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let found = |name: &str| {
            let found = places.spelling(name).into_iter();
            found.map(|(place, part)| (place.path, place.line, part)).collect::<Vec<_>>()
        };
        assert_eq!(found("<head>"), [("src/inject.rb".into(), Some(2), "<head".into())]);
        assert_eq!(found("$PAGER"), [("src/page.rb".into(), Some(4), "PAGER".into())]);
        assert_eq!(found("<td>"), [], "in three files it names no place");
        assert_eq!(found("$HOME"), []);
    }
}
