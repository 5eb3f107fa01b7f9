//! Issues that do not fit: names that nobody has, and prose in German.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::plan::Verdict;
use crate::domain::snapshot::Snapshot;

pub fn compiler() -> Snapshot {
    repository(
        "tinylang/compiler",
        "de1e7ed",
        &[
            ("lexer.c", "int next_token(void) { return 0; }\n"),
            ("parser.c", "int parse(void) { return 0; }\n"),
            ("Makefile", "test:\n\t./run\n"),
        ],
    )
}

pub fn nowhere() -> Brief {
    let body = "`PaymentGateway.charge` must return 402 when the card expired, in `billing/gateway.kt`.\n\n`billing/Refund.kt` must not be called twice.\n";
    issue(5, "Expired cards are charged", body)
}

#[test]
fn names_nobody_has_make_no_plan() {
    assert_eq!(planned(&nowhere(), &compiler()).verdict, Verdict::NotFeasible);
    insta::assert_snapshot!(comment(&nowhere(), &compiler()), @"
    **Not plannable here: the tree has none of `PaymentGateway.charge`, `billing/gateway.kt` and `billing/Refund.kt`. Is it the right repository?**

    | | The issue asks | Proved by |
    |-|-|-|
    | R1 | “`PaymentGateway.charge` must return 402 when the card expired, in `billing/gateway.kt`.” | the card expired: 402 · otherwise: not 402 |
    | R2 | “`billing/Refund.kt` must not be called twice.” | `billing/Refund.kt`: not called twice |

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. `PaymentGateway.charge` stands in none of the 3 files read. Which is meant? *Default: R1 creates it.*
    2. `billing/gateway.kt` is not in the tree and no file has a similar name. Which is meant? *Default: R1 creates it.*
    3. `billing/Refund.kt` is not in the tree and no file has a similar name. Which is meant? *Default: R2 creates it.*

    `/revise …` makes the next revision
    <sub>rev 1 · base de1e7ed · no model · `/help`</sub>
    ");
}

pub fn werkstatt() -> Snapshot {
    repository(
        "werkstatt/termine",
        "ab1e5ea",
        &[
            (
                "src/main/java/de/werkstatt/Termin.java",
                "package de.werkstatt;\npublic class Termin {\n  public void verschieben() {}\n}\n",
            ),
            (
                "src/main/java/de/werkstatt/Mail.java",
                "package de.werkstatt;\nimport de.werkstatt.Termin;\npublic class Mail {}\n",
            ),
            ("src/test/java/de/werkstatt/TerminTest.java", "package de.werkstatt;\nclass TerminTest {}\n"),
            ("pom.xml", "<project/>\n"),
        ],
    )
}

pub fn termine() -> Brief {
    let body = "Kunden verschieben Termine zu oft.\n\nEin Termin in `src/main/java/de/werkstatt/Termin.java` darf höchstens 3 mal verschoben werden. Danach soll `Mail.java` eine Absage senden.\n";
    issue(19, "Termine nicht endlos verschieben", body)
}

#[test]
fn german_prose_keeps_its_words() {
    insta::assert_snapshot!(comment(&termine(), &werkstatt()), @"
    **Fits one small pull request in `src/main/java/de/werkstatt/Termin.java`. Nothing is open.**

    | | The issue asks | Where, at [`ab1e5ea`][base] | Proved by these cases in [`src/test/java/de/werkstatt/TerminTest.java`][f1] |
    |-|-|-|-|
    | R1 | “Ein Termin in `src/main/java/de/werkstatt/Termin.java` darf höchstens 3 mal verschoben werden.” | [`src/main/java/de/werkstatt/Termin.java`][f2] | 3 mal: accepted · 4 mal: not |
    | R2 | “Danach soll `Mail.java` eine Absage senden.” | [`src/main/java/de/werkstatt/Mail.java`][f3] | its test, red before the change |

    **Work item**
    1. **Termine nicht endlos verschieben.** R1, R2 · size S

    **Used by others:** `src/main/java/de/werkstatt/Termin.java` by `src/main/java/de/werkstatt/Mail.java`.
    **Done when** these 2 cases and a test of R2 are in `src/test/java/de/werkstatt/TerminTest.java`; no workflow step names `mvn test`; on your machine: `mvn test -Dtest=TerminTest`.
    **Not checked:** what `src/main/java/de/werkstatt/Termin.java` and `src/main/java/de/werkstatt/Mail.java` do today; German prose beyond code and numbers. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base ab1e5ea · no model · `/help`</sub>

    [base]: https://github.com/werkstatt/termine/tree/ab1e5eaab1e5eaab1e5eaab1e5eaab1e5eaab1e5
    [f1]: https://github.com/werkstatt/termine/blob/ab1e5eaab1e5eaab1e5eaab1e5eaab1e5eaab1e5/src/test/java/de/werkstatt/TerminTest.java
    [f2]: https://github.com/werkstatt/termine/blob/ab1e5eaab1e5eaab1e5eaab1e5eaab1e5eaab1e5/src/main/java/de/werkstatt/Termin.java
    [f3]: https://github.com/werkstatt/termine/blob/ab1e5eaab1e5eaab1e5eaab1e5eaab1e5eaab1e5/src/main/java/de/werkstatt/Mail.java
    ");
}
