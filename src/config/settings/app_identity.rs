//! Who we are to GitHub: the App, its keys, its webhook, and our own secret.

use secrecy::{ExposeSecret as _, SecretString};

use crate::config::private_key::{PrivateKey, private_keys};
use crate::config::reader::{Reader, shown};
use crate::telemetry::redact::SHORTEST_SECRET;

pub(super) fn read_app_issuer(reader: &mut Reader<'_>) -> Option<String> {
    let name = "GITHUB_APP_ID";
    let Some(id) = reader.text(name) else {
        if reader.problems.iter().all(|problem| problem.variable != name) {
            reader.problem(name, "is not set; set it to the App id or the client id, both on the settings page of the GitHub App");
        }
        return None;
    };
    if is_app_id(&id) || is_client_id(&id) {
        return Some(id);
    }
    let message = format!(
        "is {}, which is neither an App id such as `12345` nor a client id such as `Iv23liAbCdEfGhIjKlMn`",
        shown(&id)
    );
    reader.problem(name, &message);
    None
}

fn is_app_id(text: &str) -> bool {
    text.len() <= 18 && text.chars().all(|c| c.is_ascii_digit()) && text.chars().any(|c| c != '0')
}

/// GitHub's client ids: `Iv1.` and 16 hexadecimal digits, or `Iv23` and 16 letters and digits.
fn is_client_id(text: &str) -> bool {
    const SHORTEST: usize = 20;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_marked =
        text.strip_prefix("Iv").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_marked && (SHORTEST..=100).contains(&text.len()) && text.chars().all(is_plain)
}

pub(super) fn read_private_keys(reader: &mut Reader<'_>) -> Option<Vec<PrivateKey>> {
    let name = "GITHUB_APP_PRIVATE_KEY";
    match reader.secret(name) {
        Some(text) => reader.take(name, private_keys(&text)),
        None if reader.is_given(name) => None,
        None => {
            reader.problem(name, "is not set; set it, or GITHUB_APP_PRIVATE_KEY_PATH, to the private key from the settings page of the GitHub App");
            None
        }
    }
}

pub(super) fn read_webhook_secrets(reader: &mut Reader<'_>) -> Option<Vec<SecretString>> {
    let name = "GITHUB_WEBHOOK_SECRET";
    match reader.secret(name) {
        Some(text) => rotation(reader, name, &text),
        None if reader.is_given(name) => None,
        None => {
            reader.problem(name, "is not set; without it anybody could send us webhooks: set it to the webhook secret of the GitHub App");
            None
        }
    }
}

pub(super) fn read_own_secrets(reader: &mut Reader<'_>) -> Option<Vec<SecretString>> {
    let name = "MILLWRIGHT_SECRET";
    let text = reader.secret(name)?;
    rotation(reader, name, &text)
}

pub(super) fn read_metrics_token(reader: &mut Reader<'_>) -> Option<SecretString> {
    let name = "MILLWRIGHT_METRICS_TOKEN";
    let token = reader.secret(name)?;
    warn_if_short(reader, name, token.expose_secret().len());
    Some(token)
}

/// `new,old`, or one value.
fn rotation(reader: &mut Reader<'_>, name: &str, text: &SecretString) -> Option<Vec<SecretString>> {
    let parts: Vec<SecretString> =
        text.expose_secret().split(',').map(|part| SecretString::from(part.trim())).collect();
    if parts.len() > 2 {
        reader.problem(
            name,
            "has more than one comma; write one secret without a comma, or `new,old` during a rotation",
        );
        return None;
    }
    if parts.iter().any(|part| part.expose_secret().is_empty()) {
        reader.problem(
            name,
            "has nothing before or behind its comma; write one secret, or `new,old` during a rotation",
        );
        return None;
    }
    let shortest = parts.iter().map(|part| part.expose_secret().len()).min().unwrap_or_default();
    warn_if_short(reader, name, shortest);
    Some(parts)
}

fn warn_if_short(reader: &mut Reader<'_>, name: &str, length: usize) {
    if length < 16 {
        let unseen =
            if length < SHORTEST_SECRET { ", and it is too short to be taken out of logs" } else { "" };
        let message = format!(
            "has fewer than 16 characters, so it could be guessed{unseen}; `openssl rand -hex 32` makes a good one"
        );
        reader.warning(name, &message);
    }
}
