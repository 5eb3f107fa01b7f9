//! A new thing of a kind of which the tree has others: the files of those that the issue names, and where they are listed.

use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// A new thing beside others of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siblings {
    /// What the new one is called, as its file says it.
    pub name: String,
    /// What the others are called.
    pub others: [String; 2],
    /// The file of the first of them.
    pub model: String,
    /// The new file, beside theirs.
    pub new: Place,
    /// Where the others are listed.
    pub registry: Option<Place>,
}

/// Two that are there, behind a word that says so.
static THERE: Pattern = Pattern::new(
    r"\b(?:besides|in addition to|alongside|next to|over|beyond|like|such as|similar to|existing|available|supported|supports|already|currently|only)\b[^.\n]{0,60}?\W`?(\w[\w-]*)`?(?:, `?\w[\w-]*`?)*,? (?:and|or|&) (?:the )?`?(\w[\w-]*)`?",
);
/// What is to come.
static ADDS: Pattern = Pattern::new(
    r"(?:^|[\s:(])(?:add(?:ing)?|introduc(?:e|ing)|implement(?:ing)?|provid(?:e|ing)|create|support(?:ing)?(?: for)?|new)\s+(?:support for )?(?:an? |the |another )?(?:new )?(\S.*)$",
);
/// What ends the name of a thing.
static LINKS: Pattern = Pattern::new(
    r"^(?:to|for|in|of|on|with|by|from|the|an?|and|or|that|which|so|as|if|when|like|besides?|alongside|over)$",
);
/// What ends it in favor of others of its kind.
static LIKE: Pattern = Pattern::new(r"^(?:like|besides?|alongside)$");
/// Most words of a name.
const WORDS: usize = 4;
/// So many lines apart, two names are entries of one list.
const LIST: usize = 12;

/// The new thing that an issue wants beside two that it names, where the tree has a file for each of these.
pub fn find(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Option<Siblings> {
    if reading.tells_fault {
        return None;
    }
    let own = reading.own();
    let texts: Vec<&str> =
        std::iter::once(brief.title.as_str()).chain(own.map(|said| said.text.as_str())).collect();
    let pairs = texts.iter().filter_map(|text| {
        let found = THERE.captures(text)?;
        Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
    });
    pairs.filter(|(first, second)| first != second).take(8).find_map(|pair| {
        let (model, other) = family(places, pair)?;
        let kind = kind(model, pair.0);
        let name = texts.iter().find_map(|text| wanted(text, &kind))?;
        let path = renamed(model, pair.0, &name)?;
        let is_free = !places.has(&path) && !places.is_hidden(&path);
        let new = Place { path, new: true, beside: Some(model.to_owned()), line: None };
        let registry = registry(places, pair, (model, other));
        is_free.then(|| Siblings {
            name,
            others: [pair.0.to_lowercase(), pair.1.to_lowercase()],
            model: model.to_owned(),
            new,
            registry,
        })
    })
}

/// What a file's name says beside the name of the thing; `*` stands for that.
fn rest(path: &str, name: &str) -> Option<String> {
    let stem = places::stem(places::name(path));
    let parts: Vec<String> = places::split_camel(stem).split(' ').map(str::to_lowercase).collect();
    let at = parts.iter().position(|part| *part == name.to_lowercase())?;
    let shown = parts.iter().enumerate().map(|(index, part)| if index == at { "*" } else { part.as_str() });
    Some(shown.collect::<Vec<_>>().join(" "))
}

/// Two sources of one folder that are called alike but for the two names; nothing where there are several such pairs.
fn family<'a>(places: &Places<'a>, (first, second): (&str, &str)) -> Option<(&'a str, &'a str)> {
    let own = |path: &&str| places::is_source(path) && !places::is_test(path) && !places::is_aside(path);
    let named = |name: &str| {
        let of = |path: &'a str| Some((path, rest(path, name)?));
        places.files().filter(own).filter_map(of).collect::<Vec<_>>()
    };
    let (ones, others) = (named(first), named(second));
    let mut found = ones.iter().flat_map(|(one, said)| {
        let alike = others.iter().filter(move |(other, also)| {
            said == also
                && places::folder(one) == places::folder(other)
                && places::ending(one) == places::ending(other)
        });
        alike.map(|(other, _)| (*one, *other)).collect::<Vec<_>>()
    });
    found.next().filter(|_| found.next().is_none())
}

/// What such things are: what else the name of the file says, else its folder.
fn kind(model: &str, name: &str) -> String {
    let said = rest(model, name).unwrap_or_default().replace('*', "").trim().to_owned();
    match said.split_whitespace().next_back() {
        Some(last) => last.to_owned(),
        None => words::singular(&places::name(places::folder(model)).to_lowercase()).to_owned(),
    }
}

/// The name of the new thing: `key value` of `Add a key value encoder`, or `toml` of `Support toml, like …`.
fn wanted(text: &str, kind: &str) -> Option<String> {
    let mut named: Vec<&str> = Vec::new();
    let mut said = ADDS.first(text, 1)?.split_whitespace().peekable();
    while let Some(word) = said.next() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let ends = word.ends_with(['.', ',', ';', ':', '!', '?', ')']);
        let next = said.peek().copied();
        if bare.eq_ignore_ascii_case(kind) {
            // `Add an encoder limit` adds no encoder.
            let whole = ends || next.is_none_or(|next| LINKS.is_in(next));
            return (whole && !named.is_empty()).then(|| named.join("_").to_lowercase().replace('-', "_"));
        }
        if named.is_empty() && next.is_some_and(|next| LIKE.is_in(next)) {
            return Some(bare.to_lowercase().replace('-', "_"));
        }
        if ends || LINKS.is_in(bare) || named.len() == WORDS {
            return None;
        }
        named.push(bare);
    }
    None
}

/// The path of the first with the name of the new one, written as the first is.
fn renamed(model: &str, old: &str, name: &str) -> Option<String> {
    let file = places::name(model);
    let at = file.to_lowercase().find(&old.to_lowercase())?;
    let here = file.get(at..at + old.len())?;
    let new = match here.chars().next() {
        Some(c) if c.is_uppercase() => name.split('_').map(words::capitalized).collect(),
        _ if file.contains('-') => name.replace('_', "-"),
        _ => name.to_owned(),
    };
    let file = format!("{}{new}{}", file.get(..at)?, file.get(at + old.len()..)?);
    Some(places::within(places::folder(model), &file))
}

/// The one source that lists both, by their names in quotes or by their files.
fn registry(places: &Places<'_>, pair: (&str, &str), files: (&str, &str)) -> Option<Place> {
    let stems = (places::stem(places::name(files.0)), places::stem(places::name(files.1)));
    let quoted =
        |name: &str| ['"', '\'', '`'].map(|mark| format!("{mark}{}{mark}", name.to_lowercase())).to_vec();
    let by_name = (quoted(pair.0), quoted(pair.1));
    let by_file = (
        vec![format!("{};", stems.0), format!("/{}", stems.0)],
        vec![format!("{};", stems.1), format!("/{}", stems.1)],
    );
    [by_name, by_file].into_iter().find_map(|(first, second)| {
        let product = places.snapshot.files.iter().filter(|(path, _)| {
            let own = *path != files.0 && *path != files.1;
            own && places::is_source(path) && !places::is_test(path) && !places::is_aside(path)
        });
        let mut found = product.filter_map(|(path, text)| Some((path, listed(text, &first, &second)?)));
        let (path, line) = found.next().filter(|_| found.next().is_none())?;
        Some(Place { line: Some(line), ..places::existing(path) })
    })
}

/// The line of the first of two entries that stand close together.
fn listed(text: &str, first: &[String], second: &[String]) -> Option<usize> {
    let at = |forms: &[String]| {
        let holds =
            |line: &str| !places::is_comment(line) && forms.iter().any(|form| line.contains(form.as_str()));
        text.lines().enumerate().filter(|(_, line)| holds(line)).map(|(at, _)| at + 1).collect::<Vec<_>>()
    };
    let (ones, others) = (at(first), at(second));
    let close = ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other)));
    close.filter(|(one, other)| one.abs_diff(*other) <= LIST).map(|(one, other)| one.min(other)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_new_thing_stands_before_its_kind_or_before_what_it_is_like() {
        assert_eq!(wanted("Adding a comma separated writer.", "writer").as_deref(), Some("comma_separated"));
        assert_eq!(wanted("Support `toml` like the others", "writer").as_deref(), Some("toml"));
        for other in [
            "Add a limit to the writer",
            "Add a csv writer limit",
            "Add a way to flush, as the csv writer does",
            "The new one writes more than a writer",
        ] {
            assert_eq!(wanted(other, "writer"), None, "{other}");
        }
    }
}
