//! The sample template, hostile values, and an operator's folder.

use serde::Serialize;

use super::{Renderer, render};
use crate::render::check::check;
use crate::render::markdown::Markdown;
use crate::render::view::{Sample, View};

#[derive(Serialize, Clone)]
struct SampleView {
    title: &'static str,
    path: &'static str,
    rows: Vec<Row>,
    said: Option<&'static str>,
    log: &'static str,
    page: &'static str,
    address: &'static str,
    count: i64,
    footer: Markdown,
}

#[derive(Serialize, Clone)]
struct Row {
    what: &'static str,
    place: &'static str,
}

impl View for SampleView {
    const TEMPLATE: &'static str = "test/sample.md.j2";

    fn samples() -> Vec<Self> {
        let full = SampleView {
            title: "Ask @ada: fixes #1 | now",
            path: "src/a b.rs",
            rows: vec![Row { what: "one\ntwo", place: "a|b" }, Row { what: "</details>", place: "`x`" }],
            said: Some("first\n# second"),
            log: "a\n\n\n```\nb",
            page: "the [page]",
            address: "https://example.com/(a)",
            count: -3,
            footer: Markdown("<sub>rev 1</sub>".into()),
        };
        vec![SampleView { rows: Vec::new(), said: None, ..full.clone() }, full]
    }
}

const SAMPLES: &[Sample] = &[Sample::of::<SampleView>()];

/// A sample rendered, with `⸱` for the zero-width spaces.
fn shown(index: usize) -> String {
    render(&SampleView::samples()[index]).unwrap().replace('\u{200B}', "⸱")
}

#[test]
fn every_way_into_a_template_is_safe_and_tidy() {
    insta::assert_snapshot!(shown(1), @r####"
**Ask @⸱ada: fixes #⸱1 \| now** at `src/a b.rs`

| What | Where |
|-|-|
| one<br>two | <code>a&#124;b</code> |
| &lt;/details&gt; | `` `x` `` |

> first
> \# second

````text
a


```
b
````

[the \[page\]](https://example.com/%28a%29) · Ask @⸱ad… · -3

<sub>rev 1</sub>
"####);
}

#[test]
fn absent_parts_leave_no_gap() {
    insta::assert_snapshot!(shown(0), @r####"
**Ask @⸱ada: fixes #⸱1 \| now** at `src/a b.rs`

| What | Where |
|-|-|

````text
a


```
b
````

[the \[page\]](https://example.com/%28a%29) · Ask @⸱ad… · -3

<sub>rev 1</sub>
"####);
}

#[test]
fn the_table_of_views_is_checked() {
    // Templates of features have their views further down; the table of all is checked beside them.
    let about_the_sample = |samples: &[Sample]| {
        let mut problems = check(samples, &Renderer::default());
        problems.retain(|problem| problem.starts_with("test/sample.md.j2"));
        problems
    };
    assert_eq!(about_the_sample(SAMPLES), [""; 0]);
    assert_eq!(about_the_sample(&[]), ["test/sample.md.j2: no view fills this template"]);
}

#[test]
fn our_markdown_is_a_string_for_every_other_format() {
    assert_eq!(serde_json::to_string(&Markdown("**a**".into())).unwrap(), "\"**a**\"");
}

fn overridden(template: &str) -> (Renderer, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("test")).unwrap();
    std::fs::write(folder.path().join("test/sample.md.j2"), template).unwrap();
    let (renderer, warnings) = Renderer::with_overrides(folder.path(), SAMPLES);
    let prefix = format!("{}/", folder.path().display());
    (renderer, warnings.iter().map(|warning| warning.replace(&prefix, "")).collect())
}

fn first(renderer: &Renderer) -> String {
    renderer.render(&SampleView::samples()[0]).unwrap()
}

#[test]
fn an_operator_may_replace_a_template() {
    let (renderer, warnings) =
        overridden("Hello, {{ title | short(5) }}\n{% autoescape false %}{{ title }}{% endautoescape %}\n");
    assert_eq!(warnings, [""; 0]);
    assert_eq!(first(&renderer), "Hello, Ask…\nAsk @\u{200B}ada: fixes #\u{200B}1 \\| now");
}

#[test]
fn a_broken_template_of_the_operator_is_left_out_with_a_warning() {
    let default = first(&Renderer::default());
    let cases = [
        ("{{ missing }}", "line 1 of test/sample.md.j2: undefined value"),
        ("a\n{% if %}", "line 2 of test/sample.md.j2: syntax error"),
        ("{{ title | safe }}", "line 1 of test/sample.md.j2: unknown filter"),
        (
            "{{ rows }}",
            "line 1 of test/sample.md.j2: invalid operation: cannot print a value of kind sequence",
        ),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "line 1 of test/sample.md.j2: engine ran out of fuel",
        ),
        ("{% include 'test/sample.md.j2' %}", "recursion"),
        ("{{ said }}", "line 1 of test/sample.md.j2: invalid operation: cannot print a value of kind none"),
    ];
    for (template, expected) in cases {
        let (renderer, warnings) = overridden(template);
        assert_eq!(warnings.len(), 1, "{template}: {warnings:?}");
        assert!(
            warnings[0].starts_with("test/sample.md.j2: ") && warnings[0].ends_with("; the default is used"),
            "{warnings:?}"
        );
        assert!(warnings[0].contains(expected), "{template}: {warnings:?}");
        assert_eq!(first(&renderer), default);
    }
}

#[test]
fn a_template_that_fails_later_is_replaced_then() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("test")).unwrap();
    std::fs::write(folder.path().join("test/sample.md.j2"), "{{ rows[0].what }}").unwrap();
    let (renderer, warnings) = Renderer::with_overrides(folder.path(), &[]);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(first(&renderer), first(&Renderer::default()));
    assert_eq!(renderer.render(&SampleView::samples()[1]).unwrap(), "one two");
}
