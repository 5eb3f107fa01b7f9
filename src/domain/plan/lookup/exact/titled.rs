//! The one function that a title names as code writes it, and the type that the issue's code is about.

use crate::domain::brief::Brief;
use crate::domain::plan::lookup::THROWN;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::{terms, words};

/// Least letters of a name that is looked for without its owner.
const TELLING: usize = 10;

/// Where the body of the one function stands that the title names.
pub(super) fn function(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let named = mentions::mentions(&brief.title).into_iter().filter(|one| one.kind == MentionKind::Symbol);
    let mut found: Vec<(Place, String)> = Vec::new();
    for one in named.take(4) {
        let whole = one.text.split('(').next().unwrap_or_default();
        let own = whole.rsplit([':', '.', '#', '>']).next().unwrap_or_default();
        let coined = own.trim_matches('_').contains('_') || HUMPS.is_in(own);
        let is_telling = coined && own.len() >= TELLING && !own.starts_with(char::is_uppercase);
        if !is_telling || THROWN.is_in(own) {
            continue;
        }
        // A declaration and its body are one function.
        let (declared, bodies): (Vec<Place>, Vec<Place>) =
            places.defining(own).into_iter().partition(|place| is_declaration(places, place));
        let defined = if bodies.is_empty() { declared } else { bodies };
        if let [only] = defined.as_slice() {
            found.push((only.clone(), own.to_owned()));
        }
    }
    match found.as_slice() {
        [(place, name)] => {
            vec![Likely { place: place.clone(), because: format!("defines {}", words::code(name)) }]
        }
        _ => Vec::new(),
    }
}

static HUMPS: Pattern = Pattern::new(r"(?-i:[a-z][A-Z])");

/// Ends what is defined there before a body begins?
fn is_declaration(places: &Places<'_>, place: &Place) -> bool {
    let lines = places.text(&place.path).zip(place.line).map(|(text, line)| text.lines().skip(line - 1));
    let end = lines.and_then(|lines| lines.take(8).flat_map(str::chars).find(|c| matches!(c, '{' | ';')));
    end == Some(';') && matches!(places::ending(&place.path), "h" | "hh" | "hpp" | "hxx" | "ts")
}

/// The file of the one type of the issue's code whose name has a word of the title.
pub(super) fn of_code(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let titled = words::nouns(&brief.title);
    let project = places.snapshot.repository.name.to_lowercase();
    let blocks = reading.blocks.iter().take(reading.own_blocks).take(20);
    let names = blocks.flat_map(|block| terms::names(&block.text).take(2_000));
    let mut found: Vec<(&str, &str)> = Vec::new();
    for name in names.filter(|name| is_type(name)) {
        let shares = words::nouns(&places::split_camel(name))
            .iter()
            .any(|word| *word != project && titled.contains(word));
        let Some(path) = places.type_file(name).filter(|path| places::is_product(path) && shares) else {
            continue;
        };
        if !found.iter().any(|(_, seen)| *seen == path) {
            found.push((name, path));
        }
    }
    match found.as_slice() {
        [(name, path)] => {
            let place = Place { line: places.definition(path, name), ..places::existing(path) };
            vec![Likely {
                place,
                because: format!("defines {}, which the issue's code uses", words::code(name)),
            }]
        }
        _ => Vec::new(),
    }
}

/// A name of two words or more that begins as types do.
fn is_type(name: &str) -> bool {
    let large = name.chars().filter(|c| c.is_uppercase()).count();
    name.starts_with(char::is_uppercase)
        && large > 1
        && name.chars().any(char::is_lowercase)
        && !name.contains('_')
        && !THROWN.is_in(name)
}
