//! Lines of sources that somebody wrote down: `path:line` in the issue or in a comment, and frames of a trace there.

use super::Lookups;
use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::trace::{self, TraceFrame};
use crate::domain::plan::words;

/// `src/ports.rs:3:10`, however it is set apart from the words around it.
static PINNED: Pattern = Pattern::new(
    r"(?m)(?:^|[\s`\x27\x22(\[<>])((?:(?-i:[A-Z]):)?[\w@.+/\\-]*\w\.(?-i:[a-z])\w{0,4}):(\d{1,7})(?::\d{1,7})?(?:[\s`\x27\x22)\]<>,.;:]|$)",
);

/// `org.acme.dock.Berth.java`: a class by its package, with the ending of its file.
static PACKAGED: Pattern = Pattern::new(r"(?-i:^(?:[a-z_]\w*\.){2,}([A-Z]\w*\.(?:java|kt|scala|groovy))$)");

/// More files than these are a listing, and none of them is meant before the others.
const FILES: usize = 3;
/// Most such names that are looked at, and most comments.
const LIMIT: usize = 60;
const COMMENTS: usize = 40;

impl Lookups {
    /// Where somebody wrote a line of the tree down, it is the place of all that names none itself.
    pub(super) fn pinned(&mut self, brief: &Brief, places: &Places<'_>) {
        let found = find(brief, places);
        self.is_pinned = !found.is_empty();
        self.take(found);
    }

    /// What was found is the place of every demand that has none.
    pub(super) fn take(&mut self, found: Vec<Likely>) {
        let mut empty = self.places.iter_mut().filter(|own| own.is_empty()).peekable();
        if found.is_empty() || empty.peek().is_none() {
            return;
        }
        self.likely.extend(found.iter().map(|one| (one.place.path.clone(), one.because.clone())));
        empty.for_each(|own| own.extend(found.iter().map(|one| one.place.clone())));
    }
}

/// The lines of the product that issue and comments name; none where the issue's own trace leads into the tree, which
/// says it better.
fn find(brief: &Brief, places: &Places<'_>) -> Vec<Likely> {
    let in_tree = |text: &str| {
        let frames = trace::find(text).map(|trace| trace.frames).unwrap_or_default();
        frames.into_iter().find_map(|frame| at(places, &frame))
    };
    if in_tree(&brief.body).is_some() {
        return Vec::new();
    }
    let own = [brief.title.as_str(), brief.body.as_str()].map(|text| (text, None));
    let comments = brief.comments.iter().filter(|said| !said.is_bot && !said.body.starts_with('/'));
    let comments = comments.take(COMMENTS).map(|said| (said.body.as_str(), Some(said.author.as_str())));
    let mut found: Vec<Likely> = Vec::new();
    for (text, by) in own.into_iter().chain(comments) {
        let traced = by.and_then(|_| in_tree(text));
        let written = if traced.is_some() { Vec::new() } else { written(text) };
        for place in traced.into_iter().chain(written.iter().filter_map(|frame| at(places, frame))) {
            if !found.iter().any(|seen| seen.place.path == place.path) {
                found.push(Likely { because: told(&place, by), place });
            }
        }
    }
    if found.len() > FILES { Vec::new() } else { found }
}

fn told(place: &Place, by: Option<&str>) -> String {
    let whose = match by.filter(|by| !by.is_empty()) {
        Some(by) => format!("a comment of {by} has"),
        None => "the issue has".to_owned(),
    };
    let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{whose} {}", words::code(&format!("{}{line}", places::name(&place.path))))
}

fn written(text: &str) -> Vec<TraceFrame> {
    let frame = |found: regex::Captures<'_>| {
        let path = found.get(1)?.as_str().replace('\\', "/");
        let line = found.get(2)?.as_str().parse().ok()?;
        let path = path.trim_start_matches("./");
        Some(TraceFrame {
            path: PACKAGED.first(path, 1).map_or(path.to_owned(), |class| {
                let package = path.strip_suffix(class).unwrap_or_default();
                format!("{}{class}", package.replace('.', "/"))
            }),
            line,
            function: None,
            said: None,
            source: None,
        })
    };
    PINNED.every(text).take(LIMIT).filter_map(frame).collect()
}

/// Where it lies, where that is a source of the product that has such a line.
fn at(places: &Places<'_>, frame: &TraceFrame) -> Option<Place> {
    let path = places.framing(frame)?;
    let own = places::is_product(path) && !places.holds_tests(path) && !places.is_beside(path);
    let line = places.framed(path, frame);
    own.then(|| Place { line, ..places::existing(path) })
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_class_is_written_by_its_package_with_the_ending_of_its_file() {
        let path = |text: &str| written(text).first().map(|frame| (frame.path.clone(), frame.line));
        assert_eq!(
            path("i looked at org.acme.dock.Berth.java:67 and saw it"),
            Some(("org/acme/dock/Berth.java".to_owned(), 67))
        );
        assert_eq!(path("see src/ports.test.ts:3"), Some(("src/ports.test.ts".to_owned(), 3)));
    }
}
