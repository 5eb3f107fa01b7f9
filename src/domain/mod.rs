//! what things are: plain data, pure rules

pub mod ids; // newtypes for everything GitHub and we number
pub mod failure; // who is told, and whether we try again
pub mod hash; // hashes of text
pub mod lenient; // reading JSON that may differ from what we expect
pub mod misread; // what is wrong with such JSON
pub mod event; // what GitHub tells us happened
pub mod escape; // user text into Markdown, safely
pub mod markdown; // reading Markdown
pub mod command; // commands in comments
pub mod permission; // what a person may do
pub mod marker; // how we recognize what we wrote
pub mod act; // what deciding hands to doing
pub mod message; // the messages of jobs
pub mod schedule; // when something recurring is due
pub mod sweep; // how far the sweep of GitHub's delivery log has come
pub mod unheard; // comments that nobody told us of
pub mod set_back; // a clock that was ahead
pub mod pace; // how fast GitHub may be written to
pub mod backoff; // when to try again
pub mod approval; // whether a revision may be approved, and what that does
pub mod undo; // whether a work item may be closed again
pub mod neighbor; // other bots that own command names
pub mod brief; // what a person asked for
pub mod snapshot; // what is known of a repository at one commit
pub mod alert; // what GitHub's scanners have found
pub mod plan; // the planner
pub mod record; // a plan as it is kept
pub mod discover; // what could be done next
