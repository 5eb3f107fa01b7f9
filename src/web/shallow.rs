//! The few fields of a payload that the answer to a delivery depends on.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

/// Who and what a delivery is about. Fields of another type than GitHub sends count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shallow {
    /// `opened`, `created`, …; some events have none.
    pub action: Option<String>,
    /// The installation that the delivery was made for.
    pub installation_id: Option<i64>,
    /// The repository it is about, if it is about one.
    pub repo_id: Option<i64>,
    /// `owner/name` of that repository.
    pub repo_full_name: Option<String>,
    /// The number of the issue or pull request.
    pub issue_number: Option<i64>,
    /// Login of the account that the App is installed on, where the payload says so.
    pub account_login: Option<String>,
}

/// Reads the outermost fields without building the rest. The caller has seen that the text begins an object.
///
/// # Errors
/// When the text is not JSON.
pub fn parse(body: &[u8]) -> Result<Shallow, serde_json::Error> {
    let payload: Payload = serde_json::from_slice(body)?;
    let installation = payload.installation.unwrap_or_default();
    let repository = payload.repository.unwrap_or_default();
    let numbered = payload.issue.or(payload.pull_request);
    let account = payload.organization.or(installation.account);
    Ok(Shallow {
        action: payload.action,
        installation_id: installation.id,
        repo_id: repository.id,
        repo_full_name: repository.full_name,
        issue_number: numbered.and_then(|issue| issue.number),
        account_login: account.and_then(|account| account.login),
    })
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default, deserialize_with = "lenient")]
    action: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    installation: Option<Installation>,
    #[serde(default, deserialize_with = "lenient")]
    repository: Option<Repository>,
    #[serde(default, deserialize_with = "lenient")]
    issue: Option<Numbered>,
    #[serde(default, deserialize_with = "lenient")]
    pull_request: Option<Numbered>,
    #[serde(default, deserialize_with = "lenient")]
    organization: Option<Account>,
}

#[derive(Deserialize, Default)]
struct Installation {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    account: Option<Account>,
}

#[derive(Deserialize, Default)]
struct Repository {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    full_name: Option<String>,
}

#[derive(Deserialize)]
struct Numbered {
    #[serde(default, deserialize_with = "lenient")]
    number: Option<i64>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default, deserialize_with = "lenient")]
    login: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either<T> {
    Right(T),
    Other(IgnoredAny),
}

fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(match Either::deserialize(deserializer)? {
        Either::Right(value) => Some(value),
        Either::Other(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_and_wrong_types_are_absent() {
        let body = br#"{"action":"created","issue":{"number":7,"title":null},"repository":{"id":1,"full_name":"o/r"},
            "installation":{"id":9},"organization":{"login":"o"},"deep":[[[{}]]]}"#;
        let found = parse(body).unwrap();
        assert_eq!(found.action.as_deref(), Some("created"));
        assert_eq!((found.installation_id, found.repo_id, found.issue_number), (Some(9), Some(1), Some(7)));
        assert_eq!(found.repo_full_name.as_deref(), Some("o/r"));
        assert_eq!(found.account_login.as_deref(), Some("o"));

        let odd =
            br#"{"action":1,"issue":[],"repository":null,"installation":"x","organization":{"login":{}}}"#;
        assert_eq!(parse(odd).unwrap(), Shallow::default());
        for wrong in ["", "1", "null", "\"x\"", "{", "{}}", "nonsense"] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
