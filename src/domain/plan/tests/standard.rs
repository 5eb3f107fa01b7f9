//! The standard itself: plans of different issues share nothing but their skeleton.

use std::collections::BTreeMap;

use super::golden;
use super::world::{comment, planned};
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
        // The form of a record that people fill in.
        || matches!(line, "Status: proposed" | "Chosen:" | "Because:")
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
            for sentence in sentences(line) {
                if let Some(other) = seen.insert(sentence.clone(), name) {
                    assert_eq!(other, name, "shared: {sentence}");
                }
            }
        }
    }
}

/// `[`src/auth.rs`][f2]`: which number a link has depends on what stands before it.
fn unlinked(line: &str) -> String {
    let mut out = line.to_owned();
    for number in 0..40 {
        out = out.replace(&format!("`][f{number}]"), "`");
    }
    out.replace("[`", "`").replace("`][base]", "`")
}

/// The sentences of more than six words, where a span of code is one word and is never cut.
fn sentences(line: &str) -> Vec<String> {
    let line = unlinked(line);
    let mut out = vec![(String::new(), String::new())];
    for (part, code) in mentions::spans(&line) {
        let pieces: Vec<&str> = match code {
            true => vec![part],
            false => part.split(['.', ';', '·', '?', '|', '*']).collect(),
        };
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                out.push((String::new(), String::new()));
            }
            if let Some((sentence, words)) = out.last_mut() {
                sentence.push_str(&if code { format!("`{piece}`") } else { (*piece).to_owned() });
                words.push_str(if code { "code" } else { piece });
            }
        }
    }
    let long = out.into_iter().filter(|(_, words)| words.split_whitespace().count() > 6);
    long.map(|(sentence, _)| sentence.trim().to_owned()).collect()
}

#[test]
fn every_plan_fits_one_screen() {
    for (name, text) in golden() {
        let open: Vec<&str> =
            text.lines().filter(|line| !line.starts_with('[') && !line.starts_with("| R")).collect();
        // What is folded away takes one line; of what is folded there is little, too.
        let mut depth = 0_usize;
        let seen = open.iter().filter(|line| {
            let was = depth;
            depth += line.matches("<details>").count();
            depth -= line.matches("</details>").count().min(depth);
            was == 0
        });
        let seen = seen.count();
        assert!(seen < 46 && open.len() < 64, "{name} has {seen} lines, {} with what is folded", open.len());
    }
}

/// A table has a row for each demand and no other one; of more rows than a screen has room for none is open.
#[test]
fn every_table_is_as_long_as_what_is_asked() {
    let (mut open, mut folded) = (0, 0);
    for one in golden::all() {
        let plan = planned(&one.brief, &one.snapshot);
        let text = comment(&one.brief, &one.snapshot);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| R")).collect();
        let named: Vec<&str> =
            rows.iter().filter_map(|row| row.strip_prefix("| ")?.split(" | ").next()).collect();
        let asked: Vec<&str> = plan.requirements.iter().map(|demand| demand.id.as_str()).collect();
        assert!(named == asked || named.is_empty() && plan.work_items.is_empty(), "{}: {named:?}", one.name);
        // Nobody wrote more sentences, entries and rows than these.
        let said = one.brief.comments.iter().map(|comment| comment.body.as_str());
        let said = said.chain([one.brief.title.as_str(), one.brief.body.as_str()]);
        let said: usize = said
            .map(|text| text.split(['.', '\n', '?', '!', ';']).filter(|it| !it.trim().is_empty()).count())
            .sum();
        assert!(rows.len() <= said, "{}: {} rows of {said} sentences", one.name, rows.len());
        let hidden = text.split("<details>").skip(1).filter_map(|rest| rest.split("</details>").next());
        let hidden = hidden.flat_map(str::lines).filter(|line| line.starts_with("| R")).count();
        assert!(
            hidden == if rows.len() > 8 { rows.len() } else { 0 },
            "{}: {hidden} rows are folded",
            one.name
        );
        match hidden {
            0 => open += 1,
            _ => folded += 1,
        }
    }
    assert!(open > 20 && folded > 1, "{open} open, {folded} folded");
}

#[test]
fn every_item_has_its_cases_and_every_plan_says_when_it_is_done() {
    let mut named = 0;
    for one in golden::all() {
        let plan = planned(&one.brief, &one.snapshot);
        for item in &plan.work_items {
            let mine = plan.requirements.iter().filter(|demand| item.requirements.contains(&demand.id));
            let cases: Vec<&String> = mine.flat_map(|demand| &demand.cases).collect();
            assert!(!cases.is_empty(), "{}: {}", one.name, item.title);
            assert_eq!(item.acceptance.iter().collect::<Vec<_>>(), cases, "{}: {}", one.name, item.title);
        }
        // Each demand is met by one item, or stays out and is asked for.
        for demand in plan.requirements.iter().filter(|demand| !demand.cases.is_empty()) {
            let met = plan.work_items.iter().filter(|item| item.requirements.contains(&demand.id)).count();
            assert!(met == 1 || plan.work_items.is_empty(), "{}: {} by {met}", one.name, demand.id);
        }
        assert_eq!(plan.done_when.is_empty(), plan.work_items.is_empty(), "{}", one.name);
        // What has to be green is a command of a workflow that is there.
        if let (Some(command), Some(workflow)) = (&plan.tests.command, &plan.tests.workflow) {
            named += 1;
            let text = one.snapshot.files.get(workflow).map(String::as_str).unwrap_or_default();
            assert!(text.contains(command.as_str()), "{}: {command} in {text}", one.name);
            assert!(
                plan.work_items.is_empty() || plan.done_when[0].contains(command.as_str()),
                "{}",
                one.name
            );
        }
    }
    assert!(named > 8, "{named} plans name a command");
}
