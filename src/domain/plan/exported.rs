//! What is there for others: the names that a package, a crate, a module or an assembly hands out, by the rules of its language.
//!
//! To add a language: a line in `RULES`, or a list of its own as Python's `__all__` is one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

/// A line that hands out a name, in the files of a language.
struct Rule {
    endings: &'static [&'static str],
    /// The name is its first group.
    line: Pattern,
    /// Files that hand out nothing, whatever they write.
    closed: Pattern,
}

static RULES: [Rule; 5] = [
    Rule {
        endings: &["rs"],
        line: Pattern::new(
            r"(?-i:^\s*pub (?:(?:async|const|unsafe|extern \x22C\x22) )*(?:fn|struct|enum|trait|type|union|static|const|macro) (\w+))",
        ),
        closed: Pattern::new(r"(?:^|/)(?:main\.rs|build\.rs)$|(?:^|/)bin/"),
    },
    Rule {
        endings: &["go"],
        line: Pattern::new(
            r"(?-i:^(?:func (?:\([^)]*\) )?|type |var |const )([A-Z]\w*)(?:\(|\[| struct\b| interface\b| func\b| [\w.*\[\]]+(?: =|$)| = ))",
        ),
        closed: Pattern::new(r"(?:^|/)internal/|(?:^|/)cmd/|(?:^|/)main\.go$"),
    },
    Rule {
        endings: &["java", "kt", "cs"],
        line: Pattern::new(
            r"(?-i:^\s*(?:@\w+ )*public (?:(?:static|final|abstract|sealed|partial|readonly|async|virtual|override|unsafe|default|synchronized|open|data|inline|suspend|record|const|new|required) )*(?:(?:class|interface|enum|struct|record|delegate|@interface|object|fun|val|var|event)\s+(\w+)|[\w.<>\[\],?]+(?: [\w<>\[\],?]+)? (\w+)\s*[({;=]))",
        ),
        closed: Pattern::new(r"(?:^|/)(?:internal|impl)/"),
    },
    Rule {
        endings: &["ts", "tsx", "mts"],
        line: Pattern::new(
            r"(?-i:^\s*export (?:default )?(?:(?:declare|abstract|async) )*(?:function\*?|class|interface|type|enum|const|let|var|namespace) (\w+))",
        ),
        closed: Pattern::new(r"(?:^|/)internal/"),
    },
    Rule {
        endings: &["js", "jsx", "mjs", "cjs"],
        line: Pattern::new(
            r"(?-i:^\s*export (?:default )?(?:async )?(?:function\*?|class|const|let|var) (\w+)|^\s*(?:module\.)?exports\.(\w+)\s*=)",
        ),
        closed: Pattern::new(r"(?:^|/)internal/"),
    },
];

/// `__all__ = ["open", 'close']`, over lines.
static ALL: Pattern = Pattern::new(r"(?m-i:^__all__(?:: [^=\n]{1,40})?\s*\+?=\s*[\[(]([^\])]{0,4000})[\])])");
static QUOTED: Pattern = Pattern::new(r#"['\x22](\w{1,80})['\x22]"#);
/// `from .reader import open, close as shut`.
static IMPORTED: Pattern =
    Pattern::new(r"(?m-i:^from \.[\w.]* import \(?([^()\n#]{1,400}|[^()#]{1,2000}\)))");
/// `export { open, close as shut } from './reader'`.
static LISTED: Pattern = Pattern::new(r"(?-i:^\s*export (?:type )?\{([^}]{1,400})\})");

/// Lines of data hand out nothing.
const LINE: usize = 400;
/// More names than these of one file say no more.
const EACH: usize = 200;

/// The file and line that hand out a name; nothing where it stays inside.
pub fn at<'a>(places: &Places<'a>, name: &str) -> Option<(&'a str, usize)> {
    if name.len() < 2 || name.contains([' ', '/', '-']) {
        return None;
    }
    let own = name.rsplit(['.', ':', '#']).next().unwrap_or(name);
    let mut files = own_files(places).filter(|(_, text)| text.contains(own));
    files.find_map(|(path, text)| {
        of(places, path, text).into_iter().find(|(_, found)| *found == own).map(|(line, _)| (path, line))
    })
}

/// All names that the tree hands out, from the top of it downwards.
pub fn all<'a>(places: &Places<'a>) -> Vec<&'a str> {
    let mut files: Vec<(&str, &str)> = own_files(places).collect();
    files.sort_by_cached_key(|(path, _)| (path.matches('/').count(), *path));
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (path, text) in files {
        let names = of(places, path, text).into_iter().map(|(_, name)| name);
        out.extend(names.filter(|name| seen.insert(*name)));
    }
    out
}

/// The sources of the product, as they were read.
fn own_files<'a, 'p>(places: &'p Places<'a>) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a, 'p> {
    places.read_sources().filter(|(path, _)| !places.holds_tests(path) && !places.is_beside(path))
}

/// What one file hands out, with its lines.
fn of<'a>(places: &Places<'_>, path: &str, text: &'a str) -> Vec<(usize, &'a str)> {
    let ending = places::ending(path);
    if ending == "py" {
        return python(path, text);
    }
    let Some(rule) = RULES.iter().find(|rule| rule.endings.contains(&ending)) else { return Vec::new() };
    if rule.closed.is_in(path)
        || ending == "rs" && !is_library(places, path)
        || ending == "go" && is_program(text)
    {
        return Vec::new();
    }
    let script = matches!(ending, "ts" | "tsx" | "mts" | "js" | "jsx" | "mjs" | "cjs");
    if script && !is_entry(places, path) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (index, line) in
        places::without_tests(path, text).lines().enumerate().filter(|(_, line)| line.len() < LINE)
    {
        out.extend(rule.line.either(line).map(|name| (index + 1, name)));
        if script && let Some(list) = LISTED.first(line, 1) {
            out.extend(names_of(list).map(|name| (index + 1, name)));
        }
        if out.len() > EACH {
            break;
        }
    }
    out
}

/// `open, close as shut`: what each is called outside.
fn names_of(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .filter_map(|one| one.rsplit(" as ").next())
        .map(|name| name.trim_matches([' ', '\n', ')', '\t']))
        .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// What `__all__` lists; without it what the file of a package brings in from its modules.
fn python<'a>(path: &str, text: &'a str) -> Vec<(usize, &'a str)> {
    let line_of = |part: &str| {
        let at = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        text.get(..at).map_or(1, |head| head.matches('\n').count() + 1)
    };
    let hidden = |name: &&str| !name.starts_with('_');
    let listed: Vec<&str> =
        ALL.all(text, 1).into_iter().flat_map(|list| QUOTED.all(list, 1)).take(EACH).collect();
    if !listed.is_empty() {
        return listed.into_iter().map(|name| (line_of(name), name)).collect();
    }
    if places::name(path) != "__init__.py" {
        return Vec::new();
    }
    let brought = IMPORTED.all(text, 1).into_iter().flat_map(names_of).filter(hidden).take(EACH);
    brought.map(|name| (line_of(name), name)).collect()
}

/// A crate that others can use: it has a `lib.rs` beside or above the file.
fn is_library(places: &Places<'_>, path: &str) -> bool {
    let mut folder = places::folder(path);
    loop {
        if places.has(&places::within(folder, "lib.rs")) {
            return true;
        }
        if folder.is_empty() || places.has(&places::within(folder, "Cargo.toml")) {
            return false;
        }
        folder = places::folder(folder);
    }
}

fn is_program(text: &str) -> bool {
    text.lines().take(60).any(|line| line.trim_end() == "package main")
}

/// Files that `package.json` hands out: those that its keys lead to, and the `index` where it has none of them.
fn is_entry(places: &Places<'_>, path: &str) -> bool {
    let mut folder = places::folder(path);
    let manifest = loop {
        let manifest = places::within(folder, "package.json");
        if places.has(&manifest) {
            break manifest;
        }
        if folder.is_empty() {
            return false;
        }
        folder = places::folder(folder);
    };
    let Some(read) = places.json(&manifest) else { return false };
    let home = places::folder(&manifest);
    let own = path.strip_prefix(home).unwrap_or(path).trim_start_matches('/');
    let mut named = Vec::new();
    for key in ["exports", "main", "module", "types", "typings", "source"] {
        collect(read.get(key), &mut named);
    }
    // What is built lies elsewhere: `dist/reader.js` comes from `src/reader.ts`.
    let bare = |path: &str| {
        let inner = unbuilt(path);
        inner.trim_end_matches(".d.ts").rsplit_once('.').map_or(inner, |(stem, _)| stem).to_owned()
    };
    let ours = bare(own);
    if named.is_empty() {
        return ours == "index";
    }
    named.iter().any(|one| match one.split_once('*') {
        Some((before, _)) => {
            own.starts_with(before.trim_start_matches("./")) || ours.starts_with(unbuilt(before))
        }
        None => bare(one) == ours,
    })
}

/// A path below the folder that a build writes or that sources lie in: `parts/rope.js` of `./dist/parts/rope.js`.
fn unbuilt(path: &str) -> &str {
    let path = path.trim_start_matches("./");
    path.split_once('/').filter(|(top, _)| BUILT.contains(top)).map_or(path, |(_, rest)| rest)
}

/// Folders that a build writes and sources lie in.
const BUILT: [&str; 8] = ["dist", "lib", "build", "out", "esm", "cjs", "src", "es"];

/// All paths of a value of `exports`, however deep its conditions go.
fn collect(value: Option<&Value>, out: &mut Vec<String>) {
    match value {
        Some(Value::String(path)) => out.push(path.clone()),
        Some(Value::Array(list)) => list.iter().for_each(|one| collect(Some(one), out)),
        Some(Value::Object(map)) => map.values().for_each(|one| collect(Some(one), out)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    fn handed(files: &[(&str, &str)]) -> Vec<String> {
        let snapshot = repository("acme/quay", "5a1ad00", files);
        let places = Places::new(&snapshot);
        all(&places).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn python_hands_out_what_all_lists_else_what_its_package_brings_in() {
        let init = "from .crane import lift, lower as drop\nfrom ._rope import _knot\n";
        let listed = "__all__ = [\n    \"Crane\",\n    'lift',\n]\n\ndef lift(): ...\ndef hidden(): ...\n";
        assert_eq!(
            handed(&[("quay/__init__.py", init), ("quay/other.py", "def other(): ...\n")]),
            ["lift", "drop"]
        );
        assert_eq!(handed(&[("quay/crane.py", listed)]), ["Crane", "lift"]);
        let snapshot = repository("acme/quay", "5a1ad00", &[("quay/crane.py", listed)]);
        let places = Places::new(&snapshot);
        assert_eq!(at(&places, "lift"), Some(("quay/crane.py", 3)));
        assert_eq!(at(&places, "hidden"), None);
    }

    #[test]
    fn a_package_of_node_hands_out_what_its_exports_lead_to() {
        let code = "export function lift() {}\nexport { lower as drop, hoist } from './rope';\nfunction inside() {}\n";
        let manifest = r#"{"exports": {".": {"types": "./dist/crane.d.ts", "import": "./dist/crane.js"}}}"#;
        let files = [
            ("package.json", manifest),
            ("src/crane.ts", code),
            ("src/rope.ts", "export const lower = 1;\n"),
        ];
        assert_eq!(handed(&files), ["lift", "drop", "hoist"]);
        // Without a list it is the index alone.
        let files =
            [("package.json", "{}"), ("src/index.ts", code), ("src/rope.ts", "export const lower = 1;\n")];
        assert_eq!(handed(&files), ["lift", "drop", "hoist"]);
        // Without a package nobody can bring it in.
        assert!(handed(&[("src/index.ts", code)]).is_empty());
        let wide = r#"{"exports": {"./*": "./dist/parts/*.js"}}"#;
        assert_eq!(
            handed(&[("package.json", wide), ("src/parts/rope.ts", "export const lower = 1;\n")]),
            ["lower"]
        );
    }

    #[test]
    fn go_hands_out_capitals_unless_they_are_internal_or_of_a_program() {
        let code = "package quay\n\ntype Crane struct{}\n\nfunc (c *Crane) Lift(n int) error { return nil }\n\nfunc lower() {}\n\nvar Limit = 3\n";
        assert_eq!(
            handed(&[
                ("crane.go", code),
                ("internal/rope.go", code),
                ("cmd/quay/main.go", "package main\n\nfunc Run() {}\n")
            ]),
            ["Crane", "Lift", "Limit"]
        );
        assert!(handed(&[("run.go", "package main\n\nfunc Run() {}\n")]).is_empty());
        assert!(handed(&[("crane_test.go", "package quay\n\nfunc TestLift(t *testing.T) {}\n")]).is_empty());
    }

    #[test]
    fn java_and_c_sharp_hand_out_what_is_public() {
        let java = "public final class Crane {\n    public int lift(int tons) { return tons; }\n    private void lower() {}\n    void inside() {}\n}\n";
        assert_eq!(handed(&[("src/main/java/quay/Crane.java", java)]), ["Crane", "lift"]);
        let sharp = "namespace Quay;\npublic sealed class Crane\n{\n    public async Task<int> LiftAsync(int tons) => tons;\n    public int Tons { get; }\n    internal void Lower() {}\n}\n";
        assert_eq!(handed(&[("src/Quay/Crane.cs", sharp)]), ["Crane", "LiftAsync", "Tons"]);
    }

    #[test]
    fn a_crate_hands_out_what_is_public_and_a_program_nothing() {
        let code = "pub struct Crane;\npub(crate) fn inside() {}\npub fn lift() {}\n";
        let manifest = ("Cargo.toml", "[package]\nname = \"quay\"\n");
        assert_eq!(
            handed(&[manifest, ("src/lib.rs", "mod crane;\n"), ("src/crane.rs", code)]),
            ["Crane", "lift"]
        );
        assert!(handed(&[manifest, ("src/main.rs", "mod crane;\n"), ("src/crane.rs", code)]).is_empty());
    }
}
