//! What is refused unless the option is given.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;

static UNLESS: Pattern = Pattern::new(
    r"^(.{4,200}?),? unless (?:the )?`?(--[\w-]+)`?(?: (?:option|flag))?(?: (?:is|was) (?:given|set|passed|there|used))?[.!]?$",
);
static REFUSES: Pattern = Pattern::new(r"\b(?:refuse|fail|stop|abort|exit|end)s?\b");

/// `Refuse it unless --force is given`: what comes without it.
pub(super) fn unless(text: &str, flag: &str) -> Option<String> {
    let found = UNLESS.captures(text).filter(|found| found.get(2).is_some_and(|it| it.as_str() == flag))?;
    let refused = found.get(1)?.as_str();
    REFUSES.is_in(refused).then(|| match quantity::exit_code(refused) {
        Some(code) => format!("exit code {code}, nothing is done"),
        None => "refused, nothing is done".to_owned(),
    })
}
