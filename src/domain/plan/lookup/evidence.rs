//! What speaks for a place that nobody named.

use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::{Origin, Reading};
use crate::domain::plan::words;

/// Looks for one kind of evidence.
type Kind = fn(&Brief, &Reading, &Places<'_>) -> Vec<Likely>;

/// The strongest first: the first that finds something decides.
pub(super) const KINDS: [Kind; 6] = [proposed, literal, spelled, overridden, option_in_use, pointed];

/// The type of which a comment names something that is not there yet.
fn proposed(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let said = reading.left_open.iter().chain(&reading.talk).filter(|said| said.by.is_some());
    let found = said.flat_map(|said| mentions::mentions(&said.text)).find_map(|mention| {
        let is_new =
            mention.code && mention.kind == MentionKind::Symbol && places.symbol(&mention.text).is_none();
        Some((places.owner(&mention.text).filter(|_| is_new)?, mention.text))
    });
    let told = |(place, name): (Place, String)| {
        let verb = if place.line.is_some() { "defines" } else { "is called like" };
        let because = format!("{verb} the type of {}, which is not there yet", words::code(&name));
        Likely { place, because }
    };
    found.into_iter().map(told).collect()
}

/// Sources that hold a message of the issue.
fn literal(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let said = clues::messages(brief, reading);
    let found = said.iter().map(|message| places.saying(message)).find(|found| !found.is_empty());
    let told = |(place, part): (Place, String)| {
        let because = format!("holds {}", words::quoted(&words::shorten(&part, 60)));
        Likely { place, because }
    };
    found.unwrap_or_default().into_iter().map(told).collect()
}

/// Sources that hold a tag or a variable which the issue writes as it stands in code.
fn spelled(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let names = clues::literals(brief, reading);
    let found = names.iter().map(|name| places.spelling(name)).find(|found| !found.is_empty());
    let told =
        |(place, part): (Place, String)| Likely { place, because: format!("holds {}", words::code(&part)) };
    found.unwrap_or_default().into_iter().map(told).collect()
}

/// The method that the issue's code overrides.
fn overridden(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let blocks = reading.blocks.iter().take(20);
    let found = blocks.filter_map(|block| places.overridden(&block.text)).next();
    let told = |(place, name): (Place, String)| Likely {
        place,
        because: format!("defines {}, which the issue's code overrides", words::code(&name)),
    };
    found.into_iter().map(told).collect()
}

/// Where an option takes effect that a report complains of.
fn option_in_use(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if !reading.demands.iter().any(|demand| demand.origin == Origin::Report) {
        return Vec::new();
    }
    let options = mentions::mentions(&brief.title).into_iter().flat_map(|mention| match mention.kind {
        MentionKind::Flag => vec![mention.text],
        _ => OPTIONS.all(&mention.text, 1).into_iter().map(str::to_owned).collect(),
    });
    let written = OPTIONS.all(&brief.title, 1).into_iter().map(str::to_owned);
    let mut all = options.chain(written);
    let found =
        all.find_map(|option| Some((places.using(&option), option)).filter(|(found, _)| !found.is_empty()));
    let Some((found, option)) = found else { return Vec::new() };
    let because = format!("holds the name of {}", words::code(&option));
    found.into_iter().map(|place| Likely { place, because: because.clone() }).collect()
}

static OPTIONS: Pattern = Pattern::new(r"(?:^|[\s`\x22'(])(--[a-z][a-z0-9-]+)");

/// What the names of the issue and the words of its title point to.
fn pointed(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    places.likely(&clues::of(brief, reading), &clues::title_words(brief))
}
