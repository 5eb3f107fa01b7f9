//! The command on real folders and broken inputs.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Format, PlanArgs, run};
use crate::cli::plan::git;
use crate::cli::terminal;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("src/auth.rs", "pub fn sign_in() {}\n"),
        ("tests/auth.rs", "#[test]\nfn works() {}\n"),
        ("config/app.toml", "port = 80\n"),
        (
            ".github/workflows/ci.yml",
            "on: pull_request\njobs:\n  test:\n    steps:\n      - run: cargo test\n",
        ),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn issue() -> Value {
    json!({
        "number": 2,
        "title": "Rate limit failed sign-ins",
        "body": "- [ ] after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429\n- [ ] limit configurable in `config/limits.toml`\n",
        "author": "ada",
        "labels": [],
        "comments": [],
        "repository": {"owner": "acme", "name": "web"},
        "base_sha": "4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2",
        "blocked_by": [1],
    })
}

fn ran(input: &str, repo: Option<&Path>, format: Format) -> (u8, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("issue.json");
    fs::write(&path, input).expect("an input");
    let args = PlanArgs { input: path.display().to_string(), repo: repo.map(Path::to_path_buf), format };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&args, &mut out, &mut err);
    (code, String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
}

#[test]
fn a_folder_is_the_tree() {
    let repo = folder();
    let (code, out, err) = ran(&issue().to_string(), Some(repo.path()), Format::Json);
    assert_eq!((code, err.as_str()), (0, ""));
    let plan: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(plan["verdict"], "feasible_with_unknowns");
    assert_eq!(plan["requirements"][0]["where"], json!(["src/auth.rs"]));
    let link = "https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/src/auth.rs";
    assert_eq!(plan["feasibility"][0], json!({"name": "src/auth.rs", "found": true, "permalink": link}));
    assert_eq!(plan["work_items"][0]["depends_on"][0]["issue"], 1);
    assert_eq!(plan["tests"]["command"], "cargo test");
    let keys: Vec<&str> = plan.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected = "verdict classification requirements feasibility questions read_as work_items tests gates rollback not_checked markdown";
    assert_eq!(keys.join(" "), expected);
    let (_, text, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    assert_eq!(plan["markdown"], text.as_str());
}

/// Every field that `docs/command-line.md` promises, in its place and with its kind of value.
#[test]
fn the_output_has_the_promised_shape() {
    let repo = folder();
    let mut issue = issue();
    issue["body"] = json!(format!(
        "{}- [ ] success resets the counter\n\nSee `src/nope.rs`.\n",
        issue["body"].as_str().expect("a body")
    ));
    let (code, out, err) = ran(&issue.to_string(), Some(repo.path()), Format::Json);
    assert_eq!((code, err.as_str()), (0, ""));
    let mut plan: Value = serde_json::from_str(&out).expect("JSON");
    let (_, comment, _) = ran(&issue.to_string(), Some(repo.path()), Format::Text);
    assert_eq!(plan["markdown"], comment.as_str());
    plan["markdown"] = json!("the comment");
    insta::assert_snapshot!(serde_json::to_string_pretty(&plan).expect("JSON"), @r#"
    {
      "verdict": "feasible_with_unknowns",
      "classification": {
        "type": "unclassified",
        "confidence": 0.46,
        "evidence": [
          "unclassified, because it may be security as well as bug",
          "bug: title says “failed”",
          "bug: text says “failed”",
          "security: title says “Rate limit”"
        ]
      },
      "requirements": [
        {
          "id": "R1",
          "quote": "after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429",
          "line": 1,
          "where": [
            "src/auth.rs"
          ],
          "cases": [
            "failures 1–5: none is 429",
            "then an attempt at 59 s: 429",
            "at 61 s: not 429",
            "from a second address: not 429"
          ]
        },
        {
          "id": "R2",
          "quote": "limit configurable in `config/limits.toml`",
          "line": 2,
          "where": [
            "config/limits.toml",
            "src/auth.rs"
          ],
          "cases": [
            "set to 2 in 10 s, 2 failures, then at 9 s: 429",
            "at 11 s: not 429",
            "file missing: 5 in 60 s"
          ]
        },
        {
          "id": "R3",
          "quote": "success resets the counter",
          "line": 3,
          "where": [
            "src/auth.rs"
          ],
          "cases": [
            "4 failures, success, 5 failures: no 429",
            "the next attempt: 429"
          ]
        }
      ],
      "feasibility": [
        {
          "name": "src/auth.rs",
          "found": true,
          "permalink": "https://github.com/acme/web/blob/4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2ab4f1c2/src/auth.rs"
        },
        {
          "name": "config/limits.toml",
          "found": false,
          "permalink": null
        },
        {
          "name": "src/nope.rs",
          "found": false,
          "permalink": null
        }
      ],
      "questions": [
        {
          "text": "“one address”: IP or e-mail address?",
          "default": "client IP"
        },
        {
          "text": "When does the 429 end? R3 frees an address by a success, but a refused attempt cannot succeed.",
          "default": "refused without checking the password until the oldest of the 5 failures is 60 s old; refused attempts do not count"
        },
        {
          "text": "`src/nope.rs` is not in the tree and no file has a similar name. Which is meant?",
          "default": "ignored; no check box needs it"
        }
      ],
      "read_as": [
        "“after 5” = the 6th attempt is refused",
        "“limit” = both numbers, 5 and 60 s",
        "The tree has no schema or migration, so the counter of failed attempts lives in memory: a restart empties it, and two instances count apart"
      ],
      "work_items": [
        {
          "title": "Answer 429 after 5 failed sign-ins in 60 s; a success resets",
          "kind": "feature",
          "requirements": [
            "R1",
            "R3"
          ],
          "acceptance": [
            "failures 1–5: none is 429",
            "then an attempt at 59 s: 429",
            "at 61 s: not 429",
            "from a second address: not 429",
            "4 failures, success, 5 failures: no 429",
            "the next attempt: 429"
          ],
          "size": {
            "bucket": "S",
            "p50": 66,
            "p90": 165,
            "n": 0
          },
          "priority": {
            "score": 1.75,
            "terms": {
              "confidence": 0.7,
              "size": 2.0,
              "unblock": 2.0,
              "urgency": 1.0,
              "value": 2.0
            }
          },
          "depends_on": [
            {
              "issue": 1,
              "reason": "linked as blocking"
            }
          ]
        },
        {
          "title": "Read the limit from `config/limits.toml`",
          "kind": "config",
          "requirements": [
            "R2"
          ],
          "acceptance": [
            "set to 2 in 10 s, 2 failures, then at 9 s: 429",
            "at 11 s: not 429",
            "file missing: 5 in 60 s"
          ],
          "size": {
            "bucket": "S",
            "p50": 54,
            "p90": 135,
            "n": 0
          },
          "priority": {
            "score": 1.4,
            "terms": {
              "confidence": 0.7,
              "size": 2.0,
              "unblock": 1.0,
              "urgency": 1.0,
              "value": 2.0
            }
          },
          "depends_on": [
            {
              "item": 1,
              "reason": "it configures the numbers that 1 brings in, and both change `src/auth.rs`"
            }
          ]
        }
      ],
      "tests": {
        "framework": "cargo test",
        "command": "cargo test",
        "workflow": ".github/workflows/ci.yml",
        "job": "test",
        "local": "cargo test --test auth",
        "file": {
          "path": "tests/auth.rs",
          "new": false,
          "beside": null,
          "line": null
        }
      },
      "gates": [
        {
          "name": "test",
          "workflow": ".github/workflows/ci.yml",
          "base": null
        }
      ],
      "rollback": [
        "revert 2, then 1",
        "No data to migrate; without 2 nothing reads `config/limits.toml`"
      ],
      "not_checked": [
        "what `src/auth.rs` does today"
      ],
      "markdown": "the comment"
    }
    "#);
}

/// Makes the folder a checkout whose index holds these blobs.
fn index(folder: &Path, entries: &[(&str, String)]) {
    let git = folder.join(".git");
    fs::create_dir_all(&git).expect("folders");
    fs::write(git.join("HEAD"), "5eed".repeat(10)).expect("HEAD");
    let mut index = b"DIRC\0\0\0\x02\0\0\0".to_vec();
    index.push(u8::try_from(entries.len()).expect("few"));
    for (path, id) in entries {
        let start = index.len();
        index.extend([0; 40]);
        index.extend((0..20).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).expect("hex")));
        index.extend([0, u8::try_from(path.len()).expect("short")]);
        index.extend(path.as_bytes());
        index.resize(start + (index.len() - start) / 8 * 8 + 8, 0);
    }
    fs::write(git.join("index"), index).expect("an index");
}

#[test]
fn a_changed_checkout_is_said_to_be_one() {
    let repo = folder();
    index(repo.path(), &[("src/auth.rs", "ab".repeat(20))]);
    let (_, text, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    for told in [
        "the tree at `4f1c2ab`: the checkout is at `5eed5ee`",
        "`src/auth.rs` as committed: the checkout holds a changed one",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
    index(repo.path(), &[("src/auth.rs", "ab".repeat(20)), ("tests/auth.rs", "cd".repeat(20))]);
    let (_, text, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    let told = "`src/auth.rs` and `tests/auth.rs` as committed: the checkout holds changed ones";
    assert!(text.contains(told), "{told} in {text}");
}

#[test]
fn a_folder_without_a_commit_or_without_a_file_is_said_to_be_one() {
    let empty = tempfile::tempdir().expect("a folder");
    let mut issue = issue();
    issue.as_object_mut().expect("an object").remove("base_sha");
    let (_, text, _) = ran(&issue.to_string(), Some(empty.path()), Format::Text);
    assert!(text.contains("no tree was read") && !text.contains("the tree names"), "{text}");
    assert!(text.contains("shown by hand.") && !text.contains("none yet"), "{text}");
    fs::create_dir_all(empty.path().join(".git")).expect("a folder");
    fs::write(empty.path().join(".git/HEAD"), "ref: refs/heads/main\n").expect("HEAD");
    let (_, text, _) = ran(&issue.to_string(), Some(empty.path()), Format::Text);
    assert!(text.contains("the tree of a commit: the checkout has none yet"), "{text}");
}

#[test]
fn a_checkout_with_the_line_ends_of_windows_is_no_changed_one_and_reads_as_committed() {
    let repo = folder();
    let committed = "pub fn sign_in() {}\n";
    index(repo.path(), &[("src/auth.rs", git::blob_id(committed.as_bytes()))]);
    let (_, plain, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    fs::write(repo.path().join("src/auth.rs"), committed.replace('\n', "\r\n")).expect("a file");
    let (_, text, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    assert_eq!(text, plain);
}

#[test]
fn the_repositorys_own_configuration_counts() {
    let repo = folder();
    let settings = repo.path().join(".github/millwright.yml");
    fs::write(&settings, "enhance: { max_items: 1 }\n").expect("a file");
    let (_, text, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    assert!(text.contains("`max_items: 1` allows 1"), "{text}");
    fs::write(&settings, "enhance: { max_items: none }\n").expect("a file");
    let (_, text, _) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    assert!(text.contains("what `.github/millwright.yml` sets: it has a problem"), "{text}");
}

#[test]
fn git_says_which_commit_it_is() {
    let repo = folder();
    let git = repo.path().join(".git");
    fs::create_dir_all(git.join("refs/heads")).expect("folders");
    fs::write(git.join("HEAD"), "ref: refs/heads/main\n").expect("HEAD");
    fs::write(git.join("packed-refs"), format!("# pack-refs\n{} refs/heads/main\n", "5eed".repeat(10)))
        .expect("refs");
    let mut issue = issue();
    issue["base_sha"] = json!("");
    let (_, text, _) = ran(&issue.to_string(), Some(repo.path()), Format::Text);
    assert!(text.contains("base 5eed5ee · no model"), "{text}");
    assert!(!text.contains(".git/"), "{text}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let repo = folder();
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.rs"), "fn canary_of_the_outside() {}\n").expect("a file");
    std::os::unix::fs::symlink(outside.path(), repo.path().join("linked")).expect("a link");
    std::os::unix::fs::symlink(outside.path().join("secret.rs"), repo.path().join("src/secret.rs"))
        .expect("a link");
    let mut issue = issue();
    issue["body"] =
        json!("- [ ] `canary_of_the_outside` must return 404 in `src/secret.rs`, see `linked/secret.rs`");
    let (_, out, _) = ran(&issue.to_string(), Some(repo.path()), Format::Json);
    let plan: Value = serde_json::from_str(&out).expect("JSON");
    let found: Vec<bool> = plan["feasibility"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["found"].as_bool())
        .collect();
    assert_eq!(found, [false, true, false], "{}", plan["feasibility"]);
}

#[test]
fn broken_inputs_name_file_line_and_mend() {
    for (input, says) in [
        ("{\"number\": 1,\n \"title\": }", "issue.json:2:11: expected value; write one JSON object"),
        (
            "{\"number\": \"x\", \"title\": \"t\"}",
            "issue.json:1:14: `number`: the text \"x\" where a whole number is needed",
        ),
        (
            "{\"number\": 1, \"title\": \"t\",\n \"history\": [{\"number\": 2}, {\"title\": \"u\"}]}",
            "issue.json:2:42: missing field `history[1].number`; docs/command-line.md lists the fields",
        ),
        ("{\"number\": 1}", "missing field `title`"),
        ("{\"number\": 1,", "EOF while parsing"),
        ("{\"number\": 1, \"title\": \"t\", \"base_sha\": \"../x\"}", "`base_sha` is no commit id"),
    ] {
        let (code, out, err) = ran(input, None, Format::Json);
        assert_eq!((code, out.as_str()), (2, ""), "{input}");
        assert!(err.contains(says) && err.lines().count() == 1, "{err}");
    }
    let (code, _, err) = ran(&issue().to_string(), Some(Path::new("/no/such/folder")), Format::Text);
    assert_eq!(code, 2);
    assert!(err.contains("give a checkout"), "{err}");
}

#[test]
fn ordinary_nulls_and_spellings_are_read() {
    let input = r#"{"number": 1, "title": "Add a `--quiet` option", "body": null, "author": null,
        "labels": [{"name": "enhancement"}, null], "comments": [{"author": null, "body": null, "permission": null}],
        "repository": {"owner": "acme", "name": "web", "url": null}, "blocked_by": null, "sub_issues": [],
        "open_issues": [{"number": 2, "title": "Other", "state": "OPEN", "body": null}, {"number": 3, "state": null}],
        "history": [{"number": 4, "title": "Old", "paths": null, "changed_lines": null, "labels": null}],
        "checks": null, "alerts": null}"#;
    let (code, out, err) = ran(input, None, Format::Json);
    assert_eq!((code, err.as_str()), (0, ""));
    let plan: Value = serde_json::from_str(&out).expect("JSON");
    assert!(plan["markdown"].as_str().is_some_and(|text| text.contains("`--quiet`")), "{out}");
    let nulls = r#"{"number": 1, "title": "Add a `--quiet` option", "labels": null, "comments": null}"#;
    assert_eq!(ran(nulls, None, Format::Json).0, 0);
}

fn with(field: &str, value: Value) -> String {
    let mut issue = issue();
    issue[field] = value;
    issue.to_string()
}

#[test]
fn what_would_play_no_part_in_silence_is_one_sentence() {
    let refused = |input: &str| {
        let (code, out, err) = ran(input, None, Format::Text);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err.split_once("issue.json").expect("the file").1.trim_end().to_owned()
    };
    let mut misspelled = issue();
    let labels = misspelled.as_object_mut().expect("an object").remove("labels").expect("labels");
    misspelled["labells"] = labels;
    assert_eq!(refused(&misspelled.to_string()), ": unknown field `labells`; `labels` is probably meant");
    assert_eq!(refused(&with("state", json!("opne"))), ": `state` is `opne`; give `open` or `closed`");
    assert_eq!(
        refused(&with("comments", json!([{"permission": "read"}, {"permission": "owner"}]))),
        ": `comments[1].permission` is `owner`; give `none`, `read`, `triage`, `write`, `maintain` or `admin`"
    );
    assert_eq!(
        refused(&with("revise", json!(["1: it prints names only"]))),
        ": `revise[0]` is a text; give an object with `author`, `text`"
    );
    assert_eq!(refused(&with("title", json!(" "))), ": `title` is empty; give the title of the issue");
    assert_eq!(
        refused("[]"),
        ":1:0: the input is no JSON object; write one, as in `{\"number\": 1, \"title\": \"…\"}`"
    );
    assert_eq!(
        refused(r#"{"number":"1","title":"x"}"#),
        ":1:13: `number`: the text \"1\" where a whole number is needed; docs/command-line.md lists the fields"
    );
}

#[test]
fn what_was_said_to_a_plan_that_has_no_such_question_is_one_sentence() {
    let refused = |field: &str, value: Value| {
        let (code, out, err) = ran(&with(field, value), Some(folder().path()), Format::Text);
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{err}");
        err.split_once("issue.json").expect("the file").1.trim_end().to_owned()
    };
    insta::assert_snapshot!(refused("revise", json!([{"author": "tess", "text": "7: yes"}])), @": `revise[0]`: There is no question 7; 1 and 2 are open; for example: `1: your answer`");
    insta::assert_snapshot!(refused("revise", json!([{"author": "tess", "text": "1: the client IP"}, {"text": " "}])), @": `revise[1]`: `text` is empty; give what stood behind the command, such as `1: the client IP`");
    insta::assert_snapshot!(refused("enhance", json!({"text": "discover"})), @": `enhance.text` asks for candidates, not for a plan; give a path, a symbol or a sentence");
    insta::assert_snapshot!(refused("enhance", json!({"text": "#3"})), @": `enhance.text` names another issue than `number`; give that one's input, or leave it out");
    insta::assert_snapshot!(refused("enhance", json!({"text": "https://example.com"})), @": `enhance.text`: I read this repository only; name an issue (`#12`), a path, a symbol or a sentence.");
    insta::assert_snapshot!(refused("sub_issues", json!(["three"])), @":1:376: `sub_issues[0]`: a number is needed, or an object with `number`; docs/command-line.md lists the fields");
}

#[test]
fn each_answer_makes_the_next_revision_and_what_changes_nothing_makes_none() {
    let repo = folder();
    let said = |revise: Value| ran(&with("revise", revise), Some(repo.path()), Format::Text);
    let (first, _, _) = said(json!([]));
    assert_eq!(first, 0);
    let answer = json!({"author": "tess", "text": "1: the client IP"});
    let (code, second, err) = said(json!([answer]));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(second.contains("<sub>rev 2 · ") && second.contains("client IP"), "{second}");
    let thanks = json!({"author": "tess", "text": "Thank you!"});
    let (code, same, err) = said(json!([answer, thanks]));
    assert_eq!((code, same), (0, second));
    assert!(
        err.ends_with(
            "issue.json: `revise[1]` changes nothing that is planned, so the App makes no revision of it\n"
        ),
        "{err}"
    );
}

#[test]
fn what_the_app_could_not_read_is_told_as_it_tells_it() {
    let mut issue = issue();
    issue["unread"] = json!(["comments before the newest 300"]);
    issue["missing_permissions"] = json!(["checks: read"]);
    let (code, out, err) = ran(&issue.to_string(), Some(folder().path()), Format::Text);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("comments before the newest 300") && out.contains("`checks: read`"), "{out}");
}

#[test]
fn what_is_no_field_is_left_aside_and_told() {
    let (code, out, err) =
        ran(&with("html_url", json!("https://github.com/acme/web/issues/2")), None, Format::Text);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, ran(&issue().to_string(), None, Format::Text).1);
    assert!(
        err.ends_with("issue.json: `html_url` is no field of the input and plays no part; docs/command-line.md lists them\n"),
        "{err}"
    );
}

#[test]
fn closed_issues_of_the_input_size_the_items_and_name_what_was_asked_for_before() {
    let repo = folder();
    let closed = |number: usize| {
        json!({"number": number, "title": format!("Sign-ins {number}"), "labels": [{"name": "bug"}],
            "paths": ["src/auth.rs"], "changed_lines": 500 + number, "state": "closed",
            "closed_at": "2024-05-01T12:00:00Z"})
    };
    let planned = |history: Vec<Value>| {
        let mut issue = issue();
        issue["history"] = json!(history);
        let (code, out, err) = ran(&issue.to_string(), Some(repo.path()), Format::Json);
        assert_eq!((code, err.as_str()), (0, ""));
        serde_json::from_str::<Value>(&out).expect("JSON")
    };
    let size = |plan: &Value| plan["work_items"][0]["size"].clone();
    // Seven are too few to measure on; one of unknown size is none.
    let mut history: Vec<Value> = (11..=17).map(closed).collect();
    history.push(json!({"number": 18, "title": "Rate limit failed sign-ins", "changed_lines": null}));
    let few = planned(history.clone());
    assert_eq!((&size(&few)["bucket"], &size(&few)["n"]), (&json!("S"), &json!(7)));
    let told = few["markdown"].as_str().expect("a comment");
    assert!(told.contains("Sizes are priors (n=7)."), "{told}");
    assert!(told.contains("#18 (closed) “Rate limit failed sign-ins” asked for the same"), "{told}");
    // Seven of the eight are its neighbors: the newest is as like as the others and comes last.
    history.push(closed(19));
    let enough = planned(history);
    assert_eq!(size(&enough), json!({"bucket": "L", "p50": 514, "p90": 517, "n": 8}));
    let told = enough["markdown"].as_str().expect("a comment");
    assert!(told.contains("size L") && !told.contains("priors"), "{told}");
}

#[test]
fn a_repository_that_is_turned_off_is_said_to_be() {
    let repo = folder();
    fs::write(repo.path().join(".github/millwright.yml"), "mode: full\nenabled: false\n").expect("a file");
    let (code, out, err) = ran(&issue().to_string(), Some(repo.path()), Format::Text);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("rev 1"), "{out}");
    assert!(
        err.starts_with(".github/millwright.yml:2:10: `enabled: false`, so the App does nothing"),
        "{err}"
    );
}

#[test]
fn a_closed_pipe_is_no_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("issue.json");
    fs::write(&path, issue().to_string()).expect("an input");
    let args = PlanArgs { input: path.display().to_string(), repo: None, format: Format::Text };
    let mut err = Vec::new();
    assert_eq!((run(&args, &mut terminal::HungUp, &mut err), err), (0, Vec::new()));
}

#[test]
fn what_is_no_text_of_json_is_told_with_its_mend() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("issue.json");
    let said = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("an input");
        let args = PlanArgs { input: path.display().to_string(), repo: None, format: Format::Text };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        assert_eq!((run(&args, &mut out, &mut err), out.len()), (2, 0));
        String::from_utf8(err).expect("UTF-8")
    };
    let wide: Vec<u8> = "{\"number\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, told) in [
        (b"".as_slice(), ": there is nothing in it; write one JSON object"),
        (b" \n", ": there is nothing in it; write one JSON object"),
        (wide.as_slice(), ": it is written in UTF-16; save it as UTF-8"),
        (
            b"{\"number\": 1,\n\"title\": \"caf\xe9\"}",
            ": line 2 holds bytes that are no UTF-8; save it as UTF-8",
        ),
        (
            b"{\"number\": 1, \"title\": \"\\ud83d\"}",
            "; write the letter itself, or both halves of its `\\u` pair",
        ),
        (b"{\"number\": 1, \"title\": \"a\0b\"}", "; write it as an escape, such as `\\n`"),
        (b"{\"number\": 1e999, \"title\": \"a\"}", "; give a smaller number"),
    ] {
        let err = said(bytes);
        assert!(err.contains(told) && err.lines().count() == 1, "{err}");
    }
}

#[test]
fn a_name_that_moves_the_cursor_is_printed_without_it() {
    let args = PlanArgs { input: "no\u{1b}[2Jsuch".to_owned(), repo: None, format: Format::Text };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(run(&args, &mut out, &mut err), 2);
    let err = String::from_utf8(err).expect("UTF-8");
    assert!(err.starts_with("no\u{fffd}[2Jsuch: ") && !err.contains('\u{1b}'), "{err}");
}
