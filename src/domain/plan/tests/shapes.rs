//! Issues of other shapes: forms, scenarios, long proposals, a maintainer's last word, numbers to reach, tokens.

use std::fmt::Write;

use super::reading::said;
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::snapshot::Snapshot;

pub fn parcels() -> Snapshot {
    repository(
        "paketo/parcels",
        "c0ffee5",
        &[
            (
                "src/Parcels/Tracking/TrackingOptions.cs",
                "namespace Parcels.Tracking;\npublic class TrackingOptions\n{\n    public int PollSeconds { get; set; }\n}\n",
            ),
            (
                "src/Parcels/Tracking/Tracker.cs",
                "namespace Parcels.Tracking;\npublic class Tracker\n{\n    public void Poll() {}\n}\n",
            ),
            (
                "test/Parcels.Tests/Tracking/TrackerTests.cs",
                "using Parcels.Tracking;\npublic class TrackerTests {}\n",
            ),
            ("samples/Basic/Program.cs", "using Parcels.Tracking;\n"),
            (
                ".github/workflows/build.yml",
                "on: pull_request\njobs:\n  build:\n    steps:\n      - run: ./build.ps1\n",
            ),
        ],
    )
}

pub fn form() -> Brief {
    let body = "### Is there an existing issue for this?\n\n- [x] I have searched the existing issues\n- [ ] I am willing to send a pull request\n\n### What problem does it solve?\n\nWe have to restart the service to change how often it polls.\n\n### Describe the solution you'd like\n\nA new property `MaxSilence` (TimeSpan?, default null) on `TrackingOptions`. `Tracker` must not poll once `MaxSilence` has elapsed since the last change. A poll that runs must not be cancelled. Values <= 0 should fail validation.\n\n### Alternatives you've considered\n\nWe should not have to fork.\n\n### Anything else?\n\n_No response_\n";
    issue(41, "[Feature]: Stop polling silent parcels", body)
}

#[test]
fn a_form_is_read_by_its_headings() {
    insta::assert_snapshot!(comment(&form(), &parcels()), @"
    **Fits one small pull request in `src/Parcels/Tracking/TrackingOptions.cs`. Nothing is open.**

    | | The issue asks | Where, at [`c0ffee5`][base] | Proved by these cases in the new `test/Parcels.Tests/Tracking/TrackingOptionsTests.cs` |
    |-|-|-|-|
    | R1 | “A new property `MaxSilence` (TimeSpan?, default null) on `TrackingOptions`.” | [`src/Parcels/Tracking/TrackingOptions.cs`][f1] line 2 | `MaxSilence` not given: null |
    | R2 | “`Tracker` must not poll once `MaxSilence` has elapsed since the last change.” | [`src/Parcels/Tracking/Tracker.cs`][f2] line 2 | `MaxSilence` has elapsed since the last change: `Tracker` does not poll |
    | R3 | “A poll that runs must not be cancelled.” |  | A poll that runs: not cancelled |
    | R4 | “Values &lt;= 0 should fail validation.” |  | Values &lt;= 0: fail validation |

    **Work item**
    1. **Stop polling silent parcels.** R1–R4 · size S

    **Done when** these 4 cases are in `test/Parcels.Tests/Tracking/TrackingOptionsTests.cs`.
    **Not checked:** how much of [`src/Parcels/Tracking/TrackingOptions.cs`][f3] changes. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base c0ffee5 · no model · `/help`</sub>

    [base]: https://github.com/paketo/parcels/tree/c0ffee5c0ffee5c0ffee5c0ffee5c0ffee5c0ffe
    [f1]: https://github.com/paketo/parcels/blob/c0ffee5c0ffee5c0ffee5c0ffee5c0ffee5c0ffe/src/Parcels/Tracking/TrackingOptions.cs#L2
    [f2]: https://github.com/paketo/parcels/blob/c0ffee5c0ffee5c0ffee5c0ffee5c0ffee5c0ffe/src/Parcels/Tracking/Tracker.cs#L2
    [f3]: https://github.com/paketo/parcels/blob/c0ffee5c0ffee5c0ffee5c0ffee5c0ffee5c0ffe/src/Parcels/Tracking/TrackingOptions.cs
    ");
}

pub fn boats() -> Snapshot {
    repository(
        "hafen/boats",
        "b0a7b0a",
        &[
            ("lib/boats/berth.rb", "module Boats\n  class Berth\n    def release\n    end\n  end\nend\n"),
            ("test/spec_berth.rb", "describe Boats::Berth do\nend\n"),
            ("Gemfile", "gem 'minitest'\ngem 'rake'\n"),
            (
                ".github/workflows/test.yaml",
                "on: [push, pull_request]\njobs:\n  test:\n    steps:\n      - run: bundle exec rake\n",
            ),
        ],
    )
}

pub fn scenarios() -> Brief {
    let body = "Given a berth that is booked\nWhen the owner releases it in `lib/boats/berth.rb`\nThen the next on the list gets a mail\n\nGiven a berth nobody waits for\nWhen the owner releases it\nThen it is shown as free\n";
    issue(8, "Released berths go to the next on the list", body)
}

#[test]
fn scenarios_are_cases() {
    insta::assert_snapshot!(comment(&scenarios(), &boats()), @"
    **Fits one small pull request in `lib/boats/berth.rb`. Nothing is open.**

    | | The issue asks | Where, at [`b0a7b0a`][base] | Proved by these cases in [`test/spec_berth.rb`][f1] |
    |-|-|-|-|
    | R1 | “Given a berth that is booked When the owner releases it in `lib/boats/berth.rb` Then the next on the list gets a mail” | `lib/boats/berth.rb` | a berth that is booked, when the owner releases it in [`lib/boats/berth.rb`][f2]: the next on the list gets a mail |
    | R2 | “Given a berth nobody waits for When the owner releases it Then it is shown as free” | `lib/boats/berth.rb` | a berth nobody waits for, when the owner releases it: it is shown as free |

    **Work item**
    1. **Released berths go to the next on the list.** R1, R2 · size S

    **Done when** these 2 cases are in and `bundle exec rake` in [`test.yaml`][f3] is green; on your machine: `bundle exec ruby -Ilib -Itest test/spec_berth.rb`.
    **Not checked:** what `lib/boats/berth.rb` does today. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base b0a7b0a · no model · `/help`</sub>

    [base]: https://github.com/hafen/boats/tree/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b
    [f1]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/test/spec_berth.rb
    [f2]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/lib/boats/berth.rb
    [f3]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/.github/workflows/test.yaml
    ");
}

pub fn panes() -> Snapshot {
    repository(
        "fenster/panes",
        "9a9e5ed",
        &[
            ("pkg/ui/files.go", "package ui\n\nfunc (f *Files) Print() {}\n"),
            ("pkg/ui/staging.go", "package ui\n\nfunc (s *Staging) Preview() {}\n"),
            (
                "pkg/ui/files_test.go",
                "package ui\n\nfunc TestPrint(t *testing.T) {}\n\nfunc BenchmarkPrint(b *testing.B) {}\n",
            ),
            ("go.mod", "module fenster.example/panes\n"),
            (
                ".github/workflows/ci.yml",
                "on: pull_request\njobs:\n  unit:\n    steps:\n      - run: go test ./... -short\n",
            ),
        ],
    )
}

pub fn last_word() -> Brief {
    Brief {
        comments: vec![
            said("passer", "none", "It must also make coffee."),
            said(
                "grace",
                "maintain",
                "Yes. `ctrl+p` must show the whole page before it prints.\n\nTo do so we would have to lift the printer out of `pkg/ui/files.go`, for `pkg/ui/staging.go` to share.\n\nWho takes it?",
            ),
        ],
        ..issue(
            27,
            "Print from the preview",
            "I print forty labels a day and have to leave the preview for each.\n\n**Describe the solution you'd like**\nThe print key should work while the preview is open.\n",
        )
    }
}

#[test]
fn the_maintainers_word_counts_and_names_the_places() {
    let text = comment(&last_word(), &panes());
    assert!(!text.contains("coffee"), "{text}");
    insta::assert_snapshot!(text, @"
    **Fits one small pull request in `pkg/ui/files.go`. Nothing is open.**

    | | The issue asks | Where, at [`9a9e5ed`][base] | Proved by these cases in [`pkg/ui/files_test.go`][f1] |
    |-|-|-|-|
    | R1 | “The print key should work while the preview is open.” | [`pkg/ui/files.go`][f2]; [`pkg/ui/staging.go`][f3] | while the preview is open: the print key works |
    | R2 | grace: “`ctrl+p` must show the whole page before it prints.” | `pkg/ui/files.go`; `pkg/ui/staging.go` | `ctrl+p`: shows the whole page before it prints |

    **Work item**
    1. **Print from the preview.** R1, R2 · size S

    **Done when** these 2 cases are in and `go test ./... -short` in [`ci.yml`][f4] is green; on your machine: `go test ./pkg/ui`.
    **Not checked:** what `pkg/ui/files.go` and `pkg/ui/staging.go` do today. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base 9a9e5ed · no model · `/help`</sub>

    [base]: https://github.com/fenster/panes/tree/9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5
    [f1]: https://github.com/fenster/panes/blob/9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5/pkg/ui/files_test.go
    [f2]: https://github.com/fenster/panes/blob/9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5/pkg/ui/files.go
    [f3]: https://github.com/fenster/panes/blob/9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5/pkg/ui/staging.go
    [f4]: https://github.com/fenster/panes/blob/9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5ed9a9e5/.github/workflows/ci.yml
    ");
}

pub fn quicker() -> Brief {
    let body = "I call it on every key press.\n\nideally:\n- `lib/boats/berth.rb` lists 5,000 berths in under 20 ms\n- loading must not get slower, please < 1 ms more\n";
    issue(15, "List berths quicker", body)
}

#[test]
fn numbers_to_reach_are_benchmarks() {
    insta::assert_snapshot!(comment(&quicker(), &boats()), @"
    **Fits one small pull request in `lib/boats/berth.rb`. Nothing is open.**

    | | The issue asks | Where, at [`b0a7b0a`][base] | Proved by these cases in [`test/spec_berth.rb`][f1] |
    |-|-|-|-|
    | R1 | “`lib/boats/berth.rb` lists 5,000 berths in under 20 ms” | [`lib/boats/berth.rb`][f2] | benchmark with 5,000 berths: median under 20 ms · the same at `b0a7b0a`: noted beside 20 ms |
    | R2 | “loading must not get slower, please &lt; 1 ms more” | `lib/boats/berth.rb` | benchmark with 5,000 berths: median at most 1 ms above that of `b0a7b0a` · the same at `b0a7b0a`: noted beside 1 ms |

    **Work item**
    1. **List berths quicker.** R1, R2 · size S

    **Read as:** “20 ms” = the median on one machine.
    **Done when** these 4 cases are in and `bundle exec rake` in [`test.yaml`][f3] is green; on your machine: `bundle exec ruby -Ilib -Itest test/spec_berth.rb`.
    **Not checked:** what `lib/boats/berth.rb` does today. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base b0a7b0a · no model · `/help`</sub>

    [base]: https://github.com/hafen/boats/tree/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b
    [f1]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/test/spec_berth.rb
    [f2]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/lib/boats/berth.rb
    [f3]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/.github/workflows/test.yaml
    ");
}

/// About 3,000 words, of which four sentences ask for something.
pub fn proposal() -> Brief {
    let mut body = String::from("# Motivation\n\n");
    for year in 0..140 {
        let _ = writeln!(
            body,
            "In year {year} the harbor grew and somebody wrote a letter about it that nobody read to its end.\n"
        );
    }
    body.push_str("# Proposal\n\nBerths are let by the night. `Berth` should keep the name of the last owner. When two boats ask for one berth, the first must win.\n\n# Alternatives\n\n- a paper list\n- a bell\n\n# Out of scope\n\nPrices must not change.\n\n# Acceptance\n\n- releasing a berth twice must raise `Boats::Error` in `lib/boats/berth.rb`\n");
    issue(99, "Proposal: berths by the night", &body)
}

#[test]
fn a_long_proposal_is_one_screen() {
    let text = comment(&proposal(), &boats());
    assert!(proposal().body.split_whitespace().count() > 2_500 && text.len() < 5_000);
    insta::assert_snapshot!(text, @"
    **Fits one small pull request in `lib/boats/berth.rb`. One point is open, with a default.**

    | | The issue asks | Where, at [`b0a7b0a`][base] | Proved by these cases in [`test/spec_berth.rb`][f1] |
    |-|-|-|-|
    | R1 | “`Berth` should keep the name of the last owner.” | [`lib/boats/berth.rb`][f2] line 2 | `Berth`: keeps the name of the last owner |
    | R2 | “When two boats ask for one berth, the first must win.” | `lib/boats/berth.rb` line 2 | two boats ask for one berth: the first wins |
    | R3 | “releasing a berth twice must raise `Boats::Error` in `lib/boats/berth.rb`” | `lib/boats/berth.rb` | releasing a berth twice: raises `Boats::Error` in [`lib/boats/berth.rb`][f3] |

    **Work item**
    1. **Berths by the night.** R1–R3 · size S

    **Question** (the author may answer too: `/revise 1: …`)
    1. `Boats::Error` stands in none of the 4 files read. Which is meant? *Default: R3 creates it.*

    <details><summary>Decision to record: 2 options</summary>

    Status: proposed

    - “a paper list”
    - “a bell”

    Chosen: 

    Because: 

    </details>

    **Read as:** “Prices must not change.” stays out, as said in line 294.
    **Done when** these 3 cases are in and `bundle exec rake` in [`test.yaml`][f4] is green; on your machine: `bundle exec ruby -Ilib -Itest test/spec_berth.rb`.
    **Not checked:** what `lib/boats/berth.rb` does today; left aside: what line 285 asks (“Berths are let by the night”). Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base b0a7b0a · no model · `/help`</sub>

    [base]: https://github.com/hafen/boats/tree/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b
    [f1]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/test/spec_berth.rb
    [f2]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/lib/boats/berth.rb#L2
    [f3]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/lib/boats/berth.rb
    [f4]: https://github.com/hafen/boats/blob/b0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b0ab0a7b/.github/workflows/test.yaml
    ");
}

#[test]
fn tokens_are_masked_wherever_they_are_quoted() {
    let token = "ghp_abcdefghijklmnop1234567890abcdef";
    let body = format!("- [ ] `Berth` must accept {token} and return 200\n");
    let brief = issue(3, &format!("Accept {token}"), &body);
    let plan = planned(&brief, &boats());
    let all = format!("{}{}", comment(&brief, &boats()), serde_json::to_string(&plan).expect("JSON"));
    assert!(!all.contains("ghp_") && all.contains("masked"), "{all}");
    assert!(
        plan.read_as.iter().any(|line| line.starts_with("line 1 holds what looks like a token")),
        "{:?}",
        plan.read_as
    );
}
