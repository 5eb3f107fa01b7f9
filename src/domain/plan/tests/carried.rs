//! An option is cut by the way that the one beside it goes, and one that only switches something off is an option, too.

use super::world::{issue, planned, repository};
use crate::domain::plan::Plan;
use crate::domain::snapshot::Snapshot;

fn press() -> Snapshot {
    repository(
        "acme/press",
        "f00d5ea",
        &[
            (
                "press/cli.py",
                "import click\n\nfrom press.main import press\n\n\n@click.command()\n@click.option('--no-input', is_flag=True)\n@click.option('-f', '--overwrite-if-exists', is_flag=True)\n@click.option('--quiet', is_flag=True)\ndef main(no_input, overwrite_if_exists, quiet):\n    press(no_input, overwrite_if_exists)\n",
            ),
            (
                "press/main.py",
                "def press(no_input, overwrite_if_exists):\n    generate(no_input, overwrite_if_exists)\n",
            ),
            (
                "press/generate.py",
                "def generate(no_input, overwrite_if_exists):\n    # overwrite_if_exists\n    pass\n",
            ),
            ("press/paint.py", "def paint(line):\n    return line\n"),
            ("tests/test_cli.py", "def test_main():\n    pass\n"),
        ],
    )
}

fn reused(plan: &Plan) -> String {
    plan.reuse.join("; ")
}

#[test]
fn the_way_of_an_option_beside_it_is_told_once() {
    let plan = planned(&issue(4, "Add an option to keep the pages on failure", "They are gone."), &press());
    assert_eq!(
        reused(&plan),
        "`--no-input`, an option beside it in `press/cli.py` line 7, is also in `press/generate.py` line 1 and `press/main.py` line 1"
    );
    let akin =
        planned(&issue(4, "Add an option `--overwrite-all` to press", "It must press all pages."), &press());
    assert!(
        reused(&akin).starts_with("`--overwrite-if-exists`, an option beside it in"),
        "{}",
        reused(&akin)
    );
    let there = planned(&issue(4, "Change `--overwrite-if-exists` to take a folder", ""), &press());
    assert!(!reused(&there).contains("an option beside it"), "{}", reused(&there));
}

#[test]
fn where_most_options_are_acted_upon_the_new_one_will_be_too() {
    let where_ = |acting: &str, other: &str| -> Vec<String> {
        let cli = "import click\n\n\n@click.option('--no-input')\n@click.option('--dry-run')\ndef main(no_input, dry_run):\n    pass\n";
        let files = [("press/cli.py", cli), ("press/main.py", acting), ("press/other.py", other)];
        let plan = planned(
            &issue(4, "Add an option `--keep-pages` to press", "They are gone."),
            &repository("acme/press", "f00d5ea", &files),
        );
        let places = plan.requirements.iter().flat_map(|one| &one.places);
        places.map(|place| format!("{}:{}", place.path, place.line.unwrap_or(0))).collect()
    };
    let both = "def press(no_input,\n          dry_run):\n    pass\n";
    assert_eq!(where_(both, "def other(): pass\n"), ["press/cli.py:0", "press/main.py:1"]);
    let (one, other) = ("def press(no_input): pass\n", "def other(dry_run): pass\n");
    assert_eq!(where_(one, other), ["press/cli.py:0"], "each goes its own way");
}

#[test]
fn what_is_not_to_be_done_where_a_way_to_toggle_it_is_wished_for_is_an_option() {
    let title = "Painting: Don't put colors on the page itself";
    let wish = "The page is hard to read. It would be great if there was some way of toggling this!";
    let plan = planned(&issue(4, title, wish), &press());
    let cases: Vec<&String> = plan.requirements.iter().flat_map(|one| &one.cases).collect();
    assert_eq!(
        cases,
        [
            "with the option: does not put colors on the page itself",
            "without it: output and exit code as before"
        ]
    );
    assert!(plan.questions.iter().any(|question| question.text == "What is the option called?"));
    let plain = planned(&issue(4, title, "The page is hard to read."), &press());
    assert!(!plain.questions.iter().any(|question| question.text == "What is the option called?"));
}

#[test]
fn an_option_by_which_something_holds_has_no_name_yet() {
    let wish = "An option by which warnings of the press count as errors would be great.";
    let plan = planned(&issue(4, "Count warnings as errors", wish), &press());
    let cases: Vec<&String> = plan.requirements.iter().flat_map(|one| &one.cases).collect();
    assert_eq!(
        cases,
        [
            "with the option: warnings of the press count as errors",
            "without it: output and exit code as before"
        ]
    );
    assert!(
        plan.questions.iter().any(|question| question.text == "What is the option called?"),
        "{:?}",
        plan.questions
    );
}
