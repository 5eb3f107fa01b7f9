//! A long list comes in pages.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "pagination",
    read,
    risk: Some(Risk::of("who reads all of it today gets the first page and no error")),
};

static ABOUT: Pattern = Pattern::new(
    r"\b(?:paginat\w+|paged|page size|per page|next page|page token|cursor-based|infinite scroll|seitenweise|pro seite)\b",
);
static SIZE: Pattern = Pattern::new(
    r"(\d{1,6})\s+(?:[\w-]+\s+){0,2}?(?:per|pro|a|each)\s+(?:page|seite)|page size(?: of| is)?\s+(\d{1,6})|pages of (\d{1,6})",
);
static SUBJECT: Pattern = Pattern::new(
    r"(?:paginate|page through|list(?:s|ing)?(?: of)?|return(?:s|ing)?)\s+(?:the |all |our )*([\w `/-]{3,40}?)(?:\s+(?:with|in|by|must|should|so|at|per|is|are|and)\b|[,.;(]|$)|^(?:the |all |our |list of )*([\w `/-]{2,39}?s)\s+(?:must|should|shall|will|are|is|gets?|comes?)\s+(?:to be |be )?(?:paginated|paged|in pages)\b",
);
static ORDER: Pattern =
    Pattern::new(r"\b(?:order(?:ed)?|sort(?:ed)?|newest|oldest|latest|ascending|descending|sortiert)\b");
/// `newest first`, `sorted by name`.
static ORDERED: Pattern = Pattern::new(
    r"\b((?:newest|oldest|latest|largest|smallest) first|(?:ordered|sorted) by [\w`. -]{2,30}?)(?:[,.;)]|$)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        if ABOUT.is_in(&statement.text) {
            one(scene, findings, index, &statement.text);
        }
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let id = index + 1;
    let subject = SUBJECT
        .either(text)
        .map_or_else(|| format!("the list of R{id}"), |subject| subject.trim().to_owned());
    let size = SIZE
        .captures(text)
        .and_then(|found| found.iter().skip(1).flatten().find_map(|it| it.as_str().parse::<u64>().ok()))
        .or_else(|| quantity::first_number(&scene.answered(&scene.slot("pagination.size", index))?));
    if let Some(size) = size.filter(|size| *size > 0) {
        let order = match ORDERED.first(text, 1).or_else(|| ORDERED.first(&scene.brief.title, 1)) {
            Some(order) => format!(", {}", order.to_lowercase()),
            None => " in today's order".to_owned(),
        };
        let last = size.saturating_mul(2);
        findings.reads(format!("“page 2” = {subject} {} to {last}{order}", size + 1));
    }
    if SUBJECT.is_in(text) {
        findings.leaves(
            index,
            format!("after a revert whoever asks for a page gets all of {} again", words::quoted(&subject)),
        );
    }
    let cases = match size {
        Some(size) => vec![
            format!("{size} of {subject}: one page, no next"),
            format!("{} of {subject}: {size}, then 1", size.saturating_add(1)),
            format!("none of {subject}: one empty page"),
        ],
        None => {
            findings.ask(
                scene,
                &format!("the page size of R{id}"),
                Question::new(
                    scene.slot("pagination.size", index),
                    format!("How many of {} make a page?", words::quoted(&subject)),
                    "50, at most 100 on request".to_owned(),
                    78,
                ),
            );
            vec![
                format!("one more of {subject} than a page holds: a second page with 1"),
                format!("none of {subject}: one empty page"),
            ]
        }
    };
    if !ORDER.is_in(&scene.whole()) {
        findings.ask(
            scene,
            &format!("the order of R{id}"),
            Question::new(
                scene.slot("pagination.order", index),
                format!("In which order do {} come, so that no page repeats one?", words::quoted(&subject)),
                "today's order, ties by identifier".to_owned(),
                58,
            ),
        );
    }
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}
