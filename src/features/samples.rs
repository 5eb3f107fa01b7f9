//! Every view of the features, for the test that renders each with its samples and for operators' templates.

use crate::features::answers::{Failed, Refused, Sentence, Unknown};
use crate::features::discover::views::Candidates;
use crate::features::enhance::views::{Elsewhere, Unchanged};
use crate::features::explain::{Status, Why};
use crate::features::rehearsal::DryRun;
use crate::features::work_items::views::{Approved, ItemBody, Items, Undone};
use crate::render::view::Sample;

/// One row per view.
pub fn all() -> Vec<Sample> {
    vec![
        Sample::of::<Sentence>(),
        Sample::of::<Refused>(),
        Sample::of::<Unknown>(),
        Sample::of::<Failed>(),
        Sample::of::<DryRun>(),
        Sample::of::<Unchanged>(),
        Sample::of::<Elsewhere>(),
        Sample::of::<Candidates>(),
        Sample::of::<Why>(),
        Sample::of::<Status>(),
        Sample::of::<Approved>(),
        Sample::of::<ItemBody>(),
        Sample::of::<Items>(),
        Sample::of::<Undone>(),
    ]
}
