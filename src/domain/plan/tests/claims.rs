//! What a plan claims stands in the issue or in the tree, or follows from what does by a rule that has a name.

mod files;
mod names;
mod numbers;

use std::collections::BTreeSet;

use super::golden::{self, Golden};
use super::world::{comment, planned};
use crate::domain::plan::Plan;
use crate::domain::snapshot::Snapshot;

/// A plan with all that it may speak of.
struct Told {
    name: String,
    golden: Golden,
    plan: Plan,
    text: String,
}

impl Told {
    fn new(golden: Golden) -> Self {
        let name = format!("{} in {}", golden.name, golden.snapshot.repository.name);
        let plan = planned(&golden.brief, &golden.snapshot);
        let text = comment(&golden.brief, &golden.snapshot);
        Self { name, golden, plan, text }
    }

    /// What people wrote: the issue with its comments and answers, and what is known of its neighbors.
    fn said(&self) -> String {
        let brief = &self.golden.brief;
        let mut all = format!("{}\n{}\n{}", brief.title, brief.body, brief.author);
        for said in &brief.comments {
            all.push_str(&format!("\n{}\n{}", said.author, said.body));
        }
        for other in &brief.open_issues {
            all.push_str(&format!("\n#{} {}", other.number, other.title));
        }
        for child in &brief.sub_issues {
            all.push_str(&format!("\n#{} {}", child.number, child.title));
        }
        all
    }

    /// The lines of the comment as people see them: without definitions of links, labels, escapes and the commit.
    fn lines(&self) -> Vec<String> {
        let sha = self.golden.snapshot.short_sha();
        let text = self.text.replace('\\', "").replace(sha, "sha").replace('\u{200b}', "");
        let seen = text.lines().filter(|line| !line.starts_with('[') && !line.starts_with("<sub>"));
        seen.map(|line| plain(line).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).collect()
    }
}

/// `[label][f1]` as `label`.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("][") {
        match before.rsplit_once('[') {
            Some((text, label)) => out.push_str(&format!("{text}{label}")),
            None => out.push_str(before),
        }
        rest = after.split_once(']').map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// Each issue in its own repository, and in one that knows nothing of it.
fn all() -> Vec<Told> {
    let trees = golden::trees();
    let mut out = Vec::new();
    for (index, golden) in golden::all().into_iter().enumerate() {
        let other =
            trees.iter().cycle().skip(index).find(|tree| tree.repository != golden.snapshot.repository);
        let foreign =
            other.map(|tree| Golden { brief: golden.brief.clone(), snapshot: tree.clone(), ..golden });
        out.extend(foreign.map(Told::new));
        out.push(Told::new(golden));
    }
    out
}

#[test]
fn every_number_is_said_or_follows_by_a_named_rule() {
    let (mut used, mut untrue): (BTreeSet<&str>, Vec<String>) = Default::default();
    for told in all() {
        let (rules, found) = numbers::check(&told);
        untrue.extend(found.into_iter().map(|one| format!("{}: {one}", told.name)));
        used.extend(rules);
    }
    assert!(untrue.is_empty(), "{}", untrue.join("\n"));
    // A rule that nothing needs would only let something through.
    let idle: Vec<&str> =
        numbers::RULES.iter().map(|(name, _)| *name).filter(|name| !used.contains(name)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_path_and_name_of_code_stands_whole_in_the_issue_or_the_tree() {
    let (mut used, mut untrue): (BTreeSet<&str>, Vec<String>) = Default::default();
    for told in all() {
        let (rules, found) = names::check(&told);
        untrue.extend(found.into_iter().map(|one| format!("{}: {one}", told.name)));
        used.extend(rules);
    }
    assert!(untrue.is_empty(), "{}", untrue.join("\n"));
    let idle: Vec<&str> =
        names::RULES.iter().map(|(name, _)| *name).filter(|name| !used.contains(name)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn what_is_said_of_a_file_holds_in_the_tree() {
    let (mut used, mut untrue): (BTreeSet<&str>, Vec<String>) = Default::default();
    for told in all() {
        let (forms, found) = files::check(&told);
        untrue.extend(found.into_iter().map(|one| format!("{}: {one}", told.name)));
        used.extend(forms);
    }
    assert!(untrue.is_empty(), "{}", untrue.join("\n"));
    let idle: Vec<&str> =
        files::FORMS.iter().map(|(form, _)| *form).filter(|form| !used.contains(form)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn a_false_claim_is_found() {
    let told = |name: &str| {
        let golden = golden::all().into_iter().find(|one| one.name == name);
        Told::new(golden.expect("a golden issue"))
    };
    for (name, truth, falsehood) in [
        ("rate limit", "59 s", "58 s"),
        ("rate limit", "these 9 cases", "these 8 cases"),
        ("rate limit", "R1, R3 ·", "R1, R4 ·"),
        ("rate limit", "waits for 1:", "waits for 2:"),
        ("rate limit", "waits for #1", "waits for #5"),
        ("rate limit", "Plannable as 2", "Plannable as 3"),
        ("rate limit", "failures 1–5", "failures 2–5"),
        ("rate limit", "set to 2 in", "set to 5 in"),
        ("rate limit", "the 6th attempt", "the 7th attempt"),
        ("rate limit", "**new** `config/limits.toml`", "`config/limits.toml`"),
        ("rate limit", "`src/nope.rs` is not in", "`src/main.rs` is not in"),
        ("bug", "line 10 |", "line 9 |"),
        ("bug", "begins at line 8", "begins at line 7"),
        ("bug", "(n=0)", "(n=10)"),
        ("bug", "`write_row`", "`row`"),
        ("bug", "`tests/test_export.py`", "`tests/test_exports.py`"),
        ("bug", "`ledger/cli.py`", "`cli.py`"),
        ("bug", "by `ledger/cli.py`", "by `tests/test_cli.py`"),
        ("checklist", "40 demands", "39 demands"),
        ("checklist", "4 of them free", "5 of them free"),
        ("children", "into 3 sub-issues", "into 4 sub-issues"),
    ] {
        let mut told = told(name);
        assert!(told.text.contains(truth), "{name}: {truth} in {}", told.text);
        told.text = told.text.replace(truth, falsehood);
        let found = [numbers::check(&told).1, names::check(&told).1, files::check(&told).1].concat();
        assert!(!found.is_empty(), "{name}: {falsehood} went through");
    }
}

#[test]
fn names_that_nobody_wrote_are_told_in_the_words_of_the_title() {
    let snapshot = super::world::repository(
        "acme/kit",
        "abc1234",
        &[("src/whole_thing.rs", "fn x() {}\n"), ("Cargo.toml", "")],
    );
    let brief =
        super::world::issue(7, "The whole thing stops at noon", "When the clock says 12, nothing is shown.");
    let text = comment(&brief, &snapshot);
    assert!(!text.contains("WholeThing") && text.contains("“whole thing”"), "{text}");
}

/// The targets of a comment that are no line of a file that was read, at the commit, and not the tree itself.
pub fn astray(text: &str, snapshot: &Snapshot) -> Vec<String> {
    let blob = format!("{}/blob/{}/", snapshot.repository.url, snapshot.base_sha);
    let tree = format!("{}/tree/{}", snapshot.repository.url, snapshot.base_sha);
    let leads = |target: &str| {
        let rest = target.strip_prefix(&blob)?;
        let (path, line) = rest.split_once("#L").unwrap_or((rest, "1"));
        let held = snapshot.files.get(path)?.lines().count().max(1);
        line.parse::<usize>().ok().filter(|line| (1..=held).contains(line))
    };
    let targets = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
    let targets = targets.map(|(_, target)| target.to_owned());
    targets.filter(|target| *target != tree && leads(target).is_none()).collect()
}

#[test]
fn every_link_leads_to_a_line_that_is_there() {
    for told in all() {
        let astray = astray(&told.text, &told.golden.snapshot);
        assert!(astray.is_empty(), "{}: {astray:?}", told.name);
    }
}

#[test]
fn a_link_to_another_place_is_found() {
    let golden = golden::all().into_iter().find(|one| one.name == "bug").expect("a golden issue");
    let text = comment(&golden.brief, &golden.snapshot);
    let sha = golden.snapshot.base_sha.as_str();
    for (truth, falsehood) in [
        ("https://github.com/nordbank/", "https://example.com/nordbank/"),
        ("/nordbank/ledger/", "/nordbank/other/"),
        (sha, "main"),
        ("/blob/", "/raw/"),
        ("/ledger/export.py#L10", "/ledger/exports.py#L10"),
        ("export.py#L10", "export.py#L11"),
        ("export.py#L10", "export.py#L0"),
    ] {
        assert!(text.contains(truth), "{truth} in {text}");
        assert!(!astray(&text.replace(truth, falsehood), &golden.snapshot).is_empty(), "{falsehood}");
    }
}
