//! Puts items in order: who waits for whom, and for which printed reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::plan::frames::Need;
use crate::domain::plan::items::Draft;
use crate::domain::plan::words;

/// One edge between drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Index of who waits.
    pub item: usize,
    /// Index of whom it waits for.
    pub on: usize,
    /// Why; `{on}` stands for the number of the other.
    pub reason: String,
}

/// The drafts in the order of doing, and their edges by new indices.
pub fn order(drafts: Vec<Draft>, needs: &[Need]) -> (Vec<Draft>, Vec<Edge>) {
    let edges = edges(&drafts, needs);
    let sequence = sequence(drafts.len(), &edges);
    let position: BTreeMap<usize, usize> =
        sequence.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let mut slots: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let ordered = sequence.iter().filter_map(|old| slots.get_mut(*old).and_then(Option::take)).collect();
    let moved = edges.into_iter().filter_map(|edge| {
        let (item, on) = (*position.get(&edge.item)?, *position.get(&edge.on)?);
        (on < item).then_some(Edge { item, on, reason: edge.reason })
    });
    let mut moved: Vec<Edge> = moved.collect();
    moved.sort_by_key(|edge| (edge.item, edge.on));
    (ordered, moved)
}

fn edges(drafts: &[Draft], needs: &[Need]) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let of = |group: &str| drafts.iter().position(|draft| draft.groups.iter().any(|own| own == group));
    for need in needs {
        if let (Some(item), Some(on)) = (of(&need.group), of(&need.on)) {
            add(&mut edges, Edge { item, on, reason: need.reason.clone() });
        }
    }
    for (item, draft) in drafts.iter().enumerate() {
        for (on, other) in drafts.iter().enumerate().filter(|(on, _)| *on != item) {
            for place in draft.places.iter().skip(1).filter(|place| place.new) {
                if other.places.first().is_some_and(|first| first.new && first.path == place.path) {
                    add(
                        &mut edges,
                        Edge {
                            item,
                            on,
                            reason: format!("it uses `{}`, which {{on}} brings in", place.path),
                        },
                    );
                }
            }
            if draft.kind == "docs" && other.kind != "docs" && other.kind != "infrastructure" {
                add(&mut edges, Edge { item, on, reason: "it describes what {on} brings in".into() });
            }
        }
    }
    share(drafts, &mut edges);
    edges
}

/// Two that change one file do so one after the other; the later of the issue waits for the nearest before it.
fn share(drafts: &[Draft], edges: &mut Vec<Edge>) {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (item, draft) in drafts.iter().enumerate() {
        let mut by_other: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for place in &draft.places {
            if let Some(on) = last.insert(&place.path, item) {
                by_other.entry(on).or_default().push(&place.path);
            }
        }
        for (on, paths) in by_other {
            let both = format!("both change {}", words::some(&words::codes(&paths), 2));
            match edges.iter_mut().find(|edge| same(edge, item, on)) {
                Some(edge) => edge.reason = format!("{}, and {both}", edge.reason),
                None => add(edges, Edge { item, on, reason: both }),
            }
        }
    }
}

fn same(edge: &Edge, a: usize, b: usize) -> bool {
    (edge.item, edge.on) == (a, b) || (edge.item, edge.on) == (b, a)
}

/// Adds an edge unless it is there or would close a circle.
fn add(edges: &mut Vec<Edge>, edge: Edge) {
    let known = edges.iter().any(|seen| same(seen, edge.item, edge.on));
    if edge.item != edge.on && !known && !reaches(edges, edge.on, edge.item) {
        edges.push(edge);
    }
}

fn reaches(edges: &[Edge], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut stack = vec![from];
    while let Some(at) = stack.pop() {
        if at == to {
            return true;
        }
        for edge in edges.iter().filter(|edge| edge.item == at) {
            if seen.insert(edge.on) {
                stack.push(edge.on);
            }
        }
    }
    false
}

/// Topological, the issue's own order where nothing else decides.
fn sequence(count: usize, edges: &[Edge]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::with_capacity(count);
    let mut left: BTreeSet<usize> = (0..count).collect();
    while let Some(first) = left.first().copied() {
        let free = left
            .iter()
            .copied()
            .find(|item| !edges.iter().any(|edge| edge.item == *item && left.contains(&edge.on)));
        let next = free.unwrap_or(first);
        left.remove(&next);
        out.push(next);
    }
    out
}
