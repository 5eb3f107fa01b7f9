//! What runs one file of a Ruby suite: its endings do not tell, as specs are written for minitest, too.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

static NAMED: Pattern = Pattern::new(r"(?i)\brspec\b|\brspec[-_]");
static MINITEST: Pattern = Pattern::new(r"(?i)\bminitest\b|\bminitest[-_]");
/// A task that runs the files it is given, by its name.
static TASK: Pattern = Pattern::new(r#"\bRake::TestTask\.new(?:[\s(]*(?::|["'])(\w+))?"#);
static TAKES_SPECS: Pattern = Pattern::new(r#"["']\.?/?spec/|_spec\.rb"#);
/// A call of one task of rake and of nothing else.
static CALLED: Pattern = Pattern::new(r"^(?:bundle exec )?rake (?:\w+:)*(\w+)$");

/// Who runs the specs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Rspec,
    Minitest,
}

/// Who runs the specs of a gem, by what it declares; `None` where nothing says so.
pub(super) fn of_specs(places: &Places<'_>, home: &str) -> Option<Runner> {
    let texts = declared(places, home);
    let tasks = || texts.iter().filter(|text| TASK.is_in(text));
    let is_set = || ["", home].iter().any(|folder| places.has(&places::within(folder, ".rspec")));
    match () {
        () if tasks().any(|text| TAKES_SPECS.is_in(text) && !NAMED.is_in(text)) => Some(Runner::Minitest),
        () if is_set() || texts.iter().any(|text| NAMED.is_in(text)) => Some(Runner::Rspec),
        () if texts.iter().any(|text| MINITEST.is_in(text)) => Some(Runner::Minitest),
        () => None,
    }
}

/// What types the file into the task that a step calls, where that is one of files.
pub(super) fn by_task(places: &Places<'_>, line: &str, path: &str) -> Option<String> {
    let task = CALLED.first(line, 1)?;
    let texts = declared(places, "");
    // A task without a name of its own is called `test`.
    let names =
        |text: &&str| TASK.every(text).any(|own| own.get(1).map_or("test", |name| name.as_str()) == task);
    texts.iter().any(names).then(|| format!("{line} TEST={path}"))
}

/// What runs a file by the library alone.
pub(super) fn by_itself(places: &Places<'_>, home: &str, path: &str) -> String {
    let lib = if places.has_folder(&places::within(home, "lib")) { " -Ilib" } else { "" };
    let own = if path.split('/').any(|part| part == "spec") { "spec" } else { "test" };
    format!("bundle exec ruby{lib} -I{own} {path}")
}

/// The texts in which a gem says what it is tested by, those of the root with them.
fn declared<'a>(places: &Places<'a>, home: &str) -> Vec<&'a str> {
    // Tasks of a gem lie in a few folders of its own.
    let within = |path: &str| {
        let rest = if home.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(home).and_then(|it| it.strip_prefix('/'))
        };
        rest.is_some_and(|rest| {
            ["tasks/", "rakelib/", "lib/tasks/"].iter().any(|own| rest.starts_with(own))
                || !rest.contains('/')
        })
    };
    let of_it = |path: &str| {
        let folder = places::folder(path);
        let near = folder.is_empty() || folder == home;
        let names = matches!(places::name(path), "Gemfile" | "Rakefile" | "gems.rb");
        near && (names || path.ends_with(".gemspec")) || path.ends_with(".rake") && within(path)
    };
    let read = places.snapshot.files.iter().filter(|(path, _)| of_it(path));
    read.map(|(_, text)| text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    fn runner(files: &[(&str, &str)]) -> Option<Runner> {
        let snapshot = repository("acme/x", "5a1ad00", files);
        of_specs(&Places::new(&snapshot), "")
    }

    #[test]
    fn specs_are_run_by_what_the_gem_names() {
        let (rspec, minitest) = ("gem 'rspec', '~> 3'\n", "gem \"minitest\"\n");
        assert_eq!(runner(&[("Gemfile", rspec)]), Some(Runner::Rspec));
        assert_eq!(runner(&[("Gemfile", minitest)]), Some(Runner::Minitest));
        assert_eq!(
            runner(&[("x.gemspec", "s.add_development_dependency 'rspec-core'\n")]),
            Some(Runner::Rspec)
        );
        assert_eq!(runner(&[("Gemfile", minitest), (".rspec", "")]), Some(Runner::Rspec));
        assert_eq!(runner(&[("Gemfile", "gem 'rake'\n")]), None);
        let task = |files: &str| format!("Rake::TestTask.new(:all) do |t|\n  t.pattern = '{files}'\nend\n");
        assert_eq!(runner(&[("Rakefile", &task("spec/**/*_spec.rb"))]), Some(Runner::Minitest));
        // A task for other tests says nothing of the specs.
        assert_eq!(
            runner(&[("Rakefile", &task("test/**/*_test.rb")), ("Gemfile", rspec)]),
            Some(Runner::Rspec)
        );
    }
}
