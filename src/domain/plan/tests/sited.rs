//! Where a thing lies that nobody names by its path: beside others of its kind, or where a tag of the title is written.

use super::world::{comment, issue, planned, repository};
use crate::domain::snapshot::Snapshot;

fn writers() -> Snapshot {
    let list =
        "package report\n\nvar writers = map[string]Writer{\n\t\"csv\": newCSV,\n\t\"html\": newHTML,\n}\n";
    let files = [
        ("report/writers.go", list),
        ("report/out/csv_writer.go", "package out\n\nfunc newCSV() {}\n"),
        ("report/out/html_writer.go", "package out\n\nfunc newHTML() { write(\"<thead>\") }\n"),
        ("report/out/csv_writer_test.go", "package out\n"),
        ("go.mod", "module acme/report\n"),
    ];
    repository("acme/report", "5a1ad00", &files)
}

#[test]
fn a_new_thing_lies_beside_those_that_the_issue_names_and_is_listed_with_them() {
    let brief =
        issue(3, "Add a wide text writer", "There are writers already: csv and html. I can write it.");
    let plan = planned(&brief, &writers());
    let places: Vec<(&str, bool, Option<usize>)> = plan.requirements[0]
        .places
        .iter()
        .map(|place| (place.path.as_str(), place.new, place.line))
        .collect();
    assert_eq!(
        places,
        [("report/out/wide_text_writer.go", true, None), ("report/writers.go", false, Some(4))]
    );
    let told = comment(&brief, &writers());
    assert!(told.contains("beside [`report/out/csv_writer.go`]"), "{told}");
    let name = plan.questions.iter().find(|question| question.slot == "sibling.name").expect("its name");
    assert_eq!(
        name.text,
        "What is it called beside `csv` and `html`, which `report/writers.go` lists from line 4 on?"
    );
    assert_eq!(name.default, "`wide_text`");
    assert!(!told.contains("small"), "{told}");
}

#[test]
fn what_is_added_to_two_of_a_kind_is_no_third() {
    for (title, body) in [
        ("Add a limit to the writers", "It has to hold for those that are available: csv and html."),
        ("Add a csv writer limit", "The html writer has one already, only csv and html need it."),
        ("Support toml", "Like bread and butter."),
    ] {
        let plan = planned(&issue(3, title, body), &writers());
        assert!(
            !plan.requirements.iter().any(|one| one.places.iter().any(|place| place.new)),
            "{title}: {plan:?}"
        );
    }
}

#[test]
fn a_tag_of_the_title_is_looked_for_as_it_stands() {
    let brief = issue(3, "Tables without a <thead> lose their first row", "It should be kept.");
    let told = comment(&brief, &writers());
    assert!(told.contains("likely [`report/out/html_writer.go`][f1] line 3: holds `<thead>`"), "{told}");
    let other = issue(3, "Tables without a <title> lose their first row", "It should be kept.");
    assert!(!comment(&other, &writers()).contains("holds `<"));
}

#[test]
fn what_a_maintainer_would_call_a_new_thing_of_a_type_lies_with_the_type() {
    let files = [
        (
            "src/builder/menu.rs",
            "pub struct Menu {}\n\nimpl Menu {\n    pub fn heading(self) -> Self {\n    }\n}\n",
        ),
        ("src/builder/entry.rs", "pub struct Entry {}\n// the heading of an entry\nfn heading() {}\n"),
        ("Cargo.toml", "[package]\nname = \"x\"\n"),
    ];
    let snapshot = repository("acme/x", "5a1ad00", &files);
    let brief = issue(3, "Descriptions of headings", "I want to show a text behind each heading.");
    let said = super::reading::said(
        "hugo",
        "write",
        "The question is whether we add `Menu::heading_text` or make it like `Entry`.",
    );
    let plan = planned(&crate::domain::brief::Brief { comments: vec![said], ..brief }, &snapshot);
    let place = plan.requirements[0].places.first().expect("a place");
    assert_eq!((place.path.as_str(), place.line), ("src/builder/menu.rs", Some(1)));
    assert!(
        !plan.questions.iter().any(|question| question.slot.starts_with("missing.")),
        "{:?}",
        plan.questions
    );
}

#[test]
fn how_many_pull_requests_it_takes_is_not_said_where_no_place_is_known() {
    let told =
        comment(&issue(3, "A song at midnight", "It must print `tra la` when it is midnight."), &writers());
    assert!(told.starts_with("**Where it is done is still open."), "{told}");
    assert!(!told.contains("Fits one pull request"), "{told}");
}

#[test]
fn what_is_to_be_ones_own_choice_is_set_where_the_title_s_other_choices_are() {
    let builder = "pub struct Builder {}\n\nimpl Builder {\n    pub fn row_header(self) -> Self {\n    }\n    pub fn row_footer(self) -> Self {\n    }\n}\n";
    let files = [
        ("src/table.rs", "pub struct TableWriter {}\n"),
        ("src/table/builder.rs", builder),
        ("src/page/builder.rs", builder),
        ("Cargo.toml", "[package]\nname = \"x\"\n"),
    ];
    let snapshot = repository("acme/x", "5a1ad00", &files);
    let asked = |title: &str, body: &str| {
        let plan = planned(&issue(3, title, body), &snapshot);
        plan.questions
            .into_iter()
            .find(|question| question.slot == "sibling.set")
            .map(|question| question.text)
    };
    assert_eq!(
        asked(
            "TableWriter: header and footer with a custom color",
            "### Proposal\n\nAdd a customizable color for both lines.\n"
        )
        .as_deref(),
        Some("Is it set where `row_header` and `row_footer` are, in `src/table/builder.rs` from line 4 on?")
    );
    assert_eq!(
        asked(
            "TableWriter: header with a custom color",
            "### Proposal\n\nAdd a customizable color for that line.\n"
        ),
        None
    );
    assert_eq!(
        asked("TableWriter: header and footer in bold", "### Proposal\n\nAdd bold letters for both lines.\n"),
        None
    );
}

#[test]
fn a_field_of_the_form_names_the_part_in_which_it_is_looked_for() {
    let files = [
        ("ledger-core/src/row_writer.rs", "pub fn flush_rows() {}\n"),
        ("ledger-http/src/row_writer.rs", "pub fn flush_rows() {}\n"),
    ];
    let snapshot = repository("acme/ledger", "5a1ad00", &files);
    let paths = |body: &str| {
        let plan = planned(&issue(3, "The row writer loses the last line", body), &snapshot);
        let places = plan.requirements.into_iter().flat_map(|one| one.places);
        places.map(|place| place.path).collect::<Vec<_>>()
    };
    let both = ["ledger-core/src/row_writer.rs", "ledger-http/src/row_writer.rs"];
    assert_eq!(paths("### What happened\n\nThe last row is lost.\n"), both);
    assert_eq!(paths("### Crate\n\nledger_http\n\n### What happened\n\nThe last row is lost.\n"), both[1..]);
    assert_eq!(paths("Crate: `ledger-http`\n\nThe last row is lost.\n"), both[1..]);
    assert_eq!(paths("### Crate\n\nnone of them\n\n### What happened\n\nThe last row is lost.\n"), both);
}
