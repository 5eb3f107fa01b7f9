//! A proposal of three thousand words, as people write them: a motivation, a design in phases, alternatives, non-goals, open points.

use super::world::{issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::snapshot::Snapshot;

/// A program for keeping bees, with its server.
pub fn hive() -> Snapshot {
    repository(
        "imkerei/hive",
        "bee5bee",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"hive\"\n\n[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\n",
            ),
            (
                "hive/forms.py",
                "from hive.sync import SyncError, push\n\n\ndef submit_entry(fields):\n    return push(fields)\n\n\ndef list_entries(colony):\n    return []\n",
            ),
            (
                "hive/sync.py",
                "class SyncError(Exception):\n    pass\n\n\ndef push(entry):\n    raise SyncError(\"network error\")\n",
            ),
            ("hive/store.py", "class Store:\n    def add(self, entry, number):\n        pass\n"),
            (
                "hive/report.py",
                "import argparse\n\nparser = argparse.ArgumentParser(\"hive report\")\nparser.add_argument(\"--treatments\")\n",
            ),
            (
                "server/entries.py",
                "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.post(\"/entries\")\ndef add():\n    return {}, 201\n",
            ),
            ("server/migrations/first_colonies.sql", "CREATE TABLE colonies (id INTEGER);\n"),
            (
                "tests/test_sync.py",
                "from hive.sync import push\n\n\ndef test_push_fails_loudly():\n    pass\n",
            ),
            (
                "tests/test_entries.py",
                "from server.entries import app\n\n\ndef test_a_new_entry_gets_201():\n    pass\n",
            ),
            ("docs/help.md", "# Help\n\nWithout reception write on paper.\n"),
            (
                ".github/workflows/check.yml",
                "on: [push, pull_request]\njobs:\n  check:\n    steps:\n      - run: pytest\n",
            ),
            ("CODEOWNERS", "/server/ @imkerei/server\n"),
        ],
    )
}

pub fn offline() -> Brief {
    issue(
        118,
        "Proposal: records that survive a day without a connection",
        include_str!("issues/proposal.md"),
    )
}

/// Three thousand words become one screen, and what says why stays out of it.
#[test]
fn three_thousand_words_are_demands_of_three_phases_and_little_else() {
    let brief = offline();
    assert!(brief.body.split_whitespace().count() > 2_900);
    let plan = planned(&brief, &hive());
    let told: Vec<&str> = plan.requirements.iter().map(|one| one.quote.as_str()).collect();
    for demand in [
        "`submit_entry` must write the entry to the outbox before it tries to send it.",
        "The outbox must hold at most 500 entries.",
        "Add a column `client_key` to the entries table.",
        "When two entries change the queen of one colony, the later date must win.",
    ] {
        assert!(told.contains(&demand), "{demand}: {told:#?}");
    }
    for talk in ["reception", "campsite", "tablet", "Marit", "Photographs"] {
        assert!(brief.body.contains(talk), "{talk}");
        assert!(!told.iter().any(|one| one.contains(talk)), "{talk}: {told:#?}");
    }
    assert!((9..=13).contains(&told.len()), "{told:#?}");
}
