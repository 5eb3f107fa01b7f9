//! An issue for each kind of change that the others do not show, written as people of many habits write.

use super::{Golden, said};
use crate::domain::brief::Brief;
use crate::domain::plan::tests::world::{issue, repository};
use crate::domain::plan::tests::{bug, option, proposal, shapes, vague};
use crate::domain::snapshot::Snapshot;

/// All of them.
pub fn all() -> Vec<Golden> {
    let made = |name, brief, snapshot| Golden { name, brief, snapshot };
    vec![
        made("upgrade", upgrade(), kino()),
        made("removal", removal(), lens()),
        made("documentation", documentation(), proposal::hive()),
        made("default", default(), lens()),
        made("performance", performance(), shapes::panes()),
        made("pagination", pagination(), vague::shop()),
        made("concurrency", concurrency(), shapes::parcels()),
        made("event", event(), proposal::hive()),
        made("translation", translation(), kino()),
        made("cache", cache(), option::tracer()),
        made("setting", setting(), bug::ledger()),
    ]
}

/// A library for small pictures of large ones, with a program.
fn lens() -> Snapshot {
    repository(
        "glaswerk/lens",
        "1e115e5",
        &[
            ("Cargo.toml", "[package]\nname = \"lens\"\nversion = \"0.9.3\"\n"),
            (
                "src/lib.rs",
                "mod options;\nmod thumbnail;\n\npub use options::Options;\npub use thumbnail::{thumbnail, thumbnail_square};\n",
            ),
            (
                "src/options.rs",
                "pub struct Options {\n    pub quality: u8,\n}\n\nimpl Default for Options {\n    fn default() -> Self {\n        Self { quality: 92 }\n    }\n}\n",
            ),
            (
                "src/thumbnail.rs",
                "use crate::Options;\n\npub fn thumbnail(bytes: &[u8], width: u32, height: u32) -> Vec<u8> {\n    Vec::new()\n}\n\n#[deprecated]\npub fn thumbnail_square(bytes: &[u8], edge: u32) -> Vec<u8> {\n    thumbnail(bytes, edge, edge)\n}\n",
            ),
            (
                "src/main.rs",
                "use lens::thumbnail_square;\n\nfn main() {\n    thumbnail_square(&[], 64);\n}\n",
            ),
            ("tests/thumbnail.rs", "#[test]\nfn a_photo_keeps_its_ratio() {}\n"),
            ("README.md", "# lens\n\nSmall pictures of large ones.\n"),
            (
                ".github/workflows/rust.yml",
                "on: [push, pull_request]\njobs:\n  suite:\n    steps:\n      - run: cargo test --all-targets\n",
            ),
        ],
    )
}

/// The pages of a cinema, in two languages.
fn kino() -> Snapshot {
    repository(
        "lichtspiel/kino",
        "f11ba5e",
        &[
            (
                "package.json",
                "{\n  \"dependencies\": {\n    \"seatplan\": \"^3.4.1\"\n  },\n  \"scripts\": {\n    \"test\": \"vitest run\"\n  }\n}\n",
            ),
            ("src/hall.ts", "import { Seats } from 'seatplan';\n\nexport const hall = new Seats();\n"),
            ("src/hall.test.ts", "test('hall', () => {});\n"),
            ("src/texts.ts", "import en from './locales/en.json';\n\nexport const texts = en;\n"),
            ("src/locales/en.json", "{\n  \"tonight\": \"Tonight\"\n}\n"),
            (
                ".github/workflows/pages.yml",
                "on: pull_request\njobs:\n  pages:\n    steps:\n      - run: npm ci\n      - run: npx vitest run\n",
            ),
        ],
    )
}

/// One line.
fn upgrade() -> Brief {
    issue(7, "Upgrade seatplan to 4.0.2", "3.x gets no fixes anymore, and 4 draws wheelchair places.\n")
}

/// Prose around code.
fn removal() -> Brief {
    issue(
        61,
        "Two names for one thing",
        "`thumbnail_square` has been deprecated since 0.8 and is one line:\n\n```rust\npub fn thumbnail_square(bytes: &[u8], edge: u32) -> Vec<u8> {\n    thumbnail(bytes, edge, edge)\n}\n```\n\nNobody asked for it back. Remove `thumbnail_square`. `src/main.rs` should call `thumbnail` instead.\n",
    )
}

/// A form.
fn documentation() -> Brief {
    issue(
        121,
        "[Docs]: treatments in the report",
        "### Which page?\n\ndocs/help.md\n\n### What is missing or wrong?\n\nI found the option by reading the source. Nobody at our club knew of it.\n\n### What should it say?\n\n- document `hive report --treatments` in `docs/help.md`\n- `docs/help.md` should also mention what `SyncError` means\n\n### Would you write it?\n\n- [ ] Yes\n",
    )
}

/// A suggestion with figures.
fn default() -> Brief {
    issue(
        64,
        "Smaller files by default",
        "I ran 1,200 holiday photos through 92 and 80, and nobody in the office could tell them apart. The files were a third smaller.\n\nSo in `src/options.rs` please set the default of `quality` to 80. A `quality` of more than 100 must be refused.\n",
    )
}

/// Goals below what was measured.
fn performance() -> Brief {
    issue(
        29,
        "Printing a day of labels takes ages",
        "Numbers from the till, 1.9.2:\n\n| labels | time | memory |\n|--|--|--|\n| 40 | 3 s | 70 MB |\n| 400 | 71 s | 610 MB |\n\n**Goal**\n\n* `Print` of 400 labels must finish in under 9 s and use at most 120 MB memory\n",
    )
}

/// A complaint.
fn pagination() -> Brief {
    issue(
        93,
        "Searching for \"rose\" kills the browser",
        "3,412 hits, all in one response, Firefox gives up. The search results must be paginated, 40 per page, newest first, in `app/models/search.rb`. A page behind the last one must be empty and no error.\n",
    )
}

/// A report that became a wish, and the maintainer's answer to it.
fn concurrency() -> Brief {
    Brief {
        comments: vec![said("noor", "write", "Makes sense. A failed poll must not keep its place.")],
        ..issue(
            57,
            "Carriers lock us out on Monday mornings",
            "When 300 parcels are due in the same minute we open 300 connections, and two carriers have answered with a ban.\n\n`Tracker.Poll` should run at most 8 polls at the same time; all others wait until one is done.\n",
        )
    }
}

/// A user's story.
fn event() -> Brief {
    issue(
        119,
        "The scale in the yard should know",
        "My brother runs the scale, and he types every harvest a second time.\n\n- [ ] `server/entries.py` must post a `harvest.added` event when a harvest is stored\n- [ ] the event must not name the beekeeper\n",
    )
}

/// By somebody who learned English late.
fn translation() -> Brief {
    issue(
        11,
        "polish language please",
        "Hello, very nice program! My cinema is in Gdańsk and the guests are asking always what means this word.\n\nPlease add `src/locales/pl.json` with all texts of `src/locales/en.json` translated to Polish. I am not programmer but I can make the words.\n\nThank you!!\n",
    )
}

/// A list of what was seen and what is wanted.
fn cache() -> Brief {
    issue(
        81,
        "Stop asking the DNS server for every hop on every redraw",
        "Seen: 30 hops, one redraw per second, so 30 lookups a second, and the admin of our campus called me.\n\nWanted:\n\n1. `report/report.go` should cache host names for 10 minutes\n2. it must keep at most 500 names\n",
    )
}

/// A console and a list.
fn setting() -> Brief {
    issue(
        72,
        "Old Excel shows Mller instead of Müller",
        "Our auditor has an Excel that knows no UTF-8.\n\n```console\n$ LEDGER_ENCODING=cp1252 ledger export --csv out.csv\n```\n\n- the encoding in `ledger/export.py` must be configurable with the environment variable `LEDGER_ENCODING`, default `utf-8`\n- when Python does not know the encoding, `ledger export` must exit with code 2\n- `ledger export` without `--csv` must not read `LEDGER_ENCODING`\n",
    )
}
