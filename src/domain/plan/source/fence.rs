//! Code between fences.

/// Code that has begun and has not ended yet.
pub(super) struct Fence {
    pub(super) mark: char,
    pub(super) length: usize,
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) lead: Option<String>,
    /// Nothing stood behind its mark.
    pub(super) is_bare: bool,
}

impl Fence {
    /// A mark alone; where none stood at its start, people write the language behind its end instead.
    pub(super) fn ends(&self, line: &str, length: usize) -> bool {
        let behind = line.get(length..).unwrap_or_default();
        behind.is_empty()
            || self.is_bare && behind.starts_with(' ') && behind.trim().chars().all(char::is_alphanumeric)
    }
}
