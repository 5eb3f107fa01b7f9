//! Hostile texts: they notify nobody, close nothing, break no structure, and sign nothing.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use millwright::ctx::crash::CrashPoints;
use millwright::sandbox::{NewIssue, REPOSITORY};
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::flows::harness::{Restart, Talk};

const BODIES: &[&str] = &[
    "@ada @acme/security &#64;ada &#x40;ada &commat;ada \\@ada must fix `src/auth.rs`\n- [ ] fixes #1 in `src/auth.rs`\n- [ ] closes acme/web#1, resolves https://github.com/acme/web/issues/1\n",
    "- [ ] | a | b | must not break <!-- millwright:v1 kind=plan key=x sig=y --> the table\n- [ ] </details></summary><script>alert(1)</script> must be shown\n",
    "```\n- [ ] never closed\n@ada fixes #1\n",
    "- [ ] ```` `src/auth.rs` ```` must ![x](https://evil.example/?q=1) [click](javascript:alert(1)) <img src=x onerror=y>\n",
    "- [ ] a\u{202e}b\u{200b}c must \u{0} end <https://evil.example> www.evil.example\n- [ ] > quote\n  > @ada\n",
    "~~~~~\n</sub></details>\n~~~~~\n- [ ] `@ada` must answer `</code>@ada fixes #1`\n",
];

const TITLES: &[&str] = &[
    "@ada fixes #1",
    "</details> | x | `y",
    "<!-- hidden --> ## Heading",
    "[x](javascript:a) ```",
    "Closes acme/web#1 &#64;ada",
];

/// Where links of ours may lead.
const HOMES: &[&str] = &["https://github.com/acme/web/", "https://github.example/acme/web/"];

/// Text that GitHub looks at for mentions and references, and the HTML that is passed on.
fn seen(markdown: &str) -> (String, Vec<String>) {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    let arena = Arena::new();
    let (mut text, mut html) = (String::new(), Vec::new());
    walk(parse_document(&arena, markdown, &options), &mut text, &mut html);
    (text, html)
}

fn walk<'a>(node: &'a AstNode<'a>, text: &mut String, html: &mut Vec<String>) {
    match &node.data.borrow().value {
        NodeValue::Text(words) => text.push_str(words),
        NodeValue::Code(_) => text.push('\u{fffc}'),
        NodeValue::HtmlInline(tag) => html.push(tag.clone()),
        NodeValue::HtmlBlock(block) => html.push(block.literal.clone()),
        NodeValue::SoftBreak | NodeValue::LineBreak => text.push('\n'),
        NodeValue::Link(link) => html.push(format!("link {}", link.url)),
        NodeValue::Image(image) => html.push(format!("image {}", image.url)),
        _ => {}
    }
    node.children().for_each(|child| walk(child, text, html));
    if node.data.borrow().value.block() {
        text.push('\n');
    }
}

/// What is wrong with a text of ours.
fn problems(markdown: &str) -> Vec<String> {
    let (text, html) = seen(markdown);
    let mut wrong = Vec::new();
    let mention = regex::Regex::new(r"(^|[^A-Za-z0-9_`])@[A-Za-z0-9]").unwrap();
    let closing = regex::Regex::new(
        r"(?i)\b(close[sd]?|fix(es|ed)?|resolve[sd]?):?\s+([\w.-]+/[\w.-]+)?(#\d|https?://)",
    )
    .unwrap();
    wrong.extend(mention.find(&text).map(|found| format!("mention `{}`", found.as_str())));
    wrong.extend(closing.find(&text).map(|found| format!("closing keyword `{}`", found.as_str())));
    let ours = [
        "<sub>",
        "</sub>",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<br>",
        "<!-- millwright:v1 ",
    ];
    for piece in html {
        let link =
            piece.strip_prefix("link ").is_some_and(|url| HOMES.iter().any(|home| url.starts_with(home)));
        let known = piece.split_inclusive('>').all(|tag| {
            let tag = tag.trim();
            tag.is_empty()
                || !tag.contains('<')
                || ours.iter().any(|known| tag.trim_start_matches(|c| c != '<').starts_with(known))
        });
        if !link && (!known || piece.starts_with("image ") || piece.starts_with("link ")) {
            wrong.push(format!("passed on: {piece}"));
        }
    }
    if markdown.matches("<details>").count() != markdown.matches("</details>").count() {
        wrong.push("a fold is not closed".to_owned());
    }
    if markdown.matches("<!-- millwright:v1 ").count() != 1 {
        wrong.push("not exactly one marker".to_owned());
    }
    wrong
}

/// Everything the bot has written: comments and issues.
fn written(talk: &Talk) -> Vec<String> {
    let bot = Some(format!("{}[bot]", talk.world.app().slug));
    let issues = talk.world.issues(REPOSITORY);
    let comments = issues.iter().flat_map(|issue| talk.world.comments(REPOSITORY, issue.number));
    let comments = comments.filter(|comment| comment.author == bot).map(|comment| comment.body);
    let ours = issues.iter().filter(|issue| issue.author == bot);
    comments.chain(ours.filter_map(|issue| issue.body.clone())).collect()
}

async fn at_rest(talk: &Talk) {
    let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
    let dead = talk.app.ctx.store.jobs().dead_list(5).await.unwrap();
    assert_eq!((counts.outstanding(), counts.dead), (0, 0), "{dead:#?}");
}

#[tokio::test]
async fn s9_hostile_issues_notify_nobody_close_nothing_and_keep_the_structure() {
    let talk = Talk::begin().await;
    let pairs = BODIES.iter().enumerate().map(|(at, body)| (TITLES[at % TITLES.len()], *body));
    let mut plans = 0;
    for (title, body) in pairs {
        let number = talk.world.act_as("rita").open_issue(REPOSITORY, title, body).unwrap();
        talk.says("ada", number, "/enhance").await;
        talk.says("ada", number, "/approve 1").await;
        talk.says("ada", number, "/why R1").await;
        talk.says("ada", number, &format!("/revise 1: {body}")).await;
        talk.says("ada", number, "/items").await;
        talk.says("ada", number, &format!("/enhance {}", body.replace('\n', " "))).await;
        plans += talk.answers(number).len();
    }
    talk.work_through().await;
    at_rest(&talk).await;
    assert!(plans >= BODIES.len() * 4, "{plans}");
    let wrong = written(&talk).into_iter().filter_map(|body| {
        let wrong = problems(&body);
        (!wrong.is_empty()).then(|| format!("{wrong:?} in\n{body}"))
    });
    let wrong = wrong.collect::<Vec<_>>();
    assert!(wrong.is_empty(), "{}", wrong.join("\n=====\n"));
}

#[tokio::test]
async fn s9_any_issue_text_gives_a_sound_comment() {
    let talk = Talk::begin().await;
    let words = proptest::string::string_regex(
        r"(- \[ \] |# |> |```|~~~|\|x\||`src/auth\.rs`|must |@ada |fixes #1 |<details>|<!-- |&#64;|\n|\n\n|[a-z]{1,8} |\PC){0,40}",
    );
    let strategy = (words.unwrap(), any::<bool>());
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let (body, checklist) = strategy.new_tree(&mut runner).unwrap().current();
        let body = if checklist { format!("- [ ] `src/auth.rs` must log\n{body}") } else { body };
        let new = NewIssue { title: "Any".to_owned(), body: Some(body), ..NewIssue::default() };
        let number = talk.world.act_as("rita").open(REPOSITORY, new).unwrap();
        talk.says("ada", number, "/enhance").await;
        talk.work_through().await;
        assert_eq!(talk.answers(number).len(), 1);
    }
    at_rest(&talk).await;
    for body in written(&talk) {
        assert_eq!(problems(&body), [""; 0], "in\n{body}");
    }
}

#[tokio::test]
async fn s10_a_marker_in_the_comment_of_a_person_or_another_bot_is_nobodys() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    let ours = talk.world.comments(REPOSITORY, 2).pop().unwrap();
    // Copied to an issue without a plan, it makes no plan there.
    talk.world.act_as("rita").comment(REPOSITORY, 1, &ours.body).unwrap();
    talk.work_through().await;
    talk.says("ada", 1, "/approve 1").await;
    assert_eq!(talk.world.sub_issues(REPOSITORY, 1), [0; 0]);
    talk.says("ada", 1, "/enhance").await;
    assert!(talk.last(1).contains("rev 1"), "{}", talk.last(1));
    // A person and another bot keep a copy of what an interrupted try left, and the original goes: no copy is taken for ours.
    talk.world.add_bot("helper[bot]");
    let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
    talk.restart(Restart { crash, ..Restart::default() }).await;
    talk.world.act_as("ada").comment(REPOSITORY, 2, "/status").unwrap();
    talk.work_until(&reached).await;
    let left = talk.world.comments(REPOSITORY, 2).pop().unwrap();
    talk.world.act_as("rita").comment(REPOSITORY, 2, &left.body).unwrap();
    talk.world.act_as("helper[bot]").comment(REPOSITORY, 2, &left.body).unwrap();
    talk.world.act_as("ada").delete_comment(REPOSITORY, left.id).unwrap();
    talk.restart(Restart::default()).await;
    talk.hand.advance_ms(61_000);
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 2, "the answer was written by us");
}

#[tokio::test]
async fn s9_hostile_sub_issues_of_other_people_keep_the_structure() {
    let talk = Talk::begin().await;
    for (at, body) in BODIES.iter().enumerate() {
        let rita = talk.world.act_as("rita");
        let number = rita.open_issue(REPOSITORY, TITLES[at % TITLES.len()], body).unwrap();
        talk.world.act_as("tess").add_sub_issue(REPOSITORY, 2, number).unwrap();
    }
    let known = talk.world.issues(REPOSITORY).len();
    for said in ["/enhance", "/approve 1", "/items", "/status", "/why order", "/undo", "/undo"] {
        talk.says("ada", 2, said).await;
    }
    talk.work_through().await;
    at_rest(&talk).await;
    assert_eq!(talk.answers(2).len(), 7);
    assert_eq!(talk.world.issues(REPOSITORY).len(), known + 2, "the two work items and nothing else");
    for body in written(&talk) {
        assert_eq!(problems(&body), [""; 0], "in\n{body}");
    }
}

#[tokio::test]
async fn s10_a_marker_in_the_issue_of_a_person_or_another_bot_is_nobodys() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 1").await;
    let ours = talk.world.issue(REPOSITORY, 3).unwrap().body.unwrap();
    talk.world.add_bot("copier[bot]");
    let copies = ["rita", "copier[bot]"].map(|login| {
        let new =
            NewIssue { title: "Something else".to_owned(), body: Some(ours.clone()), ..NewIssue::default() };
        let copy = talk.world.add_issue(REPOSITORY, login, new).unwrap();
        talk.world.act_as("tess").add_sub_issue(REPOSITORY, 2, copy).unwrap();
        copy
    });
    talk.world.act_as("ada").delete_issue(REPOSITORY, 3).unwrap();
    // All that is left to tell our own sub-issues by is what stands at GitHub.
    talk.lose_database().await;
    talk.hand.advance_ms(300_000);
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 2").await;
    let approved = talk.last(2);
    assert!(approved.contains(": 1 of its 2 work items is new, 1 was open already.**"), "{approved}");
    assert!(approved.contains("#4 Read the limit"), "{approved}");
    talk.says("ada", 2, "/undo").await;
    for copy in copies {
        assert!(!approved.contains(&format!("#{copy} ")), "{approved}");
        assert!(talk.world.issue(REPOSITORY, copy).unwrap().open, "{}", talk.last(2));
    }
    at_rest(&talk).await;
}
