//! "Did you mean": the name of a table that is nearest to a misspelled one.

/// The nearest of `names` within `reach` edits (a letter more, less, other, or two swapped); the first of equals.
pub fn closest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>, reach: usize) -> Option<&'a str> {
    names
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(name.chars().count()) <= reach)
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
