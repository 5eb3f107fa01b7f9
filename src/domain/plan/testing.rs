//! How a repository tests: framework, command, the workflow that runs it, and the file the cases go in.

mod file; // the file that the cases go in
mod witness; // which existing test speaks of what changes

use crate::domain::plan::model::Tests;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job};

use file::{is_marked, test_file};
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

static ECOSYSTEMS: &[Ecosystem] = &[
    Ecosystem {
        endings: &["rs"],
        manifests: &["Cargo.toml"],
        commands: &["cargo test", "cargo nextest"],
        custom: |stem| format!("tests/{stem}.rs"),
        one: |command, path| match path.strip_prefix("tests/").and_then(|rest| rest.strip_suffix(".rs")) {
            Some(target) if !target.contains('/') => {
                format!("{} --test {target}", base(command, "cargo test", "cargo nextest run"))
            }
            _ => format!("{} {}", base(command, "cargo test", "cargo nextest run"), module(path)),
        },
    },
    Ecosystem {
        endings: &["py"],
        manifests: &["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "tox.ini"],
        commands: &["pytest", "python -m pytest", "python -m unittest", "tox"],
        custom: |stem| format!("tests/test_{stem}.py"),
        one: |command, path| match command.contains("unittest") {
            true => format!("python -m unittest {path}"),
            false => format!("pytest {path}"),
        },
    },
    Ecosystem {
        endings: &["ts", "tsx", "js", "jsx", "mjs", "vue", "svelte"],
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
            "./gradlew check",
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
        one: |_, path| match path.contains("_spec.") {
            true => format!("bundle exec rspec {path}"),
            false => format!("bundle exec ruby -Itest {path}"),
        },
    },
    Ecosystem {
        endings: &["php"],
        manifests: &["composer.json"],
        commands: &["vendor/bin/phpunit", "vendor/bin/pest", "phpunit", "composer test"],
        custom: |stem| format!("tests/{stem}Test.php"),
        one: |command, path| match command {
            "vendor/bin/pest" => format!("vendor/bin/pest {path}"),
            _ => format!("vendor/bin/phpunit {path}"),
        },
    },
];

/// How the code at `paths` is tested; empty answers where nothing tells.
pub fn detect(places: &Places<'_>, jobs: &[Job], (paths, about): (&[String], &About)) -> Tests {
    let Some(ecosystem) = ecosystem(places, paths) else { return by_workflow_alone(jobs) };
    let run = ran_by(places, jobs, ecosystem.commands);
    let manifest = ecosystem.manifests.iter().find(|name| places.has(name));
    let source = paths.iter().find(|path| ecosystem.endings.contains(&places::ending(path)));
    let file = source.map(|source| witness::chosen(places, ecosystem, (source, about)));
    let project =
        || ecosystem.endings.contains(&"cs") && places.files().any(|path| path.ends_with(".csproj"));
    let known =
        run.is_some() || manifest.is_some() || project() || file.as_ref().is_some_and(|file| !file.new);
    if !known {
        return Tests { file, ..Tests::default() };
    }
    let default = custom_command(places, ecosystem);
    let framework = run.as_ref().map_or(default, |(command, _)| *command);
    Tests {
        framework: Some(framework.to_owned()),
        command: run.as_ref().map(|(_, (_, line))| line.clone()),
        workflow: run.as_ref().map(|(_, (job, _))| job.workflow.clone()),
        job: run.as_ref().map(|(_, (job, _))| job.id.clone()),
        local: file.as_ref().map(|file| {
            let member = in_member(places, ecosystem, (framework, &file.path));
            let chained = || chained_script(places, (framework, &file.path));
            member.or_else(chained).unwrap_or_else(|| (ecosystem.one)(framework, &file.path))
        }),
        file,
    }
}

/// What runs one file where the script `test` is several commands: an argument would reach the last of them alone.
fn chained_script(places: &Places<'_>, (framework, path): (&str, &str)) -> Option<String> {
    if !matches!(framework, "npm test" | "npm run test" | "pnpm test" | "yarn test") {
        return None;
    }
    let manifest: serde_json::Value = serde_json::from_str(places.text("package.json")?).ok()?;
    let script = manifest.get("scripts")?.get("test")?.as_str()?;
    let (first, _) = script.split_once("&&")?;
    let runner = |part: &&str| {
        let word = part.split_whitespace().next().unwrap_or_default();
        matches!(word, "jest" | "vitest" | "mocha" | "ava" | "tap") || part.trim().starts_with("node --test")
    };
    match script.split("&&").find(runner).map(str::trim) {
        Some(part) if part.starts_with("node") => Some(format!("node --test {path}")),
        Some(part) => Some(format!("npx {} {path}", part.split_whitespace().next().unwrap_or(first))),
        None => Some(framework.to_owned()),
    }
}

/// What runs one test file of a part of a workspace, from the root; `None` where the file belongs to the root.
fn in_member(places: &Places<'_>, ecosystem: &Ecosystem, (framework, path): (&str, &str)) -> Option<String> {
    let home = |names: &[&str]| {
        above(path).find(|folder| names.iter().any(|name| places.has(&format!("{folder}/{name}"))))
    };
    let first = ecosystem.manifests.first().copied().unwrap_or_default();
    match first {
        "Cargo.toml" => {
            let folder = home(&["Cargo.toml"])?;
            let text = places.text(&format!("{folder}/Cargo.toml")).unwrap_or_default();
            let name = NAME.first(text, 1).unwrap_or(places::name(folder));
            let inner = (ecosystem.one)(framework, path.get(folder.len() + 1..)?);
            let base = base(framework, "cargo test", "cargo nextest run");
            Some(inner.replacen(base, &format!("{base} -p {name}"), 1))
        }
        "package.json" => {
            let folder = home(&["package.json"])?;
            let inner = path.get(folder.len() + 1..)?;
            match framework {
                "npm test" | "npm run test" => Some(format!("npm test --workspace {folder} -- {inner}")),
                "pnpm test" => Some(format!("pnpm --filter ./{folder} test {inner}")),
                "yarn test" => Some(format!("yarn --cwd {folder} test {inner}")),
                _ => None,
            }
        }
        "go.mod" => {
            let folder = home(&["go.mod"])?;
            Some(format!("cd {folder} && {}", (ecosystem.one)(framework, path.get(folder.len() + 1..)?)))
        }
        "pom.xml" if framework.contains("gradle") => {
            let folder = home(&["build.gradle", "build.gradle.kts"])?;
            let class = places::stem(places::name(path));
            Some(format!("./gradlew :{}:test --tests {class}", folder.replace('/', ":")))
        }
        "pom.xml" => {
            let class = places::stem(places::name(path));
            home(&["pom.xml"]).map(|folder| format!("mvn -pl {folder} test -Dtest={class}"))
        }
        "global.json" => {
            let project = |folder: &&str| {
                places.files().any(|other| places::folder(other) == *folder && other.ends_with(".csproj"))
            };
            let folder = above(path).find(project)?;
            Some(format!("dotnet test {folder} --filter {}", places::stem(places::name(path))))
        }
        _ => None,
    }
}

static NAME: Pattern = Pattern::new(r#"(?m)^\s*name\s*=\s*"([^"]+)""#);

/// The folders above a file, the nearest first, without the root.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(places::folder(path)), |folder| Some(places::folder(folder)))
        .take_while(|folder| !folder.is_empty())
}

/// All manifests of the languages known, those near the root first.
pub fn manifests<'a>(places: &Places<'a>) -> Vec<&'a str> {
    let named = |name: &str| ECOSYSTEMS.iter().any(|one| one.manifests.contains(&name));
    let project = |path: &str| path.ends_with(".csproj") || path.ends_with(".gemspec");
    let mut found: Vec<&str> =
        places.files().filter(|path| named(places::name(path)) || project(path)).collect();
    found.retain(|path| !places::is_aside(path) && !places::is_test(path));
    found.sort_by_key(|path| (path.matches('/').count(), *path));
    found
}

/// Where the tests of each language lie, and how one of them is named.
pub fn layout(places: &Places<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for ecosystem in ECOSYSTEMS {
        let of_it = |path: &&str| places::is_test(path) && ecosystem.endings.contains(&places::ending(path));
        let tests: Vec<&str> = places.files().filter(of_it).collect();
        let Some(first) =
            tests.iter().find(|path| is_marked(places::stem(places::name(path)))).or(tests.first())
        else {
            continue;
        };
        let command = custom_command(places, ecosystem);
        let files = if tests.len() == 1 { "file" } else { "files" };
        out.push(format!(
            "tests in {} {files}, such as `{first}`; usual command `{command}`",
            words::thousands(tests.len())
        ));
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

/// What a filter by module is called.
fn module(path: &str) -> &str {
    let own = path.strip_suffix("/tests.rs").or(path.strip_suffix("/mod.rs")).unwrap_or(path);
    places::stem(places::name(own))
}

fn base<'t>(command: &str, plain: &'t str, next: &'t str) -> &'t str {
    if command.contains("nextest") { next } else { plain }
}

fn ecosystem(places: &Places<'_>, paths: &[String]) -> Option<&'static Ecosystem> {
    let by_path = paths.iter().find_map(|path| of_ending(places::ending(path)));
    let by_manifest = || ECOSYSTEMS.iter().find(|one| one.manifests.iter().any(|name| places.has(name)));
    let by_sources = || places.files().find_map(|path| of_ending(places::ending(path)));
    by_path.or_else(by_manifest).or_else(by_sources)
}

fn of_ending(ending: &str) -> Option<&'static Ecosystem> {
    ECOSYSTEMS.iter().find(|one| one.endings.contains(&ending))
}

/// A step that runs the suite.
struct Run<'j> {
    /// Lower is preferred: not narrowed, short, early in the list of commands.
    rank: (bool, usize, usize),
    command: &'static str,
    job: &'j Job,
    line: String,
}

/// The step that runs the suite, the one with the fewest conditions first.
fn ran_by<'j>(
    places: &Places<'_>,
    jobs: &'j [Job],
    commands: &[&'static str],
) -> Option<(&'static str, (&'j Job, String))> {
    let mut found: Vec<Run<'j>> = Vec::new();
    for job in jobs {
        for line in &job.commands {
            let direct = commands.iter().position(|command| runs(line, command));
            let made = || {
                let steps = workflows::recipe(places, line);
                commands.iter().position(|command| steps.iter().any(|step| runs(step, command)))
            };
            // What the recipe calls may stand in a variable.
            let called = || TARGET.is_in(line).then_some(0);
            let Some(at) = direct.or_else(made).or_else(called) else { continue };
            let command = commands.get(at).copied().unwrap_or_default();
            let plain = plain_command(line);
            let narrowed = NARROWED.is_in(line) || !job.on_pull_request;
            found.push(Run {
                rank: (narrowed, plain.split_whitespace().count(), at),
                command,
                job,
                line: plain,
            });
        }
    }
    found.into_iter().min_by_key(|run| run.rank).map(|run| (run.command, (run.job, run.line)))
}

static TARGET: Pattern = Pattern::new(r"^make (?:-\S+ )*(?:tests?|check|unit[-_]?tests?)\s*$");

static NARROWED: Pattern = Pattern::new(
    r"-Dmaven\.test\.skip|-DskipTests|--projects|--package |-p |--lib\b|--doc\b|--examples?\b|--benches|--no-run|--activate-profiles|--filter|-k |-fuzz|-bench\b|-run[ =]|--ignored|MSRV|typing|mypy|lint|external",
);

/// Is the command in the line, as whole words and to be run, not named?
fn runs(line: &str, command: &str) -> bool {
    let whole = |at: usize| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + command.len()..).and_then(|text| text.chars().next());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '/' | '(' | ';' | '"'))
            && after.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ')' | ';' | '"' | ':'))
    };
    let spoken = ["echo ", "#", "pip install", "uv add", "npm install", "gem install"];
    !spoken.iter().any(|word| line.trim_start().starts_with(word))
        && line.match_indices(command).any(|(at, _)| whole(at))
}

/// What only the workflow can fill in.
static EXPRESSION: Pattern = Pattern::new(r"\$\{\{[^}]*\}\}");

/// A command without the parts that only the workflow can fill in: what ends with one ends before it, else `…` stands for it.
fn plain_command(line: &str) -> String {
    let filled = |word: &&str| !word.contains('$') && !word.contains("{{") && !word.contains("}}");
    let told = EXPRESSION.replace(line, |_| "…".to_owned());
    let words: Vec<&str> = told.split_whitespace().take_while(filled).collect();
    let known = words.iter().rposition(|word| !word.contains('…')).map_or(0, |last| last + 1);
    // An option whose value is not known is left out with it.
    let named = words.get(known.wrapping_sub(1)).is_some_and(|word| word.starts_with('-') && *word != "--");
    let known = if named && words.get(known).is_some_and(|next| *next == "…") { known - 1 } else { known };
    let plain = words.get(..known).unwrap_or_default().join(" ");
    if plain.is_empty() { line.trim().to_owned() } else { plain }
}

/// What runs the suite where no workflow tells: the first command, unless a manifest names another tool.
fn custom_command(places: &Places<'_>, ecosystem: &Ecosystem) -> &'static str {
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
    match first {
        "pytest" if !named("pytest") && reads("import unittest") => "python -m unittest",
        "npm test" if has("pnpm-lock.yaml") => "pnpm test",
        "npm test" if has("yarn.lock") => "yarn test",
        "npm test" if has("bun.lock") || has("bun.lockb") => "bun test",
        "npm test" if !named("\"test\":") && named("\"vitest\"") => "npx vitest",
        "npm test" if !named("\"test\":") && named("\"jest\"") => "npx jest",
        "mvn test" if !has("pom.xml") && has("gradlew") => "./gradlew test",
        "mvn test" if !has("pom.xml") && (has("build.gradle") || has("build.gradle.kts")) => "gradle test",
        "vendor/bin/phpunit" if named("pestphp/pest") => "vendor/bin/pest",
        "bundle exec rspec" if !named("rspec") && (named("minitest") || named("Rake::TestTask")) => {
            "bundle exec rake"
        }
        _ => first,
    }
}

fn by_workflow_alone(jobs: &[Job]) -> Tests {
    let testing = |line: &&String| line.split_whitespace().any(|word| word == "test" || word == "check");
    let found = jobs.iter().find_map(|job| job.commands.iter().find(testing).map(|line| (job, line)));
    match found {
        Some((job, line)) => Tests {
            framework: Some(line.clone()),
            command: Some(line.clone()),
            workflow: Some(workflows::file_name(&job.workflow).to_owned()).map(|_| job.workflow.clone()),
            job: Some(job.id.clone()),
            local: Some(line.clone()),
            file: None,
        },
        None => Tests::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_workflow_fills_in_is_left_out_and_cuts_no_quote_in_two() {
        for (line, plain) in [
            (
                "go test -race -tags '${{ matrix.tags }}' -shuffle=on ./...",
                "go test -race -tags '…' -shuffle=on ./...",
            ),
            ("cargo test --target ${{ matrix.target }}", "cargo test"),
            ("npm test -- $FLAGS", "npm test --"),
            ("pytest -n 2", "pytest -n 2"),
            ("${{ matrix.run }}", "${{ matrix.run }}"),
        ] {
            assert_eq!(plain_command(line), plain);
        }
    }
}
