//! One thing that could be done: what, how one knows, and the arithmetic of its place in the list.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::domain::escape::link::permalink;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::priority;
use crate::domain::snapshot::Snapshot;

/// A candidate. Texts in it are prose: what stands between backticks is code, all else is plain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What could be done, imperative or as the issue says it.
    pub title: String,
    /// The issue, where it is one.
    pub issue: Option<IssueNumber>,
    /// File and line, from 1, that somebody wrote: who and when can be asked for.
    #[serde(default)]
    pub place: Option<(String, usize)>,
    /// How one knows; the first is the strongest.
    pub evidence: Vec<Evidence>,
    /// The terms of its score.
    pub terms: Terms,
    /// Where each term comes from.
    pub because: Vec<String>,
    /// Since when, unix milliseconds: among equals the older comes first.
    pub since_ms: Option<i64>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it shows.
    pub text: String,
    /// What the text names, to be looked at; empty where there is no page for it.
    pub url: String,
}

/// `(value + urgency + unblock) × confidence ÷ size`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// For how many it matters.
    pub value: f64,
    /// How much worse it gets by waiting.
    pub urgency: f64,
    /// How much waits for it.
    pub unblock: f64,
    /// How good the evidence is, 0 to 1.
    pub confidence: f64,
    /// How large.
    pub size: f64,
}

impl Terms {
    /// Rounded to two places.
    pub fn score(&self) -> f64 {
        let Self { value, urgency, unblock, confidence, size } = self;
        priority::rounded((value + urgency + unblock) * confidence / size)
    }
}

impl Candidate {
    /// The better first; among equals the older, then the lower number, then the title.
    pub fn before(&self, other: &Self) -> Ordering {
        let by_score = other.terms.score().total_cmp(&self.terms.score());
        let age = |it: &Self| it.since_ms.unwrap_or(i64::MAX);
        let by_age = age(self).cmp(&age(other));
        by_score.then(by_age).then(self.issue.cmp(&other.issue)).then(self.title.cmp(&other.title))
    }

    /// Terms with their reasons, then the sum, for `/why`.
    pub fn arithmetic(&self) -> Vec<String> {
        let Terms { value, urgency, unblock, confidence, size } = self.terms;
        let mut lines = self.because.clone();
        lines.push(format!(
            "({value} + {urgency} + {unblock}) × {confidence} ÷ {size} = {}: {}",
            self.terms.score(),
            priority::quadrant(value + urgency + unblock, size)
        ));
        lines
    }
}

/// A line of a file at the commit that was read; line 0 is the file.
pub fn at(snapshot: &Snapshot, path: &str, line: usize) -> Evidence {
    at_commit(snapshot, &snapshot.base_sha, (path, line))
}

/// A line of a file at another commit of the repository; line 0 is the file.
pub fn at_commit(snapshot: &Snapshot, commit: &str, (path, line): (&str, usize)) -> Evidence {
    let url = match snapshot.repository.url.is_empty() || commit.is_empty() {
        true => String::new(),
        false => {
            let lines = u32::try_from(line).ok().filter(|line| *line > 0).map(|line| (line, line));
            permalink(&snapshot.repository.url, commit, path, lines)
        }
    };
    let text = if line > 0 { format!("`{path}` line {line}") } else { format!("`{path}`") };
    Evidence { text, url }
}
