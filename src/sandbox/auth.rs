//! Who calls: JWTs of the App, installation tokens, and what each may touch.

use std::collections::BTreeSet;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

use super::git::object_id;
use super::model::{Installation, Level, Permissions, Token};
use super::refusal::Refusal;
use super::state::{Actor, State};

const TOKEN_LIFE_MS: i64 = 3_600_000;
const LONGEST_JWT_S: i64 = 600;

/// Who sent a request.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody said.
    Anonymous,
    /// The App itself, by JWT.
    App,
    /// The App through an installation.
    Installation(Box<Token>),
}

/// What a token is asked for.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest {
    /// Names without the owner.
    pub repositories: Option<Vec<String>>,
    /// Database ids.
    pub repository_ids: Option<Vec<i64>>,
    /// Permissions; all of the installation's when not given.
    pub permissions: Option<Permissions>,
}

impl State {
    /// Reads an `Authorization` header.
    pub(super) fn authenticate(&self, header: Option<&str>) -> Result<Caller, Refusal> {
        let Some(header) = header else { return Ok(Caller::Anonymous) };
        let Some((scheme, secret)) = header.trim().split_once(' ') else { return Err(bad_credentials()) };
        if !["bearer", "token"].contains(&scheme.to_lowercase().as_str()) {
            return Err(bad_credentials());
        }
        let secret = secret.trim();
        match secret.split('.').count() {
            3 => self.verify_jwt(secret).map(|()| Caller::App),
            _ => self.verify_token(secret).map(|token| Caller::Installation(Box::new(token))),
        }
    }

    fn verify_token(&self, secret: &str) -> Result<Token, Refusal> {
        let token = self.tokens.get(secret).ok_or_else(bad_credentials)?;
        let installation = self.installations.get(&token.installation).ok_or_else(bad_credentials)?;
        if token.expires_ms <= self.now() {
            return Err(bad_credentials());
        }
        if installation.suspended.is_some() {
            return Err(suspended());
        }
        Ok(token.clone())
    }

    fn verify_jwt(&self, jwt: &str) -> Result<(), Refusal> {
        let undecodable = || Refusal::new(401, "A JSON web token could not be decoded");
        let mut validation = Validation::new(Algorithm::RS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let mut claims = None;
        for key in self.app.keys() {
            let key = DecodingKey::from_rsa_der(&key.public_der);
            claims = claims.or_else(|| decode::<Value>(jwt, &key, &validation).ok().map(|it| it.claims));
        }
        let claims = claims.ok_or_else(undecodable)?;
        self.check_issuer(claims.get("iss"))?;
        self.check_times(&claims)
    }

    fn check_issuer(&self, issuer: Option<&Value>) -> Result<(), Refusal> {
        let issuer = match issuer {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(Refusal::new(401, "Missing 'issuer' claim ('iss') in assertion")),
        };
        match issuer == self.app.client_id || issuer == self.app.id.to_string() {
            true => Ok(()),
            false => Err(Refusal::new(404, "Integration not found")),
        }
    }

    fn check_times(&self, claims: &Value) -> Result<(), Refusal> {
        let now_s = self.server_now().div_euclid(1000);
        let time = |name: &str| claims.get(name).and_then(Value::as_i64);
        if time("iat").is_none_or(|iat| iat > now_s) {
            return Err(Refusal::new(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            ));
        }
        match time("exp") {
            Some(exp) if exp > now_s + LONGEST_JWT_S => {
                Err(Refusal::new(401, "'Expiration time' claim ('exp') is too far in the future"))
            }
            Some(exp) if exp > now_s => Ok(()),
            _ => Err(Refusal::new(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which \
                 the assertion expires",
            )),
        }
    }

    /// The time that this GitHub's own clocks show: the world's, and the skew of a fault.
    pub(super) fn server_now(&self) -> i64 {
        self.now() + self.dials.clock_skew_ms()
    }

    /// Hands out an installation token; answers the secret.
    pub(super) fn make_token(&mut self, installation: i64, asked: TokenRequest) -> Result<String, Refusal> {
        let found = self.installations.get(&installation).ok_or_else(Refusal::not_found)?;
        if found.suspended.is_some() {
            return Err(suspended());
        }
        let repositories = self.asked_repositories(found, &asked)?;
        let permissions = asked_permissions(found, asked.permissions)?;
        let id = self.fresh_id("token");
        let digits = object_id("token", format!("{id} {installation} {}", self.now()).as_bytes());
        let secret = format!("ghs_{}", digits.get(..36).unwrap_or(&digits));
        let expires_ms = self.server_now() + TOKEN_LIFE_MS;
        let token = Token { installation, repositories, permissions, expires_ms };
        self.tokens.insert(secret.clone(), token);
        Ok(secret)
    }

    fn asked_repositories(
        &self,
        installation: &Installation,
        asked: &TokenRequest,
    ) -> Result<Option<BTreeSet<i64>>, Refusal> {
        if asked.repositories.is_none() && asked.repository_ids.is_none() {
            return Ok(None);
        }
        let names = asked.repositories.iter().flatten();
        let named = names.map(|name| self.repository_id(&format!("{}/{name}", installation.account)));
        let ids = asked.repository_ids.iter().flatten().copied().map(Some);
        let all: Option<BTreeSet<i64>> = named.chain(ids).collect();
        match all {
            Some(all) if all.iter().all(|repo| self.covers(installation, *repo)) => Ok(Some(all)),
            _ => Err(Refusal::new(
                422,
                "There is at least one repository that does not exist or is not accessible to the parent \
                 installation.",
            )),
        }
    }

    /// Whether a token reaches a repository.
    pub(super) fn reaches(&self, token: &Token, repo: i64) -> bool {
        let limited = token.repositories.as_ref().is_none_or(|ids| ids.contains(&repo));
        limited && self.installations.get(&token.installation).is_some_and(|it| self.covers(it, repo))
    }

    /// What a token may do with a resource now: what it was given, cut to what the installation still has.
    pub(super) fn level(&self, token: &Token, resource: &str) -> Option<Level> {
        let granted = *self.installations.get(&token.installation)?.permissions.get(resource)?;
        token.permissions.get(resource).map(|level| (*level).min(granted))
    }

    /// The App's own account, acting through an installation.
    pub(super) fn bot(&self, installation: i64) -> Actor {
        Actor { login: self.app.bot_login(), via_installation: Some(installation) }
    }
}

fn asked_permissions(
    installation: &Installation,
    asked: Option<Permissions>,
) -> Result<Permissions, Refusal> {
    let Some(mut asked) = asked else { return Ok(installation.permissions.clone()) };
    let granted =
        |name: &String, level: Level| installation.permissions.get(name).is_some_and(|has| *has >= level);
    asked.entry("metadata".to_owned()).or_insert(Level::Read);
    match asked.iter().all(|(name, level)| granted(name, *level)) {
        true => Ok(asked),
        false => Err(Refusal::new(422, "The permissions requested are not granted to this installation.")),
    }
}

fn bad_credentials() -> Refusal {
    Refusal::new(401, "Bad credentials")
}

fn suspended() -> Refusal {
    Refusal::new(403, "This installation has been suspended")
}
