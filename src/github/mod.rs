//! how we talk to GitHub

pub mod json; // reading JSON that a Rust string could not hold
pub mod signature; // whether a webhook is GitHub's
pub mod webhook; // what a webhook says
pub mod error; // what can go wrong, told apart by what to do about it
pub mod limits; // when we may speak
pub mod guard; // who is asked before writes
pub mod audit; // who is told of writes
mod rate; // limits, read out of answers
mod address; // where GitHub's API lives
mod request; // one request, unsigned
mod refusal; // what GitHub says when it refuses
mod outage; // how long nobody has been reached
pub mod transport; // one exchange over HTTP
mod key; // the App's key
mod key_refusal; // since when GitHub refuses it
pub mod scope; // what a token is limited to
mod etag; // answers we have read before
mod budget; // what is left
mod core; // the one way out
mod tokens; // installation tokens
pub mod identity; // who we are to GitHub
mod graphql; // GraphQL's answers
pub mod repo; // the client for one repository, with the verbs below
pub mod paging; // lists
pub mod contents; // files, trees, blobs
pub mod blobs; // many files in one call
pub mod default_branch; // a glance at the default branch
pub mod issues; // issues
pub mod comments; // comments
pub mod reactions; // receipts
pub mod labels; // labels
pub mod relations; // sub-issues and dependencies
pub mod people; // permissions
pub mod blame; // who last touched a line
pub mod history; // commits, workflow runs
pub mod alerts; // what GitHub's scanners have found
pub mod configuration; // the owner's `.github` repository
pub mod app; // what we ask in the App's own name
pub mod client; // the App's client

#[cfg(test)]
mod testing; // a scripted GitHub for the tests of this module
#[cfg(test)]
mod tests; // this module as a whole, against that server
