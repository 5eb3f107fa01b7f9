//! Which file of the tree a stack trace means when it ran from an installed package.

use crate::domain::plan::places::index::File;
use crate::domain::plan::places::{Places, ending, folder, name, within};

/// Folders of what was built, which a source does not lie in.
const BUILT: [&str; 6] = ["dist", "lib", "build", "esm", "cjs", "out"];
/// Packages of Go's own, below the `src` of an installation.
const GO_OWN: [&str; 14] = [
    "runtime", "net", "context", "reflect", "sync", "testing", "os", "io", "fmt", "encoding", "database",
    "syscall", "bufio", "strings",
];

/// What a foreign path says of itself.
pub(super) enum Installed<'a> {
    /// It lies in no folder of packages.
    No,
    /// It belongs to a package: the tree's own file, or none where the package is somebody else's.
    Package(Option<&'a str>),
}

impl<'a> Places<'a> {
    /// The file of the tree behind `…/node_modules/PACKAGE/dist/a.js` and its like in other languages.
    pub(super) fn installed(&self, foreign: &str) -> Installed<'a> {
        let below = |mark: &str| foreign.rsplit_once(mark).map(|(_, rest)| rest);
        if let Some(rest) = below("node_modules/") {
            return Installed::Package(self.of_npm(rest));
        }
        if let Some(rest) = below("site-packages/").or(below("dist-packages/")) {
            let tries = [rest.to_owned(), format!("src/{rest}"), format!("lib/{rest}")];
            let own = tries.iter().find_map(|path| self.own(path));
            return Installed::Package(own.or_else(|| self.only(rest)));
        }
        if let Some(rest) = below("/pkg/mod/") {
            return Installed::Package(self.of_go(rest));
        }
        if let Some(rest) = below("/go/src/").or(below("/lib/go/src/")) {
            let first = rest.split('/').next().unwrap_or_default();
            if first.contains('.') {
                return Installed::Package(self.of_go(rest));
            }
            if GO_OWN.contains(&first) {
                return Installed::Package(None);
            }
        }
        if let Some(rest) = below("/gems/") {
            return Installed::Package(self.of_gem(rest));
        }
        match foreign.rsplit_once("/vendor/").filter(|(_, rest)| rest.ends_with(".php")) {
            Some((_, rest)) => Installed::Package(self.of_composer(rest)),
            None => Installed::No,
        }
    }

    fn own(&self, path: &str) -> Option<&'a str> {
        self.index.file(path).map(File::path)
    }

    /// The only file that ends with a path.
    fn only(&self, rest: &str) -> Option<&'a str> {
        let named = self.index.named(name(rest));
        let fits = |path: &&&str| path.strip_suffix(rest).is_some_and(|before| before.ends_with('/'));
        let mut fitting = named.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// Folders whose manifest names a package; where it was not read, those that are called like it.
    fn homes(&self, manifest: &str, (package, spelled): (&str, &str)) -> Vec<&'a str> {
        let named = self.index.named(manifest);
        let is_home = |path: &&&str| match self.text(path) {
            Some(text) => text.lines().any(|line| line.contains(spelled) && is_name(line)),
            None => folder(path).is_empty() || name(folder(path)) == name(package),
        };
        named.iter().filter(is_home).map(|path| folder(path)).collect()
    }

    fn of_npm(&self, rest: &str) -> Option<&'a str> {
        let parts = if rest.starts_with('@') { 2 } else { 1 };
        let at = rest.match_indices('/').map(|(at, _)| at).nth(parts - 1)?;
        let (package, file) = (rest.get(..at)?, rest.get(at + 1..)?);
        let inner = file.split_once('/').filter(|(first, _)| BUILT.contains(first)).map(|(_, inner)| inner);
        let homes = self.homes("package.json", (package, &format!("\"{package}\"")));
        let is_own = !homes.is_empty();
        let found = homes.into_iter().find_map(|home| {
            let mut tries = vec![file.to_owned(), format!("src/{file}")];
            tries.extend(inner.map(|inner| format!("src/{inner}")));
            tries.extend(inner.map(str::to_owned));
            tries.iter().find_map(|path| self.own(&self.script(&within(home, path))?))
        });
        // What is built may come from a folder of another name.
        found.or_else(|| self.only(file).filter(|_| is_own))
    }

    /// `github.com/acme/x@v1.2.3/a.go` and the same without a version.
    fn of_go(&self, rest: &str) -> Option<&'a str> {
        let manifests = self.index.named("go.mod");
        let bare = rest.split_once('@').and_then(|(package, rest)| Some((package, rest.split_once('/')?.1)));
        let whole = bare.map_or(rest.to_owned(), |(package, file)| format!("{package}/{file}"));
        manifests.iter().find_map(|manifest| {
            let Some(text) = self.text(manifest) else {
                return (ending(rest) == "go").then(|| self.longest(&whole)).flatten();
            };
            let module = text.lines().find_map(|line| line.trim().strip_prefix("module "))?.trim();
            let older = module.rsplit_once("/v").filter(|(_, n)| n.chars().all(|c| c.is_ascii_digit()));
            let below = |module: &str| whole.strip_prefix(module)?.strip_prefix('/').map(str::to_owned);
            let file = below(module).or_else(|| below(older?.0))?;
            self.own(&within(folder(manifest), &file))
        })
    }

    /// The longest end of a path that the tree has.
    fn longest(&self, foreign: &str) -> Option<&'a str> {
        foreign.match_indices('/').find_map(|(at, _)| self.own(foreign.get(at + 1..)?))
    }

    fn of_gem(&self, rest: &str) -> Option<&'a str> {
        let (versioned, file) = rest.split_once('/')?;
        let version = |(_, version): &(&str, &str)| version.starts_with(|c: char| c.is_ascii_digit());
        let gem = versioned.rsplit_once('-').filter(version).map_or(versioned, |(gem, _)| gem);
        let named = self.index.named(&format!("{gem}.gemspec"));
        named.iter().find_map(|path| self.own(&within(folder(path), file)))
    }

    fn of_composer(&self, rest: &str) -> Option<&'a str> {
        let at = rest.match_indices('/').map(|(at, _)| at).nth(1)?;
        let (package, file) = (rest.get(..at)?, rest.get(at + 1..)?);
        let homes = self.homes("composer.json", (package, &format!("\"{package}\"")));
        homes.into_iter().find_map(|home| self.own(&within(home, file)))
    }
}

/// `"name": "…"` of a manifest.
fn is_name(line: &str) -> bool {
    line.trim_start().trim_start_matches('{').trim_start().starts_with("\"name\"")
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn an_installed_file_is_that_of_the_package_it_names() {
        let files = [
            ("packages/shape/package.json", "{\n  \"name\": \"@acme/shape\"\n}\n"),
            ("packages/shape/src/v4/util.ts", ""),
            ("packages/shape/shape/src/draw.js", ""),
            ("packages/other/package.json", "{ \"name\": \"other\" }\n"),
            ("packages/other/lib/router.js", ""),
            ("go.mod", "module github.com/acme/web/v5\n"),
            ("context.go", "package web\n"),
            ("src/ledger/export.py", ""),
            ("utils.py", ""),
            ("acme.gemspec", ""),
            ("lib/acme/a.rb", ""),
            ("composer.json", "{\n  \"name\": \"acme/mark\"\n}\n"),
            ("src/Mark.php", ""),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        for (foreign, own) in [
            ("/app/node_modules/@acme/shape/dist/v4/util.js", Some("packages/shape/src/v4/util.ts")),
            ("/app/node_modules/@acme/shape/v4/util.js", Some("packages/shape/src/v4/util.ts")),
            ("/app/node_modules/express/lib/router.js", None),
            ("/app/node_modules/@acme/shape/src/draw.js", Some("packages/shape/shape/src/draw.js")),
            ("/srv/go/pkg/mod/github.com/acme/web@v3.1.0/context.go", Some("context.go")),
            ("/home/a/go/src/github.com/acme/web/context.go", Some("context.go")),
            ("/usr/local/go/src/context/context.go", None),
            ("/srv/go/pkg/mod/github.com/other/web@v3.1.0/context.go", None),
            ("/usr/lib/python3/site-packages/ledger/export.py", Some("src/ledger/export.py")),
            ("/usr/lib/python3/site-packages/requests/utils.py", None),
            ("/usr/lib/ruby/gems/acme-1.2.0/lib/acme/a.rb", Some("lib/acme/a.rb")),
            ("/usr/lib/ruby/gems/other-1.2.0/lib/acme/a.rb", None),
            ("/srv/vendor/acme/mark/src/Mark.php", Some("src/Mark.php")),
            ("/srv/vendor/other/mark/src/Mark.php", None),
        ] {
            assert_eq!(places.tail(foreign), own, "{foreign}");
        }
    }
}
