//! The rules of the house that no compiler knows: short files, opened by their purpose, with nothing half done in them.

use crate::sources::{Source, Token, files, paths, read, text, tokens};

/// Lines of a file without its tests.
const WALL: usize = 500;
const PACKAGES: usize = 350;

#[test]
fn sources_keep_the_rules() {
    let broken: Vec<String> = read("src").iter().chain(&read("tests")).flat_map(violations).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// `file:line: rule`.
fn violations(source: &Source) -> Vec<String> {
    let all = tokens(&source.code);
    let shipped = tokens(&source.shipped);
    let mut broken = [length(source), purpose(source)].concat();
    broken.extend(half_done(source));
    broken.extend(find(&all, &[&["todo", "!"], &["unimplemented", "!"]], "finish it or leave it out"));
    broken.extend(find(
        &all,
        &[&["#", "[", "allow", "("], &["#", "!", "[", "allow", "("]],
        "`#[expect(…, reason = \"…\")]` instead",
    ));
    let panics: [&[&str]; 5] = [
        &[".", "unwrap", "(", ")"],
        &[".", "expect", "(", "\""],
        &["panic", "!"],
        &["unreachable", "!"],
        &["QueryBuilder"],
    ];
    broken.extend(find(&shipped, &panics[..4], "nothing panics outside tests; return the error"));
    broken.extend(find(&shipped, &panics[4..], "fixed SQL only: it writes `?`, which PostgreSQL refuses"));
    broken.extend(programs(source));
    broken.extend(compared_macs(&shipped));
    broken.iter().map(|(line, rule)| format!("{}:{line}: {rule}", source.path)).collect()
}

type Broken = Vec<(usize, String)>;

fn length(source: &Source) -> Broken {
    let rule = format!("{} lines without tests; the wall is {WALL}", source.length);
    if source.is_test || source.length <= WALL { Vec::new() } else { vec![(1, rule)] }
}

fn purpose(source: &Source) -> Broken {
    let first = source.raw.lines().next().unwrap_or_default();
    let opens = first.strip_prefix("//! ").is_some_and(|sentence| !sentence.trim().is_empty());
    let is_guarded_file = source.is_test && source.path.starts_with("src/");
    if opens || is_guarded_file {
        Vec::new()
    } else {
        vec![(1, "open with `//!` and one sentence of purpose".into())]
    }
}

/// A note to oneself: a word such as `FIXME` where the comment begins, or with `:` or `(` behind it.
fn half_done(source: &Source) -> Broken {
    let is_note = |comment: &str| {
        let begins = comment.trim_start_matches(['/', '!', '*', ' ']);
        let notes = ["TODO", "FIXME", "XXX"];
        notes.iter().any(|note| {
            begins.starts_with(note)
                || [":", "("].iter().any(|mark| comment.contains(&format!("{note}{mark}")))
        })
    };
    let noted = source.comments.lines().enumerate().filter(|(_, comment)| is_note(comment));
    noted.map(|(line, _)| (line + 1, "finish it, or open an issue; no notes to oneself".into())).collect()
}

fn find(tokens: &[Token<'_>], patterns: &[&[&str]], rule: &str) -> Broken {
    let matches = |at: usize, pattern: &[&str]| {
        let rest = &tokens[at..];
        rest.len() >= pattern.len() && rest.iter().zip(pattern).all(|(token, word)| token.text == *word)
    };
    let hits = (0..tokens.len()).filter(|at| patterns.iter().any(|pattern| matches(*at, pattern)));
    hits.map(|at| (tokens[at].line, rule.to_string())).collect()
}

/// S14: nothing of a repository ever runs here, so the sources know no way to start a program.
fn programs(source: &Source) -> Broken {
    let starts = |segments: &[String]| {
        let is_command = segments
            .windows(2)
            .any(|pair| pair[0] == "process" && matches!(pair[1].as_str(), "Command" | "*"));
        is_command || segments.last().is_some_and(|last| last == "CommandExt")
    };
    let found = paths(&source.code)
        .into_iter()
        .filter(|path| source.path.starts_with("src/") && starts(&path.segments));
    found.map(|path| (path.line, "S14: we start no program".into())).collect()
}

/// S1: where a MAC is at hand, `==` is for lengths and literals only; `verify_slice` takes the same time for every guess.
fn compared_macs(shipped: &[Token<'_>]) -> Broken {
    if !shipped.iter().any(|token| matches!(token.text, "hmac" | "Mac" | "HmacSha256")) {
        return Vec::new();
    }
    let text = |at: usize| shipped.get(at).map_or("", |token| token.text);
    let is_literal = |word: &str| word.starts_with(|first: char| first == '"' || first.is_ascii_digit());
    let mut broken = Vec::new();
    for at in 1..shipped.len() {
        let is_comparison =
            matches!((text(at), text(at + 1)), ("=" | "!", "=")) && !matches!(text(at - 1), "=" | "<" | ">");
        let is_literal_near = is_literal(text(at + 2)) || is_literal(text(at - 1));
        let is_length = shipped[..at].iter().rev().take(3).map(|token| token.text).eq([")", "(", "len"]);
        let is_method = text(at) == "." && matches!(text(at + 1), "eq" | "ne") && text(at + 2) == "(";
        if (is_comparison && !is_literal_near && !is_length) || is_method {
            broken.push((shipped[at].line, "S1: compare MACs with `verify_slice`, in constant time".into()));
        }
    }
    broken
}

#[test]
fn texts_name_no_machine() {
    let folders = [
        "src",
        "tests",
        "docs",
        "templates",
        "migrations",
        "scripts",
        ".ci",
        ".github",
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "Cargo.toml",
        "Dockerfile",
        "fly.toml",
        "deny.toml",
        "clippy.toml",
    ];
    let mut broken = Vec::new();
    for path in folders.iter().flat_map(|folder| files(folder)) {
        let told = text(&path);
        for (line, words) in told.lines().enumerate() {
            if let Some(named) = machine_paths().iter().find(|machine| names(words, machine)) {
                broken.push(format!("{path}:{}: `{named}` exists on one machine only", line + 1));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// Where this checkout lies and the folder around it (unless that is a name anybody could write), and root's home.
fn machine_paths() -> Vec<String> {
    let here = env!("CARGO_MANIFEST_DIR");
    let around = here.rsplit_once('/').map_or("", |(parent, _)| parent);
    let is_particular = |path: &&str| path.matches('/').count() >= 2;
    let mut machine: Vec<String> =
        [here, around].iter().filter(|path| is_particular(path)).map(ToString::to_string).collect();
    machine.push(concat!("/ro", "ot/").into());
    machine
}

/// Names the path itself, not a longer one that contains it.
fn names(words: &str, machine: &str) -> bool {
    let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/' | '}');
    words.match_indices(machine).any(|(at, _)| !words[..at].ends_with(is_path))
}

#[test]
fn packages_come_from_one_place_and_are_few() {
    let lock = text("Cargo.lock");
    let count = lock.lines().filter(|line| *line == "[[package]]").count();
    assert!(count < PACKAGES, "{count} packages in Cargo.lock; fewer than {PACKAGES} is the promise");
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let strange: Vec<&str> =
        sources.filter(|from| !from.contains("github.com/rust-lang/crates.io-index")).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// S20: a tag can be moved to other code, a commit cannot; and a workflow gets no right that it does not name.
#[test]
fn workflows_are_pinned_and_modest() {
    let workflows = files(".github/workflows");
    assert!(!workflows.is_empty());
    for path in workflows {
        let workflow = text(&path);
        let actions =
            workflow.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: "));
        for action in actions {
            let (_, pin) = action.split_once('@').unwrap_or_default();
            let commit = pin.split(' ').next().unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.chars().all(|digit| digit.is_ascii_hexdigit());
            assert!(
                is_commit && pin.contains(" # v"),
                "{path}: pin by commit, name the release behind it: {action}"
            );
        }
        assert!(!workflow.contains("pull_request_target"), "{path}: that event hands secrets to strangers");
        assert!(workflow.lines().any(|line| line == "permissions: {}"), "{path}: begin with no permissions");
        let runs = workflow.lines().filter(|line| line.contains("run: "));
        let quoting: Vec<&str> = runs.filter(|line| line.contains("${{")).collect();
        assert!(quoting.is_empty(), "{path}: pass values through `env`: {quoting:?}");
        let jobs = workflow.matches("runs-on:").count();
        assert_eq!(jobs, workflow.matches("timeout-minutes:").count(), "{path}: each job has a timeout");
    }
}

/// `docs/requirements.md` says which test, or which goal of `cargo bench`, shows a row: each of that name exists, and no test
/// that carries the number of a fault is left out.
#[test]
fn requirements_name_real_tests() {
    let tests: Vec<String> = read("src").iter().chain(&read("tests")).flat_map(test_paths).collect();
    let table = text("docs/requirements.md");
    let goals = text("benches/figures/goals.rs");
    let is_goal = |name: &str| {
        name.strip_prefix("goals::").is_some_and(|goal| goals.contains(&format!("pub const {goal}: Goal")))
    };
    let is_head = |line: &str| line.starts_with("| row |") || line.starts_with("| ---");
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with('|') && !is_head(line)).collect();
    assert!(!rows.is_empty());
    let mut ids: Vec<&str> = rows.iter().filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "a row stands twice: its tests belong into one");
    let mut stale = Vec::new();
    for row in rows {
        let named: Vec<&str> =
            row.rsplit('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test in backticks: {row}");
        let is_there =
            |test: &str| tests.iter().any(|path| format!("::{path}").ends_with(&format!("::{test}")));
        stale.extend(named.into_iter().filter(|name| !is_there(name) && !is_goal(name)));
    }
    assert!(stale.is_empty(), "no test is called: {stale:#?}");
    let is_left_out = |path: &&String| {
        let name = path.rsplit("::").next().unwrap_or_default();
        let number = name.strip_prefix('f').and_then(|rest| rest.split('_').next()).unwrap_or_default();
        let is_of_a_fault = number.parse::<u8>().is_ok() && !path.starts_with("sandbox::");
        is_of_a_fault && !table.contains(&format!("{name}`"))
    };
    let left_out: Vec<&String> = tests.iter().filter(is_left_out).collect();
    assert!(left_out.is_empty(), "docs/requirements.md does not list: {left_out:#?}");
}

/// As the test runner prints them, for tests in a `mod tests` as well.
fn test_paths(source: &Source) -> Vec<String> {
    let path = source.path.trim_start_matches("src/").trim_start_matches("tests/").trim_end_matches(".rs");
    let mut modules: Vec<&str> = path.split('/').filter(|part| *part != "mod").collect();
    if source.path.starts_with("src/") && !modules.contains(&"tests") {
        modules.push("tests");
    }
    test_functions(source).iter().map(|name| format!("{}::{name}", modules.join("::"))).collect()
}

fn test_functions(source: &Source) -> Vec<String> {
    let words = tokens(&source.code);
    let is_test = |at: usize| {
        let before = words[..at].iter().rev().take(30).map(|token| token.text);
        before.take_while(|word| !matches!(*word, "}" | ";")).any(|word| word == "test")
    };
    let is_function = |at: &usize| words[*at].text == "fn" && is_test(*at);
    (0..words.len())
        .filter(is_function)
        .filter_map(|at| words.get(at + 1))
        .map(|name| name.text.to_string())
        .collect()
}

/// Whatever a test of the soak looks at itself: one that carries a number ends with all that holds after every run.
#[test]
fn numbered_tests_of_the_soak_check_the_invariants() {
    let soak = read("tests/it/soak");
    let count: usize = soak.iter().map(|source| numbered(source).len()).sum();
    assert!(count > 40, "{count}");
    let broken: Vec<String> = soak.iter().flat_map(unchecked).collect();
    assert!(broken.is_empty(), "they never call `invariants::check`: {broken:#?}");
}

/// Tests that carry the number of a fault or a promise, such as `f17_…`.
fn numbered(source: &Source) -> Vec<String> {
    let has_number = |name: &String| {
        let number = name.split('_').next().and_then(|first| first.get(1..)).unwrap_or_default();
        !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit())
    };
    test_functions(source).into_iter().filter(has_number).collect()
}

/// Numbered tests that reach no `invariants::check(…).await`, neither themselves nor by functions of their file.
fn unchecked(source: &Source) -> Vec<String> {
    let words: Vec<&str> = tokens(&source.code).iter().map(|token| token.text).collect();
    let starts: Vec<usize> = (0..words.len()).filter(|at| words[*at] == "fn").collect();
    // A function ends where the next one begins; closures belong to it.
    let ends = starts.iter().skip(1).copied().chain([words.len()]);
    let functions: Vec<(&str, &[&str])> =
        starts.iter().zip(ends).map(|(from, to)| (words[from + 1], &words[from + 2..to])).collect();
    let is_check = |window: &[&str]| {
        window[..2] == ["invariants", "::"] && matches!(window[2], "check" | "check_with") && window[3] == "("
    };
    let mut reaching: Vec<&str> = Vec::new();
    loop {
        let reaches =
            |body: &[&str]| body.windows(4).any(is_check) || body.iter().any(|word| reaching.contains(word));
        let all: Vec<&str> =
            functions.iter().filter(|(_, body)| reaches(body)).map(|(name, _)| *name).collect();
        if all.len() == reaching.len() {
            break;
        }
        reaching = all;
    }
    let left_out = numbered(source).into_iter().filter(|name| !reaching.contains(&name.as_str()));
    left_out.map(|name| format!("{}: {name}", source.path)).collect()
}

#[test]
fn only_a_call_of_the_invariants_counts_as_their_check() {
    let code = "//! Purpose.
        #[test] fn f1_itself() { invariants::check(&rig, &script).await; }
        #[test] fn f2_by_another() { on_each(told).await }
        async fn told(place: &Place) { ends(place).await }
        async fn ends(place: &Place) { invariants::check_with(a, b, c).await; }
        #[test] fn f3_says_so() { /* invariants::check(a) */ let a = \"invariants::check(b)\"; use invariants::check; }
        #[test] fn p4_calls_another(check: Check) { other::check(a); forgiven(b).await }
        #[test] fn without_a_number() {}
        ";
    let source = Source::new("tests/it/soak/a.rs", code);
    assert_eq!(
        unchecked(&source),
        ["tests/it/soak/a.rs: f3_says_so", "tests/it/soak/a.rs: p4_calls_another"]
    );
}

#[test]
fn every_rule_fires() {
    let wrong = [
        ("src/a.rs", "use std::fs;\n#[allow(dead_code)]\nfn f() { todo!(); g().unwrap(); h.expect(\"x\"); }".to_string()),
        ("src/b.rs", "//! Purpose.\n// FIXME later\n/* see TODO: y */ fn f() { let a = \"todo!() .unwrap()\"; p.expect(Token::A); }".into()),
        ("src/c.rs", "//! Purpose.\nuse std::process::{Command, ExitCode};\n// a list of TODO comments\nfn f() { tokio::process::Command::new(a) }".into()),
        (
            "src/d.rs",
            "//! Purpose.\nuse hmac::Mac;\nfn f() -> bool { if a.len() != b || c == 5 { return d == \"e\"; }\n g <= h; i => j;\n k == l\n && m.eq(&n) }".into(),
        ),
        ("src/e.rs", format!("//! Purpose.\n{}", "fn f() {}\n".repeat(WALL))),
        ("src/f.rs", format!("//! Purpose.\n{}#[cfg(test)]\nmod tests {{\n fn g() {{ h().unwrap(); }}\n{}}}", "fn f() {}\n".repeat(WALL - 1), "\n".repeat(9))),
        ("src/g.rs", "//! Purpose.\nfn f() { panic!(\"a\") }\nfn g() { QueryBuilder::new() }\n#![allow(x)]".into()),
    ];
    let said: Vec<String> =
        wrong.iter().flat_map(|(path, text)| violations(&Source::new(path, text))).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    src/a.rs:1: open with `//!` and one sentence of purpose
    src/a.rs:3: finish it or leave it out
    src/a.rs:2: `#[expect(…, reason = "…")]` instead
    src/a.rs:3: nothing panics outside tests; return the error
    src/a.rs:3: nothing panics outside tests; return the error
    src/b.rs:2: finish it, or open an issue; no notes to oneself
    src/b.rs:3: finish it, or open an issue; no notes to oneself
    src/c.rs:2: S14: we start no program
    src/c.rs:4: S14: we start no program
    src/d.rs:5: S1: compare MACs with `verify_slice`, in constant time
    src/d.rs:6: S1: compare MACs with `verify_slice`, in constant time
    src/e.rs:1: 501 lines without tests; the wall is 500
    src/g.rs:4: `#[expect(…, reason = "…")]` instead
    src/g.rs:2: nothing panics outside tests; return the error
    src/g.rs:3: fixed SQL only: it writes `?`, which PostgreSQL refuses
    "#);
}

#[test]
fn a_machine_is_named_only_by_its_own_path() {
    assert!(names("see /a/b/c", "/a/b"));
    assert!(names("`/a/b`", "/a/b"));
    assert!(!names("https://host/a/b", "/a/b"));
    assert!(!names("x/a/b", "/a/b"));
}
