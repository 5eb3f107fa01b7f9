//! Evidence that names a place exactly: it decides before all that is only likely.

mod coded; // code that is quoted
mod filled; // messages with their values filled in
mod keys; // where a key is read
mod kin; // the name that a new one is formed after
mod likened; // the option beside a new one
mod manual; // the project's own manual page
mod member; // a member that the new thing is set beside
mod prefixed; // what stands before a generated name
mod printed; // lines that a program printed
mod rare; // a rare name of the title
mod receiver; // the type of a new method
mod thrown; // where an exception is thrown
mod titled; // a function or a type that is written as code
mod twin; // the existing name beside a new one
mod verbatim; // texts letter for letter
mod versions; // what differs from one version to another

use super::command;
use crate::domain::brief::Brief;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::terms;

/// One kind of it.
type Find = fn(&Brief, &Reading, &Places<'_>) -> Vec<Likely>;

/// The most exact first; what it finds is the place.
const KINDS: [Find; 19] = [
    printed::printed,
    filled::filled,
    coded::coded,
    thrown::thrown,
    receiver::receiver,
    titled::function,
    manual::documents,
    verbatim::verbatim,
    verbatim::beside,
    prefixed::prefixed,
    command::carried_out,
    twin::twin,
    kin::formed_after,
    member::beside,
    keys::read_key,
    likened::likened,
    titled::of_code,
    versions::differing,
    rare::rare,
];

/// Most names that are looked for.
const LIMIT: usize = 8;

/// What the first kind finds that finds anything.
pub(super) fn find(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    KINDS.iter().map(|kind| kind(brief, reading, places)).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Those first that have most of the issue; one file is one place.
fn by_words(found: &mut Vec<Likely>, brief: &Brief, places: &Places<'_>) {
    if found.len() > 1 {
        let relevant = places.relevant(&terms::of(brief));
        let rank = |one: &Likely| relevant.iter().position(|other| other.path == one.place.path);
        found.sort_by_cached_key(|one| rank(one).unwrap_or(usize::MAX));
        let mut seen: Vec<String> = Vec::new();
        found.retain(|one| {
            let is_new = !seen.contains(&one.place.path);
            seen.push(one.place.path.clone());
            is_new
        });
    }
}

/// As much of what the writer says as is worth comparing, bytes.
const SAID: usize = 8_000;

/// What the writer says.
fn said(brief: &Brief) -> String {
    let mut said = format!("{}\n{}", brief.title, brief.body);
    said.truncate(said.floor_char_boundary(SAID));
    said
}
