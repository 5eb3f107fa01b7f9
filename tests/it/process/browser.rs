//! The demo's page in a real browser, driven by WebDriver: skipped where no `chromedriver` is installed, and says so past the
//! test runner, which hides what a passing test prints. `.ci/run` does not begin without one.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http::Method;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::program::{PATIENCE, Program, variables};
use crate::skips::skip;

/// A headless browser with one empty page. Dropped, it is closed.
struct Browser {
    driver: Child,
    session: String,
}

impl Browser {
    /// None where there is no driver.
    async fn open() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "a test of the page starts a browser")]
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) => {
                let skipped = "SKIPPED: the demo's page was looked at by no browser; install chromium and chromium-driver";
                writeln!(std::io::stderr(), "{skipped} (chromedriver: {error})").unwrap();
                skip(skipped);
                return None;
            }
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut ports =
            lines.filter_map(|line| line.split("successfully on port ").nth(1).map(str::to_owned));
        let port = ports.next().unwrap();
        let mut browser =
            Self { driver, session: format!("http://127.0.0.1:{}", port.trim_end_matches('.')) };
        // Nothing of the page is foreign, and a container has no sandbox to give.
        let options =
            json!({ "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let opened = browser.call("/session", wanted).await;
        browser.session = format!("{}/session/{}", browser.session, opened["sessionId"].as_str().unwrap());
        browser.call("/timeouts", json!({ "script": PATIENCE.as_millis() as u64 })).await;
        Some(browser)
    }

    async fn call(&self, path: &str, body: Value) -> Value {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let request = http::Request::builder().method(Method::POST).uri(format!("{}{path}", self.session));
        let request = request.header("content-type", "application/json");
        let answer = client.request(request.body(Full::from(body.to_string())).unwrap()).await.unwrap();
        let (is_good, bytes) =
            (answer.status().is_success(), answer.into_body().collect().await.unwrap().to_bytes());
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(is_good, "{path}: {}", answer["value"]["message"]);
        answer["value"].clone()
    }

    /// Waits until the page changes so that `condition` (JavaScript) is truthy, and gives its value.
    async fn until(&self, condition: &str) -> Value {
        let script = format!(
            "const done = arguments[0];
             const look = () => {{ const found = {condition}; if (found) {{ watch.disconnect(); done(found); }} }};
             const watch = new MutationObserver(look);
             document.addEventListener('focusin', look);
             watch.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
             look();"
        );
        self.call("/execute/async", json!({ "script": script, "args": [] })).await
    }

    /// Types a comment as a person does, key by key, and sends it.
    async fn comments(&self, text: &str) {
        let field = self.find("#comment").await;
        self.call(&format!("/element/{field}/value"), json!({ "text": text })).await;
        let button = self.find(".composer .button.main").await;
        self.call(&format!("/element/{button}/click"), json!({})).await;
    }

    async fn find(&self, selector: &str) -> String {
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.call("/element", wanted).await;
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver closes its browser when it is asked to; one that is only killed leaves the browser behind.
        if let Some((address, path)) = self.session.trim_start_matches("http://").split_once('/')
            && let Ok(mut stream) = TcpStream::connect(address)
        {
            let request = format!("DELETE /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(request.as_bytes());
            // The beginning of the answer is enough: the driver keeps the connection open.
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let _ = stream.read(&mut [0; 64]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

#[tokio::test]
async fn a_person_plans_and_approves_on_the_demos_page() {
    let Some(browser) = Browser::open().await else { return };
    let mut demo = Program::start(&["demo", "--port", "0"], &variables(&[]));
    let line = demo.says("Open ").await;
    let origin = line.split("/ in a browser").next().unwrap();
    browser.call("/url", json!({ "url": format!("{origin}/acme/web/issues/2") })).await;
    browser.until("document.querySelector('#comment')").await;

    browser.comments("/enhance").await;
    let last = "[...document.querySelectorAll('.box.bot .text')].at(-1)?.innerText";
    let plan = browser.until(&format!("(({last}) || '').includes('rev 1 ·') && {last}")).await;
    let plan = plan.as_str().unwrap();
    assert!(plan.contains("Plannable as 2 small pull requests"), "{plan}");
    let tables = browser.until("document.querySelectorAll('.box.bot table tbody tr').length").await;
    assert_eq!(tables, 3, "the plan's Markdown is shown as a table");

    browser.comments("/approve 1").await;
    let panel = "document.querySelector('section.panel')";
    let items = format!("({panel}?.querySelectorAll('li a').length === 2) && {panel}.innerText");
    let shown = browser.until(&items).await;
    assert!(shown.as_str().unwrap().contains("Answer 429 after 5 failed sign-ins"), "{shown}");
    let boxes = browser.until("document.querySelectorAll('section.panel .drawing svg a').length").await;
    assert!(boxes.as_u64() >= Some(2), "the graph links the work items: {boxes}");
    browser.until(&format!("(({last}) || '').includes('Rev 1 is approved')")).await;
    let faces =
        browser.until("[...document.querySelectorAll('.faces')].map((one) => one.innerText).join('')");
    assert!(faces.await.as_str().unwrap().contains('🚀'), "receipts are shown");
}

#[tokio::test]
async fn the_demos_page_says_what_is_elsewhere_and_where_one_goes_on() {
    let Some(browser) = Browser::open().await else { return };
    let mut demo = Program::start(&["demo", "--port", "0"], &variables(&[]));
    let line = demo.says("Open ").await;
    let origin = line.split("/ in a browser").next().unwrap();
    let content = "document.querySelector('#content').innerText";
    browser.call("/url", json!({ "url": format!("{origin}/apps/millwright") })).await;
    browser.until(&format!("{content}.includes(\"The App's page is on GitHub\")")).await;
    browser.call("/url", json!({ "url": format!("{origin}/acme/web/issues") })).await;
    browser.until("document.querySelectorAll('#content a[href*=\"/issues/\"]').length >= 2").await;

    browser.call("/url", json!({ "url": format!("{origin}/acme/web/issues/new") })).await;
    browser.until("document.querySelector('#title')").await;
    let title = browser.find("#title").await;
    browser.call(&format!("/element/{title}/value"), json!({ "text": "A new one" })).await;
    let body = browser.find("#content textarea").await;
    browser.call(&format!("/element/{body}/value"), json!({ "text": "x\u{e009}\u{e007}" })).await;
    browser.until("document.activeElement.id === 'comment'").await;

    demo.signal("TERM");
    demo.ended().await;
    browser.comments("/help").await;
    browser
        .until("document.querySelector('.composer .problem').innerText.includes('The demo has ended')")
        .await;
}
