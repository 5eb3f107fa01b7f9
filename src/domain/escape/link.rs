//! Links to files at a commit, and links in general.

use std::fmt::Write;

use super::inline;

/// Address of a file at a commit, percent-encoded so that no path can end the link or become a query.
///
/// `repo_url` is the repository's page (`https://github.com/owner/name`), `lines` the first and last line, counted from 1.
pub fn permalink(repo_url: &str, sha: &str, path: &str, lines: Option<(u32, u32)>) -> String {
    let mut url = format!("{}/blob/", repo_url.trim_end_matches('/'));
    encode(sha, &mut url);
    url.push('/');
    encode(path.trim_start_matches('/'), &mut url);
    let Some((first, last)) = lines else { return url };
    if is_drawn(path) {
        url.push_str("?plain=1");
    }
    match first == last {
        true => url.push_str(&format!("#L{first}")),
        false => url.push_str(&format!("#L{first}-L{last}")),
    }
    url
}

/// The page of a repository as an address that ends nothing in Markdown; empty where it is none of the web.
pub fn page(url: &str) -> String {
    let Some(scheme) = ["https://", "http://"].into_iter().find(|scheme| url.starts_with(scheme)) else {
        return String::new();
    };
    let mut out = scheme.to_owned();
    let rest = url.get(scheme.len()..).unwrap_or_default().trim_end_matches('/');
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
    out.extend(host.chars().filter(plain));
    if !path.is_empty() {
        out.push('/');
        encode(path, &mut out);
    }
    out
}

/// The tree of a commit.
pub fn tree(repo_url: &str, sha: &str) -> String {
    let mut url = format!("{}/tree/", repo_url.trim_end_matches('/'));
    encode(sha, &mut url);
    url
}

/// A Markdown link; only the text when `url` is not an `http` or `https` address.
pub fn link(text: &str, url: &str) -> String {
    let text = inline(text);
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return text;
    }
    let mut address = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'"' | b'\'' | b'\\' | b'`' | b'|' | b'^' | b'{'
            | b'}' => {
                push_percent(byte, &mut address);
            }
            b'!'..=b'~' => address.push(char::from(byte)),
            _ => push_percent(byte, &mut address),
        }
    }
    format!("[{text}]({address})")
}

/// GitHub draws these files; without `?plain=1` it ignores the line numbers behind `#`.
fn is_drawn(path: &str) -> bool {
    const DRAWN: [&str; 9] = ["md", "markdown", "mdx", "rst", "adoc", "asciidoc", "org", "textile", "ipynb"];
    let ext = path.rsplit_once('.').map_or("", |(_, ext)| ext);
    DRAWN.iter().any(|drawn| ext.eq_ignore_ascii_case(drawn))
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            _ => push_percent(byte, out),
        }
    }
}

fn push_percent(byte: u8, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = write!(out, "%{byte:02X}");
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_page_of_a_repository_is_an_address_of_the_web_on_one_line() {
        assert_eq!(page("https://github.com/acme/web/"), "https://github.com/acme/web");
        assert_eq!(page("http://127.0.0.1:8080/a/b"), "http://127.0.0.1:8080/a/b");
        assert_eq!(page("javascript:alert(1)"), "");
        assert_eq!(
            page("https://evil.com/a <img src=x>\n\n# H @ada"),
            "https://evil.com/a%20%3Cimg%20src%3Dx%3E%0A%0A%23%20H%20%40ada"
        );
    }
}
