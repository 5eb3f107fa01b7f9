//! Pictures of what waits for what: boxes in columns, arrows from what comes first.

pub mod mermaid; // a diagram from the one form of Mermaid that we write ourselves
mod layout; // where boxes and arrows go
mod svg; // the picture itself
#[cfg(test)]
mod tests;

pub use svg::draw;

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// What the picture shows, for those who cannot see it.
    pub title: String,
    /// The boxes.
    pub boxes: Vec<Node>,
    /// From and to, as positions in [`Diagram::boxes`].
    pub arrows: Vec<(usize, usize)>,
}

/// One box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Text; wrapped to fit.
    pub text: String,
    /// In front of the text, such as `#3`; may be empty.
    pub badge: String,
    /// Where a click leads; a path of this page.
    pub link: Option<String>,
    /// How it looks.
    pub look: Look,
}

/// How a box looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// Without a state.
    #[default]
    Plain,
    /// An open issue.
    Open,
    /// A closed issue.
    Closed,
    /// The issue that is being read, open.
    Here,
    /// The issue that is being read, closed.
    HereClosed,
}
