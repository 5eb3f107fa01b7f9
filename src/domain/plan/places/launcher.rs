//! Files that do nothing but start another: whatever is wrong or wanted, it is in the other.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::literals::is_comment;

/// A file of so many lines does something itself.
const LINES: usize = 10;

static STARTS: Pattern = Pattern::new(
    r"^\s*(?:(?:await\s+)?(?:require|import|require_relative|load|exec|source|\.)[\s(].*|['\x22]use strict['\x22];?|(?:return\s+)?(?:\w+\.)?(?:main|run|start|cli)\(.*\);?|from \S+ import \S+)$",
);

/// A script all of whose few lines hand over to another file.
pub(super) fn is_launcher(text: &str) -> bool {
    let mut lines = text.lines();
    let is_script = lines.next().is_some_and(|first| first.starts_with("#!"));
    let code: Vec<&str> =
        lines.filter(|line| !line.trim().is_empty() && !is_comment(line)).take(LINES).collect();
    is_script && (1..LINES).contains(&code.len()) && code.iter().all(|line| STARTS.is_in(line))
}

#[cfg(test)]
mod tests {
    use super::is_launcher;

    #[test]
    fn what_only_starts_another_file_does_nothing_itself() {
        for text in [
            "#!/usr/bin/env node\n\n// starts the ferry\nrequire(\"../dist/ferry\");\n",
            "#!/usr/bin/env ruby\nrequire_relative '../lib/ferry'\nFerry.run(ARGV)\n",
            "#!/bin/sh\nexec ferry-main \"$@\"\n",
        ] {
            assert!(is_launcher(text), "{text}");
        }
        let long = format!("#!/bin/sh\n{}", "source part.sh\n".repeat(12));
        for text in [
            "#!/usr/bin/env node\nconst port = 8080;\nrequire('../dist/ferry');\n",
            "require('./a');\n",
            long.as_str(),
        ] {
            assert!(!is_launcher(text), "{text}");
        }
    }
}
