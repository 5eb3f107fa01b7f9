//! More kinds of change, each read from one sentence as people write it.

use super::frames::{seen, service};
use super::world::{issue, planned, repository};

#[test]
fn migrations() {
    insta::assert_snapshot!(seen("Remember the shelf", "- [ ] add a column `shelf` to the stock table in `src/stock.ts`"), @"
    R1 [src/stock.ts] an empty database: has `shelf` · one filled at `5a1ad00`: keeps every row, has `shelf` · `shelf` there already: a second run changes nothing
    1. Remember the shelf (feature) R1
    ? What do rows that are there today get for `shelf`? – `shelf` is NULL, filled on the next write
    ? Must the version at `5a1ad00` run beside `shelf`, for a rollback? – yes, so `shelf` is only added
    ");
}

/// Pages have columns and tables, too, and errors can be localized without anybody asking for a language.
#[test]
fn words_that_stand_for_something_else_make_no_migration_and_no_translation() {
    for text in [
        "- [ ] add a gutter column `marked` to the list in `src/stock.ts`",
        "- [ ] add a table of contents to `README.md`",
        "- [ ] codes in `src/stock.ts` can be localized",
    ] {
        let shown = seen("A better list", text);
        assert!(!shown.contains("an empty database") && !shown.contains("language"), "{shown}");
    }
}

#[test]
fn retention() {
    insta::assert_snapshot!(seen("Old rows fill the disk", "Stock rows must be deleted when older than 30 days, see `src/stock.ts`."), @"
    R1 [src/stock.ts] Stock rows 29 days old: kept · Stock rows 31 days old: gone · a second run: no more Stock rows gone
    1. Old rows fill the disk (feature) R1
    ? What removes “Stock rows”: a schedule, or the next access? – a daily run
    ? From when do the 30 days of “Stock rows” count? – from creation
    ");
}

/// What is purged stands before the verb as often as behind it, and is gone for good.
#[test]
fn retention_in_the_passive() {
    insta::assert_snapshot!(seen("Sessions pile up", "Sessions in `src/stock.ts` must be purged after 30 days, by a nightly job."), @"
    R1 [src/stock.ts] Sessions 29 days old: kept · Sessions 31 days old: gone · a second run: no more Sessions gone
    1. Sessions pile up (feature) R1
    ? From when do the 30 days of “Sessions” count? – from creation
    = “30 days” = gone with the first nightly run behind that age; the very first takes all older Sessions at once
    ");
    let purges = planned(
        &issue(9, "Sessions pile up", "Sessions in `src/stock.ts` must be purged after 30 days."),
        &service(),
    );
    assert_eq!(
        purges.rollback.last().map(String::as_str),
        Some(
            "Sessions that R1 has deleted are gone, irreversible without a copy: let a first run only count those older than 30 days"
        )
    );
    let risk = purges.requirements.first().and_then(|one| one.risk.clone());
    assert_eq!(
        risk.as_deref(),
        Some("what is deleted is gone; count what the first run would take before it runs")
    );
    let why = purges.why.get("R1").cloned().unwrap_or_default();
    assert!(why.iter().any(|line| line.starts_with("risk: ")), "{why:?}");
}

#[test]
fn where_an_answer_is_made_is_no_part_of_its_condition() {
    insta::assert_snapshot!(seen("Unknown items", "- [ ] `GET /stock/{id}` must answer 404 when the item is unknown in `src/stock.ts`"), @"
    R1 [src/stock.ts] `GET /stock/{id}`, the item is unknown: 404
    1. Unknown items (feature) R1
    ? Who may call `GET /stock/{id}`: everybody, or only who is signed in? – as its neighbors in the same file
    ");
}

#[test]
fn permissions() {
    insta::assert_snapshot!(seen("Guests change the stock", "- [ ] only managers may correct the stock in `src/stock.ts`\n- [ ] guests must not see purchase prices: 403"), @"
    R1 [src/stock.ts] managers correct the stock in `src/stock.ts`: done · anybody but managers: refused, nothing changed
    R2 [src/stock.ts] guests see purchase prices: 403, nothing changed · others see purchase prices: as at `5a1ad00`
    1. Guests change the stock (security) R1, R2
    ? What does somebody see who may not “correct the stock in `src/stock.ts`”: a refusal, or as if it were not there? – a refusal that names the missing right
    = “only managers” takes “correct the stock” from all others who can do it today, administrators among them
    ");
}

#[test]
fn events() {
    insta::assert_snapshot!(seen("Tell the shop", "- [ ] `src/stock.ts` must send a `stock.empty` event when the last item leaves"), @"
    R1 [src/stock.ts] the last item leaves: one `stock.empty` event · the last item leaves, twice: two, in that order · otherwise: no `stock.empty` event
    1. Tell the shop (feature) R1
    ? What happens when nobody takes the “`stock.empty` event”? – “the last item leaves” stands; the loss is logged
    = “`stock.empty` event” = told once “the last item leaves” has taken hold; what is rolled back tells nobody
    ");
}

#[test]
fn logs_and_metrics() {
    insta::assert_snapshot!(seen("Nobody sees failures", "- [ ] every failed call should be logged at warn level with `url`, never the token, when the upstream answers nothing\n- [ ] a counter `stock_errors_total` must grow when a call fails"), @"
    R1 [] the upstream answers nothing: one line at warn with `url` · otherwise: no such line · no line holds the token itself
    R2 [] a call fails: `stock_errors_total` shows it · before: `stock_errors_total` is 0, not absent
    1. Nobody sees failures (feature) R1, R2
    = “the upstream answers nothing” 1,000 times = 1,000 lines: none is summed up or left out
    ");
}

#[test]
fn what_is_logged_of_each_event_is_no_file() {
    insta::assert_snapshot!(seen("Log failures", "- [ ] `src/client.ts` must log the status of each failed call\n\nSee /etc/rsyslog.conf"), @"
    R1 [src/client.ts] each failed call: one line with the status · otherwise: no such line
    1. Log failures (feature) R1
    ? At which level is “each failed call” logged? – info
    = “each failed call” 1,000 times = 1,000 lines: none is summed up or left out
    ");
}

#[test]
fn concurrency() {
    insta::assert_snapshot!(seen("Too many calls", "- [ ] `fetchStock()` must run at most 4 calls at the same time, in parallel\n- [ ] `parse_row` must be thread-safe"), @"
    R1 [src/client.ts] 4 calls at once: all run · the 5th: not while 4 run
    R2 [src/parse.ts] `parse_row`, 2 at once: both as if alone · `parse_row`, 100 at once: none lost, none twice
    1. Too many calls (feature) R1, R2
    ? What happens to the 5th of “calls”: it waits, or is refused? – it waits
    = “4 calls” = in one process; two instances run 8 of them
    ");
}

#[test]
fn pagination() {
    insta::assert_snapshot!(seen("Long lists", "- [ ] listing stock rows must be paginated, 25 per page, newest first\n- [ ] the export should be paginated too"), @"
    R1 [] 25 of stock rows: one page, no next · 26 of stock rows: 25, then 1 · none of stock rows: one empty page
    R2 [] one more of the list of R2 than a page holds: a second page with 1 · none of the list of R2: one empty page
    1. Long lists (feature) R1, R2
    ? How many of “the list of R2” make a page? – 50, at most 100 on request
    = “page 2” = stock rows 26 to 50, newest first
    ");
}

#[test]
fn internationalization() {
    insta::assert_snapshot!(seen("German shelves", "The labels in `src/stock.ts` should be translated to German."), @"
    R1 [src/stock.ts] set to German: every text of R1 in it · a text without German: the one shown at `5a1ad00` · ä and ß of German: shown as written, and the longest text whole
    1. German shelves (feature) R1
    ? What picks “German”: a setting, the request, or the system? – a setting, else the system
    = “German” = `de` without a country: `de-…` of any country gets it, too
    ");
}

#[test]
fn changed_defaults() {
    insta::assert_snapshot!(seen("Fewer retries", "Please set the default of `retries` to 0 in `src/client.ts`."), @"
    R1 [src/client.ts] `retries` not given: 0 · `retries` given: as at `5a1ad00`
    1. Fewer retries (feature) R1
    ? Whoever relies on today's default of `retries` sees a change. In which release does 0 come? – the next major one, named in its notes
    ");
}

#[test]
fn removals() {
    insta::assert_snapshot!(seen("Less code", "Remove `parse_row`"), @"
    R1 [src/parse.ts] a search for `parse_row` finds nothing; today it stands in `src/parse.ts`
    1. Less code (structure) R1
    ? Does a release warn of `parse_row` before it goes? – yes, `parse_row` is deprecated first
    ");
}

/// Where it is defined first and with its line; of all that hold it three are named and the others counted.
#[test]
fn a_removal_names_the_files_that_define_and_use_what_goes() {
    let snapshot = repository(
        "acme/hull",
        "5a1ad00",
        &[
            ("CHANGES.md", "- PaintedKeel is new\n"),
            ("docs/guide.md", "Use PaintedKeel.\n"),
            ("hull/all.py", "from hull.keel import PaintedKeel\n"),
            ("hull/keel.py", "import os\n\n\nclass PaintedKeel:\n    pass\n"),
            ("tests/test_keel.py", "from hull.keel import PaintedKeel\n"),
            ("tests/test_mast.py", "from hull.keel import PaintedKeel\n"),
        ],
    );
    let plan = planned(&issue(9, "Drop the PaintedKeel class", "It is of no use."), &snapshot);
    let one = plan.requirements.first().expect("one that is asked");
    let told: Vec<(&str, Option<usize>)> =
        one.places.iter().map(|place| (place.path.as_str(), place.line)).collect();
    assert_eq!(told, [("hull/keel.py", Some(4)), ("hull/all.py", Some(1))]);
    let first = "a search for `PaintedKeel` finds nothing; today it stands in `hull/keel.py`, `hull/all.py`, \
                 `tests/test_keel.py` and 2 more";
    assert_eq!(one.cases.first().map(String::as_str), Some(first));
}

/// What is read from the configuration gets its place in the type that holds it, where one source is called so.
#[test]
fn what_comes_from_the_configuration_is_declared_in_the_type_that_holds_it() {
    let files = [
        ("src/tide.rs", "pub fn rise() {\n    wait(30);\n}\n"),
        ("src/config.rs", "use std::fs;\n\n#[derive(Debug)]\npub struct Config {\n    pub moon: bool,\n}\n"),
        ("src/main.rs", "mod config;\nmod tide;\n\nfn main() {}\n"),
    ];
    let body = "The wait that is hardcoded in `src/tide.rs` should be read from the configuration.";
    let first = planned(
        &issue(9, "Let users configure the wait", body),
        &repository("acme/ferry", "5a1ad00", &files),
    );
    let first = first
        .requirements
        .first()
        .map(|one| one.places.iter().map(|place| place.path.clone()).collect::<Vec<String>>());
    assert_eq!(first, Some(vec!["src/tide.rs".to_owned(), "src/config.rs".to_owned()]));
    let told = |files: &[(&str, &str)]| {
        let snapshot = repository("acme/ferry", "5a1ad00", files);
        let plan = planned(&issue(9, "The wait is too long for some", body), &snapshot);
        let all = plan.requirements.iter().flat_map(|one| one.places.clone());
        all.filter(|place| place.path.ends_with("config.rs")).map(|place| place.line).collect::<Vec<_>>()
    };
    assert_eq!(told(&files), [Some(4)]);
    let two = [files.as_slice(), &[("other/config.rs", "pub struct OtherConfig {}\n")]].concat();
    assert!(told(&two).is_empty(), "either may be meant");
}

#[test]
fn exposed_constants() {
    insta::assert_snapshot!(seen("Feature request: Expose `parse_row` as an option like `fetchStock`?", "We had to patch it."), @"
    R1 [src/parse.ts, src/client.ts] `parse_row` set: the value is used · `parse_row` absent: as at `5a1ad00`
    1. Make `parse_row` configurable (config) R1
    ? What is `parse_row` where nobody sets it? – what the code does at `5a1ad00`
    ");
}

#[test]
fn upgrades_in_other_words() {
    let snapshot = repository(
        "acme/net",
        "5a1ad00",
        &[
            ("pyproject.toml", "[project]\ndependencies = [\n  \"httpcore==1.0\",\n]\n"),
            ("net/client.py", "import httpcore\n"),
            ("src/Net.csproj", "<PackageReference Include=\"Net.Source\" Version=\"8.0.1\" />\n"),
        ],
    );
    for (title, expected, asked) in [
        ("Move to httpcore 2", "`pyproject.toml` asks for httpcore 2;", None),
        ("Upgrade `httpcore` from 1.* to 2.0", "`pyproject.toml` asks for httpcore 2.0;", None),
        (
            "Bump httpcore",
            "`pyproject.toml` asks for httpcore in a newer version;",
            Some("upgrade.version.httpcore"),
        ),
        (
            "Please update Net.Source to the latest version",
            "`src/Net.csproj` asks for Net.Source in",
            Some("upgrade.version.Net.Source"),
        ),
        ("Bump @acme/other", "the suite is green with @acme/other", Some("upgrade.where.@acme/other")),
    ] {
        let plan = planned(&issue(7, title, ""), &snapshot);
        let cases = plan.requirements[0].cases.join(" · ");
        assert!(cases.contains(expected), "{title}: {cases}");
        let slots: Vec<&str> = plan.questions.iter().map(|question| question.slot.as_str()).collect();
        assert!(asked.is_none_or(|asked| slots.contains(&asked)), "{title}: {slots:?}");
        assert_eq!(plan.work_items[0].kind, "dependency");
    }
    for title in ["Move the row to line 3", "Update README.md"] {
        let plan = planned(&issue(7, title, ""), &snapshot);
        assert!(plan.work_items.iter().all(|item| item.kind != "dependency"), "{title}");
    }
}

#[test]
fn benchmarks_are_called_by_their_name_in_the_language() {
    use super::world::{issue, planned, repository};
    let body = "Parsing 10,000 rows must take less than 50 ms at p95 and use at most 64 MB.";
    for (path, text, expected) in [
        (
            "parse_test.go",
            "func BenchmarkParse(b *testing.B) {}\n",
            "`BenchmarkParse` with 10,000 rows: p95 under 50 ms",
        ),
        (
            "benches/parse.rs",
            "c.bench_function(\"parse rows\", |b| b.iter(|| 1));\n",
            "benchmark `parse rows` with 10,000 rows: p95 under 50 ms",
        ),
        (
            "bench_parse.py",
            "def bench_parse():\n    pass\n",
            "`bench_parse` with 10,000 rows: p95 under 50 ms",
        ),
        ("other.txt", "x\n", "benchmark with 10,000 rows: p95 under 50 ms"),
    ] {
        let snapshot = repository("acme/net", "5a1ad00", &[(path, text), ("parse.go", "package net\n")]);
        let plan = planned(&issue(7, "Parse rows faster", body), &snapshot);
        let cases = plan.requirements.iter().flat_map(|one| one.cases.clone()).collect::<Vec<_>>();
        assert!(cases.iter().any(|case| case == expected), "{path}: {cases:?}");
        assert!(cases.iter().any(|case| case.ends_with("memory at most 64 MB")), "{cases:?}");
    }
}
