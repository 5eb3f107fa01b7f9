//! How a repository tests: framework, command, the workflow that runs it, and the file the cases go in.

use crate::domain::plan::model::{Place, Tests};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job};

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
        one: |command, path| match command.contains("rake") || !path.contains("_spec.") {
            true => format!("bundle exec ruby -Itest {path}"),
            false => format!("bundle exec rspec {path}"),
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
pub fn detect(places: &Places<'_>, jobs: &[Job], paths: &[String]) -> Tests {
    let Some(ecosystem) = ecosystem(places, paths) else { return by_workflow_alone(jobs) };
    let run = ran_by(jobs, ecosystem.commands);
    let manifest = ecosystem.manifests.iter().find(|name| places.has(name));
    let source = paths.iter().find(|path| ecosystem.endings.contains(&places::ending(path)));
    let file = source.map(|source| test_file(places, ecosystem, source));
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
            member.unwrap_or_else(|| (ecosystem.one)(framework, &file.path))
        }),
        file,
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
fn ran_by<'j>(jobs: &'j [Job], commands: &[&'static str]) -> Option<(&'static str, (&'j Job, String))> {
    let mut found: Vec<Run<'j>> = Vec::new();
    for job in jobs {
        for line in &job.commands {
            let Some(at) = commands.iter().position(|command| runs(line, command)) else { continue };
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

static NARROWED: Pattern = Pattern::new(
    r"-Dmaven\.test\.skip|-DskipTests|--projects|--package |-p |--lib\b|--doc\b|--examples?\b|--benches|--no-run|--activate-profiles|--filter|-k |--ignored|MSRV|typing|mypy|lint|external",
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

/// A command without the parts that only the workflow can fill in.
fn plain_command(line: &str) -> String {
    let filled = |word: &&str| !word.contains('$') && !word.contains("{{") && !word.contains("}}");
    let cut = line.split("${{").next().unwrap_or(line);
    let words: Vec<&str> = cut.split_whitespace().take_while(filled).collect();
    let plain = words.join(" ");
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

/// The existing test of a source, else the name its neighbors' custom gives.
fn test_file(places: &Places<'_>, ecosystem: &Ecosystem, source: &str) -> Place {
    let stem = match places::stem(places::name(source)) {
        "mod" | "index" | "__init__" | "main" | "lib" => places::name(places::folder(source)),
        stem if source.ends_with(".cs") => stem.split('.').next().unwrap_or(stem),
        stem => stem,
    };
    let stem = if stem.is_empty() || stem == "src" { places::stem(places::name(source)) } else { stem };
    if places::is_test(source) {
        return Place { new: !places.has(source), ..places::existing(source) };
    }
    if let Some(own) = inline_tests(places, source) {
        return own;
    }
    let mut tests: Vec<&str> = places
        .files()
        .filter(|path| places::is_test(path) && ecosystem.endings.contains(&places::ending(path)))
        .collect();
    let beside = |path: &&&str| {
        places::folder(path) == places::folder(source)
            && matches!(places::stem(places::name(path)), "test" | "tests" | "spec")
    };
    if let Some(own) = tests.iter().find(beside) {
        return places::existing(own);
    }
    let all = tests.clone();
    let marked: Vec<&str> =
        tests.iter().copied().filter(|path| is_marked(places::stem(places::name(path)))).collect();
    if marked.len() * 2 >= tests.len() {
        tests = marked;
    }
    let home = tokens(source);
    let far = |path: &str| {
        let own = tokens(path);
        (usize::MAX - own.intersection(&home).count(), own.difference(&home).count(), path.len())
    };
    let plain =
        |path: &str| bare_stem(places::stem(places::name(path))).trim_start_matches('_').to_lowercase();
    let stem = if stem.trim_start_matches('_').is_empty() { stem } else { stem.trim_start_matches('_') };
    let raw = places::stem(places::name(source)).trim_start_matches('_').to_lowercase();
    let parent = places::name(places::folder(source)).to_lowercase();
    let small = stem.to_lowercase();
    let wanted = [raw.clone(), small.clone(), format!("{parent}_{raw}"), parent];
    let general = |name: &str| matches!(name, "" | "src" | "lib" | "mod" | "index" | "__init__" | "main");
    for name in wanted.iter().filter(|name| !name.is_empty()) {
        let fits = |path: &&str| {
            let here = places::folder(path) == places::folder(source);
            plain(path) == *name && (!general(name) || here) && (*name != raw || raw == small || here)
        };
        let nearest = |path: &&str| (places::folder(path) != places::folder(source), far(path));
        // A file that only lies among tests is one for a source that shares a telling folder with it.
        let related = |path: &&str| tokens(path).intersection(&home).next().is_some();
        let marked = tests.iter().copied().filter(fits).min_by_key(nearest);
        if let Some(own) =
            marked.or_else(|| all.iter().copied().filter(fits).filter(related).min_by_key(nearest))
        {
            return places::existing(own);
        }
    }
    let near =
        tests.iter().copied().min_by_key(|path| (places::folder(path) != places::folder(source), far(path)));
    let path = match near {
        Some(near) => like(near, stem, source),
        None => (ecosystem.custom)(stem),
    };
    let path = match (near, ecosystem.endings.contains(&"go"), places::folder(source)) {
        (None, true, folder) if !folder.is_empty() => format!("{folder}/{path}"),
        _ => path,
    };
    let beside = near.map(str::to_owned);
    Place { new: !places.has(&path), path, beside, line: None }
}

/// The telling words of a file's folders.
fn tokens(path: &str) -> std::collections::BTreeSet<String> {
    let plain = |part: &str| {
        !matches!(
            part,
            "" | "src" | "test" | "tests" | "spec" | "specs" | "lib" | "main" | "java" | "kotlin" | "pkg"
        )
    };
    places::folder(path)
        .split(['/', '.', '_', '-'])
        .map(str::to_lowercase)
        .filter(|part| plain(part))
        .collect()
}

/// Rust's own custom: a file of tests below the module, or tests inside the source.
fn inline_tests(places: &Places<'_>, source: &str) -> Option<Place> {
    let module = source.strip_suffix(".rs")?;
    let below = format!("{}/tests.rs", module.strip_suffix("/mod").unwrap_or(module));
    let home = above(source).find(|folder| places.has(&format!("{folder}/Cargo.toml")));
    let folder = home.map_or("tests".to_owned(), |home| format!("{home}/tests"));
    let apart = format!("{folder}/{}.rs", places::name(module));
    match () {
        () if places.has(&below) => Some(places::existing(&below)),
        () if places.has(&apart) => Some(places::existing(&apart)),
        () if places.text(source).is_some_and(|text| text.contains("#[cfg(test)]")) => {
            Some(places::existing(source))
        }
        () => {
            let mut all =
                places.files().filter(|path| places::folder(path) == folder && path.ends_with(".rs"));
            match (all.next(), all.next()) {
                (Some(only), None) => Some(places::existing(only)),
                _ => Some(Place { path: apart, new: true, beside: None, line: None }),
            }
        }
    }
}

/// Does the name of a file say that it is a test?
fn is_marked(stem: &str) -> bool {
    bare_stem(stem) != stem
}

/// A test's file name without what marks it as one.
fn bare_stem(stem: &str) -> &str {
    let stem = stem.strip_prefix("test_").or(stem.strip_prefix("spec_")).unwrap_or(stem);
    ["_test", ".test", ".spec", "_spec", "-test", "Tests", "Test", "Specs", "Spec"]
        .iter()
        .find_map(|mark| stem.strip_suffix(mark))
        .unwrap_or(stem)
}

/// A name for the test of `stem` that follows the custom of an existing test.
fn like(existing: &str, stem: &str, source: &str) -> String {
    let name = places::name(existing);
    let own = bare_stem(places::stem(name));
    let named = if own.is_empty() { name.to_owned() } else { name.replacen(own, stem, 1) };
    let together =
        matches!(places::ending(source), "go") || places::folder(existing) == places::folder(source);
    let folder = if together { places::folder(source) } else { places::folder(existing) };
    if folder.is_empty() { named } else { format!("{folder}/{named}") }
}
