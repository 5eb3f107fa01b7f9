//! `commands:` in the repository's file.

use schemars::JsonSchema;
use serde::Deserialize;

/// What the file says about commands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommandsKeys {
    /// Commands that belong to another bot here, such as `[approve]`: `/approve` is left alone, and only `@` with the App's name reaches Millwright.
    #[schemars(with = "Vec<String>", inner(regex(pattern = r"^/?[a-z][a-z0-9-]*$")), extend("default" = Vec::<String>::new(), "examples" = ["approve"]))]
    pub ignore: Option<Vec<String>>,
    /// Apps whose bots may give commands, by App id, such as `[1234567]`; all other bots are ignored, and Millwright's own words always.
    /// GitHub gives no App a role, so being listed counts as triage: what needs more stays with people.
    #[schemars(with = "Vec<i64>", inner(range(min = 1)), extend("default" = Vec::<i64>::new(), "examples" = [1_234_567]))]
    pub bots: Option<Vec<i64>>,
}

impl CommandsKeys {
    /// The ignored names without slashes.
    pub fn ignored_names(&self) -> Option<Vec<String>> {
        let names = self.ignore.as_ref()?;
        Some(names.iter().map(|name| name.trim_start_matches('/').to_owned()).collect())
    }
}
