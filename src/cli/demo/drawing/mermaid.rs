//! A diagram from the one form of Mermaid that we write ourselves; anything else stays code.

use std::collections::BTreeMap;

use crate::cli::demo::drawing::{Diagram, Node};

/// Boxes of the largest diagram that is drawn; a person's larger one stays code.
const MOST: usize = 200;

/// Reads `graph LR` with lines such as `i1["1 Title"]` and `i1 --> i2`.
pub fn diagram(code: &str) -> Option<Diagram> {
    let mut lines = code.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines.next()? != "graph LR" {
        return None;
    }
    let mut diagram = Diagram { title: "The order of the work items".to_owned(), ..Diagram::default() };
    let mut places = BTreeMap::new();
    for line in lines {
        if let Some((id, text)) = line.strip_suffix("\"]").and_then(|line| line.split_once("[\"")) {
            places.insert(id, diagram.boxes.len());
            diagram.boxes.push(Node { text: text.to_owned(), ..Node::default() });
        } else {
            let (from, to) = line.split_once(" --> ")?;
            diagram.arrows.push((*places.get(from)?, *places.get(to)?));
        }
    }
    let arrows = diagram.arrows.len();
    (!diagram.boxes.is_empty() && diagram.boxes.len() <= MOST && arrows <= MOST).then_some(diagram)
}
