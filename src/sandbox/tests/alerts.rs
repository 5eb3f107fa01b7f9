use super::*;

/// A token for each permission by which alerts are read.
fn granted(bench: &Bench) -> String {
    let names = ["security_events", "vulnerability_alerts", "secret_scanning_alerts"];
    let alerts = [("metadata", Level::Read)].into_iter().chain(names.map(|name| (name, Level::Read)));
    let alerts: Permissions = alerts.map(|(name, level)| (name.to_owned(), level)).collect();
    bench.world.set_permissions(bench.installation, alerts.clone()).unwrap();
    bench.world.installation_token(bench.installation, Some(alerts)).unwrap()
}

/// One alert of each scanner.
fn found() -> [NewAlert; 3] {
    let text = str::to_owned;
    let rule = NewAlert::Rule {
        id: text("rust/sql-injection"),
        description: text("Query built from user input"),
        severity: text("high"),
        path: text("src/auth.rs"),
        line: 3,
    };
    let package = NewAlert::Package {
        name: text("lodash"),
        manifest: text("package.json"),
        severity: text("critical"),
        patched: Some(text("4.17.21")),
        summary: text("Command injection"),
    };
    let secret = NewAlert::Secret {
        kind: text("Stripe API Key"),
        secret: text("sk_live_sandbox"),
        validity: text("active"),
        path: text("config/app.toml"),
        line: 1,
    };
    [rule, package, secret]
}

const LISTS: [&str; 3] = ["code-scanning", "dependabot", "secret-scanning"];

async fn asked(bench: &Bench, token: &str, list: &str) -> Sent {
    let bearer = format!("Bearer {token}");
    let path = format!("/repos/acme/web/{}", list.replacen('?', "/alerts?", 1));
    let path = if list.contains('?') { path } else { format!("{path}/alerts") };
    bench.send_with("GET", &path, (Value::Null, &[("authorization", &bearer)])).await
}

/// All that is asked for alerts: refused, switched off, listed, page by page, and mended.
pub async fn tour(bench: &Bench) {
    for list in LISTS {
        let refused = asked(bench, &bench.token, list).await;
        assert_eq!((refused.status, refused.message()), (403, "Resource not accessible by integration"));
    }
    let token = granted(bench);
    let mut off = Vec::new();
    for list in LISTS {
        off.push(asked(bench, &token, list).await.status);
    }
    assert_eq!(off, [404, 403, 404], "switched off");
    for scanner in [Scanner::Code, Scanner::Dependabot, Scanner::Secrets] {
        bench.world.switch_on(REPOSITORY, scanner).unwrap();
    }
    for (list, found) in LISTS.iter().zip(found()) {
        assert_eq!(asked(bench, &token, list).await.body, json!([]), "{list}");
        let scanner = found.scanner();
        for number in [1, 2] {
            assert_eq!(bench.world.add_alert(REPOSITORY, found.clone()).unwrap(), number);
        }
        let newest = format!("{list}?state=open&sort=created&direction=desc");
        let both = asked(bench, &token, &newest).await.body;
        assert_eq!((&both[0]["number"], &both[1]["number"]), (&json!(2), &json!(1)), "{list}");
        let first = asked(bench, &token, &format!("{newest}&per_page=1")).await;
        assert_eq!(first.body.as_array().unwrap().len(), 1);
        assert!(first.header("link").contains("rel=\"next\""), "{list}");
        bench.world.mend_alert(REPOSITORY, (scanner, 2)).unwrap();
        let left = asked(bench, &token, &newest).await.body;
        assert_eq!((left.as_array().unwrap().len(), &left[0]["number"]), (1, &json!(1)), "{list}");
        let all = asked(bench, &token, list).await.body;
        assert_eq!(all.as_array().unwrap().len(), 2, "{list}");
        let page = all[0]["html_url"].as_str().unwrap().trim_start_matches("https://github.example/");
        bench.world.follow(page).unwrap();
    }
    let after = asked(bench, &token, "dependabot?per_page=1&after=2").await;
    assert_eq!((&after.body[0]["number"], after.header("link")), (&json!(1), ""));
}

#[tokio::test]
async fn alerts_are_for_who_may_read_them_where_a_scanner_is_switched_on() {
    tour(&Bench::new()).await;
}

#[tokio::test]
async fn a_secret_is_shown_unless_it_is_to_be_hidden() {
    let bench = Bench::new();
    let token = granted(&bench);
    let [_, _, secret] = found();
    bench.world.add_alert(REPOSITORY, secret).unwrap();
    let shown = asked(&bench, &token, "secret-scanning").await;
    assert_eq!(shown.body[0]["secret"], "sk_live_sandbox");
    let hidden = asked(&bench, &token, "secret-scanning?hide_secret=true").await;
    assert!(!String::from_utf8(hidden.raw).unwrap().contains("sk_live"), "hidden");
}
