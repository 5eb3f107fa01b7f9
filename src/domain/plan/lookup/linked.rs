//! Lines of this repository that somebody links: whoever does shows where it lies, in whichever sentence it stands.

use super::{Lookups, again};
use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::source::{self, Link};
use crate::domain::plan::statement::Reading;

/// More files than these are a listing, and none of them is meant before the others.
const FILES: usize = 3;
/// Most comments that are read, and most lines of each text.
const COMMENTS: usize = 40;
const LINES: usize = 2_000;

/// What is linked as a model, or to say that it is all right.
static MODEL: Pattern = Pattern::new(
    r"\b(?:similar(?:ly)? to|just like|(?:is|was|are|as it is) done|the same way|in the way|the way (?:it|we|they)|as (?:in|an example|a reference)|for (?:example|instance|reference|comparison)|e\.g\.|inspired by|compare|unlike|instead of|docs?|documentation)\b",
);

impl Lookups {
    /// Remembers a source of which a line is linked, before all that are only named.
    pub(super) fn shown(&mut self, place: Place) {
        let source = places::is_source(&place.path) && !places::is_test(&place.path);
        if source {
            self.hints.retain(|seen| seen.path != place.path);
            let at = self.linked.min(self.hints.len());
            self.hints.insert(at, place);
            self.linked = at + 1;
        }
    }

    /// The lines that the issue's body links are places; those of comments are, where nothing else is named.
    pub(super) fn linked(&mut self, brief: &Brief, reading: &Reading, places: &Places<'_>) {
        let named = self.places.iter().any(|own| !own.is_empty());
        let own = found(&brief.body, places);
        if own.len() <= FILES {
            own.iter().for_each(|place| self.show(reading, place));
        }
        // Where nothing is named, what is linked is the place of all that is asked.
        let first = self.places.first().filter(|_| !named).cloned().unwrap_or_default();
        let empty = self.places.iter_mut().filter(|own| own.is_empty());
        empty.for_each(|own| own.clone_from(&first));
        if self.places.iter().any(|own| !own.is_empty()) {
            return;
        }
        let said = brief.comments.iter().filter(|said| !said.is_bot && !said.body.starts_with('/'));
        let mut likely: Vec<Likely> = Vec::new();
        for said in said.take(COMMENTS) {
            for place in found(&said.body, places) {
                if !likely.iter().any(|seen| seen.place.path == place.path) {
                    let because = format!("a comment of {} links it", said.author);
                    likely.push(Likely { place, because });
                }
            }
        }
        if likely.len() <= FILES {
            self.is_pinned |= !likely.is_empty();
            self.take(likely);
        }
    }

    /// Adds a place to what is asked first; of a file that is named already, the line that is linked tells more than the
    /// one of a definition.
    fn show(&mut self, reading: &Reading, place: &Place) {
        let (Some(own), Some(demand)) = (self.places.first_mut(), reading.demands.first()) else { return };
        match own.iter_mut().find(|seen| seen.path == place.path) {
            Some(seen) if demand.links.is_empty() => seen.line = place.line.or(seen.line),
            Some(_) => {}
            None => own.push(place.clone()),
        }
    }
}

/// The lines of the product that a text links, the first of each file.
fn found(text: &str, places: &Places<'_>) -> Vec<Place> {
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    let mut found: Vec<Place> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for link in source::linked(line).iter().filter(|link| link.line.is_some()) {
            let before =
                lines.get(..at).unwrap_or_default().iter().rev().find(|line| !line.trim().is_empty());
            let said = if is_alone(line) { before.copied().unwrap_or_default() } else { line };
            if MODEL.is_in(&plain(said)) {
                continue;
            }
            let Some(place) = place(places, link, (said, text)) else { continue };
            if !found.iter().any(|seen| seen.path == place.path) {
                found.push(place);
            }
        }
    }
    found
}

/// Does a line hold nothing but an address?
fn is_alone(line: &str) -> bool {
    !line.trim_start_matches([' ', '-', '*', '>']).trim_end().contains(char::is_whitespace)
}

/// What a line says beside the addresses in it.
fn plain(line: &str) -> String {
    let words = line.split_whitespace().filter(|word| !word.contains("://"));
    words.collect::<Vec<&str>>().join(" ")
}

/// Where it lies today: by its commit, by code of the same text, or by what its sentence says.
fn place(places: &Places<'_>, link: &Link, (said, text): (&str, &str)) -> Option<Place> {
    let path = Some(link).filter(|link| link.is_of(&places.snapshot.repository))?;
    let path = places.resolve(&path.path).filter(|path| places.has(path))?;
    if !places::is_product(path) || places.holds_tests(path) || places.is_beside(path) {
        return None;
    }
    let there = |line: &usize| places.text(path).is_none_or(|text| text.lines().count() >= *line);
    let line = link.line_today(places.snapshot).filter(there);
    let line = line.or_else(|| again::code(places, (path, link), text));
    let line = line.or_else(|| again::line(places, (path, link), said));
    Some(Place { line, ..places::existing(path) })
}

#[cfg(test)]
mod tests {
    use crate::domain::brief::Brief;
    use crate::domain::plan::tests::reading::said;
    use crate::domain::plan::tests::world::{comment, issue, planned, repository};

    const CORE: &str = "def moor(ship):\n    berth = ship.berth\n    return berth\n\n\ndef cut(text, lead):\n    \
        for row in text:\n        yield row[len(lead) :]\n";
    const FILES: [(&str, &str); 4] = [
        ("ferry/core.py", CORE),
        ("ferry/main.py", "def parse_margin(text):\n    return text.margin.rows\n"),
        ("ferry/deck.py", "class DeckPlan:\n    rows = 8\n"),
        ("tests/test_core.py", "def test_cut(): pass\n"),
    ];

    /// Path and line of the places of what is asked first.
    fn sited(brief: &Brief) -> Vec<(String, Option<usize>)> {
        let plan = planned(brief, &repository("acme/ferry", "5a1ad00", &FILES));
        plan.requirements[0].places.iter().map(|place| (place.path.clone(), place.line)).collect()
    }

    fn linking(body: &str) -> Brief {
        let brief = issue(4, "Rows of the margin come out cut", "The text `  a` comes out as `a`.");
        Brief { comments: vec![said("bo", "read", body)], ..brief }
    }

    const OLD: &str = "https://github.com/acme/ferry/blob/0ld0ld0/ferry/core.py";

    #[test]
    fn a_line_that_a_reader_links_is_the_place_where_its_code_stands_today() {
        let body =
            format!("The root cause is found: {OLD}#L3-L5\n\nIt is `row[len(lead): ]` that cuts them.");
        assert_eq!(sited(&linking(&body)), [("ferry/core.py".to_owned(), Some(8))]);
        let same = "See https://github.com/acme/ferry/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/ferry/core.py#L7";
        assert_eq!(sited(&linking(same)), [("ferry/core.py".to_owned(), Some(7))]);
        let unsure = format!("The root cause is found: {OLD}#L3");
        assert_eq!(sited(&linking(&unsure)), [("ferry/core.py".to_owned(), None)]);
    }

    #[test]
    fn what_is_linked_as_a_model_or_lies_elsewhere_is_no_place() {
        for body in [
            format!("Other margins are kept, as it is done here: {OLD}#L3"),
            "The cause: https://github.com/acme/barge/blob/main/ferry/core.py#L3".to_owned(),
            "The cause: https://github.com/acme/ferry/blob/main/tests/test_core.py#L1".to_owned(),
            format!("The cause may be in {OLD}"),
        ] {
            let told = comment(&linking(&body), &repository("acme/ferry", "5a1ad00", &FILES));
            assert!(!told.contains("links it"), "{body}: {told}");
        }
    }

    #[test]
    fn a_line_that_the_body_links_is_a_place_beside_the_name_of_the_title() {
        let body = format!("There are eight today.\n\n{OLD}#L2\n\nTwelve would be nice.");
        let brief = issue(4, "Let `DeckPlan` hold the rows of the berth", &body);
        assert_eq!(
            sited(&brief),
            [("ferry/deck.py".to_owned(), Some(1)), ("ferry/core.py".to_owned(), None)]
        );
        let body = "There are eight.\n\nhttps://github.com/acme/ferry/blob/main/ferry/deck.py#L2\n";
        let brief = issue(4, "Let `DeckPlan` hold twelve rows", body);
        assert_eq!(sited(&brief), [("ferry/deck.py".to_owned(), Some(2))]);
    }
}
