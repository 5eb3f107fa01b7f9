//! One issue per kind of change: which slots it fills, and what it asks for.

use std::fmt::Write;

use super::bug;
use super::world::{issue, planned, repository};
use crate::domain::brief::{Answer, Brief};
use crate::domain::snapshot::Snapshot;

/// A small web service.
pub fn service() -> Snapshot {
    repository(
        "acme/depot",
        "5a1ad00",
        &[
            ("src/client.ts", "import axios from 'axios';\nexport function fetchStock() {}\n"),
            (
                "src/stock.ts",
                "import { fetchStock } from './client';\nexport const app = express();\napp.get('/stock', handler);\n",
            ),
            ("src/parse.ts", "export function parse_row(line) {}\n"),
            ("bench/parse.bench.ts", "bench('parse', () => {});\n"),
            ("config/settings.json", "{}\n"),
            ("README.md", "# depot\n"),
            ("package.json", "{\n  \"dependencies\": {\n    \"axios\": \"^1.6.0\"\n  }\n}\n"),
            ("package-lock.json", "{}\n"),
        ],
    )
}

/// Requirements with their places and cases, items, questions and meanings, as one text.
pub fn seen(title: &str, body: &str) -> String {
    let plan = planned(&issue(3, title, body), &service());
    let mut out = String::new();
    for requirement in &plan.requirements {
        let places: Vec<&str> = requirement.places.iter().map(|place| place.path.as_str()).collect();
        let _ = writeln!(out, "{} [{}] {}", requirement.id, places.join(", "), requirement.cases.join(" · "));
    }
    for item in &plan.work_items {
        let _ = writeln!(
            out,
            "{}. {} ({}) {}",
            item.ordinal,
            item.title,
            item.kind,
            item.requirements.join(", ")
        );
    }
    for question in &plan.questions {
        let _ = writeln!(out, "? {} – {}", question.text, question.default);
    }
    for line in &plan.read_as {
        let _ = writeln!(out, "= {line}");
    }
    out
}

#[test]
fn timeouts_and_retries() {
    insta::assert_snapshot!(seen("Stock calls hang", "- [ ] `fetchStock()` must time out after 5 s\n- [ ] it retries 3 times on 503\n- [ ] it must retry when the socket closes"), @"
    R1 [src/client.ts] an answer after 4 s: taken · none after 6 s: given up at 5 s
    R2 [src/client.ts] 503, 3 times, then success: success · 503, 4 times: the last failure is reported, no further try · success at once: one try
    R3 [src/client.ts] the socket closes 3 times, then success: success · the socket closes 4 times: the last failure is reported, no further try · success at once: one try
    1. Fix: Stock calls hang (feature) R1, R2, R3
    ? How long is the pause between the 3 tries of R2? – 1 s, doubled each time
    ? What does the caller see when R1 gives up: an error that names the time, or nothing? – an error that names R1's time
    = “retries” = 3 tries after the first, 4 in all
    = “retry” = 3 tries after the first, 4 in all
    ");
}

/// One sentence may ask for both; the time after which something is given up is no pause and no reason to try again.
#[test]
fn a_timeout_and_a_retry_in_one_sentence_are_both_shown() {
    insta::assert_snapshot!(seen("Stock calls hang", "- [ ] `fetchStock()` must time out after 5 s and retries 3 times on 503 and 504 and logs each one\n- [ ] it should retry on a timeout, waiting 2 s"), @"
    R1 [src/client.ts] an answer after 4 s: taken · none after 6 s: given up at 5 s · 503 and 504, 3 times, then success: success · 503 and 504, 4 times: the last failure is reported, no further try · success at once: one try
    R2 [src/client.ts] a timeout 3 times, then success: success · a timeout 4 times: the last failure is reported, no further try · success at once: one try
    1. Fix: Stock calls hang (feature) R1, R2
    ? How long is the pause between the 3 tries of R1? – 1 s, doubled each time
    ? What does the caller see when R1 gives up: an error that names the time, or nothing? – an error that names R1's time
    = “retries” = 3 tries after the first, 4 in all
    = “retry” = 3 tries after the first, 4 in all
    ");
}

#[test]
fn what_a_retry_answers_to_is_told_whole() {
    let shown =
        seen("Stock calls hang", "- [ ] `fetchStock()` must retry twice on timeouts and connection errors");
    assert!(shown.contains("timeouts and connection errors 2 times, then success"), "{shown}");
}

/// What may go wrong is what this demand may do wrong.
#[test]
fn risks_fit_what_is_asked() {
    let risk = |text: &str| {
        let plan = planned(&issue(3, "The harbor's desk", &format!("- [ ] {text}")), &service());
        plan.requirements.first().and_then(|one| one.risk.clone())
    };
    assert_eq!(risk("`fetchStock()` must time out after 5 s"), None);
    assert!(risk("`fetchStock()` must retry twice on 503").unwrap().contains("not idempotent"));
    let renamed = risk("in `parse.ts` rename `parse_row` to `parse_line`").unwrap();
    assert!(renamed.contains("`parse_row`"), "{renamed}");
    assert_eq!(risk("rename `parse_row` to `parse_line` and keep the old name as an alias"), None);
}

#[test]
fn performance_targets() {
    insta::assert_snapshot!(seen("Parse faster", "`parse_row` must parse 10,000 rows in under 50 ms. The import should complete within 2 s."), @"
    R1 [src/parse.ts, bench/parse.bench.ts] benchmark `parse` with 10,000 rows: median under 50 ms · the same at `5a1ad00`: noted beside 50 ms
    R2 [src/parse.ts, bench/parse.bench.ts] benchmark `parse` with R2's input: median at most 2 s · the same at `5a1ad00`: noted beside 2 s
    1. Parse faster (performance) R1, R2
    ? With which input does “The import should complete within 2 s.” hold? – the largest that the tests have
    = “50 ms” = the median on one machine
    ");
}

#[test]
fn renames() {
    insta::assert_snapshot!(seen("Better names", "We should rename `parse_row` to `parse_line`."), @r#"
    R1 [src/parse.ts] `parse_line` does what `parse_row` did · a search for `parse_row` finds nothing; today it stands in `src/parse.ts`
    1. Rename `parse_row` to `parse_line` (structure) R1
    ? Does `parse_row` stay as a deprecated alias of `parse_line`? – no, `parse_row` goes
    "#);
}

#[test]
fn a_name_that_stays_as_an_alias_is_still_found() {
    let finds = |brief: &Brief| planned(brief, &service()).requirements[0].cases[1].clone();
    let goes = "a search for `parse_row` finds nothing; today it stands in `src/parse.ts`";
    let stays = "a search for `parse_row` finds its alias at most; today it stands in `src/parse.ts`";
    let mut brief = issue(6, "Better names", "We should rename `parse_row` to `parse_line`.");
    let slot = planned(&brief, &service()).questions[0].slot.clone();
    for (answer, found) in [("no, it goes", goes), ("yes, until 3.0", stays), ("No.", goes)] {
        brief.answers =
            vec![Answer { slot: Some(slot.clone()), text: answer.to_owned(), author: "ada".to_owned() }];
        assert_eq!(finds(&brief), found, "{answer}");
    }
    let said = issue(6, "Better names", "We should rename `parse_row` to `parse_line`; an alias stays.");
    assert_eq!(finds(&said), stays);
    assert!(planned(&said, &service()).questions.is_empty());
}

#[test]
fn a_case_says_a_number_once_and_nothing_that_its_demand_leaves_open() {
    let cases = |text: &str| {
        let plan = planned(&issue(3, "Stock", &format!("- [ ] {text}\n")), &service());
        plan.requirements[0].cases.clone()
    };
    assert_eq!(cases("the log must not exceed 5 MB"), ["5 MB: accepted", "6 MB: not"]);
    assert_eq!(cases("the list must have at least 2 lines"), ["2 lines: accepted", "1 line: not"]);
    // `without` may be the condition or a part of the answer.
    assert_eq!(
        cases("`src/stock.ts` must answer 400 without a name"),
        ["`src/stock.ts`: 400 without a name"]
    );
    assert_eq!(
        cases("`src/stock.ts` must answer 400 when the name is empty"),
        ["the name is empty: 400", "otherwise: not 400"]
    );
    assert_eq!(
        cases("a list of more than 40 lines must be refused with 400"),
        ["a list of 40 lines: taken", "of 41 lines: 400"]
    );
    let tries = cases("`src/stock.ts` must answer 429 after 5 tries within 10 s");
    assert_eq!(tries[1], "then a try at 9 s: 429");
}

/// Whatever else is kept: only the old name can stay as an alias.
#[test]
fn what_is_kept_beside_a_rename_is_no_alias() {
    for (text, alias) in [
        ("We should rename `parse_row` to `parse_line`. Keep the tests green.", false),
        ("We should rename `parse_row` to `parse_line`, no alias.", false),
        ("We should rename `parse_row` to `parse_line` and keep the old name.", true),
    ] {
        let shown = seen("Better names", text);
        assert_eq!(shown.contains("finds its alias at most"), alias, "{shown}");
    }
}

#[test]
fn upgrades() {
    insta::assert_snapshot!(seen("Upgrade axios to 1.7.2", "We must upgrade axios to 1.7.2. We should update leftpad to v2."), @r#"
    R1 [package.json, package-lock.json] `package.json` asks for axios 1.7.2; today line 3 is `"axios": "^1.6.0"` · the suite is green with axios 1.7.2, which `src/client.ts` uses
    R2 [] the suite is green with leftpad 2
    1. Upgrade axios to 1.7.2 (dependency) R1, R2
    ? No manifest that was read names `leftpad`. Where is it required? – `leftpad` is added at 2
    = `^1.6.0` allows axios 1.7.2 already: what changes is the lock file
    "#);
}

#[test]
fn endpoints() {
    insta::assert_snapshot!(seen("Stock by id", "- [ ] `GET /stock/{id}` must return the item\n- [ ] GET /stock/{id} must answer 404 when the item is unknown\n- [ ] an unknown field must return 400"), @r#"
    R1 [src/stock.ts] `GET /stock/{id}`: 200
    R2 [src/stock.ts] `GET /stock/{id}`, the item is unknown: 404
    R3 [src/stock.ts] an unknown field: 400 · otherwise: not 400
    1. Stock by id (feature) R1, R2, R3
    ? Who may call `GET /stock/{id}`: everybody, or only who is signed in? – as its neighbors in the same file
    = `GET /stock/{id}` without a status in the issue = 200
    "#);
}

#[test]
fn caches() {
    insta::assert_snapshot!(seen("Cache stock levels", "We should cache stock levels for 10 min in `src/stock.ts`."), @"
    R1 [src/stock.ts] stock levels, again after 9 min: not computed · after 11 min: computed anew
    1. Cache stock levels (performance) R1
    ? How many of “stock levels” are kept at most? – 1,000, the longest unused goes first
    = “10 min” of stock levels = from when the answer is computed; a change may go unseen for so long
    ");
    insta::assert_snapshot!(seen("Cache stock levels", "`src/stock.ts` should cache stock levels."), @r#"
    R1 [src/stock.ts] stock levels, asked twice: computed once · stock levels, changed in between: the new one
    1. Cache stock levels (performance) R1
    ? When does a kept “stock levels” become wrong? – when what stock levels is made from changes
    ? How many of “stock levels” are kept at most? – 1,000, the longest unused goes first
    "#);
}

#[test]
fn validations() {
    insta::assert_snapshot!(seen("Check names", "- [ ] reject names with more than 40 characters with 422\n- [ ] quantities must not be negative\n- [ ] invalid dates are refused"), @"
    R1 [] names of 40 characters: taken · of 41 characters: 422
    R2 [] negative quantities: refused
    R3 [] invalid dates: refused
    1. Check names (feature) R1, R2, R3
    ? What does the sender of “negative quantities” see? – one sentence that names “negative quantities”
    ? What does the sender of “invalid dates” see? – one sentence that names “invalid dates”
    = “40 characters” = as people count them in names, not bytes: “ü” is one
    ");
}

#[test]
fn settings_and_documentation() {
    insta::assert_snapshot!(seen("Port", "- [ ] the port must be configurable, default 8080\n- [ ] `stock.limit` is configurable in `config/settings.json`\n- [ ] the README documents `stock.limit`"), @"
    R1 [config/settings.json] “port” set: the value is used · “port” absent: 8080 · a value of the wrong type: an error that names `config/settings.json` and “port”
    R2 [config/settings.json] `stock.limit` set: the value is used · `stock.limit` absent: as at `5a1ad00` · a value of the wrong type: an error that names `config/settings.json` and `stock.limit`
    R3 [README.md] `README.md` names `stock.limit` with an example that runs
    1. Port (config) R1, R2, R3
    ? What is `stock.limit` where nobody sets it? – what the code does at `5a1ad00`
    = no page is named: `README.md` is taken
    = `config/settings.json` is read at the start: a change of “port” shows after a restart
    ");
}

#[test]
fn other_rate_limits() {
    insta::assert_snapshot!(seen("Throttle the API", "The API must allow at most 100 requests per minute per API key and answer 429 until the minute is over."), @"
    R1 [] requests 1–100: none is 429 · then a request at 59 s: 429 · at 61 s: not 429 · from a second API key: not 429
    1. Answer 429 after 100 requests in 1 min (feature) R1
    = “at most 100” = the 101st request is refused
    = The tree has no schema or migration, so the counter of requests lives in memory: a restart empties it, and two instances count apart
    ");
    insta::assert_snapshot!(seen("Limit imports", "More than 3 imports must be refused; users may start at most 3 jobs per hour."), @"
    R1 [] jobs 1–3: none is refused · then a job at 59 min: refused · at 61 min: not refused · from a second client IP: not refused
    1. Refuse after 3 imports in 1 h (feature) R1
    ? Whose jobs count together: everybody's, or those of one client IP or account? – one client IP
    ? When does the refusal end? – refused until the oldest of the 3 jobs is 1 h old; refused jobs do not count
    ? What does the caller get instead of the 4th job? – an error that names 3 in 1 h
    = “at most 3” = the 4th job is refused
    = The tree has no schema or migration, so the counter of jobs lives in memory: a restart empties it, and two instances count apart
    ");
}

#[test]
fn plain_demands() {
    insta::assert_snapshot!(seen("Export", "Given an empty list\nWhen it is exported\nThen the file has only a header\n\nThe export must not overwrite files. Names should be properly sorted. `depot export` should exit with code 3 if the disk is full."), @"
    R1 [] an empty list, when it is exported: the file has only a header
    R2 [] The export: does not overwrite files
    R3 [] 
    R4 [] the disk is full: exit code 3
    1. Export (feature) R1, R2, R3, R4
    ? Which input and which output show “Names should be properly sorted.” done? – R3 stays in, and whoever takes it writes that test first
    ");
}

#[test]
fn bugs_with_and_without_a_trace() {
    insta::assert_snapshot!(seen("Sort order lost", "## Steps to reproduce\n1. open the list\n2. sort by name\n3. reload\n\n## Expected behavior\nThe list is still sorted by name.\n\n## Actual\nIt is sorted by date."), @"
    R1 [] open the list, sort by name, reload: the list is still sorted by name
    1. Fix: Sort order lost (bug) R1
    ");
    insta::assert_snapshot!(seen("Import dies", "When I import an empty file it dies.\n```\nTypeError: line is undefined\n    at split (/srv/node_modules/x/index.js:3:1)\n    at parse_row (/srv/app/src/parse.ts:1:9)\n```"), @"
    R1 [src/parse.ts] “When I import an empty file it dies”: no TypeError
    1. Fix TypeError in `parse_row` (bug) R1
    = `index.js` is not part of this tree; the place is its caller, line 1 of `src/parse.ts`
    = line 1 of the trace lies in `parse_row` and is of another version
    ");
}

#[test]
fn one_place_in_the_talk_is_the_place() {
    insta::assert_snapshot!(seen("Typo", "The message in `src/client.ts` says 'untill'. It should say 'until'."), @r#"
    R1 [src/client.ts] its test, red before the change
    1. Typo (feature) R1
    "#);
}

/// The page shows for each kind one sentence and the cases it becomes: those are the cases.
#[test]
fn the_examples_of_the_page_are_what_they_become() {
    let page = include_str!("../../../../docs/frames.md");
    let mut wrong = String::new();
    for section in page.split("\n## ").filter(|section| section.contains("- **Example:**")) {
        let kind = section.lines().next().unwrap_or_default();
        let example = section.split("- **Example:** ").nth(1).and_then(|rest| rest.lines().next());
        let (asked, shown) = example.and_then(|it| it.split_once(" becomes “")).unwrap_or_default();
        let asked = asked.trim_matches('`').trim();
        let told: Vec<&str> = shown.trim_end_matches("”.").split(" · ").collect();
        let plan = match kind {
            // A report is more than a sentence.
            "bug" => planned(&bug::umlauts(), &bug::ledger()),
            _ => planned(&issue(3, "The harbor's desk", &format!("- [ ] {asked}")), &service()),
        };
        let cases = plan.requirements.iter().flat_map(|one| &one.cases).map(String::as_str);
        let cases: Vec<&str> = cases.take(told.len()).collect();
        let read = plan.why.get("R1").is_some_and(|why| why.contains(&format!("read as {kind}")));
        if !read || told != cases {
            let _ = writeln!(wrong, "{kind} ({read}): {asked}\n  page: {told:?}\n  plan: {cases:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
