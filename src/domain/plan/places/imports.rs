//! Who provably imports a file: a spelling counts only where it resolves to that very file, comments and text aside.

use std::collections::BTreeSet;

use crate::domain::plan::places::{Places, ending, folder, name, stem, within};

/// Lines of a file in which an import is looked for.
const LINES: usize = 2_000;
/// Endings of one family; the first three are what an import of the built file's ending may mean.
const SCRIPTS: [&str; 8] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"];

/// Written in JavaScript or TypeScript?
pub fn is_script(path: &str) -> bool {
    SCRIPTS.contains(&ending(path))
}

/// Whether a line of a file (its path first) imports what is looked for.
type Uses<'a> = Box<dyn Fn(&str, &str) -> bool + 'a>;

impl<'a> Places<'a> {
    /// Files read that import `path`; none where a language names packages and not files, and nothing proves more.
    pub fn importers(&self, path: &str) -> Vec<&'a str> {
        let family = family(path);
        let uses: Uses<'_> = match family {
            "js" => Box::new(|from, line| self.imports_script(path, (from, line))),
            "py" => Box::new(|from, line| self.imports_python(path, (from, line))),
            "rb" => Box::new(|from, line| self.imports_ruby(path, (from, line))),
            "java" | "php" => match self.full_name(path) {
                Some(name) => Box::new(move |_, line| imports_name(line, &name)),
                None => return Vec::new(),
            },
            "go" => match self.go_package(path) {
                Some(package) => {
                    Box::new(move |from, line| folder(from) != folder(path) && imports_go(line, &package))
                }
                None => return Vec::new(),
            },
            "rs" => return self.rust_importers(path),
            _ => return Vec::new(),
        };
        let imports = |from: &str, text: &str| code(text).any(|line| uses(from, line));
        let all = self.snapshot.files.iter();
        all.filter(|(other, text)| {
            other.as_str() != path && self::family(other) == family && imports(other, text)
        })
        .map(|(other, _)| other.as_str())
        .collect()
    }

    /// Were all files read that could import `path`? Otherwise who uses it is known in part.
    pub fn reads_all_importers(&self, path: &str) -> bool {
        let family = family(path);
        self.files().all(|other| self::family(other) != family || self.text(other).is_some())
    }

    /// `./a.js` is `a.ts` where that is what stands in the tree.
    fn imports_script(&self, path: &str, (from, line): (&str, &str)) -> bool {
        script_modules(line).any(|module| {
            let Some(spelled) = joined(folder(from), module) else { return false };
            self.script(&spelled).is_some_and(|found| found == path)
        })
    }

    /// The script that a spelling without or with the ending of the built file means.
    pub(super) fn script(&self, spelled: &str) -> Option<String> {
        let built = matches!(ending(spelled), "js" | "jsx" | "mjs" | "cjs");
        let source = built.then(|| spelled.rsplit_once('.')).flatten();
        let sources = source.into_iter().flat_map(|(stem, ending)| match ending {
            "mjs" => vec![format!("{stem}.mts")],
            "cjs" => vec![format!("{stem}.cts")],
            _ => vec![format!("{stem}.ts"), format!("{stem}.tsx")],
        });
        let bare = SCRIPTS.iter().map(|ending| format!("{spelled}.{ending}"));
        let within = SCRIPTS.iter().map(|ending| format!("{spelled}/index.{ending}"));
        std::iter::once(spelled.to_owned())
            .chain(sources)
            .chain(bare)
            .chain(within)
            .find(|path| self.has(path))
    }

    /// `from a.b import c` means `a/b.py` or `a/b/c.py`, seen from a root of sources or from its own folder.
    fn imports_python(&self, path: &str, (from, line): (&str, &str)) -> bool {
        let Some(modules) = python_modules(line.trim()) else { return false };
        modules.iter().any(|module| {
            let dots = module.len() - module.trim_start_matches('.').len();
            let rest = module.trim_start_matches('.').replace('.', "/");
            let roots: Vec<&str> = match dots {
                0 => self.python_roots(from),
                _ => std::iter::successors(Some(folder(from)), |home| Some(folder(home)))
                    .nth(dots - 1)
                    .into_iter()
                    .collect(),
            };
            roots.into_iter().find_map(|root| self.python(&within(root, &rest))).as_deref() == Some(path)
        })
    }

    fn python(&self, module: &str) -> Option<String> {
        let tries = [format!("{module}.py"), format!("{module}/__init__.py"), format!("{module}.pyi")];
        tries.into_iter().find(|path| self.has(path))
    }

    /// Where Python looks for a package, as far as the tree tells: the folders above that are no packages, and `src`.
    fn python_roots<'p>(&self, from: &'p str) -> Vec<&'p str> {
        let above =
            std::iter::successors(Some(folder(from)), |home| (!home.is_empty()).then(|| folder(home)));
        let mut roots: Vec<&str> = above.filter(|home| !self.has(&within(home, "__init__.py"))).collect();
        roots.extend(["src", "lib"]);
        roots
    }

    fn imports_ruby(&self, path: &str, (from, line): (&str, &str)) -> bool {
        let line = line.trim();
        let resolved = match (line.strip_prefix("require_relative "), line.strip_prefix("require ")) {
            (Some(rest), _) => quoted(rest).and_then(|module| joined(folder(from), &format!("./{module}"))),
            (None, Some(rest)) => quoted(rest).map(|module| format!("lib/{module}")),
            (None, None) => None,
        };
        resolved.is_some_and(|module| {
            let module = module.strip_suffix(".rb").unwrap_or(&module);
            path.strip_suffix(".rb") == Some(module)
        })
    }

    /// `a.b.C` or `A\B\C`: what the file itself says its package is, and the type it is named after.
    fn full_name(&self, path: &str) -> Option<String> {
        let text = self.text(path)?;
        let own = stem(name(path));
        self.definition(path, own)?;
        let said = |start: &str| {
            let found = code(text).find_map(|line| line.trim().strip_prefix(start));
            found.map(|rest| rest.trim_end_matches(['{', ';', ' ']).trim().to_owned())
        };
        let (package, mark) = match ending(path) {
            "php" => (said("namespace ")?, '\\'),
            _ => (said("package ")?, '.'),
        };
        Some(format!("{package}{mark}{own}"))
    }

    /// The package that is this one file, tests aside: Go imports folders by their module's name, and never a program.
    fn go_package(&self, path: &str) -> Option<String> {
        let home = folder(path);
        let program =
            || self.text(path).is_some_and(|text| code(text).any(|line| line.trim() == "package main"));
        let beside = |other: &str| {
            other != path && folder(other) == home && ending(other) == "go" && !other.ends_with("_test.go")
        };
        if name(path) == "main.go" || program() || self.files().any(beside) {
            return None;
        }
        let mut homes = std::iter::successors(Some(home), |at| (!at.is_empty()).then(|| folder(at)));
        homes.find_map(|at| {
            let manifest = self.text(&within(at, "go.mod"))?;
            let module = manifest.lines().find_map(|line| line.trim().strip_prefix("module "))?;
            let below = home.get(at.len()..)?.trim_matches('/');
            Some(within(module.trim(), below).trim_end_matches('/').to_owned())
        })
    }

    fn rust_importers(&self, path: &str) -> Vec<&'a str> {
        let Some((root, module)) = self.rust_module(path).filter(|(_, module)| !module.is_empty()) else {
            return Vec::new();
        };
        let package = self.rust_package(root);
        let uses = |other: &str, text: &str| {
            let inside = other.starts_with(&within(root, "src/"));
            let own = if inside { self.rust_module(other).map(|(_, own)| own) } else { None };
            let declares = own.as_ref().is_some_and(|own| {
                module
                    .split_last()
                    .is_some_and(|(last, above)| above == own.as_slice() && declared(text, last))
            });
            let names = rust_paths(text);
            let mut spelled = Vec::new();
            if let Some(own) = &own {
                spelled.push(format!("crate::{}", module.join("::")));
                if let Some((_, above)) = own.split_last()
                    && let Some(rest) = module.strip_prefix(above).filter(|rest| !rest.is_empty())
                {
                    spelled.push(format!("super::{}", rest.join("::")));
                }
            } else {
                spelled.extend(package.iter().map(|package| format!("{package}::{}", module.join("::"))));
            }
            let begins = |name: &String| {
                spelled.iter().any(|whole| {
                    name.strip_prefix(whole.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
                })
            };
            declares || lent(other, text, path) || names.iter().any(begins)
        };
        let all = self.snapshot.files.iter();
        all.filter(|(other, text)| other.as_str() != path && ending(other) == "rs" && uses(other, text))
            .map(|(other, _)| other.as_str())
            .collect()
    }

    /// The folder of the package a source lies in, and its path of modules.
    fn rust_module<'p>(&self, path: &'p str) -> Option<(&'p str, Vec<&'p str>)> {
        let mut homes = std::iter::successors(Some(folder(path)), |at| (!at.is_empty()).then(|| folder(at)));
        let root = homes.find(|at| self.has(&within(at, "Cargo.toml")) || at.is_empty())?;
        let below = path.strip_prefix(root)?.trim_start_matches('/').strip_prefix("src/")?;
        let mut module: Vec<&str> = below.strip_suffix(".rs")?.split('/').collect();
        let begins = module.len() == 1 && matches!(module.first(), Some(&("lib" | "main")));
        if begins || module.last() == Some(&"mod") {
            module.pop();
        }
        Some((root, module))
    }

    fn rust_package(&self, root: &str) -> Option<String> {
        let manifest = self.text(&within(root, "Cargo.toml"))?;
        let named =
            manifest.lines().find_map(|line| line.trim().strip_prefix("name")?.trim().strip_prefix('='))?;
        quoted(named.trim()).map(|name| name.replace('-', "_"))
    }
}

fn family(path: &str) -> &'static str {
    match ending(path) {
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" | "vue" | "svelte" => "js",
        "py" | "pyi" => "py",
        "rb" => "rb",
        "java" | "kt" => "java",
        "php" => "php",
        "go" => "go",
        "rs" => "rs",
        _ => "",
    }
}

/// Lines that are code: comments on lines of their own do not count.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let mut comment = false;
    text.lines().take(LINES).filter(move |line| {
        let start = line.trim_start();
        let within = comment;
        if start.starts_with("/*") {
            comment = !line.contains("*/");
            return false;
        }
        if within {
            comment = !line.contains("*/");
            return false;
        }
        line.len() < 1_000 && !start.starts_with("//") && !start.starts_with('#') && !start.starts_with('*')
    })
}

/// What stands between the first quotes, which the text begins with.
fn quoted(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches('(').trim_start();
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text.get(1..)?.split(mark).next()
}

/// Relative modules that a line imports, exports or requires.
fn script_modules(line: &str) -> impl Iterator<Item = &str> {
    let start = line.trim_start();
    let imports = ["import ", "import\"", "import'", "import{", "export ", "} from", "}from"]
        .iter()
        .any(|word| start.starts_with(word));
    let last = imports.then(|| match line.rsplit_once(" from ").or(line.rsplit_once("}from")) {
        Some((_, module)) => quoted(module),
        None => start.strip_prefix("import").and_then(quoted),
    });
    let called = ["require(", "import("].into_iter().flat_map(move |call| {
        line.match_indices(call).filter_map(move |(at, _)| {
            let before = line.get(..at)?.trim_end();
            let free =
                !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '\'' | '`'));
            let comment = before.contains("//") || before.contains("/*");
            free.then(|| quoted(line.get(at + call.len()..)?)).flatten().filter(|_| !comment)
        })
    });
    last.flatten().into_iter().chain(called).filter(|module| module.starts_with('.'))
}

/// The modules that `import a.b` and `from a import b, c` may load.
fn python_modules(line: &str) -> Option<Vec<String>> {
    let line = line.split('#').next().unwrap_or(line);
    let dotted = |name: &str| {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
    };
    let first = |part: &str| part.split_whitespace().next().and_then(dotted);
    if let Some(rest) = line.strip_prefix("import ") {
        return Some(rest.split(',').filter_map(first).collect());
    }
    let (module, names) = line.strip_prefix("from ")?.split_once(" import")?;
    let module = dotted(module.trim())?;
    let apart = if module.ends_with('.') { "" } else { "." };
    let names = names.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
    let mut out: Vec<String> =
        names.split(',').filter_map(first).map(|name| format!("{module}{apart}{name}")).collect();
    out.push(module);
    Some(out)
}

/// Does a line of Java, Kotlin or PHP import the type of this full name?
fn imports_name(line: &str, name: &str) -> bool {
    let line = line.trim();
    let rest = line.strip_prefix("import ").or(line.strip_prefix("use ")).unwrap_or_default();
    let rest = rest.strip_prefix("static ").unwrap_or(rest).trim_start_matches('\\');
    rest.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([';', ' ', '.']))
}

/// `"a/b"` in a list of imports, maybe under another name.
fn imports_go(line: &str, package: &str) -> bool {
    let line = line.trim();
    let line = line.strip_prefix("import ").unwrap_or(line);
    let Some(at) = line.find('"') else { return false };
    let alias = line.get(..at).unwrap_or_default().trim();
    let plain = alias.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    plain && line.get(at..).and_then(quoted) == Some(package) && line.trim_end().ends_with(['"'])
}

/// Does a file declare the module?
fn declared(text: &str, module: &str) -> bool {
    code(text).any(|line| {
        let line = line.split("//").next().unwrap_or(line).trim();
        let rest = line
            .split_once("mod ")
            .filter(|(before, _)| before.is_empty() || (before.starts_with("pub") && before.ends_with(' ')));
        rest.is_some_and(|(_, name)| name.strip_suffix(';').is_some_and(|name| name.trim() == module))
    })
}

/// `#[path = "../src/a.rs"]` says itself which file it means.
fn lent(from: &str, text: &str, path: &str) -> bool {
    let spelled = text.lines().take(LINES).filter_map(|line| line.trim().strip_prefix("#[path"));
    let mut files = spelled.filter_map(|rest| quoted(rest.trim_start().strip_prefix('=')?));
    files.any(|file| joined(folder(from), file).as_deref() == Some(path))
}

/// Every path that a Rust file uses, the groups of `use` written out.
fn rust_paths(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut open = String::new();
    for line in code(text) {
        let line = line.split("//").next().unwrap_or(line).trim();
        let begins = line.strip_prefix("pub use ").or(line.strip_prefix("use "));
        match begins {
            Some(rest) if open.is_empty() => open.push_str(rest),
            _ if !open.is_empty() => open.push_str(line),
            _ => {
                let part = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'));
                let spoken = line.contains('"');
                let paths = line.split(part).filter(|path| path.contains("::") && !spoken);
                out.extend(paths.map(str::to_owned));
            }
        }
        if open.contains(';') || open.len() > 4_000 {
            let whole = std::mem::take(&mut open);
            spread("", whole.split(';').next().unwrap_or_default(), &mut out);
        }
    }
    out
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn spread(before: &str, tree: &str, out: &mut BTreeSet<String>) {
    let mut depth = 0_usize;
    let apart = |c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    let parts: Vec<&str> = tree.split(apart).map(str::trim).filter(|part| !part.is_empty()).collect();
    for part in parts {
        match part.split_once('{') {
            Some((head, rest)) if out.len() < 2_000 && before.len() < 400 => {
                let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
                spread(&format!("{before}{}", head.trim()), inner, out);
            }
            _ => {
                let name = part.split_whitespace().next().unwrap_or_default();
                out.insert(format!("{before}{name}"));
            }
        }
    }
}

/// A relative spelling joined to a folder; `None` where it leaves the repository.
fn joined(folder: &str, spelled: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in spelled.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::repository;

    fn used(path: &str, files: &[(&str, &str)]) -> Vec<String> {
        let snapshot = repository("acme/x", "5a1ad00", files);
        Places::new(&snapshot).importers(path).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_script_is_imported_where_its_relative_path_leads_and_nowhere_else() {
        let files = [
            ("src/mini/shape.ts", "import { x } from '../core/x.js';\n"),
            ("src/classic/shape.ts", "export {};\n"),
            ("src/classic/partial.ts", "import {\n  a,\n} from \"./shape.js\";\n"),
            ("src/mini/index.ts", "// import './shape.js'\nexport * from \"./shape.js\";\n"),
            ("src/all.ts", "const mini = require('./mini');\nconst said = \"require('./mini/shape')\";\n"),
        ];
        assert_eq!(used("src/mini/shape.ts", &files), ["src/mini/index.ts"]);
        assert_eq!(used("src/classic/shape.ts", &files), ["src/classic/partial.ts"]);
        assert_eq!(used("src/mini/index.ts", &files), ["src/all.ts"]);
    }

    #[test]
    fn a_word_in_a_style_or_a_comment_imports_nothing_in_python() {
        let files = [
            ("rich/__init__.py", ""),
            ("rich/bar.py", "x = 1\n"),
            ("rich/styles.py", "STYLES = {\n    \"bar.done\": 1,\n}\n# from .bar import x\n"),
            ("rich/live.py", "from .bar import x\n"),
            ("rich/jobs/__init__.py", ""),
            ("rich/jobs/all.py", "from .. import bar\n"),
            ("tests/test_bar.py", "from rich.bar import x\n"),
            ("tests/bar.py", ""),
        ];
        assert_eq!(used("rich/bar.py", &files), ["rich/jobs/all.py", "rich/live.py", "tests/test_bar.py"]);
    }

    #[test]
    fn rust_declares_modules_and_names_them_by_their_whole_path() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"big-cat\"\n"),
            ("src/main.rs", "mod app;\nmod line_range;\n"),
            ("src/line_range.rs", ""),
            ("src/app.rs", "use crate::{\n    config::Config,\n    line_range::{self, Range},\n};\n"),
            ("src/other.rs", "// crate::line_range\nuse outside::line_range;\n"),
            ("src/call.rs", "fn a() { crate::line_range::parse() }\n"),
            ("tests/all.rs", "use big_cat::line_range::Range;\n"),
            ("tests/lent.rs", "#[path = \"../src/line_range.rs\"]\nmod range;\n"),
        ];
        let users = ["src/app.rs", "src/call.rs", "src/main.rs", "tests/all.rs", "tests/lent.rs"];
        assert_eq!(used("src/line_range.rs", &files), users);
        assert!(used("src/main.rs", &files).is_empty());
    }

    #[test]
    fn packages_are_no_files() {
        let go = [
            ("go.mod", "module acme.example/x\n"),
            ("web/timeout.go", "package web\n"),
            ("web/log.go", "package web\n"),
            ("clock/clock.go", "package clock\n"),
            ("api.go", "// \"acme.example/x/clock\"\npackage x\n\nimport (\n\t\"acme.example/x/web\"\n)\n"),
            ("run.go", "package x\n\nimport c \"acme.example/x/clock\"\n"),
        ];
        assert!(used("web/timeout.go", &go).is_empty());
        assert_eq!(used("clock/clock.go", &go), ["run.go"]);
        let php = [
            ("src/Base.php", "<?php\nnamespace Acme;\nclass Base {}\n"),
            ("src/Sub/One.php", "<?php\nnamespace Acme\\Sub;\nuse Acme\\Base;\nclass One {}\n"),
            ("src/Sub/Two.php", "<?php\nnamespace Acme\\Sub;\nuse Acme\\Basement;\n// Base\n"),
        ];
        assert_eq!(used("src/Base.php", &php), ["src/Sub/One.php"]);
        let cs = [("A.cs", "class A {}\n"), ("B.cs", "using A;\nclass B : A {}\n")];
        assert!(used("A.cs", &cs).is_empty());
        let ruby = [
            ("lib/acme/a.rb", ""),
            ("lib/acme.rb", "require_relative 'acme/a'\n"),
            ("lib/acme/b.rb", "require \"acme/a\"\n"),
            ("lib/acme/c.rb", "# require 'acme/a'\nrequire 'a'\n"),
        ];
        assert_eq!(used("lib/acme/a.rb", &ruby), ["lib/acme.rb", "lib/acme/b.rb"]);
    }
}
