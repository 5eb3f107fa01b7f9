//! Issues of many shapes over small repositories of several languages: their whole comments are kept beside this file.

mod changes;

use std::collections::BTreeSet;

use super::reading::said;
use super::world::{comment, issue, planned};
use super::{bug, checklist, children, foreign, option, proposal, rate_limit, shapes, vague};
use crate::domain::brief::Brief;
use crate::domain::plan::frames::FRAMES;
use crate::domain::plan::places;
use crate::domain::snapshot::Snapshot;

/// One issue and the repository it stands in.
pub struct Golden {
    pub name: &'static str,
    pub brief: Brief,
    pub snapshot: Snapshot,
}

/// The repositories, each once.
pub fn trees() -> Vec<Snapshot> {
    let mut out: Vec<Snapshot> = Vec::new();
    for golden in all() {
        if !out.iter().any(|seen| seen.repository == golden.snapshot.repository) {
            out.push(golden.snapshot);
        }
    }
    out
}

/// All of them; those with a test of their own elsewhere first.
pub fn all() -> Vec<Golden> {
    let made = |name, brief, snapshot| Golden { name, brief, snapshot };
    let mut out = vec![
        made("rate limit", rate_limit::sign_ins(), rate_limit::web()),
        made("bug", bug::umlauts(), bug::ledger()),
        made("vague", vague::faster(), vague::shop()),
        made("nowhere", foreign::nowhere(), foreign::compiler()),
        made("german", foreign::termine(), foreign::werkstatt()),
        made("option", option::format(), option::tracer()),
        made("children", children::split(), children::garden()),
        made("form", shapes::form(), shapes::parcels()),
        made("scenarios", shapes::scenarios(), shapes::boats()),
        made("last word", shapes::last_word(), shapes::panes()),
    ];
    out.extend(kept());
    out
}

/// Those whose comments are kept in `plans/`.
fn kept() -> Vec<Golden> {
    let made = |name, brief, snapshot| Golden { name, brief, snapshot };
    let mut out = vec![
        made("checklist", checklist::forty(), checklist::fleet()),
        made("table", table(), rate_limit::web()),
        made("timeout", timeout(), rate_limit::web()),
        made("french", french(), bug::ledger()),
        made("rename", rename(), foreign::compiler()),
        made("migration", migration(), vague::shop()),
        made("guests", guests(), vague::shop()),
        made("panic", panic(), shapes::panes()),
        made("declined", declined(), foreign::compiler()),
        made("metric", metric(), shapes::parcels()),
        made("parity", parity(), checklist::fleet()),
        made("snippet", snippet(), checklist::fleet()),
        made("retention", retention(), foreign::werkstatt()),
        made("prose", prose(), option::tracer()),
        made("proposal", proposal::offline(), proposal::hive()),
    ];
    out.extend(changes::all());
    out
}

fn labeled(label: &str, brief: Brief) -> Brief {
    Brief { labels: vec![label.to_owned()], ..brief }
}

fn table() -> Brief {
    issue(
        14,
        "Tell callers why a sign-in failed",
        "Support cannot tell a typo from a blocked account.\n\n## Acceptance\n\n| account | password | status |\n| --- | --- | --- |\n| unknown | any | 404 |\n| known | wrong | 401 |\n| blocked | right | 423 |\n\nAll of it happens in `src/session.rs`.\n",
    )
}

fn timeout() -> Brief {
    issue(
        15,
        "Start-up waits forever for the configuration",
        "`src/main.rs` must time out after 10 seconds when `config/app.toml` lies on a share that is gone, and exit with code 3.\n\nIt should retry twice before that, every 2 s.\n",
    )
}

fn french() -> Brief {
    issue(
        16,
        "Exporter les montants avec deux décimales",
        "Les montants sont écrits sans décimales, et le tableur de notre comptable ne les lit pas.\n\n- [ ] dans `ledger/cli.py`, un montant de 3 est écrit `3.00`\n- [ ] un montant de 0 est écrit `0.00`\n- [ ] un montant vide -> une cellule vide\n",
    )
}

fn rename() -> Brief {
    issue(
        17,
        "One verb for the lexer",
        "Everywhere else we say read. Please rename `next_token` to `read_token`; the old name can stay as an alias until 3.0.\n",
    )
}

fn migration() -> Brief {
    issue(
        18,
        "Remember what people searched for",
        "- [ ] add a column `last_query` to the users table\n- [ ] `app/models/search.rb` must store at most 200 characters in it\n",
    )
}

fn guests() -> Brief {
    issue(
        19,
        "Drafts show up in search",
        "Only editors may find drafts through `app/controllers/search_controller.rb`: 404 for everybody else.\n",
    )
}

fn panic() -> Brief {
    labeled(
        "bug",
        issue(
            28,
            "Crash when the preview is closed while printing",
            "Seen with panes 1.9.2.\n\n1. open the preview\n2. press `ctrl+p`\n3. press `esc` before the page is out\n\n```\npanic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 1 [running]:\nfenster.example/panes/pkg/ui.(*Staging).Preview(0x0)\n\t/build/pkg/ui/staging.go:3 +0x1d\nfenster.example/panes/pkg/ui.(*Files).Print(0xc000010000)\n\t/build/pkg/ui/files.go:3 +0x44\n```\n",
        ),
    )
}

fn declined() -> Brief {
    Brief {
        comments: vec![said(
            "hugo",
            "maintain",
            "Every dialect has its own idea of this. It is out of scope for a teaching compiler.",
        )],
        ..issue(
            42,
            "Comments inside comments",
            "`parser.c` should skip a nested comment when `/*` stands inside one, down to a depth of at most 8.\n\nIt must exit with code 1 when a comment is never closed.\n",
        )
    }
}

fn metric() -> Brief {
    issue(
        43,
        "See how often carriers fail",
        "### What would you like?\n\n- a counter `parcels_poll_failures_total` grows when `Tracker.Poll` throws\n- every failed poll is logged at warning level with `PollSeconds`\n",
    )
}

fn parity() -> Brief {
    issue(
        1201,
        "Shifts need the filter of the map",
        "The map can be asked for one depot. The shift list in `src/drivers/shift.ts` should work exactly like `src/routes/map.ts`.\n",
    )
}

fn snippet() -> Brief {
    labeled(
        "bug",
        issue(
            1202,
            "Invoice rounds half cents down",
            "We lose a cent on every second line.\n\n```ts\nimport { invoice } from './billing/invoice';\n\ninvoice({ net: 0.125 });\n// expected: 0.13\n// actual: 0.12\ninvoice({ net: 0.375 });\n// expected: 0.38\ninvoice({ net: 0.625 });\n// expected: 0.63\n```\n\n`src/billing/invoice.ts` is the only place that rounds.\n",
        ),
    )
}

fn retention() -> Brief {
    issue(
        20,
        "Alte Absagen löschen",
        "Absagen in `src/main/java/de/werkstatt/Mail.java` sollen nach 90 Tagen gelöscht werden. Das soll jede Nacht laufen.\n",
    )
}

fn prose() -> Brief {
    issue(
        77,
        "Hop names are cut off",
        "On wide terminals the third column is still twelve characters wide, so I cannot tell two routers apart. Could you please make the column as wide as the longest name when standard output is a terminal? It must be at most 40 characters wide.\n",
    )
}

#[test]
fn comments_are_as_they_were_read() {
    assert!(all().len() >= 25, "{}", all().len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("plans");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for golden in kept() {
            insta::assert_snapshot!(golden.name.replace(' ', "_"), comment(&golden.brief, &golden.snapshot));
        }
    });
}

#[test]
fn they_stand_in_many_repositories_of_many_languages() {
    let trees = trees();
    assert!(trees.len() >= 8, "{}", trees.len());
    let sources = trees.iter().flat_map(|tree| &tree.tree).map(|entry| places::ending(&entry.path));
    let languages: BTreeSet<&str> = sources
        .filter(|ending| matches!(*ending, "c" | "cs" | "go" | "java" | "php" | "py" | "rb" | "rs" | "ts"))
        .collect();
    assert_eq!(languages.len(), 9, "{languages:?}");
}

/// What no golden issue shows is read by nobody before it is told to people.
#[test]
fn each_kind_of_change_is_read_in_one_of_them() {
    let plans: Vec<_> = all().iter().map(|one| planned(&one.brief, &one.snapshot)).collect();
    let lines = plans.iter().flat_map(|plan| plan.why.values().flatten());
    let read: BTreeSet<&str> = lines.filter_map(|line| line.strip_prefix("read as ")).collect();
    let missing: Vec<&str> =
        FRAMES.iter().map(|frame| frame.name).filter(|name| !read.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?} of {read:?}");
}
