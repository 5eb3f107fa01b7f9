//! What an issue points to without a path: methods its code overrides, options its title complains of.

use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::definitions::position;
use crate::domain::plan::places::{Places, existing, likely, literals, name, stem};
use crate::domain::plan::words;

/// A function that code of an issue writes anew.
static WRITTEN: Pattern = Pattern::new(
    r"(?m)(?-i:^\s*(?:(?:pub|public|protected|private|override|static|async|export|suspend)\s+)*(?:def|fn|fun|func|function)\s+(?:self\.|\([^)]*\)\s*)?([A-Za-z_]\w{5,}))",
);

/// A line that declares an option, or tells its help.
static DECLARES: Pattern = Pattern::new(
    r"Arg::new|\.long\(|\blong\s*=|add_(?:argument|option|flag)|\.(?:option|flag|argument)\(|@(?:\w+\.)*option|\bOption\(|\bflag\.\w+\(|[Ff]lags\(\)\.|\.(?:switch|named)\(",
);

/// Most lines of a function.
const FUNCTION: usize = 300;
/// What more files than these define is no single thing.
const DEFINING: usize = 2;
/// Most files in which an option is used that are told as its places.
const FILES: usize = 2;

impl<'a> Places<'a> {
    /// The method of the tree that a block of the issue overrides: its name has several parts and one definition.
    pub fn overridden(&self, block: &str) -> Option<(Place, String)> {
        let names = WRITTEN.all(block, 1).into_iter().take(20);
        let telling = |name: &&str| {
            let parts = name.trim_matches('_').contains('_') || name.chars().skip(1).any(char::is_uppercase);
            parts && !name.to_lowercase().starts_with("test")
        };
        names.filter(telling).find_map(|name| Some((self.defined_once(name)?, name.to_owned())))
    }

    /// Where the one source lies that defines a name.
    pub fn defined_once(&self, name: &str) -> Option<Place> {
        let product = self.sources.iter().filter(|(_, text)| words::holds(text, name));
        let mut found = product.filter_map(|(path, _)| Some((path, self.definition(path, name)?)));
        match (found.next(), found.next()) {
            (Some((path, line)), None) => Some(Place { line: Some(line), ..existing(path) }),
            _ => None,
        }
    }

    /// Does any source of the product hold the name?
    pub fn is_written(&self, name: &str) -> bool {
        self.sources.iter().any(|(_, text)| words::holds(text, name))
    }

    /// The few sources that define a name; none where more do.
    pub fn defining(&self, name: &str) -> Vec<Place> {
        let product = self.sources.iter().filter(|(_, text)| words::holds(text, name));
        let found = product.filter_map(|(path, _)| {
            Some(Place { line: Some(self.definition(path, name)?), ..existing(path) })
        });
        let found: Vec<Place> = found.take(DEFINING + 1).collect();
        if found.len() > DEFINING { Vec::new() } else { found }
    }

    /// Where a member is defined that only one source defines, the one that defines or is called like its owner.
    pub fn member(&self, owner: &str, member: &str) -> Option<Place> {
        let Some(place) = self.defined_once(member) else {
            let path = self.type_file(owner)?;
            return Some(Place { line: Some(self.begun(path, member)?), ..existing(path) });
        };
        let own = self.definition(&place.path, owner).is_some_and(|line| Some(line) <= place.line);
        let called = likely::called_name(&place.path) == owner.to_lowercase();
        (own || called).then_some(place)
    }

    /// Where an option takes effect: lines of the sources that use what it sets, its declarations apart. None where
    /// more files do than can be told.
    pub fn using(&self, option: &str) -> Vec<Place> {
        let bare = option.trim_start_matches('-');
        let long = format!("--{bare}");
        // `"port_of_x"` is another name than `"port"`.
        let marked = [format!("\"{bare}\""), format!("'{bare}'"), format!("`{bare}`"), format!(":{bare}")];
        let ends =
            |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
        let named = |line: &str| {
            let after = |mark: &String| Some((mark.starts_with(':'), line.split_once(mark.as_str())?.1));
            marked.iter().filter_map(after).any(|(is_symbol, rest)| !is_symbol || ends(rest))
        };
        let snake = bare.replace('-', "_");
        let camel: String = bare.split('-').map(words::capitalized).collect();
        let small = camel.chars().take(1).flat_map(char::to_lowercase).chain(camel.chars().skip(1));
        let spelled = [snake, small.collect(), camel];
        // An option that may be given several times fills a list.
        let whole: Vec<String> = spelled.iter().flat_map(|name| [name.clone(), format!("{name}s")]).collect();
        let (compound, member) = (bare.contains('-'), format!(".{bare}"));
        let uses = |line: &&str| {
            let quoted = named(line);
            let held = match compound {
                true => whole.iter().any(|name| position(line, name).is_some()),
                // `config.datauri`: what is read of an object.
                false => bare.len() > 4 && line.contains(&member) && position(line, bare).is_some(),
            };
            (quoted || held) && !line.contains(&long) && !DECLARES.is_in(line) && !literals::is_comment(line)
        };
        let product = self.sources.iter();
        let declares = |text: &str| {
            let mut lines = text.lines().filter(|line| DECLARES.is_in(line) || line.contains(&long));
            lines.any(|line| line.contains(&long) || named(line))
        };
        let found: Vec<(bool, Place)> = product
            .filter_map(|(path, text)| {
                let mut above = "";
                let line = text.lines().position(|line| {
                    // The name alone on its line, within what declares it.
                    let within = above.trim_end().ends_with('(') && DECLARES.is_in(above);
                    above = line;
                    line.len() < 400 && uses(&line) && !within
                })? + 1;
                let line = decides(text, line, &spelled).unwrap_or(line);
                Some((declares(text), Place { line: Some(line), ..existing(path) }))
            })
            .collect();
        let apart = found.iter().any(|(declared, _)| !declared);
        let mut found: Vec<Place> =
            found.into_iter().filter(|(declared, _)| !(apart && *declared)).map(|(_, place)| place).collect();
        if found.len() > FILES {
            let mut parts: Vec<&str> = bare.split('-').filter(|part| part.len() > 3).collect();
            parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
            let named = |place: &Place| {
                let own = stem(name(&place.path)).to_lowercase();
                parts.iter().any(|part| own.contains(part))
            };
            found.retain(named);
        }
        if found.len() > FILES { Vec::new() } else { found }
    }
}

static BRANCH: Pattern = Pattern::new(
    r"^\W*(?:\} ?)?(?:if|else if|elif|elsif|unless|while|when|match|switch|case)\b|&&|\|\||\?[^.?]*:| if .* else ",
);

/// Where a variable that is set from an option on this line is decided by, further below.
fn decides(text: &str, line: usize, spelled: &[String]) -> Option<usize> {
    let set = text.lines().nth(line - 1)?;
    let (before, _) = set.split_once('=')?;
    let held = |line: &str| spelled.iter().any(|name| position(line, name).is_some());
    if !held(before) || BRANCH.is_in(set) {
        return None;
    }
    let below = text.lines().enumerate().skip(line).take(FUNCTION);
    let mut branches = below.filter(|(_, line)| line.len() < 400 && held(line) && BRANCH.is_in(line));
    branches.next().map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    fn shown(places: &[Place]) -> Vec<(&str, Option<usize>)> {
        places.iter().map(|place| (place.path.as_str(), place.line)).collect()
    }

    #[test]
    fn an_option_is_mended_where_it_is_used_and_not_where_it_is_declared() {
        let files = [
            (
                "src/cli.rs",
                "Arg::new(\"term-width\")\n  .long(\"term-width\")\n  .help(\"--term-width N\")\n",
            ),
            (
                "src/app.rs",
                "// term_width of a terminal\nlet a = 1;\nlet width = matches.get(\"term-width\");\n",
            ),
            ("tests/cli.rs", "run(\"--term-width\", \"term-width\")\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        assert_eq!(shown(&Places::new(&snapshot).using("--term-width")), [("src/app.rs", Some(3))]);
        let files = [
            (
                "app/main.py",
                "@click.option(\"--reload-include\", \"reload_includes\")\nrun(reload_includes=1)\n",
            ),
            ("app/config.py", "self.reload_includes = []\n"),
            ("app/reload.py", "for each in config.reload_includes:\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        assert_eq!(
            shown(&Places::new(&snapshot).using("--reload-include")),
            [("app/config.py", Some(1)), ("app/reload.py", Some(1))]
        );
        assert!(Places::new(&snapshot).using("--nothing").is_empty());
        let files = [(
            "src/run.rs",
            "Signature::new().switch(\n  \"keep-going\",\n)\nlet keep_going = call.has_flag(\"keep-going\");\nlet a = 1;\nif keep_going {\n",
        )];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        assert_eq!(shown(&Places::new(&snapshot).using("--keep-going")), [("src/run.rs", Some(6))]);
        let files = [
            ("lib/serve.rb", "start if opts[\"watch\"]\n"),
            ("lib/socket.rb", "port = opts[\"watch_port\"]\nload \"watch.js\"\n"),
            ("lib/other.rb", "run(:watch_all => true)\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        assert_eq!(shown(&Places::new(&snapshot).using("--watch")), [("lib/serve.rb", Some(1))]);
    }

    #[test]
    fn a_method_that_code_of_the_issue_overrides_is_the_place() {
        let files = [
            ("lib/base.rb", "class Base\n  def setup_guard(builder)\n  end\n  def call(env)\n  end\nend\n"),
            ("lib/guard.rb", "class Guard\n  def call(env)\n  end\nend\n"),
            ("test/base_test.rb", "def setup_guard\nend\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let found = places
            .overridden("class App < Base\n  def call(env)\n  end\n  def setup_guard(builder); end\nend\n");
        let found = found.map(|(place, name)| (place.path, place.line, name));
        assert_eq!(found, Some(("lib/base.rb".into(), Some(2), "setup_guard".into())));
        assert_eq!(places.overridden("def call(env)\nend\ndef my_own_thing\nend"), None);
    }
}
