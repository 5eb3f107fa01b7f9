//! The member that a wish sets its new thing beside: `an additional method instead of more of ``Store::open``'s arguments`.

use crate::domain::brief::Brief;
use crate::domain::plan::lookup::evidence::{MEMBER, split};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// Most sentences that are looked through.
const SAID: usize = 40;

/// Where the first of them is defined that the tree has.
pub(super) fn beside(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if reading.tells_fault {
        return Vec::new();
    }
    let own = reading.demands.iter().chain(&reading.talk).filter(|said| said.by.is_none());
    let compares = own.filter(|said| BESIDE.is_in(&said.text)).take(SAID);
    let names = compares.flat_map(|said| MEMBER.all(&said.text, 0)).take(super::LIMIT);
    let found = names.filter_map(|name| {
        let (owner, member) = split(name)?;
        let of_file = || {
            let path = places.type_file(owner)?;
            Some(Place { line: Some(places.definition(path, member)?), ..places::existing(path) })
        };
        let place = places.member(owner, member).or_else(of_file)?;
        let because = format!("defines {}, beside which the issue sets it", words::code(member));
        Some(Likely { place, because })
    });
    found.take(1).collect()
}

static BESIDE: Pattern = Pattern::new(
    r"\b(?:additional|another|separate|sibling|counterpart|companion|new) (?:\w+ ){0,2}(?:method|function|call|overload|class|type|helper|constructor|factory|property)\b|\b(?:counterpart|analog(?:ue)?|sibling|alternative) (?:of|to|for)\b|\balongside\b|\bnext to\b",
);
