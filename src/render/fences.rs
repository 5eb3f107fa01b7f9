//! Follows a text line by line through its fenced blocks.

/// The fence that is open, if any.
#[derive(Debug, Clone, Default)]
pub(super) struct Fences {
    open: Option<Fence>,
}

#[derive(Debug, Clone)]
struct Fence {
    /// As written, indentation and language left out.
    mark: String,
    lang: String,
}

impl Fences {
    /// Takes in the next line.
    pub(super) fn read(&mut self, line: &str) {
        let line = line.trim();
        let Some(kind) = line.chars().next().filter(|c| matches!(c, '`' | '~')) else { return };
        let behind = line.trim_start_matches(kind);
        let length = line.len() - behind.len();
        match &self.open {
            Some(fence)
                if fence.mark.starts_with(kind) && length >= fence.mark.len() && behind.is_empty() =>
            {
                self.open = None;
            }
            None if length >= 3 && !(kind == '`' && behind.contains('`')) => {
                self.open = Some(Fence { mark: line[..length].to_owned(), lang: behind.trim().to_owned() });
            }
            _ => {}
        }
    }

    /// Whether the lines read so far end inside a block.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The line that closes the open block.
    pub(super) fn closing(&self) -> Option<&str> {
        self.open.as_ref().map(|fence| fence.mark.as_str())
    }

    /// What the open block is written in, as its fence says.
    pub(super) fn lang(&self) -> Option<&str> {
        self.open.as_ref().map(|fence| fence.lang.as_str())
    }
}
