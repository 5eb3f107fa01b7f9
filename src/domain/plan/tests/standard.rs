//! The standard itself: plans of different issues share nothing but their skeleton.

use std::collections::BTreeMap;

use super::golden;
use super::world::comment;
use crate::domain::plan::mentions;

fn golden() -> Vec<(&'static str, String)> {
    golden::all().into_iter().map(|one| (one.name, comment(&one.brief, &one.snapshot))).collect()
}

/// Headings, heads of tables, lists' heads, fences, footers and commands.
pub fn skeleton(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with("<")
        || line.starts_with('[')
        || line.starts_with("|-")
        || line.starts_with("| |")
        || line.starts_with("```")
        || line.starts_with("graph ")
        || line.starts_with("`/")
        || (line.starts_with("**") && (line.ends_with("**") || line.contains("the author may answer too")))
}

#[test]
fn no_two_plans_share_a_line() {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, text) in golden() {
        for line in text.lines().filter(|line| !skeleton(line)) {
            if let Some(other) = seen.insert(line.to_owned(), name) {
                assert_eq!(other, name, "shared: {line}");
            }
        }
    }
}

#[test]
fn no_two_plans_share_a_sentence_of_more_than_six_words() {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, text) in golden() {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with("| |") && !line.starts_with('<') && !line.starts_with("`/"));
        // The verdict on top is the heading of the comment: one of few sentences, by what is open and in how many pieces.
        let lines = lines.filter(|line| !(line.starts_with("**") && line.ends_with("**")));
        for line in lines.filter(|line| !line.contains("the author may answer too")) {
            for sentence in line.split(['.', ';', '·', '?', '|', '*']) {
                let sentence = sentence.trim();
                // A command is no sentence, however many words it has.
                let prose: String = mentions::spans(sentence)
                    .into_iter()
                    .map(|(part, code)| if code { "code" } else { part })
                    .collect();
                if prose.split_whitespace().count() <= 6 {
                    continue;
                }
                if let Some(other) = seen.insert(sentence.to_owned(), name) {
                    assert_eq!(other, name, "shared: {sentence}");
                }
            }
        }
    }
}

#[test]
fn every_plan_fits_one_screen() {
    for (name, text) in golden() {
        let open: Vec<&str> =
            text.lines().filter(|line| !line.starts_with('[') && !line.starts_with("| R")).collect();
        assert!(open.len() < 46, "{name} has {} lines", open.len());
    }
}
