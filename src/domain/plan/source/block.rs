//! A block of code, and how a plan refers to it.

use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;

/// Longest step that is read, in bytes.
const STEP_LIMIT: usize = 1_000;

static STEP: Pattern = Pattern::new(r"^\s*(?:given|when|then|and|but)\s");
/// What heads scenarios, and what is said beside them.
static AROUND: Pattern =
    Pattern::new(r"^\s*(?:feature|scenario(?: outline)?|background|rule|examples?)\s*:|^\s*[@#]");

/// Code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Line of its first line of code.
    pub line: usize,
    /// Its content.
    pub text: String,
    /// The heading above.
    pub section: Option<String>,
    /// The sentence just before, where no other code and no heading stands between.
    pub lead: Option<String>,
}

impl Block {
    /// Line of its last line of code.
    pub fn last(&self) -> usize {
        self.line + self.text.trim_end().lines().count().saturating_sub(1)
    }

    /// The steps of its scenarios with their lines; none where it is anything else.
    pub fn steps(&self) -> Vec<(usize, String)> {
        let mut out: Vec<(usize, String)> = Vec::new();
        for (index, line) in self.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match () {
                () if STEP.is_in(line) && line.len() < STEP_LIMIT => {
                    out.push((self.line + index, line.trim().to_owned()));
                }
                () if AROUND.is_in(line) => {}
                () => return Vec::new(),
            }
        }
        let has = |word: &str| out.iter().any(|(_, step)| step.to_lowercase().starts_with(word));
        if has("given ") && has("then ") { out } else { Vec::new() }
    }

    /// Does the sentence before it deny of it what holds of other code?
    pub fn is_denied(&self) -> bool {
        self.lead.as_deref().is_some_and(asks::denies)
    }

    /// Its lines in words: `line 4`, `lines 4–9`.
    pub fn lines(&self) -> String {
        match self.last() {
            last if last > self.line => format!("lines {}–{last}", self.line),
            last => format!("line {last}"),
        }
    }
}
