//! Evidence that names a place exactly goes before all words.

use super::world::{issue, planned, repository};
use crate::domain::brief::{Brief, Comment};
use crate::domain::snapshot::Snapshot;

/// Path and line of each place of the first demand.
fn places(brief: &Brief, snapshot: &Snapshot) -> Vec<(String, Option<usize>)> {
    let plan = planned(brief, snapshot);
    let first = plan.requirements.first().expect("a demand");
    first.places.iter().map(|place| (place.path.clone(), place.line)).collect()
}

fn at(path: &str, line: usize) -> (String, Option<usize>) {
    (path.to_owned(), Some(line))
}

fn said(author: &str, body: &str) -> Comment {
    Comment { author: author.into(), permission: "read".into(), body: body.into(), ..Comment::default() }
}

const ORDERS: &str = "pub fn order_rows(rows: Rows) {\n    rows.order();\n}\n";

#[test]
fn a_line_of_the_tree_that_a_comment_quotes_is_the_place_whatever_is_called_like_the_matter() {
    let files =
        [("src/order.rs", ORDERS), ("src/ports.rs", "fn read() {\n    get();\n    take(\"order\");\n}\n")];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let mut brief = issue(4, "--order panics", "`ferry --order name` panics on every ship.");
    assert_eq!(places(&brief, &snapshot).first().map(|(path, _)| path.as_str()), Some("src/order.rs"));
    let seen = "I see it too:\n\n```\nthread 'main' panicked at src/ports.rs:3:10:\nno such type\n```";
    brief.comments = vec![said("bert", seen)];
    assert_eq!(places(&brief, &snapshot), [at("src/ports.rs", 3)]);
    for foreign in
        ["panicked at src/elsewhere.rs:3:10:", "See https://x.org/src/ports.rs:3", "at src/ports.rs:3x"]
    {
        brief.comments = vec![said("bert", foreign)];
        assert_ne!(places(&brief, &snapshot), [at("src/ports.rs", 3)], "{foreign}");
    }
}

#[test]
fn no_trace_is_called_foreign_where_a_comment_has_one_of_the_tree() {
    let snapshot = repository("acme/ferry", "5a1ad00", &[("src/ports.rs", "fn read() {\n    get();\n}\n")]);
    let body = "It panics:\n\n```\nthread 'main' panicked at /home/u/.cargo/registry/src/index/args-1.2/src/get.rs:32:9:\nno such type\n```";
    let mut brief = issue(4, "Reading of ports is broken", body);
    let is_foreign = |brief: &Brief| {
        let plan = planned(brief, &snapshot);
        plan.read_as.iter().any(|said| said.contains("no file of the trace is in the tree"))
    };
    assert!(is_foreign(&brief));
    brief.comments = vec![said("bert", "```\nthread 'main' panicked at src/ports.rs:2:10:\n```")];
    assert!(!is_foreign(&brief));
}

#[test]
fn a_text_that_the_issue_quotes_is_found_letter_for_letter_and_followed_to_what_its_line_hands_on_to() {
    let prompt = "class Shell:\n    default = \"\\\\u@\\\\q> \"\n\n    def prompt_of(self, quay, name):\n        # name and quay of the ferry\n        text = text.replace(\"\\\\u\", self.user)\n        return text.replace(\"\\\\q\", self.crew.quay_name)\n";
    let crew =
        "class Crew:\n    @property\n    def quay_name(self):\n        return self.quay.split(\" \")[0]\n";
    let files = [("ferry/shell.py", prompt), ("ferry/crew.py", crew)];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "`\\q` should be the whole name of the quay and ends at the first blank.";
    assert_eq!(
        places(&issue(4, "Half of the quay is missing in the prompt", body), &snapshot),
        [at("ferry/crew.py", 3)]
    );
}

#[test]
fn a_comment_above_a_definition_counts_as_the_text_that_it_quotes() {
    let parse =
        "/// Loads the ships of a `dock \"D\" {`.\nfn load_dock(dock: Dock) {\n    guards(dock.ships);\n}\n";
    let print = "fn print(out: Out) {\n    out.write(\"dock \\\"D\\\" {\");\n}\n";
    let snapshot = repository("acme/ferry", "5a1ad00", &[("src/parse.rs", parse), ("src/print.rs", print)]);
    let body = "Ships in a `dock \"D\" {` are loaded although their dock is closed.";
    let found = places(&issue(4, "Closed docks are loaded", body), &snapshot);
    assert_eq!(found, [at("src/parse.rs", 2), at("src/print.rs", 2)]);
}

#[test]
fn what_is_typed_is_no_text_of_the_sources() {
    let files = [
        ("src/hint.rs", "fn hint() {\n    warn(\"run `ferry moor` instead\");\n}\n"),
        ("src/moor.rs", "fn moor_ship(rope: Rope) {\n    rope.tie(\"message of the mooring\");\n}\n"),
    ];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let found = places(
        &issue(4, "moor: strange message", "`ferry moor` prints a strange message on the rope."),
        &snapshot,
    );
    assert!(!found.iter().any(|(path, _)| path == "src/hint.rs"), "{found:?}");
}

#[test]
fn a_word_in_capitals_is_where_a_text_begins_with_it() {
    let check = "def check(path):\n    print(f\"DELAYED: {path}\")\n";
    let verbose = "# DELAYED is printed in colors\ndef verbose(colors):\n    output(colors, verbose)\n";
    let files = [("ferry/check.py", check), ("ferry/verbose.py", verbose)];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "Lines with DELAYED should be printed in orange.";
    assert_eq!(
        places(&issue(4, "Paint what the verbose mode prints", body), &snapshot),
        [at("ferry/check.py", 2)]
    );
}

#[test]
fn a_text_that_stands_everywhere_is_meant_where_the_name_of_the_title_stands_with_it() {
    let many = "void a() {\n  fail(\"ferry: late %s\");\n  fail(\"ferry: late again\");\n}\nvoid b() {\n  fail(\"ferry: late too\");\n}\n";
    let main = "static int run(int args) {\n  // the crew ran `cast_off`\n  fail(\"ferry: late \");\n}\n";
    let cast = "static int f_cast_off(int rope) {\n  return rope;\n}\n";
    let files = [("src/many.c", many), ("src/main.c", main), ("src/cast.c", cast)];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "Every line of `cast_off` begins with this text, which should not be there.";
    assert_eq!(
        places(&issue(4, "\"ferry: late\" precedes what cast_off says", body), &snapshot),
        [at("src/main.c", 3)]
    );
}

#[test]
fn what_is_to_stand_beside_an_existing_name_lies_where_that_is_defined() {
    let rules = "public class Rules {\n\tpublic Rule BerthsOf(Ship ship) {\n\t\treturn null;\n\t}\n}\n";
    let options = "public static class Options {\n\tpublic static Rule Moored(this Rule rule, Test test) {\n\t\treturn rule;\n\t}\n}\n";
    let files = [("src/Rules.cs", rules), ("src/Options.cs", options)];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "It should be possible to say\n\n```c#\nBerthsOf(ship => ship.Berths).MooredAsync(async berth => await harbor.Ask(berth));\n```";
    for title in ["Async variant of Moored for BerthsOf", "Wait for the harbor in BerthsOf"] {
        assert_eq!(places(&issue(4, title, body), &snapshot), [at("src/Options.cs", 2)], "{title}");
    }
}

#[test]
fn a_key_of_the_configuration_is_changed_where_it_is_read_and_not_in_a_file_that_is_called_so() {
    let reader = "<?php\nclass Timetable {\n  public function build() {\n    $side = $this->config->get('timetable/side', 'left');\n  }\n}\n";
    let other = "<?php\nclass Config {\n  // side of the ship\n}\n";
    let files =
        [("src/Timetable.php", reader), ("src/Config.php", other), ("docs/_config.yml", "side: left\n")];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "The `side` setting should get another value, `both`, for two columns.";
    assert_eq!(places(&issue(4, "Timetables on both sides", body), &snapshot), [at("src/Timetable.php", 4)]);
}

#[test]
fn of_the_keys_that_an_example_sets_the_rarest_that_the_issue_speaks_of_is_the_place() {
    let declared = "package ferry\n\ntype File struct {\n\tMoorings []string\n\tCrew Crew\n}\n";
    let read = "package read\n\nfunc Load(file File) {\n\tfor _, mooring := range file.Moorings {\n\t\topen(mooring)\n\t}\n}\n";
    let crew = |name: &str| format!("package {name}\n\nfunc Run(file File) {{\n\trun(file.Crew)\n}}\n");
    let (one, two, three, four) = (crew("crew"), crew("two"), crew("three"), crew("four"));
    let files = [
        ("file.go", declared),
        ("read/load.go", read),
        ("crew/crew.go", one.as_str()),
        ("two/run.go", two.as_str()),
        ("three/run.go", three.as_str()),
        ("four/run.go", four.as_str()),
    ];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "The crew should decide which moorings are opened.\n\n```yaml\ncrew:\n  NAME: bert\n\nmoorings: [\"quay/$NAME\"]\n```";
    assert_eq!(places(&issue(4, "Let the crew choose", body), &snapshot), [at("read/load.go", 4)]);
}

#[test]
fn the_projects_own_man_page_is_mended_in_its_source() {
    let files = [
        (
            "lib/ferry/man_page.rb",
            "class ManPage\n  def shout_headings(headings)\n    headings.upcase\n  end\nend\n",
        ),
        ("man/ferry.1", ".SH NAME\n"),
        ("man/ferry.adoc", "= ferry(1)\n\n== NAME\n"),
    ];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let title = "Avoid shouting headings in man page source";
    let mut brief =
        issue(4, title, "Headings are shouted in our own man page, and nobody likes the shouting.");
    brief.labels = vec!["documentation".into()];
    assert_eq!(places(&brief, &snapshot), [("man/ferry.adoc".to_owned(), None)]);
    brief.labels.clear();
    assert_eq!(
        places(&brief, &snapshot).first().map(|(path, _)| path.as_str()),
        Some("lib/ferry/man_page.rb")
    );
}

#[test]
fn the_name_of_the_project_is_no_path_and_a_launcher_no_place() {
    let launcher = "#!/usr/bin/env node\nrequire('../dist/cli');\n";
    let files = [
        ("bin/ferry", launcher),
        ("bin/moor", launcher),
        (
            "src/berths.ts",
            "export function hideBerths(berths: Berth[]) {\n  return berths.filter((berth) => berth.shown);\n}\n",
        ),
    ];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body =
        "There should be an option `hiddenBerths` in `ferry` and `moor` that leaves out the berths it lists.";
    let found = places(&issue(4, "Leave out some berths", body), &snapshot);
    assert!(!found.iter().any(|(path, _)| path.starts_with("bin/")), "{found:?}");
}

#[test]
fn what_is_told_as_a_word_of_a_place_stands_there() {
    let files = [
        (
            "src/paint.rs",
            "fn paint_borders(borders: Borders) {\n    stop(borders.painted, width, table.columns);\n}\n",
        ),
        ("src/other.rs", "fn other() {}\n"),
    ];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let plan = planned(
        &issue(
            4,
            "Stop painting borders of zero width",
            "Painted borders are too wide for the columns of a table.",
        ),
        &snapshot,
    );
    let because = plan.requirements[0].likely.clone().unwrap_or_default();
    assert!(
        because.contains("“borders”") && !because.contains("“Stop”") && !because.contains("“painting”"),
        "{because}"
    );
}

#[test]
fn a_line_that_a_program_printed_is_found_where_its_text_stands_whatever_is_called_like_the_matter() {
    let list =
        "def list_berths(out):\n    # Moored ships of the day:\n    out(\"Moored ships of the day:\")\n";
    let files =
        [("ferry/tasks.py", list), ("ferry/moored.py", "def moored_ships(day):\n    return day.ships\n")];
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let title = "Moored ships are not all listed";
    let shown = "Only one ship is listed:\n\n```\nMoored ships of the day:\n* anna\n```\n";
    assert_eq!(places(&issue(4, title, shown), &snapshot), [at("ferry/tasks.py", 3)]);
    let quoted = "Only one ship is listed:\n\n> Moored ships of the day: 1\n\nAll should be listed.";
    assert_eq!(places(&issue(4, title, quoted), &snapshot), [at("ferry/tasks.py", 3)]);
    // What two places print is of none of them.
    let twice =
        [files[0], ("ferry/again.py", "def again(out):\n    out('Moored ships of the day:')\n"), files[1]];
    let snapshot = repository("acme/ferry", "5a1ad00", &twice);
    assert_ne!(places(&issue(4, title, shown), &snapshot), [at("ferry/tasks.py", 3)]);
}

#[test]
fn a_function_of_the_title_is_found_where_its_body_stands() {
    let head = "class Ferry {\n  public:\n    Ship *find_ship_or_none(std::string name) noexcept;\n};\n";
    let body = "Ship *Ferry::find_ship_or_none(std::string name) noexcept {\n    return nullptr;\n}\n";
    let files = [
        ("include/Ferry.hpp", head),
        ("include/impl/Ferry_inl.hpp", body),
        ("src/recursion.cpp", "void recurses_infinitely(Ferry &ferry) {\n    ferry.run();\n}\n"),
    ];
    let snapshot = repository("acme/harbor", "5a1ad00", &files);
    let brief = issue(4, "Ferry::find_ship_or_none recurses infinitely", "It crashes with every ferry.");
    assert_eq!(places(&brief, &snapshot), [at("include/impl/Ferry_inl.hpp", 1)]);
}

#[test]
fn a_type_of_the_issues_code_that_has_a_word_of_the_title_is_the_place() {
    let class =
        |name: &str| format!("namespace Ferry;\npublic class {name}\n{{\n    public void Show() {{ }}\n}}\n");
    let paths =
        ["TextBoard", "ShipListBoard", "TextBoardParts"].map(|name| (format!("src/{name}.cs"), class(name)));
    let files: Vec<(&str, &str)> = paths.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let snapshot = repository("acme/ferry", "5a1ad00", &files);
    let body = "Allow other texts on boards.\n\n```cs\nvar board = new ShipListBoard<string>();\n```\n";
    let found = places(&issue(4, "Own texts on boards", body), &snapshot);
    assert_eq!(found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["src/ShipListBoard.cs"]);
}
