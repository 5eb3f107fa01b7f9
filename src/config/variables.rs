//! The table of environment variables: what `serve` reads, what the reference shows, and which names are reserved.

/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// As it is written in the environment.
    pub name: &'static str,
    /// The default, as the reference shows it; empty when there is none.
    pub default: &'static str,
    /// What it does, in one or two sentences of Markdown.
    pub meaning: &'static str,
    /// Whether it is a secret, which can also come from the file that `NAME_PATH` names.
    pub secret: bool,
    /// Whether this version reads it; the others are reserved and get a warning when set.
    pub built: bool,
}

/// Every variable, in the order of the reference.
pub static VARIABLES: &[Variable] = &[
    secret(
        "DATABASE_URL",
        "`sqlite://millwright.db`",
        "The database: `sqlite://FILE`, created when it is missing, or `postgres://…` when several instances run.",
    ),
    plain("HOST", "`127.0.0.1`", "The address to listen on; `0.0.0.0` in a container."),
    plain("PORT", "`3000`", "The port to listen on; `0` takes a free one."),
    plain(
        "GITHUB_APP_ID",
        "",
        "Required. The App id or the client id, both on the settings page of your GitHub App.",
    ),
    secret(
        "GITHUB_APP_PRIVATE_KEY",
        "",
        "Required. The App's private key as PEM text; line ends may be written `\\n`. Two blocks are the new and the old key during a rotation: the first one signs, what either signed is accepted.",
    ),
    secret(
        "GITHUB_WEBHOOK_SECRET",
        "",
        "Required. The webhook secret of the App. `new,old` accepts both during a rotation, so it cannot contain a comma.",
    ),
    plain(
        "GITHUB_API_URL",
        "`https://api.github.com`",
        "The REST API; `https://HOST/api/v3` for GitHub Enterprise Server.",
    ),
    plain("GITHUB_GRAPHQL_URL", "from `GITHUB_API_URL`", "The GraphQL API."),
    plain("GITHUB_URL", "from `GITHUB_API_URL`", "The pages of GitHub that people see."),
    secret(
        "MILLWRIGHT_SECRET",
        "derived from the App key",
        "Signs the hidden markers in our comments; one key per purpose is derived from it. `new,old` signs with the new one and accepts both.",
    ),
    plain(
        "MILLWRIGHT_MODE",
        "`commands` for an installation of more than 20 repositories, else `full`",
        "`observe` writes nothing, `commands` answers only when spoken to, `full` does everything. Nothing is done unasked in this version, so `commands` and `full` do the same. The most cautious of this and what an organization or a repository sets wins.",
    ),
    plain(
        "GITHUB_ALLOWED_OWNERS",
        "all",
        "Comma-separated logins. Deliveries of other owners are answered 200 and nothing else happens.",
    ),
    plain(
        "GITHUB_ALLOWED_REPOSITORIES",
        "all",
        "Comma-separated `owner/name`. Deliveries of other repositories are answered 200 and nothing else happens. With both lists set, a repository has to pass both.",
    ),
    plain(
        "HTTPS_PROXY",
        "",
        "A proxy for requests to GitHub, `http://` or `https://`. `https_proxy` is read too and wins.",
    ),
    plain(
        "NO_PROXY",
        "",
        "Comma-separated hosts that are reached without the proxy. `no_proxy` is read too and wins.",
    ),
    plain(
        "SSL_CERT_FILE",
        "",
        "A PEM file of further certificate authorities to trust, as a proxy or a GitHub Enterprise Server may need.",
    ),
    plain(
        "RUST_LOG",
        "`info`",
        "What is logged: `debug`, or per module, such as `info,millwright::github=debug`.",
    ),
    plain("LOG_FORMAT", "`text`", "`text` or `json`, one line per event on standard error."),
    plain(
        "MILLWRIGHT_TEMPLATES",
        "the built-in texts",
        "A folder of templates that take the place of those in `templates/` with the same path.",
    ),
    secret(
        "MILLWRIGHT_METRICS_TOKEN",
        "",
        "Lets `GET /metrics` be read from another machine, with the header `Authorization: Bearer TOKEN`; without it only this machine reads them.",
    ),
    plain("AUDIT_LOG", "off", "A file to which every write to GitHub is appended as one line of JSON."),
    plain(
        "MILLWRIGHT_CRASH_AT",
        "",
        "For fault tests only: the process ends itself at the point of this name.",
    ),
    plain(
        "MILLWRIGHT_LEASE_MS",
        "`60000`",
        "For fault tests only: how long a worker holds a job without a heartbeat.",
    ),
    plain(
        "MILLWRIGHT_TIME_LIMIT_MS",
        "`900000`",
        "For fault tests only: how long one run of a job may take.",
    ),
    plain("MILLWRIGHT_CLOCK_OFFSET_S", "`0`", "For fault tests only: shifts this server's clock."),
    reserved("PUBLIC_URL"),
    reserved("GITHUB_CLIENT_ID"),
    reserved_secret("GITHUB_CLIENT_SECRET"),
    reserved("WEBHOOK_PROXY_URL"),
    reserved_secret("ANTHROPIC_API_KEY"),
    reserved("ANTHROPIC_BASE_URL"),
    reserved("ANTHROPIC_MODEL"),
    reserved_secret("GEMINI_API_KEY"),
    reserved("GEMINI_BASE_URL"),
    reserved("GEMINI_MODEL"),
    reserved_secret("OPENAI_API_KEY"),
    reserved("OPENAI_BASE_URL"),
    reserved("OPENAI_MODEL"),
    reserved("AI_MONTHLY_LIMIT_USD"),
    reserved("AI_REPOSITORIES"),
    reserved("OTEL_EXPORTER_OTLP_ENDPOINT"),
];

/// The row of a variable.
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// The listed name that this one most likely was meant to be, when it is at most two letters away from it.
pub fn nearest(name: &str) -> Option<String> {
    // Short names such as PORT are two letters away from too many others.
    if name.len() < 8 || is_listed(name) {
        return None;
    }
    let known = VARIABLES.iter().filter(|variable| variable.built).flat_map(names_of);
    let near = known
        .map(|known| (strsim::levenshtein(&known, name), known))
        .min_by_key(|(distance, _)| *distance)?;
    (near.0 <= 2).then_some(near.1)
}

/// The reference of all variables that this version reads, as a section of Markdown.
pub fn reference() -> String {
    let mut page = String::from(INTRODUCTION);
    for variable in VARIABLES.iter().filter(|variable| variable.built) {
        let secret = if variable.secret { " Secret." } else { "" };
        page.push_str(&format!(
            "| `{}` | {} | {}{secret} |\n",
            variable.name,
            if variable.default.is_empty() { "–" } else { variable.default },
            variable.meaning
        ));
    }
    page
}

const INTRODUCTION: &str = "\
## Environment

`millwright serve` reads these variables at its start and names all problems at once. An empty variable counts as not set.
Each one marked as a secret can also come from a file: set the same name with `_PATH` behind it to the file's path.

| variable | default | meaning |
| --- | --- | --- |
";

fn is_listed(name: &str) -> bool {
    VARIABLES.iter().flat_map(names_of).any(|known| known == name)
}

fn names_of(variable: &'static Variable) -> impl Iterator<Item = String> {
    let path = variable.secret.then(|| format!("{}_PATH", variable.name));
    std::iter::once(variable.name.to_owned()).chain(path)
}

const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, meaning, secret: false, built: true }
}

const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, meaning, secret: true, built: true }
}

const fn reserved(name: &'static str) -> Variable {
    Variable { name, default: "", meaning: "", secret: false, built: false }
}

const fn reserved_secret(name: &'static str) -> Variable {
    Variable { name, default: "", meaning: "", secret: true, built: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_lists_what_is_built_and_nothing_else() {
        let page = reference();
        for variable in VARIABLES {
            let listed = page.contains(&format!("| `{}` |", variable.name));
            assert_eq!(listed, variable.built, "{}", variable.name);
            assert_eq!(variable.meaning.is_empty(), !variable.built, "{}", variable.name);
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<String> = VARIABLES.iter().flat_map(names_of).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_typing_error_finds_its_name_and_strangers_find_none() {
        assert_eq!(nearest("GITHUB_APPID").as_deref(), Some("GITHUB_APP_ID"));
        assert_eq!(nearest("MILLWRIGHT_MODES").as_deref(), Some("MILLWRIGHT_MODE"));
        assert_eq!(nearest("GITHUB_WEBHOOK_SECRET_PAHT").as_deref(), Some("GITHUB_WEBHOOK_SECRET_PATH"));
        for other in
            ["GITHUB_APP_ID", "GITHUB_ACTIONS", "GITHUB_TOKEN", "HOSTS", "POST", "OPENAI_API_KEY", "PATH"]
        {
            assert_eq!(nearest(other), None, "{other}");
        }
    }
}
