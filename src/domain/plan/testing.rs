//! How a repository tests: framework, command, the workflow that runs it, and the file the cases go in.

mod called; // which test calls what the issue names
mod carried; // which test carries the words of a source
mod dotnet; // which project a test belongs to
mod features; // what of a package has to be switched on
mod file; // the file that the cases go in
mod globbed; // tests that read a folder
mod local; // what to type for one file
mod mapped; // which folder the tests of a folder lie in
mod mirrored; // the test of a folder
mod named; // what a command is by its name
mod native; // what runs the suite of a program of C
mod numbered; // one file an issue
mod pairs; // suites that are fed by data
mod program; // cases that are command lines
mod python; // what runs one file of a suite of Python
mod reach; // which files a command is given
mod ruby; // who runs the specs
mod run; // the step that runs the suite
mod scripted; // which task of a build script tests
mod spoken; // which test has the names of the matter
mod suite; // whether anything is tested around a source
mod today; // which test asserts what comes out today
mod witness; // which existing test speaks of what changes

use std::collections::BTreeSet;

use crate::domain::plan::model::{Place, Tests};
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::reading_list::PIPELINES;
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job};

pub use features::{gated, named as features};
use file::{is_marked, test_file};
pub use program::is_typed;
use run::ran_by;
pub use witness::About;

/// One language's way of testing.
struct Ecosystem {
    /// Endings of its sources.
    endings: &'static [&'static str],
    /// Files that say a repository uses it.
    manifests: &'static [&'static str],
    /// What the whole suite is run by, first one the default.
    commands: &'static [&'static str],
    /// Where a new test of a source goes when no test shows the custom.
    custom: fn(&str) -> String,
    /// What runs one file.
    one: fn(&str, &str) -> String,
}

impl Ecosystem {
    /// Is a file written in its language?
    fn is_of(&self, path: &str) -> bool {
        self.endings.contains(&places::ending(path))
    }
}

static ECOSYSTEMS: &[Ecosystem] = &[
    Ecosystem {
        endings: &["rs"],
        manifests: &["Cargo.toml"],
        commands: &["cargo test", "cargo nextest", "cargo insta test"],
        custom: |stem| format!("tests/{stem}.rs"),
        one: |command, path| {
            let base = base(command, "cargo test", "cargo nextest run");
            let target = path.strip_prefix("tests/").and_then(|rest| rest.strip_suffix(".rs"));
            // A folder with a `main.rs` is one target, of that name.
            match target.map(|target| target.strip_suffix("/main").unwrap_or(target)) {
                Some(target) if !target.contains('/') => format!("{base} --test {target}"),
                _ => format!("{base} {}", module(path)),
            }
        },
    },
    Ecosystem {
        endings: &["py"],
        manifests: &["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "tox.ini"],
        commands: &[
            "pytest",
            "python -m pytest",
            "python -m unittest",
            "tox",
            "nox",
            "stestr",
            "nose2",
            "trial",
        ],
        custom: |stem| format!("tests/test_{stem}.py"),
        // What it is that runs one file, the repository says.
        one: |_, path| python::Runner::Pytest.one(path),
    },
    Ecosystem {
        endings: &["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"],
        manifests: &["package.json"],
        commands: &[
            "npm test",
            "npm run test",
            "pnpm test",
            "yarn test",
            "npx vitest",
            "npx jest",
            "node --test",
            "bun test",
            "bun run test",
            "vitest",
            "jest",
            "mocha",
            "ava",
            "borp",
            "tap",
            "tape",
            "uvu",
            "jasmine",
        ],
        custom: |stem| format!("test/{stem}.test.js"),
        one: |command, path| match command {
            "npm test" | "npm run test" => format!("npm test -- {path}"),
            _ => format!("{command} {path}"),
        },
    },
    Ecosystem {
        endings: &["go"],
        manifests: &["go.mod"],
        commands: &["go test"],
        custom: |stem| format!("{stem}_test.go"),
        one: |_, path| match places::folder(path) {
            "" => "go test .".to_owned(),
            folder => format!("go test ./{folder}"),
        },
    },
    Ecosystem {
        endings: &["java", "kt"],
        manifests: &["pom.xml", "build.gradle", "build.gradle.kts"],
        commands: &[
            "mvn test",
            "mvn verify",
            "./gradlew test",
            "gradle test",
            "./mvnw test",
            "./mvnw verify",
            "mvn install",
            "mvn package",
            "./mvnw install",
            "./mvnw package",
            "./gradlew check",
            "gradle check",
            "./gradlew build",
            "gradle build",
        ],
        custom: |stem| format!("src/test/java/{stem}Test.java"),
        one: |command, path| {
            let class = places::stem(places::name(path));
            match command.contains("gradle") {
                true => format!("./gradlew test --tests {class}"),
                false => format!("mvn test -Dtest={class}"),
            }
        },
    },
    Ecosystem {
        endings: &["cs"],
        manifests: &["global.json", "Directory.Build.props"],
        commands: &["dotnet test"],
        custom: |stem| format!("tests/{stem}Tests.cs"),
        one: |_, path| format!("dotnet test --filter {}", places::stem(places::name(path))),
    },
    Ecosystem {
        endings: &["rb"],
        manifests: &["Gemfile", "Rakefile"],
        commands: &["bundle exec rspec", "rspec", "bundle exec rake", "rake", "bin/rails test"],
        custom: |stem| format!("spec/{stem}_spec.rb"),
        // What else runs them, the gem decides.
        one: |_, path| format!("bundle exec rspec {path}"),
    },
    Ecosystem {
        endings: &["php"],
        manifests: &["composer.json"],
        commands: &[
            "vendor/bin/phpunit",
            "vendor/bin/pest",
            "vendor/bin/simple-phpunit",
            "./phpunit",
            "phpunit",
            "composer test",
        ],
        custom: |stem| format!("tests/{stem}Test.php"),
        one: |command, path| match command {
            "vendor/bin/pest" | "vendor/bin/simple-phpunit" | "./phpunit" => format!("{command} {path}"),
            _ => format!("vendor/bin/phpunit {path}"),
        },
    },
    Ecosystem {
        endings: &["cpp", "cc", "cxx", "c", "hpp", "hh", "h"],
        manifests: &["CMakeLists.txt", "meson.build", "configure.ac", "Makefile.am"],
        commands: &["ctest", "meson test", "make check", "make test"],
        custom: |stem| format!("tests/{stem}.cpp"),
        // What a test of these is called, the build decides.
        one: |command, _| command.to_owned(),
    },
];

/// What is to be tested.
pub struct Sought<'a> {
    /// The files that change.
    pub paths: &'a [String],
    /// Those of them that nobody had to guess.
    pub known: &'a [String],
    /// What of their package has to be switched on.
    pub features: &'a [String],
    /// What it is about.
    pub about: &'a About<'a>,
}

/// How the code at the paths is tested; empty answers where nothing tells.
pub fn detect(places: &Places<'_>, jobs: &[Job], sought: &Sought<'_>) -> Tests {
    let Some(ecosystem) = ecosystem(places, sought.paths) else { return by_workflow_alone(jobs) };
    let source = sought.paths.iter().find(|path| ecosystem.is_of(path));
    let pair = source.and(sought.about.issue).and_then(|issue| pairs::of(places, ecosystem, issue));
    let file = source.map(|source| witness::chosen(places, ecosystem, (source, sought.about)));
    // A first test of its kind is not called by guess where every build has its own custom.
    let guessed = |file: &Place| file.new && file.beside.is_none() && ecosystem.endings.contains(&"c");
    let file = file.filter(|file| !guessed(file));
    // A tree without a single source of the language has no custom for its tests.
    let is_written = || places.files().any(|path| ecosystem.is_of(path));
    let file = file.filter(|file| !file.new || is_written());
    // What is no test proves nothing, whatever it is called like.
    let file = file.filter(|file| file::proves(places, file));
    let file = file.filter(|file| !places.is_hidden(&file.path));
    let is_tested = |source: &String| suite::is_there(places, ecosystem, source);
    let file = file.filter(|file| !file.new || source.is_none_or(is_tested));
    let today = source.and_then(|source| today::of(places, ecosystem, (source, sought.about)));
    let today = today.filter(|(path, _)| file.as_ref().is_some_and(|file| file.path == *path));
    // What reads a pair is run for it.
    let globbed = || globbed::of(places, file.as_ref()?, sought.about.issue?);
    let (path, file, pair) = match (pair, today) {
        (Some(pair), _) => (Some(pair.runner), Some(pair.input), Some(pair.output)),
        (None, None) if let Some(case) = globbed() => (file.map(|file| file.path), Some(case), None),
        (None, _) => (file.as_ref().map(|file| file.path.clone()), file, None),
    };
    let path = path.as_deref();
    let said = |file: &Place| witness::is_said(places, ecosystem, (file, sought.known, sought.about));
    let guessed = pair.is_none() && file.as_ref().is_some_and(|file| !said(file));
    let run = ran_by(places, jobs, &run::Sought { ecosystem, path, features: sought.features });
    let lonely = run.is_none().then(|| run::lonely(jobs)).flatten();
    let manifest = ecosystem.manifests.iter().find(|name| places.has(name));
    let project =
        || ecosystem.endings.contains(&"cs") && places.files().any(|path| path.ends_with(".csproj"));
    let known =
        run.is_some() || manifest.is_some() || project() || file.as_ref().is_some_and(|file| !file.new);
    if !known {
        return Tests { file, guessed, pair, ..Tests::default() };
    }
    let default = custom_command(places, ecosystem);
    let Some(framework) = run.as_ref().map(|run| run.command).or(default) else {
        return Tests { file, guessed, pair, ..Tests::default() };
    };
    let elsewhere = PIPELINES.iter().chain(&SILENT).find(|path| places.has(path));
    let script = || scripted::task(places).filter(|_| run.is_none() && lonely.is_none());
    let (script, elsewhere) = match elsewhere {
        Some(path) => (None, Some((*path).to_owned())),
        None => script().unzip(),
    };
    let local = local::Local { places, ecosystem, framework, run: run.as_ref(), features: sought.features };
    Tests {
        framework: Some(framework.to_owned()),
        command: run.as_ref().filter(|run| !run.is_cut).map(|run| run.line.clone()),
        by: run.as_ref().map(|run| run.by.clone()).filter(|by| !by.is_empty()),
        untested: match &run {
            Some(_) if manifest == Some(&"Cargo.toml") => features::untested(places, jobs, sought.features),
            _ => Vec::new(),
        },
        workflow: run.as_ref().map(|run| run.job.workflow.clone()).or(lonely),
        job: run.as_ref().map(|run| run.job.id.clone()),
        local: path.and_then(|path| local.one(path)),
        elsewhere,
        script,
        today: today.map(|(_, line)| line),
        file,
        guessed,
        pair,
    }
}

/// What runs a suite for services whose files are not read as jobs.
const SILENT: [&str; 5] =
    ["appveyor.yml", ".appveyor.yml", ".cirrus.yml", "Jenkinsfile", "bitbucket-pipelines.yml"];

/// The folders above a file, the nearest first, without the root.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(places::folder(path)), |folder| Some(places::folder(folder)))
        .take_while(|folder| !folder.is_empty())
}

/// All manifests of the languages known, those near the root first.
pub fn manifests<'a>(places: &Places<'a>) -> Vec<&'a str> {
    let names: BTreeSet<&str> = ECOSYSTEMS.iter().flat_map(|one| one.manifests).copied().collect();
    let project = |path: &&str| path.ends_with(".csproj") || path.ends_with(".gemspec");
    let named = names.into_iter().flat_map(|name| places.named(name));
    let mut found: Vec<&str> = named.chain(places.files().filter(project)).collect();
    found.retain(|path| !places::is_aside(path) && !places::is_test(path));
    found.sort_by_key(|path| (path.matches('/').count(), *path));
    found
}

/// Where the tests of each language lie, and how one of them is named.
pub fn layout(places: &Places<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let all: Vec<&str> = places.tests().collect();
    for ecosystem in ECOSYSTEMS {
        let of_it = |path: &&str| ecosystem.is_of(path);
        let tests: Vec<&str> = all.iter().copied().filter(of_it).collect();
        let Some(first) =
            tests.iter().find(|path| is_marked(places::stem(places::name(path)))).or(tests.first())
        else {
            continue;
        };
        let command = custom_command(places, ecosystem);
        let usual = command.map(|command| format!("; usual command `{command}`")).unwrap_or_default();
        let files = if tests.len() == 1 { "file" } else { "files" };
        out.push(format!("tests in {} {files}, such as `{first}`{usual}", words::thousands(tests.len())));
    }
    out
}

/// The name that the test of a source would have, where the tree has no test named after it. `None`: it has one, or
/// nothing tells how its language is tested.
pub fn missing_test(places: &Places<'_>, source: &str) -> Option<String> {
    let ecosystem = of_ending(places::ending(source))?;
    let file = test_file(places, ecosystem, source);
    file.new.then_some(file.path)
}

/// What chooses the tests of a module; the root of a package is no part of any name.
fn module(path: &str) -> &str {
    let own = path.strip_suffix("/tests.rs").or(path.strip_suffix("/mod.rs")).unwrap_or(path);
    match places::stem(places::name(own)) {
        "src" => places::stem(places::name(path)),
        "lib" => "--lib",
        "main" => "--bins",
        stem => stem,
    }
}

fn base<'t>(command: &str, plain: &'t str, next: &'t str) -> &'t str {
    if command.contains("nextest") { next } else { plain }
}

/// The language of what changes; where that says nothing, the one that most of the tree is written in.
fn ecosystem(places: &Places<'_>, paths: &[String]) -> Option<&'static Ecosystem> {
    let by_path = paths.iter().find_map(|path| of_ending(places::ending(path)));
    let manifest = |one: &Ecosystem| one.manifests.iter().any(|name| places.has(name));
    let by_most = |fits: &dyn Fn(&Ecosystem) -> bool| {
        let sources = |one: &Ecosystem| {
            let own = |path: &&str| one.is_of(path) && !places::is_aside(path);
            places.files().filter(own).count()
        };
        let counted = ECOSYSTEMS.iter().filter(|one| fits(one)).map(|one| (sources(one), one));
        // The first of those that are alike.
        counted.rev().max_by_key(|(count, _)| *count).map(|(_, one)| one)
    };
    let any = |one: &Ecosystem| places.files().any(|path| one.is_of(path));
    by_path.or_else(|| by_most(&manifest)).or_else(|| by_most(&any))
}

fn of_ending(ending: &str) -> Option<&'static Ecosystem> {
    ECOSYSTEMS.iter().find(|one| one.endings.contains(&ending))
}

/// What runs the suite where no workflow tells: the first command, unless a manifest names another tool. None where it would be
/// a script that the manifest does not have.
fn custom_command(places: &Places<'_>, ecosystem: &Ecosystem) -> Option<&'static str> {
    let first = ecosystem.commands.first().copied().unwrap_or_default();
    let named = |word: &str| {
        places.snapshot.files.iter().any(|(path, text)| {
            (ecosystem.manifests.contains(&places::name(path)) || path.ends_with(".gemspec"))
                && text.contains(word)
        })
    };
    let reads = |word: &str| {
        let tests = places.snapshot.files.iter().filter(|(path, _)| places::is_test(path));
        tests.into_iter().any(|(_, text)| text.contains(word))
    };
    let has = |file: &str| places.has(file);
    if first == "ctest" {
        return native::suite(places);
    }
    let runners = ["vitest", "jest", "mocha", "ava", "borp", "tap", "tape", "uvu", "jasmine"];
    let is_named = |runner: &&str| named(&format!("\"{runner}\""));
    let is_read = || places.snapshot.files.contains_key("package.json");
    if first == "npm test" && is_read() && !named("\"test\"") && !runners.iter().any(is_named) {
        return reads("node:test").then_some("node --test");
    }
    Some(match first {
        "pytest" => python::named(places).unwrap_or(python::Runner::Pytest).command(),
        "npm test" if has("pnpm-lock.yaml") => "pnpm test",
        "npm test" if has("yarn.lock") => "yarn test",
        "npm test" if has("bun.lock") || has("bun.lockb") => match named("\"test\":") {
            true => "bun run test",
            // Without a script of its own, what comes with it runs them.
            false => "bun test",
        },
        "npm test" if !named("\"test\":") && named("\"vitest\"") => "npx vitest",
        "npm test" if !named("\"test\":") && named("\"jest\"") => "npx jest",
        "mvn test" if !has("pom.xml") && has("gradlew") => "./gradlew test",
        "mvn test" if !has("pom.xml") && (has("build.gradle") || has("build.gradle.kts")) => "gradle test",
        // The tool itself has no copy of itself.
        "vendor/bin/phpunit" if has("phpunit") && !named("\"phpunit/phpunit\":") => "./phpunit",
        "vendor/bin/phpunit" if named("pestphp/pest") => "vendor/bin/pest",
        "vendor/bin/phpunit" if named("\"symfony/phpunit-bridge\"") && !named("\"phpunit/phpunit\"") => {
            "vendor/bin/simple-phpunit"
        }
        "bundle exec rspec"
            if ruby::of_specs(places, "") == Some(ruby::Runner::Minitest)
                || !named("rspec") && named("Rake::TestTask") =>
        {
            "bundle exec rake"
        }
        _ => first,
    })
}

fn by_workflow_alone(jobs: &[Job]) -> Tests {
    let testing =
        |step: &&workflows::Step| step.line.split_whitespace().any(|word| word == "test" || word == "check");
    let found = jobs.iter().find_map(|job| job.steps.iter().find(testing).map(|step| (job, &step.line)));
    match found {
        Some((job, line)) => Tests {
            framework: Some(line.clone()),
            command: Some(line.clone()),
            workflow: Some(job.workflow.clone()),
            job: Some(job.id.clone()),
            local: Some(line.clone()),
            ..Tests::default()
        },
        None => Tests::default(),
    }
}
