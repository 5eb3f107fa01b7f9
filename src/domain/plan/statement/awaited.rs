//! The issue that who may triage puts before this one, in prose.

use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::clause;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source;
use crate::domain::plan::statement::{Reading, Statement};

/// What is said to come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// Its number.
    pub issue: IssueNumber,
    /// Who says so.
    pub by: String,
    /// In these words.
    pub text: String,
}

/// A longer comment is not looked through, in bytes.
const LONGEST: usize = 20_000;

static NUMBER: Pattern = Pattern::new(r"(?:^|[\s(])#(\d{1,9})\b");
/// Says that something else is to be done before.
static FIRST: Pattern = Pattern::new(
    r"\b(?:needs?|has|have|must|should) (?:to be |to |be )?(?:\w+(?:ed|ing)|done|land|go|come)\b[^.,]{0,40}?\bfirst(?:\W*$|[,;]| (?:since|because|before)\b)|\bblocked (?:by|on) #\d|\bdepends on #\d|\b(?:wait(?:s|ing)?|hold(?:ing)? off) (?:for|on|until) #\d|\b(?:after|once) #\d+ (?:is|has been|gets?|lands?)\b",
);
/// The number that stands in what puts it first.
static NAMED: Pattern = Pattern::new(
    r"\b(?:blocked (?:by|on)|depends on|wait(?:s|ing)? (?:for|on)|hold(?:ing)? off (?:for|on|until)|after|once) #(\d{1,9})\b",
);
static DOUBTS: Pattern = Pattern::new(r"\?|\b(?:not|no|whether|if)\b|n['’]t\b");

/// Takes each out of what is asked here: it is said of the other issue.
pub(super) fn take(reading: &mut Reading, brief: &Brief) {
    let heard = brief.comments.iter().filter(|one| one.by_triage() && !one.is_bot && !one.is_addressed());
    for comment in heard.filter(|one| one.body.len() < LONGEST) {
        let mut before = None;
        for piece in source::read(&comment.body).pieces {
            let named = NAMED.first(&piece.text, 1).or(NUMBER.first(&piece.text, 1));
            let own = named.and_then(|digits| digits.parse().ok()).map(IssueNumber);
            // `#2 has some of it. That needs doing first.`
            let meant = own.or(before.take()).filter(|issue| *issue != brief.number);
            before = own;
            let Some(issue) = meant.filter(|_| FIRST.is_in(&piece.text) && !DOUBTS.is_in(&piece.text)) else {
                continue;
            };
            let same = |said: &Statement| said.text == piece.text && said.by.is_some();
            reading.demands.retain(|said| !same(said) || clause::case(&said.text).is_some());
            reading.talk.retain(|said| !same(said));
            if reading.awaited.iter().all(|seen| seen.issue != issue) {
                reading.awaited.push(Awaited { issue, by: comment.author.clone(), text: piece.text });
            }
        }
    }
}
