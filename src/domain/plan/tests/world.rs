//! Small repositories and issues for the tests.

use std::collections::BTreeMap;

use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::{Options, Plan, Presentation, markdown, plan};
use crate::domain::snapshot::{EntryKind, Repository, Snapshot, TreeEntry};

/// A commit with these files, all of them read.
pub fn repository(name: &str, sha: &str, files: &[(&str, &str)]) -> Snapshot {
    let (owner, name) = name.split_once('/').expect("owner/name");
    let mut files: Vec<(&str, &str)> = files.to_vec();
    files.sort_unstable();
    let entry = |(path, text): &(&str, &str)| TreeEntry {
        path: (*path).to_owned(),
        kind: EntryKind::File,
        size: text.len() as u64,
        sha: format!("blob-of-{path}"),
    };
    Snapshot {
        repository: Repository {
            owner: owner.to_owned(),
            name: name.to_owned(),
            url: format!("https://github.com/{owner}/{name}"),
            default_branch: "main".to_owned(),
        },
        base_sha: sha.repeat(6).chars().take(40).collect(),
        tree: files.iter().map(entry).collect(),
        files: files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        ..Snapshot::default()
    }
}

/// An issue by ada.
pub fn issue(number: i64, title: &str, body: &str) -> Brief {
    Brief {
        title: title.to_owned(),
        body: body.to_owned(),
        author: "ada".to_owned(),
        ..Brief::new(IssueNumber(number))
    }
}

/// The plan with default options.
pub fn planned(brief: &Brief, snapshot: &Snapshot) -> Plan {
    plan(brief, snapshot, &Options::default())
}

/// What a plan holds as asked for.
pub fn quotes(plan: &Plan) -> Vec<&str> {
    plan.requirements.iter().map(|one| one.quote.as_str()).collect()
}

/// All cases of a plan.
pub fn cases(plan: &Plan) -> Vec<&str> {
    plan.requirements.iter().flat_map(|one| &one.cases).map(String::as_str).collect()
}

/// The comment with default presentation.
pub fn comment(brief: &Brief, snapshot: &Snapshot) -> String {
    markdown(&planned(brief, snapshot), &Presentation::default())
}
