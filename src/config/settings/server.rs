//! The server itself: its database, its address, its logs, its audit trail.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::config::reader::{Reader, shown};
use crate::telemetry::logs::{LogFormat, LogOptions, check_filter};

pub(super) fn read_database_url(reader: &mut Reader<'_>) -> Option<SecretString> {
    let name = "DATABASE_URL";
    match reader.secret(name) {
        Some(url) => {
            let checked = check_database_url(url.expose_secret());
            reader.take(name, checked).map(|()| url)
        }
        None if reader.is_given(name) => None,
        None => Some(SecretString::from("sqlite://millwright.db")),
    }
}

fn check_database_url(text: &str) -> Result<(), String> {
    let mend = "write it like `sqlite://millwright.db` or `postgres://user:password@host/database`";
    if text.starts_with("sqlite:") {
        let in_memory = text.contains(":memory:") || text.contains("mode=memory");
        let file = text.trim_start_matches("sqlite:").trim_start_matches("//");
        let file = percent_decode_str(file.split('?').next().unwrap_or_default()).decode_utf8_lossy();
        return match file.as_ref() {
            _ if in_memory => Err(format!("is a database in memory, which a restart would empty; {mend}")),
            "" => Err(format!("names no file; {mend}")),
            file if file.contains('\0') => Err(format!("has a NUL in its path; {mend}")),
            file if Path::new(file).is_dir() => {
                Err(format!("names {}, which is a folder; name a file in it", shown(file)))
            }
            _ => Ok(()),
        };
    }
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Err(format!("begins neither with `sqlite://` nor with `postgres://`; {mend}"));
    }
    let url = Url::parse(text).map_err(|error| {
        format!(
            "is not an address ({error}); {mend}, with special characters of the password percent-encoded"
        )
    })?;
    if url.path().contains('@') {
        return Err(format!(
            "has an `@` behind its host; {mend}, with special characters of the password percent-encoded"
        ));
    }
    if let Some((key, _)) = url.query_pairs().find(|(key, _)| !PARAMETERS.contains(&key.as_ref())) {
        return Err(format!("has the parameter {}, which is none of {}", shown(&key), PARAMETERS.join(", ")));
    }
    let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
    let is_unknown = |mode: &str| !modes.iter().any(|known| known.eq_ignore_ascii_case(mode));
    let mut asked = url.query_pairs().filter(|(key, _)| key == "sslmode" || key == "ssl-mode");
    match asked.find(|(_, mode)| is_unknown(mode)) {
        Some((key, mode)) => {
            Err(format!("has {key}={}, which is none of {}", shown(&mode), modes.join(", ")))
        }
        _ => Ok(()),
    }
}

/// What PostgreSQL's driver reads in an address. It would log what it does not know, with its value.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

pub(super) fn parse_host(text: &str) -> Result<String, String> {
    let host = text.trim_start_matches('[').trim_end_matches(']');
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    let is_name =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if is_address || is_name {
        return Ok(host.to_owned());
    }
    Err(format!("is {}, which is no address; write it like `127.0.0.1` or `0.0.0.0`", shown(text)))
}

pub(super) fn parse_port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("is {}, which is no port; write a number from 0 to 65535", shown(text)))
}

pub(super) fn parse_templates(text: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(text);
    match std::fs::read_dir(&folder) {
        Ok(_) => Ok(folder),
        Err(error) => Err(format!(
            "is {}, which is no folder that can be read ({error}); correct the path, or unset it for the built-in texts",
            shown(text)
        )),
    }
}

pub(super) fn read_log(reader: &mut Reader<'_>) -> LogOptions {
    let filter = reader.parsed("RUST_LOG", |text| {
        let mend = "write it like `info` or `info,millwright::github=debug`";
        check_filter(text).map_err(|error| format!("cannot be read ({error}); {mend}"))?;
        match text.split(',').map(str::trim).find(|word| is_stray(word)) {
            // A filter would take it for the name of a crate, of which everything is logged, and nothing of any other.
            Some(word) => Err(format!(
                "has {}, which is no level; {mend}, and all of one crate like `hyper=trace`",
                shown(word)
            )),
            None => Ok(text.to_owned()),
        }
    });
    let format = reader.parsed("LOG_FORMAT", |text| match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("is {}, which is neither `text` nor `json`; write one of them", shown(text))),
    });
    let default = LogOptions::default();
    LogOptions { filter: filter.unwrap_or(default.filter), format: format.unwrap_or(default.format) }
}

/// One bare word that is neither a level nor ours.
fn is_stray(word: &str) -> bool {
    let levels = ["off", "error", "warn", "info", "debug", "trace", "0", "1", "2", "3", "4", "5"];
    let is_bare = !word.contains(['=', '[', '{', '}', ':', '/']);
    is_bare
        && !word.is_empty()
        && word != "millwright"
        && !levels.iter().any(|level| word.eq_ignore_ascii_case(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s11_a_folder_and_an_unknown_ssl_mode_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let told = check_database_url(&format!("sqlite://{}", folder.path().display())).unwrap_err();
        assert!(told.ends_with("which is a folder; name a file in it"), "{told}");
        let spaced = folder.path().join("of mine");
        std::fs::create_dir(&spaced).unwrap();
        let address = format!("sqlite://{}", spaced.display()).replace(' ', "%20");
        let told = check_database_url(&address).unwrap_err();
        assert!(told.contains("of mine`, which is a folder"), "{told}");
        let told = check_database_url("postgres://me:hunter2@db/bot?sslmode=sometimes").unwrap_err();
        assert!(
            told.starts_with("has sslmode=`sometimes`, which is none of disable, ")
                && !told.contains("hunter2")
        );
        let told = check_database_url("postgres://me@db/bot?passwd=hunter2").unwrap_err();
        assert!(
            told.starts_with("has the parameter `passwd`, which is none of") && !told.contains("hunter2")
        );
        let told = check_database_url("postgres://me:p@ss/hunter2@db:5432/bot").unwrap_err();
        assert!(told.starts_with("has an `@` behind its host") && !told.contains("hunter2"), "{told}");
        let told = check_database_url("sqlite:///tmp/%00.db").unwrap_err();
        assert!(told.starts_with("has a NUL in its path"), "{told}");
        for fine in [
            "postgres://me@db/bot?sslmode=verify-full",
            "postgres://db/bot?sslmode=REQUIRE",
            "postgres://db/bot",
            "sqlite://new.db",
        ] {
            check_database_url(fine).unwrap();
        }
    }
}
