//! The existing name that a new one is formed after: `trim_by_month` for `trim_by_week`.

use super::LIMIT;
use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::model::Place;
use crate::domain::plan::places::{self, Likely, Places, definitions};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// With fewer words in common, two names are alike by chance.
const SHARED: usize = 2;
/// What more files hold is no single thing.
const FILES: usize = 6;
/// Most places that are told.
const TOLD: usize = 3;

/// The files that have the one name of which the new one differs in a single word: what defines it first, since a new thing
/// goes wherever its model is.
pub(super) fn formed_after(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if reading.tells_fault {
        return Vec::new();
    }
    let is_home = |path: &str| !places::is_test(path) && !places::is_aside(path);
    let clues = clues::all(brief, reading);
    let long = clues.iter().map(|clue| clue.name.rsplit(['.', ':', '#']).next().unwrap_or_default());
    let long = long.filter(|name| parts(name).len() > SHARED).take(LIMIT);
    let new = long.filter(|name| !places.is_written(name));
    let mut all: Vec<(&str, Vec<String>, Vec<&str>)> = new.map(|new| (new, parts(new), Vec::new())).collect();
    if all.is_empty() {
        return Vec::new();
    }
    for (_, _, name) in places.defined(is_home) {
        let other = parts(name);
        for (_, own, models) in &mut all {
            if is_alike(own, &other) && !models.contains(&name) {
                models.push(name);
            }
        }
    }
    // Of two models nobody can tell which is meant.
    let one = all.iter().filter_map(|(new, _, models)| match models.as_slice() {
        [model] => Some(holding(places, model, new)),
        _ => None,
    });
    let mut found = one.filter(|found| !found.is_empty());
    found.next().unwrap_or_default()
}

fn parts(name: &str) -> Vec<String> {
    let split = places::split_camel(name);
    let parts = split.split([' ', '_', '-']).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// The same words in the same order but for one.
fn is_alike(own: &[String], other: &[String]) -> bool {
    let differ = own.iter().zip(other).filter(|(one, other)| one != other).count();
    own.len() == other.len() && differ == 1
}

fn holding(places: &Places<'_>, model: &str, new: &str) -> Vec<Likely> {
    let (mut defining, mut using) = (Vec::new(), Vec::new());
    let product = places.products().filter_map(|path| Some((path, places.text(path)?)));
    for (path, text) in product.filter(|(_, text)| words::holds(text, model)) {
        let at = |line: usize| Place { line: Some(line), ..places::existing(path) };
        if let Some(line) = places.definition(path, model) {
            let because = format!("defines {}, beside which {} is new", words::code(model), words::code(new));
            defining.push(Likely { place: at(line), because });
            continue;
        }
        let mut lines = text.lines().enumerate().filter(|(_, line)| line.len() < places::LINE);
        let used =
            lines.find(|(_, line)| !places::is_comment(line) && definitions::position(line, model).is_some());
        let told =
            |at_line: usize| Likely { place: at(at_line), because: format!("uses {}", words::code(model)) };
        using.extend(used.map(|(index, _)| told(index + 1)));
        if using.len() > FILES {
            return Vec::new();
        }
    }
    if defining.len() > 1 {
        return Vec::new();
    }
    defining.into_iter().chain(using).take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::world::{issue, repository};

    #[test]
    fn a_new_name_goes_where_the_one_is_that_it_is_formed_after() {
        let files = [
            ("lib/hull/setup.rb", "module Hull\n  def least_depth_by_dock(all)\n  end\nend\n"),
            ("lib/hull/check.rb", "# least_depth_by_dock\nreport(least_depth_by_dock)\n"),
            ("lib/hull/other.rb", "def least_depth\nend\n"),
            ("spec/setup_spec.rb", "least_depth_by_dock(1)\n"),
        ];
        let snapshot = repository("acme/hull", "5a1ad00", &files);
        let found = |title: &str, body: &str| {
            let brief = issue(7, title, body);
            let found = formed_after(&brief, &statement::read(&brief), &Places::new(&snapshot));
            found.into_iter().map(|one| (one.place.path, one.place.line, one.because)).collect::<Vec<_>>()
        };
        let body = "It could be:\n\n```ruby\nHull.least_depth_by_pier(4)\n```\n";
        assert_eq!(
            found("A least depth for each pier", body),
            [
                (
                    "lib/hull/setup.rb".to_owned(),
                    Some(2),
                    "defines `least_depth_by_dock`, beside which `least_depth_by_pier` is new".to_owned()
                ),
                ("lib/hull/check.rb".to_owned(), Some(2), "uses `least_depth_by_dock`".to_owned())
            ]
        );
        let short = "It could be:\n\n```ruby\nHull.most_depth(4)\n```\n";
        assert_eq!(found("A most depth", short), []);
        assert_eq!(found("`Hull.least_depth_by_pier` fails with a negative pier", ""), []);
    }
}
