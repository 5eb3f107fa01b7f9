//! The plan as a comment: one screen, first the verdict, then what is asked, the pieces, and what is open.

mod closing;
mod demands;
mod items;
mod links;

use crate::domain::escape;
use crate::domain::plan::headline::lost;
use crate::domain::plan::markdown::links::Links;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Plan, Verdict};
use crate::domain::plan::revise;

/// What the comment says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// Revision, from 1.
    pub revision: u32,
    /// What a command begins with: `/`, or `@slug ` where bare names belong to another bot.
    pub prefix: String,
    /// Which requirements have another number than in the revision before, a sentence.
    pub renumbered: Option<String>,
}

impl Default for Presentation {
    fn default() -> Self {
        Self { revision: 1, prefix: "/".to_owned(), renumbered: None }
    }
}

/// The whole comment, GitHub Markdown.
pub fn markdown(plan: &Plan, presentation: &Presentation) -> String {
    let mut links = Links::new(plan);
    let mut blocks: Vec<String> = vec![headline(plan, &links)];
    let table = demands::table(plan, &mut links);
    blocks.extend(presentation.renumbered.clone().filter(|_| table.is_some()));
    blocks.extend(table);
    blocks.extend(items::list(plan, &mut links));
    blocks.extend(items::graph(plan));
    blocks.extend(closing::existing(plan));
    blocks.extend(closing::owners(plan, &mut links));
    blocks.extend(questions(plan, presentation, &mut links));
    blocks.extend(closing::decision(plan));
    blocks.extend(closing::last(plan, &mut links));
    blocks.push(closing::commands(plan, presentation));
    blocks.extend(links.definitions());
    blocks.join("\n\n") + "\n"
}

fn headline(plan: &Plan, links: &Links) -> String {
    // What is quoted, or is not there, is nothing to refer to.
    let quoted = plan.verdict == Verdict::TooVague || lost(plan).is_some();
    let shown = |sentence: &String| {
        let text = ended(&links.plain(sentence));
        if quoted { text } else { references(&text) }
    };
    let sentences: Vec<String> = plan.headline.iter().map(shown).collect();
    format!("**{}**", sentences.join(" "))
}

fn questions(plan: &Plan, presentation: &Presentation, links: &mut Links) -> Option<String> {
    let shown = revise::shown(plan);
    if shown.is_empty() {
        return None;
    }
    let blanks: Vec<String> = shown.iter().map(|(number, _)| format!("{number}: …")).collect();
    // A list of Markdown counts on by itself; where a number is left out, each has to be written.
    let counted = shown.iter().enumerate().all(|(index, (number, _))| *number == index + 1);
    let how = escape::code_span(&format!("{}revise {}", presentation.prefix, blanks.join(" ")));
    let heading = if shown.len() == 1 { "Question" } else { "Questions" };
    let mut lines = vec![format!("**{heading}** (the author may answer too: {how})")];
    for (number, question) in shown {
        let text = links.prose(&question.text);
        // The number that it begins with is ours; what its quoted title names is not.
        let ours = question.slot.starts_with("duplicate.");
        let text = if ours { text.replacen("#\u{200b}", "#", 1) } else { text };
        let mut line = if counted { format!("{number}. {text}") } else { format!("- **{number}:** {text}") };
        if plan.verdict != Verdict::TooVague || question.default.starts_with('`') {
            line.push_str(&format!(" *Default: {}*", ended(&links.prose(&question.default))));
        }
        if !question.why.is_empty() {
            line.push_str(&format!(" {}", links.prose(&question.why)));
        }
        lines.push(line);
    }
    Some(lines.join("\n"))
}

/// With a period, unless it ends in one already.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '?', '!', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// In our own words issue numbers are meant as references; a sentence that quotes somebody refers to nothing.
fn references(text: &str) -> String {
    if text.contains('“') { text.to_owned() } else { text.replace("#\u{200b}", "#") }
}

/// Prose with code spans, escaped and without links.
pub fn plain(text: &str) -> String {
    let spans = mentions::spans(text).into_iter();
    spans.map(|(part, code)| if code { escape::code_span(part) } else { within(part) }).collect()
}

/// A part of a line, escaped: its own ends are no ends of the line and keep their blanks.
fn within(part: &str) -> String {
    let escaped = escape::inline(&format!("x{part}x"));
    let inner = escaped.strip_prefix('x').and_then(|rest| rest.strip_suffix('x'));
    inner.unwrap_or(&escaped).to_owned()
}
