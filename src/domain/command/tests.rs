//! The grammar by examples, and on arbitrary comments.

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::args::Args;
use super::closest::closest;
use super::{Dialect, Form, Found, find, is_all, new_commands};

fn dialect(taken: &[&str]) -> Dialect {
    Dialect { slug: "millwright".into(), taken: taken.iter().map(|name| (*name).to_owned()).collect() }
}

fn found(body: &str) -> Vec<Found> {
    find(body, &dialect(&[]))
}

/// `name|args` of each, with `~` before dry runs.
fn brief(body: &str) -> Vec<String> {
    found(body).iter().map(brief_of).collect()
}

fn brief_of(found: &Found) -> String {
    format!("{}{}|{}", if found.dry_run { "~" } else { "" }, found.name, found.args)
}

#[test]
fn both_forms_are_found_in_order() {
    let commands = found(
        "Thanks.\n/enhance src/auth.rs\nand\n@Millwright[bot] items next\n@millwright /help\n   /status",
    );
    let read: Vec<_> = commands.iter().map(|c| (c.form, c.name.as_str(), c.args.as_str(), c.line)).collect();
    assert_eq!(
        read,
        [
            (Form::Bare, "enhance", "src/auth.rs", 2),
            (Form::Mention, "items", "next", 4),
            (Form::Mention, "help", "", 5),
            (Form::Bare, "status", "", 6),
        ]
    );
}

#[test]
fn only_the_start_of_a_line_counts() {
    assert_eq!(
        brief("see /enhance\n    /enhance\n- /enhance\nx @millwright enhance\n//enhance\n/ enhance"),
        [""; 0]
    );
    assert_eq!(
        brief("/usr/bin\n/etc\\x\n/1\n/enhance.\n/-x\n@millwrights help\n@millwright-x help"),
        [""; 0]
    );
}

#[test]
fn our_name_alone_asks_for_help_and_a_slash_before_it_is_a_mention() {
    let commands =
        found("@millwright\n/Millwright\n/millwright enhance src/auth.rs\n@millwright[bot]:\n/millwrights");
    let read: Vec<_> = commands.iter().map(|c| (c.form, c.name.as_str(), c.args.as_str())).collect();
    assert_eq!(
        read,
        [
            (Form::Mention, "help", ""),
            (Form::Mention, "help", ""),
            (Form::Mention, "enhance", "src/auth.rs"),
            (Form::Mention, "help", ""),
            (Form::Bare, "millwrights", ""),
        ]
    );
}

#[test]
fn code_quotes_and_comments_are_silent() {
    assert_eq!(
        brief("```\n/a\n```\n> /b\n\n<!--\n/c\n-->\n\n`\n/d\n`\n\n~~~\n@millwright e\n~~~\n/f"),
        ["f|"]
    );
    assert_eq!(brief("> quoted\n/a\n\n/b <!-- hidden --> x <!-- y\n/c -->"), ["b|x"]);
}

#[test]
fn names_owned_by_another_bot_need_the_mention() {
    let dialect = dialect(&["approve"]);
    let read: Vec<_> =
        find("/approve 1\n@millwright approve 1\n/items", &dialect).iter().map(brief_of).collect();
    assert_eq!(read, ["approve|1", "items|"]);
    assert_eq!(dialect.spell("approve 1"), "@millwright approve 1");
    assert_eq!(dialect.spell("items next"), "/items next");
}

#[test]
fn text_runs_to_the_next_command() {
    let body = "/revise 1: client IP\n\n- keep `--one`\n```\n/not this\n```\n> 2: yes\n\n/approve 2\n/session note a\nb\n/session start\nc";
    assert_eq!(
        brief(body),
        [
            "revise|1: client IP\n\n- keep `--one`\n```\n/not this\n```\n> 2: yes",
            "approve|2",
            "session|note a\nb",
            "session|start",
        ]
    );
    assert_eq!(brief("/revise\nall below\r\n"), ["revise|all below"]);
    assert_eq!(brief("/revise “as typed” —dry-run"), ["~revise|“as typed”"]);
    assert_eq!(brief("/revise 1: yes --dry-run\n2: no"), ["~revise|1: yes\n2: no"]);
    assert_eq!(brief("/revise 1: yes\n2: no --dry-run\n"), ["~revise|1: yes\n2: no"]);
    assert_eq!(brief("/revise --dry-run"), ["~revise|"]);
    assert_eq!(brief("/session note tried --dry-run"), ["~session|note tried"]);
    assert_eq!(brief("/revise document `--dry-run`"), ["revise|document `--dry-run`"]);
    assert_eq!(brief("/revise --dry-run prints it all"), ["~revise|prints it all"]);
    assert_eq!(brief("/revise keep --dry-run as it is"), ["revise|keep --dry-run as it is"]);
    assert_eq!(brief("/revise —dry-run 1: yes"), ["~revise|1: yes"]);
}

#[test]
fn dry_run_goes_with_any_command() {
    assert_eq!(brief("/approve --dry-run 1\n/approve 1 --dry-run"), ["~approve|1", "~approve|1"]);
}

#[test]
fn what_phones_type_is_understood() {
    assert_eq!(
        brief("/Approve\u{A0}1 —dry-run –one\r\n\u{A0}/enhance “a b”"),
        ["~approve|1 --one", "enhance|\"a b\""]
    );
    assert_eq!(brief("/enhance 1–5 — it’s slow"), ["enhance|1–5 — it's slow"]);
}

#[test]
fn keys_name_the_command_and_its_count() {
    let keys = |body: &str| found(body).into_iter().map(|found| found.key).collect::<Vec<_>>();
    assert_eq!(keys("/approve  1"), keys("text\n\n@millwright APPROVE 1"));
    assert_ne!(keys("/approve 1"), keys("/approve 2"));
    assert_ne!(keys("/approve 1"), keys("/approve 1 --dry-run"));
    let twice = keys("/review\n/review");
    assert!(
        twice[0].starts_with("review-") && twice[0].ends_with("-1") && twice[1].ends_with("-2"),
        "{twice:?}"
    );
}

#[test]
fn a_comment_of_nothing_but_commands_is_told_from_one_that_says_something() {
    let all = |body: &str| is_all(body, &dialect(&[]));
    assert!(all("/enhance"));
    assert!(all("\n/enhance\n\n@millwright approve 1\n"));
    assert!(all("/revise 1: yes\n\nand more\n/approve 2"));
    assert!(!all("Nothing asked."));
    assert!(!all("Please:\n/enhance"));
    assert!(!all("/enhance\nIPv6 has to work, too."));
}

#[test]
fn an_edit_runs_only_what_is_new() {
    let edited =
        |old: &str, new: &str| new_commands(old, new, &dialect(&[])).iter().map(brief_of).collect::<Vec<_>>();
    assert_eq!(edited("/enhance", "Typo mended.\n\n@millwright enhance"), [""; 0]);
    assert_eq!(edited("/approve 1", "/approve 2"), ["approve|2"]);
    assert_eq!(edited("/review\n/help", "/help\n/review\n/review"), ["review|"]);
    assert_eq!(edited("> /enhance", "/enhance"), ["enhance|"]);
}

#[test]
fn the_cursor_takes_words_numbers_and_options() {
    let mut args = Args::new("#12 --one rest \"of it\" `--here`", "/approve 1");
    assert_eq!(args.number(), Ok(Some(12)));
    assert!(args.flag("--one"));
    assert!(!args.flag("--one"));
    assert_eq!(args.peek(), Some("rest"));
    assert_eq!(args.next(), Some("rest"));
    assert_eq!(args.next(), Some("of it"));
    assert_eq!(args.rest(), "--here");
    assert!(args.is_empty());
    assert_eq!(args.finish(), Ok(()));
}

#[test]
fn text_is_taken_as_it_stands() {
    assert_eq!(Args::new("note --a\n  `b c`\n", "/session note x").text(), "note --a\n  `b c`");
    let mut args = Args::new("note --a\n  b", "/session note x");
    assert_eq!(args.next(), Some("note"));
    assert_eq!(args.text(), "--a\n  b");
}

#[test]
fn what_is_not_taken_is_refused_with_an_example() {
    let refuse = |text: &str| {
        let mut args = Args::new(text, "/approve 1 --one");
        args.flag("--one");
        args.number().and_then(|_| args.finish()).unwrap_err().0
    };
    assert_eq!(refuse("one"), "`one` is not a number; for example: `/approve 1 --one`.");
    assert_eq!(
        refuse("99999999999999999999"),
        "`99999999999999999999` is not a number; for example: `/approve 1 --one`."
    );
    assert_eq!(refuse("1 2"), "`2` is more than this command takes; for example: `/approve 1 --one`.");
    assert_eq!(
        refuse("1 --config.x=1"),
        "`--config.x=1` is not an option here; for example: `/approve 1 --one`."
    );
    assert!(
        refuse("--pr_help_docs.repo_url=https://github.com.attacker.tld").contains("is not an option here")
    );
    assert!(refuse("1 `@ada|").contains("is more than this command takes"));
}

#[test]
fn free_text_does_not_hide_options() {
    let mut args = Args::new("why so slow --config.x=1 \"a  b\"", "/enhance src/auth.rs");
    assert_eq!(args.rest(), "why so slow \"a  b\"");
    assert!(args.finish().is_err());
}

#[test]
fn misspelled_names_find_their_neighbors() {
    let names = ["enhance", "approve", "items"];
    assert_eq!(closest("enahnce", names, 1), Some("enhance"));
    assert_eq!(closest("aprove", names, 1), Some("approve"));
    assert_eq!(closest("itmes", names, 1), Some("items"));
    assert_eq!(closest("enhans", names, 1), None);
    assert_eq!(closest("enhans", names, 2), Some("enhance"));
    assert_eq!(closest("deploy", names, 2), None);
}

fn comment() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "/enhance",
            "/revise",
            "/session note",
            "@millwright ",
            "@millwright[bot]",
            "--dry-run",
            "—dry-run",
            "\n",
            "\r\n",
            "\r",
            "```",
            "~~~",
            "`",
            "> ",
            "<!--",
            "-->",
            "    ",
            "<pre>",
            "</pre>",
            "<code>",
            "- ",
            "[x]: ",
            "\"",
            " ",
            "\u{A0}",
            "\t",
            "\0",
            "\u{FEFF}",
            "é",
            "|",
            "---",
            "![",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z]{1,5}",
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_comment_breaks_the_grammar(body in comment(), other in comment()) {
        for command in find(&body, &dialect(&["enhance"])) {
            prop_assert!(command.line <= body.len() + 1);
            prop_assert!(command.form == Form::Mention || command.name != "enhance");
            let mut args = Args::new(&command.args, "/enhance");
            let _ = (args.flag("--one"), args.number(), args.next(), args.rest());
            if let Err(refusal) = args.finish() {
                prop_assert!(!refusal.0.contains('\n'));
            }
        }
        prop_assert_eq!(new_commands(&body, &body, &dialect(&[])), []);
        new_commands(&other, &body, &dialect(&[]));
    }

    #[test]
    fn printed_commands_are_read_again(
        names in prop::collection::vec("[a-z][a-z-]{0,8}[a-z]", 1..5),
        args in prop::collection::vec("([a-z0-9#./]{1,6}( [a-z0-9#./]{1,6}){0,3})?", 5),
        taken in any::<bool>(),
    ) {
        let dialect = if taken { dialect(&names.iter().map(String::as_str).collect::<Vec<_>>()) } else { dialect(&[]) };
        let calls: Vec<String> =
            names.iter().zip(&args).map(|(name, args)| format!("x{name} {args}").trim().to_owned()).collect();
        let body: String = calls.iter().map(|call| format!("{}\n", dialect.spell(call))).collect();
        let read: Vec<String> =
            find(&body, &dialect).iter().map(|c| format!("{} {}", c.name, c.args).trim().to_owned()).collect();
        prop_assert_eq!(read, calls);
    }

    #[test]
    fn quoted_fenced_and_hidden_commands_never_run(body in comment()) {
        let body = format!("/enhance\n{body}\n@millwright approve 1").replace('\r', "\n");
        let fence = "`".repeat(body.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1);
        let fenced = format!("{fence}\n{body}\n{fence}\n");
        prop_assert_eq!(find(&fenced, &dialect(&[])), []);
        let quoted: String = body.split('\n').map(|line| format!("> {line}\n")).collect();
        prop_assert_eq!(find(&quoted, &dialect(&[])), []);
        let hidden = format!("<!--\n{}\n-->\n", body.replace("-->", "").replace("--", ""));
        prop_assert_eq!(find(&hidden, &dialect(&[])), []);
        let code: String = body.split('\n').map(|line| format!("    {line}\n")).collect();
        prop_assert_eq!(find(&code, &dialect(&[])), []);
    }
}
