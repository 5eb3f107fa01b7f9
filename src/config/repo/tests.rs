//! Files good and bad, and the layers.

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::effective::{Effective, Operator, RepoConfig, Source, effective};
use super::enhance::Approval;
use super::file::{RepoFile, parse, parse_bytes};
use super::keys::Section;
use super::mode::Mode;
use super::problem::Place;
use super::reserved::RESERVED;
use super::schema::{keys, keys_markdown, schema_json};

fn file(text: &str) -> RepoFile {
    parse(text).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    parse(text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_full_file_is_read() {
    let file = file(
        "\u{FEFF}enabled: true\r\nmode: commands\ncommands: { ignore: [/approve, undo], bots: [41898282] }\nenhance:\n  approval: automatic\n  max_items: 3\n",
    );
    assert_eq!(file.warnings, []);
    let config = effective(Operator::default(), None, Some(&file)).config();
    assert!(config.enabled);
    assert_eq!(config.mode, Mode::Commands);
    assert_eq!(config.commands.ignore, ["approve", "undo"]);
    assert_eq!(config.commands.bots, [41_898_282]);
    assert_eq!((config.enhance.approval, config.enhance.max_items), (Approval::Automatic, 3));
    assert_eq!(file.place("enhance.max_items"), Place { line: 6, column: 14 });
}

#[test]
fn nothing_is_required() {
    for text in ["", "# only a comment\n", "---\n", "{}", "enhance:\n", "mode: ~\nenhance: {max_items: }"] {
        assert_eq!(file(text).keys, RepoFile::default().keys, "{text:?}");
    }
}

#[test]
fn every_problem_is_told_with_its_place() {
    let text = "enabeld: yes\nmode: ful\nenhance:\n  max_item: 3\n  approval: 7\n  max_items: 21\ncommands: [a]\nmax_items: 2\nenabled: yes\nlocked: modes\n";
    assert_eq!(
        problems(text),
        [
            "1:1: unknown key `enabeld` (nearest: enabled)",
            "2:7: `mode` must be `observe`, `commands` or `full`, not `ful` (nearest: full)",
            "4:3: unknown key `max_item` in `enhance` (nearest: enhance.max_items)",
            "5:13: `enhance.approval` must be `required` or `automatic`, not `7`",
            "6:14: `enhance.max_items` must be a whole number from 1 to 20, not `21`",
            "7:11: `commands` must be keys such as `ignore`, not a list",
            "8:1: unknown key `max_items` (nearest: enhance.max_items)",
            "9:10: `enabled` must be `true` or `false`, not `yes`",
            "10:9: `locked` must be a list of `enabled`, `mode`, `commands` or `enhance`, not `modes` (nearest: mode)",
        ]
    );
}

#[test]
fn values_of_the_wrong_shape_are_problems() {
    assert_eq!(problems("- a"), ["1:1: the file must be keys such as `enabled`, not a list"]);
    assert_eq!(problems("hello"), ["1:1: the file must be keys such as `enabled`, not `hello`"]);
    assert_eq!(problems("mode: [full]"), ["1:7: `mode` must be `observe`, `commands` or `full`, not a list"]);
    assert_eq!(
        problems("enhance: {max_items: 1.5}"),
        ["1:22: `enhance.max_items` must be a whole number from 1 to 20, not `1.5`"]
    );
    assert_eq!(
        problems("commands: {ignore: [a, B, 1, {c: d}]}"),
        [
            "1:24: `commands.ignore` must be a list such as `[approve]`, not `B`",
            "1:27: `commands.ignore` must be a list such as `[approve]`, not `1`",
            "1:30: `commands.ignore` must be a list such as `[approve]`, not keys",
        ]
    );
    assert_eq!(
        problems("commands: {bots: [7, 0, dependabot]}"),
        [
            "1:22: `commands.bots` must be a list such as `[1234567]`, not `0`",
            "1:25: `commands.bots` must be a list such as `[1234567]`, not `dependabot`",
        ]
    );
    assert_eq!(problems("xyzzy: 1"), ["1:1: unknown key `xyzzy`"]);
}

#[test]
fn broken_yaml_is_one_problem() {
    assert_eq!(problems("mode: full\nmode: full"), ["2:1: `mode` is set twice; keep one"]);
    assert_eq!(
        problems("enhance:\n\tmax_items: 1"),
        ["2:2: not valid YAML: tabs disallowed within this context (block indentation)"]
    );
    assert_eq!(problems("mode: [full"), ["1:7: not valid YAML: unclosed bracket '['"]);
    assert_eq!(problems("mode: *x"), ["1:7: not valid YAML: alias references unknown anchor"]);
    assert_eq!(problems("a: &x [*x]"), ["1:8: an alias stands inside what it repeats"]);
    assert_eq!(
        problems("mode: full\n---\nmode: full"),
        ["2:1: the file holds a second document behind `---`; keep one"]
    );
}

#[test]
fn hostile_files_are_one_problem() {
    let laughs: String = (0..12)
        .map(|level| {
            let below = if level == 0 { "lol".to_owned() } else { format!("*l{}", level - 1) };
            format!("l{level}: &l{level} [{}]\n", vec![below; 9].join(", "))
        })
        .collect();
    for hostile in [
        laughs,
        "[".repeat(60_000),
        "a: ".repeat(20_000),
        "- ".repeat(30_000),
        "? ".repeat(30_000),
        "&a ".repeat(20_000),
    ] {
        let problems = problems(&hostile);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].len() < 200, "{problems:?}");
    }
    assert_eq!(
        problems(&"a".repeat(1_000_000)),
        ["1:1: the file is larger than 65536 bytes, the most that is read; shorten it"]
    );
    let deep: String = (0..100).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert!(
        problems(&deep)[0].ends_with("values are nested deeper than 32 levels; flatten them"),
        "{:?}",
        problems(&deep)
    );
    let wide = format!("a: [{}]", "1,".repeat(20_000));
    assert!(
        problems(&wide)[0].contains("the file is too large: at most 10000 values"),
        "{:?}",
        problems(&wide)
    );
    let of_bytes = |bytes: &[u8]| parse_bytes(bytes).unwrap_err()[0].to_string();
    assert_eq!(of_bytes(b"mode: full\nx: \xC3"), "2:4: the file is not UTF-8 text from here on");
    assert_eq!(of_bytes(b"\xFF\xFEm\0"), "1:1: the file is UTF-16; save it as UTF-8");
}

#[test]
fn keys_of_later_versions_are_warnings() {
    let file = file("releases: { schedule: auto }\nai:\n  enabled: false\nlocked: [ai, enhance]\n");
    let warnings: Vec<String> = file.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "1:1: `releases` is not in this version; it has no effect",
            "2:1: `ai` is not in this version; it has no effect",
            "4:10: `ai` is not in this version; it has no effect",
        ]
    );
    assert_eq!(file.keys.locked, Some(vec![Section::Enhance]));
}

fn layered(operator: Operator, organization: &str, repository: &str) -> Effective {
    effective(operator, Some(&file(organization)), Some(&file(repository)))
}

#[test]
fn the_nearer_file_wins_and_every_value_knows_its_source() {
    let effective = layered(
        Operator::default(),
        "enabled: false\nenhance:\n  max_items: 3\n  approval: automatic\n",
        "enhance:\n  max_items: 8\ncommands:\n  bots: [7, 41898282]\n",
    );
    let rows: Vec<String> = effective
        .rows()
        .iter()
        .map(|row| format!("{}: {} ({})", row.key, row.written(), row.source))
        .collect();
    assert_eq!(
        rows,
        [
            "enabled: false (organization, line 1)",
            "mode: full (default)",
            "commands.ignore: [] (default)",
            "commands.bots: [7, 41898282] (repository, line 4)",
            "enhance.approval: automatic (organization, line 4)",
            "enhance.max_items: 8 (repository, line 2)",
            "locked: [] (default)",
        ]
    );
    assert_eq!(effective.without_effect, []);
}

#[test]
fn the_most_cautious_mode_wins() {
    let mode = |operator, organization, repository| {
        let mode =
            layered(Operator { mode: operator, repositories: Some(400) }, organization, repository).mode;
        (mode.value, mode.source)
    };
    let at = Place { line: 1, column: 7 };
    assert_eq!(mode(None, "", ""), (Mode::Commands, Source::ManyRepositories));
    assert_eq!(mode(None, "", "mode: full"), (Mode::Full, Source::Repository(at)));
    assert_eq!(mode(Some(Mode::Full), "", ""), (Mode::Full, Source::Operator));
    assert_eq!(
        mode(Some(Mode::Full), "mode: observe", "mode: commands"),
        (Mode::Observe, Source::Organization(at))
    );
    assert_eq!(mode(Some(Mode::Commands), "mode: full", "mode: full"), (Mode::Commands, Source::Operator));
    assert_eq!(mode(None, "mode: commands", "mode: observe"), (Mode::Observe, Source::Repository(at)));
    let few = |repositories| effective(Operator { mode: None, repositories }, None, None).mode.value;
    assert_eq!([few(Some(20)), few(Some(21)), few(None)], [Mode::Full, Mode::Commands, Mode::Full]);
}

#[test]
fn locked_sections_belong_to_the_organization() {
    let effective = layered(
        Operator::default(),
        "locked: [enhance, mode]\nmode: commands\nenhance: {max_items: 2}",
        "mode: observe\nenhance: {max_items: 9, approval: automatic}\nenabled: false\nlocked: []",
    );
    let config = effective.config();
    assert_eq!((config.enabled, config.mode), (false, Mode::Commands));
    assert_eq!((config.enhance.approval, config.enhance.max_items), (Approval::Required, 2));
    let notes: Vec<String> = effective.without_effect.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "1:7: `mode` has no effect here: the organization's file locks `mode`",
            "2:22: `enhance.max_items` has no effect here: the organization's file locks `enhance`",
            "2:35: `enhance.approval` has no effect here: the organization's file locks `enhance`",
            "4:9: `locked` counts only in the organization's file",
        ]
    );
}

#[test]
fn documented_defaults_are_those_that_hold() {
    let rows = effective(Operator::default(), None, None).rows();
    let documented: Vec<(String, String)> = keys().into_iter().map(|key| (key.path, key.default)).collect();
    let held: Vec<(String, String)> =
        rows.into_iter().map(|row| (row.key.to_owned(), row.written())).collect();
    assert_eq!(documented, held);
    assert!(keys().iter().all(|key| key.meaning.ends_with('.') && !key.kind.is_empty()));
    assert_eq!(RepoConfig::default().enhance.max_items, 5);
}

#[test]
fn keys_of_later_versions_are_not_documented() {
    let (schema, table) = (schema_json(), keys_markdown());
    assert!(
        schema.contains("\"max_items\"")
            && table.contains("| `enhance.max_items` | a whole number from 1 to 20 | `5` |")
    );
    for name in RESERVED {
        assert!(!schema.contains(&format!("\"{name}\"")) && !table.contains(&format!("`{name}")), "{name}");
    }
}

#[test]
fn the_schema_agrees_with_the_parser() {
    let mut compiler = boon::Compiler::new();
    let mut schemas = boon::Schemas::new();
    compiler.add_resource("schema.json", serde_json::from_str(&schema_json()).unwrap()).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    for text in [
        "{}",
        "{\"mode\": \"full\"}",
        "{\"mode\": \"ful\"}",
        "{\"enhance\": {\"max_items\": 20}}",
        "{\"enhance\": {\"max_items\": 0}}",
        "{\"commands\": {\"ignore\": [\"/a-b\"]}}",
        "{\"commands\": {\"ignore\": [\"A\"]}}",
        "{\"commands\": {\"bots\": [1]}}",
        "{\"commands\": {\"bots\": [0]}}",
        "{\"commands\": {\"bots\": [\"1\"]}}",
        "{\"locked\": [\"mode\"]}",
        "{\"locked\": [\"x\"]}",
        "{\"enabled\": 1}",
        "{\"nope\": 1}",
        "[]",
    ] {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(schemas.validate(&value, index).is_ok(), parse(text).is_ok(), "{text}");
    }
}

fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "enabled",
            "mode",
            "enhance",
            "max_items",
            "commands",
            "ignore",
            "bots",
            "locked",
            "review",
            ": ",
            ":\n",
            "\n",
            "  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "full",
            "true",
            "3",
            "&a ",
            "*a",
            "<<",
            "\"",
            "'",
            "|\n",
            ">\n",
            "#",
            "\t",
            "!!binary ",
            "---\n",
            "~",
            "? ",
            "%",
            "\u{FEFF}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics_and_problems_have_places(text in yamlish()) {
        match parse(&text) {
            Ok(file) => {
                effective(Operator::default(), Some(&file), Some(&file));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(problem.line >= 1 && problem.column >= 1);
                    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() as u64;
                    prop_assert!(problem.line <= lines + 1);
                    prop_assert!(!problem.message.contains('\n'));
                }
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = parse_bytes(&bytes);
    }

    #[test]
    fn numbers_hold_within_their_limits(number in -30_i64..60) {
        let parsed = parse(&format!("enhance: {{max_items: {number}}}"));
        prop_assert_eq!(parsed.is_ok(), (1..=20).contains(&number));
    }
}

#[test]
fn a_misspelled_key_of_a_later_version_finds_its_name() {
    let problems = parse("reviewz: {}\nrelease: {}\n").unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["1:1: unknown key `reviewz` (nearest: review)", "2:1: unknown key `release` (nearest: releases)"]
    );
}

#[test]
fn aliases_that_grow_are_told_as_what_they_are() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, inner) in ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"]) {
        bomb += &format!("{name}: &{name} [{}]\n", vec![format!("*{inner}"); 10].join(", "));
    }
    let found = problems(&bomb);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with(": the file is too large: at most 10000 values, aliases counted at every use"),
        "{found:?}"
    );
}

#[test]
fn nesting_without_end_is_told_in_our_words() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        for depth in [40, 300, 5_000] {
            let found = problems(&format!("enhance: \n  {}x{}", open.repeat(depth), close.repeat(depth)));
            assert_eq!(found.len(), 1);
            assert!(
                found[0].ends_with(": values are nested deeper than 32 levels; flatten them"),
                "{depth} {open}: {found:?}"
            );
        }
    }
}

#[test]
fn what_would_be_right_without_its_quotes_is_said_to_be() {
    assert_eq!(
        problems("enabled: \"true\"\nenhance: {max_items: \"5\"}\nmode: \"5\"\n"),
        [
            "1:10: `enabled` must be `true` or `false`, not the text \"true\"; take the quotes away",
            "2:22: `enhance.max_items` must be a whole number from 1 to 20, not the text \"5\"; take the quotes away",
            "3:7: `mode` must be `observe`, `commands` or `full`, not `5`",
        ]
    );
    assert_eq!(
        problems("enhance: {max_items: \"50\"}"),
        ["1:22: `enhance.max_items` must be a whole number from 1 to 20, not `50`"]
    );
}

#[test]
fn a_name_that_is_no_command_is_a_warning() {
    let file = file("commands: { ignore: [aprove, /approve, label] }");
    assert_eq!(
        file.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "1:22: `commands.ignore` names `aprove`, which is no command; it has no effect (nearest: approve)",
            "1:40: `commands.ignore` names `label`, which is no command; it has no effect",
        ]
    );
    assert_eq!(file.keys.commands.ignored_names().unwrap(), ["aprove", "approve", "label"]);
}
