//! What the bot says of the two work items of the default issue, where several tests come by it.

/// `/approve`, where both are opened by it.
pub fn both_opened(rev: i64, [first, second]: [i64; 2]) -> String {
    format!(
        "**Rev {rev} is approved: 2 work items are open as sub-issues.**

1. #{first} Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
2. #{second} Read the limit from `config/limits.toml` · size S · waits for #{first}

Start with #{first} once #1 is done. `/undo` closes them again while nobody has touched them.

<sub>rev {rev} · base df4d183 · no model · `/help`</sub>"
    )
}

/// `/items`, where both are open.
pub fn both_open(rev: i64, [first, second]: [i64; 2]) -> String {
    format!(
        "**Both work items are open.**

| | work item | state | waits for |
|-|-|-|-|
| 1 | #{first} Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1 |
| 2 | #{second} Read the limit from config/limits.toml | open | #{first} |

Nothing can be started now: #{first} waits for #1; #{second} waits for #{first}.

<sub>rev {rev} · base df4d183 · no model · `/help`</sub>"
    )
}
