//! The operator's list of whom this instance works for.

/// Owners and repositories that are served; an empty list does not narrow anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    owners: Vec<String>,
    repositories: Vec<String>,
}

impl Allowed {
    /// Lists as the operator wrote them; case does not matter.
    pub fn new(owners: Vec<String>, repositories: Vec<String>) -> Self {
        Self { owners: lower(owners), repositories: lower(repositories) }
    }

    /// Whether a delivery about this repository is for us. `full_name` is `owner/name`.
    pub fn repository(&self, full_name: &str) -> bool {
        let full_name = full_name.to_lowercase();
        let owner = owner_of(&full_name);
        let owner_passes = self.owners.is_empty() || self.owners.iter().any(|allowed| allowed == owner);
        let name_passes = self.repositories.is_empty() || self.repositories.contains(&full_name);
        owner_passes && name_passes
    }

    /// Whether a delivery about an account as a whole, such as a new installation, is for us.
    pub fn owner(&self, login: &str) -> bool {
        let login = login.to_lowercase();
        let listed = self.owners.is_empty() || self.owners.contains(&login);
        let has_repository =
            self.repositories.is_empty() || self.repositories.iter().any(|name| owner_of(name) == login);
        listed && has_repository
    }

    /// Whether a delivery is for us that names this repository or, where it names none, this account.
    pub fn lets_in(&self, repository: Option<&str>, account: Option<&str>) -> bool {
        match (repository, account) {
            (Some(full_name), _) => self.repository(full_name),
            (None, Some(login)) => self.owner(login),
            // Nobody is named, so no list can let it pass.
            (None, None) => self.is_everybody(),
        }
    }

    /// Whether everybody is served.
    pub fn is_everybody(&self) -> bool {
        self.owners.is_empty() && self.repositories.is_empty()
    }

    /// A listed repository whose owner the other list leaves out, so that nothing can ever match it.
    pub fn contradiction(&self) -> Option<&str> {
        let never =
            |name: &&String| !self.owners.is_empty() && !self.owners.iter().any(|o| o == owner_of(name));
        self.repositories.iter().find(never).map(String::as_str)
    }
}

/// Reads comma-separated logins.
///
/// # Errors
/// One sentence about the first entry that is none.
pub fn owners(text: &str) -> Result<Vec<String>, String> {
    let list = entries(text)?;
    match list.iter().find(|entry| !is_name(entry)) {
        Some(wrong) => {
            Err(format!("has {}, which is no login; list logins such as `octocat,github`", quoted(wrong)))
        }
        None => Ok(list),
    }
}

/// Reads comma-separated `owner/name`.
///
/// # Errors
/// One sentence about the first entry that is none.
pub fn repositories(text: &str) -> Result<Vec<String>, String> {
    let list = entries(text)?;
    let is_full_name =
        |entry: &str| entry.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name));
    match list.iter().find(|entry| !is_full_name(entry)) {
        Some(wrong) => Err(format!(
            "has {}, which is not `owner/name`; list names such as `octocat/hello`",
            quoted(wrong)
        )),
        None => Ok(list),
    }
}

fn entries(text: &str) -> Result<Vec<String>, String> {
    let list: Vec<String> =
        text.split(',').map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect();
    // An empty list would mean everybody, which is the opposite of what a lone comma can mean.
    if list.is_empty() { Err("lists nobody; unset it to serve everybody".to_owned()) } else { Ok(list) }
}

fn quoted(entry: &str) -> String {
    crate::config::reader::shown(entry)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn owner_of(full_name: &str) -> &str {
    full_name.split_once('/').map_or(full_name, |(owner, _)| owner)
}

fn lower(list: Vec<String>) -> Vec<String> {
    list.into_iter().map(|entry| entry.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(of_owners: &str, of_repositories: &str) -> Allowed {
        let list = |text: &str, read: fn(&str) -> Result<Vec<String>, String>| match text {
            "" => Vec::new(),
            text => read(text).unwrap(),
        };
        Allowed::new(list(of_owners, owners), list(of_repositories, repositories))
    }

    #[test]
    fn lists_narrow_and_case_does_not_matter() {
        let everybody = allowed("", "");
        assert!(everybody.repository("any/thing") && everybody.owner("any") && everybody.is_everybody());

        let owners = allowed("Acme, octo", "");
        assert!(owners.repository("acme/x") && owners.repository("OCTO/y") && owners.owner("aCme"));
        assert!(!owners.repository("other/acme") && !owners.owner("other") && !owners.is_everybody());

        let one = allowed("", "acme/Web");
        assert!(one.repository("ACME/web") && one.owner("acme"));
        assert!(!one.repository("acme/api") && !one.owner("octo"));

        let both = allowed("acme", "acme/web");
        assert!(both.repository("acme/web") && !both.repository("acme/api"));
        assert_eq!(both.contradiction(), None);
        assert_eq!(allowed("acme", "octo/web").contradiction(), Some("octo/web"));
    }

    #[test]
    fn wrong_entries_are_named() {
        assert!(owners("acme,octo/hello").unwrap_err().contains("`octo/hello`"));
        assert!(repositories("acme").unwrap_err().contains("`acme`"));
        assert!(repositories("a/b/c").is_err());
        assert!(owners(" , ").is_err());
    }
}
