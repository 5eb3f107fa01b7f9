//! The test that carries the words which a source is called by, where a test of its own would need a folder of its own, too.

use super::{Ecosystem, file};
use crate::domain::plan::clues;
use crate::domain::plan::model::Place;
use crate::domain::plan::places::{self, Places};

/// Least letters of a word that tells.
const LEAST: usize = 4;

/// The one test that says two of the words one behind the other, in most lines.
pub(super) fn of<'a>(
    places: &Places<'a>,
    ecosystem: &Ecosystem,
    (source, own): (&str, &Place),
) -> Option<&'a str> {
    if !own.new || places.has_folder(places::folder(&own.path)) {
        return None;
    }
    let stem = places::split_camel(places::stem(places::name(source))).to_lowercase();
    let words: Vec<&str> = stem.split_whitespace().collect();
    let telling = |word: &&str| word.len() >= LEAST && !clues::is_general(word);
    let rows: Vec<String> =
        words.windows(2).filter(|row| row.iter().all(telling)).map(|row| row.join(" ")).collect();
    let said = |line: &str| {
        let line = places::split_camel(line).to_lowercase();
        rows.iter().any(|row| line.contains(row.as_str()))
    };
    let tests = file::tests(places, ecosystem).into_iter();
    let tests = tests.filter(|path| file::is_test_itself(places, path));
    let held = tests.filter_map(|path| {
        let text = places.text(path)?;
        Some((text.lines().filter(|line| said(line)).count(), path))
    });
    let mut held: Vec<(usize, &str)> = held.filter(|(lines, _)| *lines > 0).collect();
    held.sort_by_key(|(lines, path)| (std::cmp::Reverse(*lines), *path));
    let (most, path) = *held.first()?;
    held.get(1).is_none_or(|(next, _)| *next < most).then_some(path)
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::testing::witness::About;
    use crate::domain::plan::testing::witness::tests::test_of;

    #[test]
    fn the_test_that_carries_the_words_of_the_source_is_taken_before_a_folder_that_is_not_there() {
        let files = |line: &'static str| {
            [
                ("ferry/hull/keel.py", ""),
                ("ferry/rigs/plain_anchor_chain.py", ""),
                ("tests/unit/hull/test_keel.py", "def test_keel(): ...\n"),
                ("tests/whole/test_whole.py", line),
            ]
        };
        let source = "ferry/rigs/plain_anchor_chain.py";
        let carries = files("def test_anchor_chains():\n    check('anchor-chain.txt')\n");
        assert_eq!(test_of(&carries, source, &About::default()), ("tests/whole/test_whole.py".into(), false));
        let one = files("def test_anchor_of_a_chain(): ...\n");
        assert_eq!(
            test_of(&one, source, &About::default()),
            ("tests/unit/rigs/test_plain_anchor_chain.py".into(), true)
        );
        // Where its folder is there, a new test beside its neighbors is the custom.
        let carries = files("def test_keel_bolt(): ...\n");
        let beside = [carries[0], ("ferry/hull/keel_bolt.py", ""), carries[2], carries[3]];
        assert_eq!(
            test_of(&beside, "ferry/hull/keel_bolt.py", &About::default()),
            ("tests/unit/hull/test_keel_bolt.py".into(), true)
        );
    }
}
