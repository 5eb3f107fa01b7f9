//! Alerts of GitHub's scanners.

use serde_json::{Value, json};

use crate::sandbox::alerts::{Alert, NewAlert};
use crate::sandbox::git::object_id;
use crate::sandbox::model::Repository;
use crate::sandbox::state::{State, timestamp};

/// A `code-scanning-alert-items`.
pub fn code_alert(state: &State, repository: &Repository, alert: &Alert) -> Value {
    let mut view = common(state, repository, alert);
    let NewAlert::Rule { id, description, severity, path, line } = &alert.found else { return view };
    let shown = if alert.mended_ms.is_some() { "fixed" } else { "open" };
    view["instances_url"] = json!(format!("{}/instances", view["url"].as_str().unwrap_or_default()));
    view["state"] = json!(shown);
    view["fixed_at"] = json!(alert.mended_ms.map(timestamp));
    view["dismissed_comment"] = Value::Null;
    view["rule"] = json!({
        "id": id,
        "name": id,
        "severity": "error",
        "security_severity_level": severity,
        "description": description,
        "tags": ["security"],
    });
    view["tool"] = json!({ "name": "CodeQL", "guid": null, "version": "2.23.0" });
    view["most_recent_instance"] = json!({
        "ref": format!("refs/heads/{}", repository.default_branch),
        "analysis_key": ".github/workflows/codeql.yml:analyze",
        "environment": "{}",
        "category": "",
        "state": shown,
        "commit_sha": alert.commit,
        "message": { "text": description },
        "location": {
            "path": path, "start_line": line, "end_line": line, "start_column": 1, "end_column": 2,
        },
        "classifications": [],
    });
    view
}

/// A `dependabot-alert`.
pub fn dependabot_alert(state: &State, repository: &Repository, alert: &Alert) -> Value {
    let mut view = common(state, repository, alert);
    let NewAlert::Package { name, manifest, severity, patched, summary } = &alert.found else { return view };
    let package = json!({ "ecosystem": "npm", "name": name });
    let advisory = advisory(summary);
    let vulnerability = json!({
        "package": package,
        "severity": severity,
        "vulnerable_version_range": patched.as_ref().map_or(">= 0".to_owned(), |it| format!("< {it}")),
        "first_patched_version": patched.as_ref().map(|it| json!({ "identifier": it })),
    });
    view["state"] = json!(if alert.mended_ms.is_some() { "fixed" } else { "open" });
    view["fixed_at"] = json!(alert.mended_ms.map(timestamp));
    view["auto_dismissed_at"] = Value::Null;
    view["dismissed_comment"] = Value::Null;
    view["dependency"] = json!({
        "package": package, "manifest_path": manifest, "scope": "runtime", "relationship": "direct",
    });
    view["security_advisory"] = json!({
        "ghsa_id": advisory,
        "cve_id": null,
        "summary": summary,
        "description": summary,
        "severity": severity,
        "identifiers": [{ "type": "GHSA", "value": advisory }],
        "references": [{ "url": format!("{}/advisories/{advisory}", state.html_url) }],
        "published_at": timestamp(alert.created_ms),
        "updated_at": timestamp(alert.created_ms),
        "withdrawn_at": null,
        "vulnerabilities": [vulnerability],
        "cvss": { "score": 0.0, "vector_string": null },
        "cwes": [],
    });
    view["security_vulnerability"] = vulnerability;
    view
}

/// A `secret-scanning-alert`; the secret itself is left out where it is to be hidden.
pub fn secret_alert(state: &State, repository: &Repository, (alert, hidden): (&Alert, bool)) -> Value {
    let mut view = common(state, repository, alert);
    let NewAlert::Secret { kind, secret, validity, path, line } = &alert.found else { return view };
    for field in ["dismissed_by", "dismissed_at", "dismissed_reason"] {
        view.as_object_mut().and_then(|fields| fields.remove(field));
    }
    let api = format!("{}/repos/{}", state.api_url, repository.full_name());
    let blob = object_id("blob", path.as_bytes());
    view["locations_url"] = json!(format!("{}/locations", view["url"].as_str().unwrap_or_default()));
    view["state"] = json!(if alert.mended_ms.is_some() { "resolved" } else { "open" });
    view["resolution"] = json!(alert.mended_ms.map(|_| "revoked"));
    view["resolved_at"] = json!(alert.mended_ms.map(timestamp));
    view["resolved_by"] = Value::Null;
    view["secret_type"] = json!(kind.to_lowercase().replace(' ', "_"));
    view["secret_type_display_name"] = json!(kind);
    view["validity"] = json!(validity);
    view["publicly_leaked"] = json!(!repository.private);
    view["multi_repo"] = json!(false);
    view["push_protection_bypassed"] = json!(false);
    view["first_location_detected"] = json!({
        "path": path,
        "start_line": line,
        "end_line": line,
        "start_column": 1,
        "end_column": 1 + secret.len(),
        "blob_sha": blob,
        "blob_url": format!("{api}/git/blobs/{blob}"),
        "commit_sha": alert.commit,
        "commit_url": format!("{api}/git/commits/{}", alert.commit),
    });
    if !hidden {
        view["secret"] = json!(secret);
    }
    view
}

fn common(state: &State, repository: &Repository, alert: &Alert) -> Value {
    let (name, segment) = (repository.full_name(), alert.found.scanner().segment());
    json!({
        "number": alert.number,
        "created_at": timestamp(alert.created_ms),
        "updated_at": timestamp(alert.mended_ms.unwrap_or(alert.created_ms)),
        "url": format!("{}/repos/{name}/{segment}/alerts/{}", state.api_url, alert.number),
        "html_url": format!("{}/{name}/security/{segment}/{}", state.html_url, alert.number),
        "dismissed_by": null,
        "dismissed_at": null,
        "dismissed_reason": null,
    })
}

/// An id in the form of the advisory database's, derived from what it is about.
fn advisory(summary: &str) -> String {
    let digits = object_id("advisory", summary.as_bytes());
    let part = |from: usize| digits.get(from..from + 4).unwrap_or("0000").to_owned();
    format!("GHSA-{}-{}-{}", part(0), part(4), part(8))
}
