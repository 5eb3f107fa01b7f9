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
}

impl CommandsKeys {
    /// The ignored names without slashes.
    pub fn ignored_names(&self) -> Option<Vec<String>> {
        let names = self.ignore.as_ref()?;
        Some(names.iter().map(|name| name.trim_start_matches('/').to_owned()).collect())
    }
}
