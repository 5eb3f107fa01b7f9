//! From an issue and a tree to a plan: what is asked, where, how one will see it, in which pieces and in which order.
//!
//! Pure, deterministic and without a model. The files stand in reading order; `frames` is where new kinds of change go.

pub mod model; // the plan as data
pub mod names; // letters, digits and underscores in a row
pub mod pattern; // regular expressions that never panic
pub mod secrets; // what looks like a token is masked
pub mod words; // lists, numbers, nouns, sentences
pub mod asks; // words that ask for something
pub mod trace; // stack traces
pub mod references; // issues that a line names, here and elsewhere
pub mod source; // Markdown into boxes, sentences, steps and code
pub mod roles; // which part a sentence plays
pub mod languages; // what an issue is written in
pub mod quantity; // numbers with units
pub mod mentions; // the names a sentence uses
pub mod clause; // a sentence as condition, subject and outcome
pub mod wish; // what a wish shows when it is granted
pub mod gate; // what may be printed as a case
pub mod unheard; // what asks beside the demands
pub mod said; // what people said to the plan
pub mod statement; // which sentences are demands
pub mod proposal; // what the code of a proposal declares
pub mod titles; // what an issue is called
pub mod cover; // which of them a sub-issue carries already
pub mod claimed; // the pull request that is the work already
pub mod examples; // what goes in and what comes out
pub mod clues; // names worth looking for
pub mod terms; // all words, weighed
pub mod places; // the tree, indexed
pub mod exported; // what the tree hands out to others
pub mod longer; // names that hold another one
pub mod reading_list; // which files to read for an issue
pub mod workflows; // which job runs which command
pub mod flows; // workflows of n8n
pub mod unfold; // what a command comes down to
pub mod testing; // how the repository tests
pub mod owners; // who has to review
pub mod tools; // formatters and linters
pub mod lookup; // the names in the tree
pub mod frames; // kinds of change
pub mod size; // how large
pub mod items; // the cut into pieces
pub mod order; // who waits for whom
pub mod dependencies; // other issues that come first
pub mod classify; // what kind of issue
pub mod priority; // how soon
pub mod remedy; // the change that a report proposes
pub mod shown; // what shows a demand done whose words do not
pub mod questions; // what to ask beyond the frames
pub mod asked_back; // what a maintainer asked and nobody has answered
pub mod awaited; // what a maintainer puts before it
pub mod declined; // what a maintainer turned down
pub mod calls; // which part of a call to contributors
pub mod beside; // what a new thing is called beside others
pub mod signature; // how a new call is written
pub mod left_open; // what the issue itself leaves to be decided
pub mod already; // what the tree says of the matter
pub mod unsaid; // what such wishes leave unsaid as a rule
pub mod aside; // what the author asks beside the demands
pub mod customs; // what the repository asks of every change
pub mod profile; // what kind of repository it is
pub mod rules; // is it fit to be worked on
pub mod advice; // what maintainers say of the cause and the way
pub mod closing; // done when, back out, not checked
pub mod headline; // the verdict in a sentence
pub mod why; // evidence and arithmetic
pub mod fit; // which words can answer which question
pub mod revise; // answers to questions
pub mod answered; // where answers go
pub mod proved; // the cases of a demand
pub mod required; // what is asked, with places and cases
pub mod compose; // all of it together
pub mod markdown; // the comment

pub use already::closes;
pub use compose::{Options, plan};
pub use markdown::{Presentation, markdown};
pub use model::{Plan, Question, Verdict, WorkItem};
pub use reading_list::wanted;

#[cfg(test)]
pub(crate) mod tests;
