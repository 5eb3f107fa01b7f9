//! What each kind of change says of how it took a word, and of what a revert leaves behind: from the slots of the issue and from
//! the tree, or nothing.

use super::world::{issue, planned, repository};
use crate::domain::plan::Plan;
use crate::domain::snapshot::Snapshot;

/// A service for a quay, its library and its settings.
fn quay() -> Snapshot {
    repository(
        "acme/quay",
        "5a1ad00",
        &[
            (
                "package.json",
                "{\n  \"exports\": \"./src/index.ts\",\n  \"dependencies\": {\n    \"ropes\": \"^2.4.0\",\n    \"buoy\": \"1.9.0\"\n  }\n}\n",
            ),
            ("package-lock.json", "{}\n"),
            ("src/index.ts", "export function moor(ship) {}\nexport function moor_twice(ship) {}\n"),
            (
                "src/berths.ts",
                "import { moor } from './index';\nexport const retries = 3;\nrouter.get('/berths', list);\nif (user.role === 'harbormaster') {}\n",
            ),
            ("src/cli.ts", "import { Command } from 'commander';\nprogram.option('--berth <name>');\n"),
            ("config/quay.toml", "port = 8080\nshore-power = true\n"),
            ("bench/moor.bench.ts", "bench('moor', () => {});\n"),
            ("docs/mooring.md", "# Mooring\n"),
            ("migrations/0003_berths.sql", "CREATE TABLE berths (id INTEGER);\n"),
            (
                ".github/workflows/pages.yml",
                "on: push\njobs:\n  pages:\n    steps:\n      - run: mkdocs gh-deploy\n",
            ),
        ],
    )
}

fn plan_of(title: &str, body: &str) -> Plan {
    planned(&issue(12, title, body), &quay())
}

/// Title and body, how a word was taken, and what a revert leaves.
type Case = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

const CASES: &[Case] = &[
    (
        "Long lists",
        "- [ ] listing berths in `src/berths.ts` must be paginated, 20 per page, newest first",
        Some("“page 2” = berths 21 to 40, newest first"),
        Some("after a revert whoever asks for a page gets all of “berths” again"),
    ),
    (
        "Slow tides",
        "- [ ] cache tide tables for 10 min in `src/berths.ts`",
        Some(
            "“10 min” of tide tables = from when the answer is computed; a change may go unseen for so long",
        ),
        Some("nothing of “tide tables” outlives the process that kept it"),
    ),
    (
        "Slow tides",
        "- [ ] cache tide tables for 10 min in Redis, see `src/berths.ts`",
        Some(
            "“10 min” of tide tables = from when the answer is computed; a change may go unseen for so long",
        ),
        Some("what Redis holds of “tide tables” lives on for up to 10 min after a revert"),
    ),
    (
        "Names of ships",
        "- [ ] reject names with more than 40 characters with 422 in `src/berths.ts` before they are stored",
        Some(
            "“more than 40 characters” holds for names from now on; what is stored stays until somebody saves it again",
        ),
        Some(
            "a revert lets names beyond “more than 40 characters” in again; what came in stays when the check comes back",
        ),
    ),
    (
        "Berths are given away by anybody",
        "- [ ] only harbormasters may assign a berth in `src/berths.ts`",
        Some("“harbormasters” = whoever `src/berths.ts` line 4 calls `harbormaster`"),
        Some("a revert lets others than harbormasters “assign a berth” again"),
    ),
    (
        "Old tides",
        "- [ ] tide readings in `src/berths.ts` must be purged after 30 days, by a nightly job",
        Some(
            "“30 days” = gone with the first nightly run behind that age; the very first takes all older tide readings at once",
        ),
        Some(
            "tide readings that R1 has deleted are gone, irreversible without a copy: let a first run only count those older than 30 days",
        ),
    ),
    (
        "Tell the pilots",
        "- [ ] `src/berths.ts` must send a `berth.free` event when a ship leaves",
        Some(
            "“`berth.free` event” = told once “a ship leaves” has taken hold; what is rolled back tells nobody",
        ),
        Some(
            "each “`berth.free` event” that went out stays out; whoever handles it may see one twice if R1 comes back",
        ),
    ),
    (
        "Too many cranes",
        "- [ ] `src/berths.ts` must lift at most 3 crates at the same time",
        Some("“3 crates” = in one process; two instances run 6 of them"),
        Some("the restart of a revert loses the “crates” that wait as the 4th and later"),
    ),
    (
        "Nobody sees failures",
        "- [ ] each failed mooring must be logged at warn level with `shipId` in `src/berths.ts`",
        Some("“failed mooring” 1,000 times = 1,000 lines: none is summed up or left out"),
        Some("lines that were written keep `shipId` for as long as the log is kept"),
    ),
    (
        "Count moorings",
        "- [ ] a counter `quay_moorings_total` must grow when a ship is moored, in `src/berths.ts`",
        Some("`quay_moorings_total` counts from the start of the process; a restart begins anew"),
        Some("alerts and boards that read `quay_moorings_total` find nothing after a revert"),
    ),
    (
        "Dutch labels",
        "The labels in `src/berths.ts` should be translated to Dutch.",
        Some("“Dutch” = `nl` without a country: `nl-…` of any country gets it, too"),
        Some("whoever has chosen Dutch falls back to the texts of `5a1ad00` after a revert"),
    ),
    (
        "Boats like ships",
        "Boats should work exactly like `src/berths.ts`.",
        Some(
            "“like” `src/berths.ts` = as it is at `5a1ad00`; what changes there later does not follow by itself",
        ),
        Some(
            "`src/berths.ts` has to be as at `5a1ad00` after a revert, also where “Boats” came to share its code",
        ),
    ),
    (
        "Moor faster",
        "- [ ] `moor` must take under 5 ms at p99 for 1,000 ships, in `src/index.ts`",
        Some("“5 ms” at p99 = met by 99 of 100 runs, after one that warms up"),
        Some("revert, too, when `bench/moor.bench.ts` shows more than 5 ms where it is used"),
    ),
    (
        "Calls hang",
        "- [ ] `moor()` must time out after 5 s in `src/index.ts`",
        Some("“5 s” = from the call to the last byte of its answer, connecting included"),
        Some(
            "what R1 gives up at 5 s may be carried out at the other end all the same; a revert undoes none of it",
        ),
    ),
    (
        "Calls fail",
        "- [ ] `moor()` must retry 3 times on 503 in `src/index.ts`, waiting 2 s",
        Some("“retry” = 3 tries after the first, 4 in all"),
        Some("what was sent up to 4 times on 503 stays sent after a revert"),
    ),
    (
        "Fewer retries",
        "Please set the default of `retries` to 0 in `src/berths.ts`.",
        Some("today's default of `retries` = 3, as `src/berths.ts` line 2 has it"),
        Some("whoever needs 3 sets `retries` to 3; that works with and without the change"),
    ),
    (
        "Upgrade ropes",
        "- [ ] upgrade ropes to 2.6.1",
        Some("`^2.4.0` allows ropes 2.6.1 already: what changes is the lock file"),
        Some("`package.json` and `package-lock.json` go back together, and ropes is installed anew"),
    ),
    (
        "Upgrade buoy",
        "- [ ] upgrade buoy to 2.0.0",
        Some("buoy 1.9.0 to 2.0.0 = a step to another first number: calls may have to change"),
        Some("`package.json` and `package-lock.json` go back together, and buoy is installed anew"),
    ),
    (
        "One verb",
        "- [ ] rename `moor` to `berth_ship`",
        Some("`moor_twice` is no `moor`: it stays in `src/index.ts` line 2"),
        Some(
            "`moor` is for others, too (`src/index.ts` line 1): whoever took up `berth_ship` breaks by a revert",
        ),
    ),
    (
        "Less code",
        "Remove `moor`",
        Some("`moor_twice` is no `moor`: it stays in `src/index.ts` line 2"),
        Some(
            "`moor` is for others, too (`src/index.ts` line 1): once a release is without it, only another release brings it back",
        ),
    ),
    (
        "The page on mooring",
        "- [ ] document how `moor` is called",
        Some("no page is named: `docs/mooring.md` is taken"),
        Some("the published page of `docs/mooring.md` changes back with the next run of `pages.yml`"),
    ),
    (
        "Shore power from the command line",
        "- [ ] `quay --shore-power` prints whether there is power",
        Some("`--shore-power` wins over `shore-power` of `config/quay.toml` line 2 where both are given"),
        Some("scripts that pass `--shore-power` stop after a revert: it is unknown again"),
    ),
    (
        "Free berths",
        "- [ ] `GET /pilots` must answer 404 when nobody is on duty",
        None,
        Some("`GET /pilots` is unknown again after a revert: whoever calls it has to cope with that first"),
    ),
    (
        "Free berths",
        "- [ ] `GET /berths` must answer 404 when the quay is closed",
        None,
        Some("whoever calls `GET /berths` gets the answers again that `src/berths.ts` gives today"),
    ),
    (
        "The crane service waits",
        "- [ ] the window must be configurable in `config/quay.toml`, default 5 min",
        Some("`config/quay.toml` is read at the start: a change of “window” shows after a restart"),
        Some("a `config/quay.toml` that sets “window” keeps it after a revert, and nothing reads it"),
    ),
    (
        "Remember the pilot",
        "- [ ] add a column `pilot` to the berths table",
        Some("a new step beside `migrations/0003_berths.sql`"),
        Some("`migrations/0003_berths.sql` is irreversible without a migration back: copy the data first"),
    ),
    (
        "Forget the pilot",
        "- [ ] drop the column `pilot` of the berths table",
        Some("a new step beside `migrations/0003_berths.sql`"),
        Some("what `pilot` holds is gone with R1, irreversible without a copy"),
    ),
    (
        "Mooring a boat twice crashes",
        "Steps to reproduce:\n\n1. call `moor('Ida')` of `src/index.ts`\n2. call it again\n\n### Expected behavior\n\nNothing happens.\n\n### Notes\n\nAs a workaround we restart the service with `quay --berth none`.\n",
        None,
        Some(
            "while it is out, the way around it of line 12 is needed: “As a workaround we restart the service with `quay --berth none`”",
        ),
    ),
];

#[test]
fn each_kind_says_how_it_took_a_word_and_what_a_revert_leaves() {
    let mut wrong = Vec::new();
    for (title, body, read, back) in CASES {
        let plan = plan_of(title, body);
        for (told, expected) in [(&plan.read_as, read), (&plan.rollback, back)] {
            if let Some(expected) = expected
                && !told.iter().any(|line| line == expected)
            {
                wrong.push(format!("{title}: {expected}\n   in {told:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without the slot or the fact there is no line: a general one would fit every issue.
#[test]
fn without_a_fact_nothing_is_said() {
    for (title, body) in [
        ("Long lists", "- [ ] the export should be paginated too, sorted by name"),
        ("A nicer quay", "- [ ] `src/berths.ts` must answer 400 when the ship is unknown"),
        (
            "Mooring a boat twice crashes",
            "1. call `moor('Ida')` of `src/index.ts`\n\nExpected: nothing happens.\n\nThere is no workaround.\n",
        ),
        ("Start-up waits", "- [ ] `src/cli.ts` must give up after 10 s when the share is gone"),
    ] {
        let plan = plan_of(title, body);
        for general in ["“page 2”", "revert undoes none", "is needed", "connecting included"] {
            let all = plan.read_as.iter().chain(&plan.rollback);
            assert!(
                !all.into_iter().any(|line| line.contains(general)),
                "{title}: {:?} {:?}",
                plan.read_as,
                plan.rollback
            );
        }
    }
}

/// One screen: a kind says one thing, however many demands are of it, and a plan two.
#[test]
fn a_kind_says_it_once() {
    let body = "- [ ] listing berths in `src/berths.ts` must be paginated, 20 per page\n- [ ] listing ships in `src/berths.ts` must be paginated, 30 per page\n- [ ] `src/berths.ts` must send a `berth.free` event when a ship leaves\n- [ ] a counter `quay_moorings_total` must grow when a ship is moored, in `src/berths.ts`\n";
    let plan = plan_of("Long lists", body);
    let pages: Vec<&String> = plan.read_as.iter().filter(|line| line.starts_with("“page 2”")).collect();
    assert_eq!(pages, ["“page 2” = berths 21 to 40 in today's order"]);
    let left = [
        "after a revert whoever asks for a page gets all of “berths” again",
        "each “`berth.free` event” that went out stays out; whoever handles it may see one twice if R3 comes back",
    ];
    assert!(plan.rollback.ends_with(&left.map(str::to_owned)), "{:#?}", plan.rollback);
    assert!(!plan.rollback.iter().any(|line| line.contains("ships") || line.contains("quay_moorings_total")));
}

/// What is gone is said though another demand keeps something, and beside the migration that takes it away.
#[test]
fn a_loss_is_told_beside_what_stays_and_its_migration() {
    let body =
        "- [ ] add a column `pilot` to the berths table\n- [ ] drop the column `mast` of the berths table\n";
    let plan = plan_of("Pilots for masts", body);
    for told in [
        "`migrations/0003_berths.sql` is irreversible without a migration back: copy the data first",
        "what `mast` holds is gone with R2, irreversible without a copy",
    ] {
        assert!(plan.rollback.iter().any(|line| line == told), "{told}: {:#?}", plan.rollback);
    }
}

/// Where the issue bounds the lines of a log, no line is told of each.
#[test]
fn a_log_with_a_rate_is_not_said_to_have_a_line_for_each() {
    let body = "- [ ] each failed mooring must be logged at warn level with `shipId` in `src/berths.ts`, at most 5 per minute";
    let plan = plan_of("Nobody sees failures", body);
    assert!(!plan.read_as.iter().any(|line| line.contains("none is summed up")), "{:?}", plan.read_as);
}

/// What refuses keys that it does not know is told with its line.
#[test]
fn a_strict_reader_of_settings_is_named() {
    let files = [
        (
            "src/config.rs",
            "#[derive(Deserialize)]\n#[serde(deny_unknown_fields)]\npub struct Config {\n    pub port: u16,\n}\n",
        ),
        ("quay.toml", "port = 1\n"),
    ];
    let snapshot = repository("acme/quay", "5a1ad00", &files);
    let plan = planned(
        &issue(12, "The crane waits", "- [ ] the window must be configurable in `quay.toml`"),
        &snapshot,
    );
    let told = "take “window” out of the files before a revert: `src/config.rs` line 2 refuses keys it does not know";
    assert!(plan.rollback.iter().any(|line| line == told), "{:?}", plan.rollback);
}

/// A field from which a library makes the option by itself is one that is there.
#[test]
fn an_option_that_a_field_declares_is_not_called_unknown() {
    let fields = "use clap::Parser;\n\n#[derive(Parser)]\npub struct Options {\n    #[arg(long, default_value = \"name\")]\n    pub sort_by: String,\n}\n";
    let left = |body: &str| {
        let snapshot = repository("acme/quay", "5a1ad00", &[("src/main.rs", fields), ("Cargo.toml", "")]);
        planned(&issue(12, "Order of ships", body), &snapshot).rollback
    };
    let unknown = |lines: &[String]| lines.iter().any(|line| line.contains("unknown again"));
    let known = left("- [ ] `quay --sort-by` takes `age` or `name`");
    assert!(!unknown(&known), "{known:?}");
    let new = left("- [ ] `quay --tide` prints the tide");
    assert!(unknown(&new), "{new:?}");
}
