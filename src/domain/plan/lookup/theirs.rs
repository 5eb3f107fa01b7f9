//! Names that a tree need not have: of files of whoever uses it, of any file, of what somebody tried.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::Places;
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// `in your `summary.md``: a file of whoever uses it.
static THEIRS: Pattern =
    Pattern::new(r"\b(?:your|my|their|(?:the )?users?['’]s?) (?:own )?(?:\w+ ){0,2}`[\w./-]+\.\w+`");
/// `somedir/foo/bar.py`: any file.
static STANDS_FOR_ANY: Pattern = Pattern::new(
    r"(?:^|/)(?:foo|bar|baz|qux|quux|some(?:[-_]\w+|dir|file|path|thing|module)|my[-_](?:\w+)|example|whatever|path/to)(?:/|\.\w+$|$)",
);
/// `If I put this in place of that`: what somebody tried.
static TRIES: Pattern = Pattern::new(
    r"\b(?:in place of|instead of|replac(?:e|ed|ing)|swap(?:ped|ping)?|chang(?:ed|ing) \S+ (?:to|into))\b",
);

/// Does a sentence name a file of whoever uses it?
pub(super) fn is_theirs(text: &str) -> bool {
    THEIRS.is_in(text)
}

/// Does a path stand for any?
pub(super) fn stands_for_any(path: &str) -> bool {
    STANDS_FOR_ANY.is_in(path)
}

/// Does a sentence tell what somebody put in the place of what is there?
pub(super) fn is_tried(text: &str) -> bool {
    TRIES.is_in(text)
}

/// `craneload.json` at the root of crane, whose sources read a file of that name: whoever uses it has one, and the own one is
/// only the project's.
pub(super) fn is_users(places: &Places<'_>, name: &str) -> bool {
    let own = places.snapshot.repository.name.to_lowercase();
    let bare = name.trim_start_matches('.').to_lowercase();
    if own.len() < 3 || name.contains('/') || !bare.starts_with(&own) || bare.ends_with(".md") {
        return false;
    }
    let read = [format!("\"{name}\""), format!("'{name}'")];
    places.products().any(|path| {
        path != name && places.text(path).is_some_and(|text| read.iter().any(|read| text.contains(read)))
    })
}

/// Most members that are searched for: each is a walk through all sources.
const SEARCHED: usize = 12;

/// `opts.name()`, where the sources have `opts.name`; counts how many were searched for.
pub(super) fn is_member(places: &Places<'_>, name: &str, searched: &mut usize) -> bool {
    let bare = name.trim_end_matches("()");
    if *searched >= SEARCHED || bare == name || !bare.contains('.') {
        return false;
    }
    *searched += 1;
    places.products().filter_map(|path| places.text(path)).any(|text| words::holds(text, bare))
}

/// Does the code of a wish call it? What nothing has is what is wished for.
pub(super) fn is_called(reading: &Reading, name: &str) -> bool {
    let call = format!("{}(", name.trim_end_matches("()"));
    let own = reading.blocks.iter().take(reading.own_blocks).take(20);
    !reading.tells_fault && own.into_iter().any(|block| block.text.contains(&call))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn what_the_tree_need_not_have_is_known() {
        for path in ["somedir/foo/bar.py", "my_module/a.py", "path/to/a.c", "example.js"] {
            assert!(stands_for_any(path), "{path}");
        }
        for path in ["src/food/bars.py", "mymath/sum.py", "src/somersault.rs", "examples/a.js"] {
            assert!(!stands_for_any(path), "{path}");
        }
        assert!(is_tried("If I put `a.b()` in place of that, it works.") && !is_tried("`a.b()` fails."));
        let snapshot = repository("acme/x", "5a1ad00", &[("src/a.js", "f(opts.name);\n")]);
        let places = Places::new(&snapshot);
        let mut searched = 0;
        assert!(is_member(&places, "opts.name()", &mut searched));
        assert!(
            !is_member(&places, "opts.title()", &mut searched) && !is_member(&places, "opts", &mut searched)
        );
        assert_eq!(searched, 2);
        assert!(!is_member(&places, "opts.name()", &mut { SEARCHED }), "no more are searched for");
    }

    #[test]
    fn a_file_that_the_sources_read_by_name_is_of_whoever_uses_them() {
        let reads = "def load():\n    return open(\"craneload.py\").read()\n";
        let files =
            [("crane/tasks.py", reads), ("craneload.py", "import crane\n"), ("cranelift.py", "pass\n")];
        let mut snapshot = repository("acme/crane", "5a1ad00", &files);
        snapshot.repository.name = "crane".to_owned();
        let places = Places::new(&snapshot);
        assert!(is_users(&places, "craneload.py"));
        assert!(!is_users(&places, "cranelift.py") && !is_users(&places, "crane/tasks.py"));
    }
}
