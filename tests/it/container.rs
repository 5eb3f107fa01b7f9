//! The container: what `Dockerfile`, `.dockerignore` and `fly.toml` say is what the repository and the program are.

use std::collections::BTreeMap;
use std::path::Path;

use millwright::config::variables::VARIABLES;

use crate::sources::{files, read, text};

/// One instruction with its continued lines, and its words.
fn instructions() -> Vec<Vec<String>> {
    let joined = text("Dockerfile").replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The words behind each instruction of this name.
fn all(name: &str) -> Vec<Vec<String>> {
    let found = instructions().into_iter().filter(|words| words[0] == name);
    found.map(|words| words[1..].to_vec()).collect()
}

fn one(name: &str) -> Vec<String> {
    let found = all(name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.concat()
}

fn environment() -> BTreeMap<String, String> {
    let pairs = one("ENV").into_iter();
    pairs.map(|pair| pair.split_once('=').map(|(name, value)| (name.into(), value.into())).unwrap()).collect()
}

fn cargo() -> toml::Table {
    text("Cargo.toml").parse().unwrap()
}

/// What `.dockerignore` lets in: everything is left out first.
fn context() -> Vec<String> {
    let ignored = text(".dockerignore");
    let mut lines = ignored.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"), "everything is left out first");
    lines.map(|line| line.strip_prefix('!').unwrap().to_owned()).collect()
}

#[test]
fn the_context_holds_what_the_build_reads_and_nothing_that_is_not_there() {
    let context = context();
    for path in &context {
        assert!(!files(path).is_empty(), "`{path}` of .dockerignore is not there");
    }
    let is_in = |path: &str| context.iter().any(|held| path == held || path.starts_with(&format!("{held}/")));
    for path in ["Cargo.toml", "Cargo.lock", "build.rs", "src/main.rs", "src/lib.rs", ".cargo/config.toml"] {
        assert!(is_in(path), "{path}");
    }
    let readme = cargo()["package"]["readme"].as_str().unwrap().to_owned();
    assert!(is_in(&readme), "{readme}");
    let mut included = 0;
    for source in read("src").iter().filter(|source| !source.is_test) {
        for piece in source.raw.split("include_str!(\"").skip(1) {
            let Some((relative, _)) = piece.split_once('"') else { continue };
            let path = normal(Path::new(&source.path).parent().unwrap(), relative);
            assert!(is_in(&path), "{} includes {path}", source.path);
            assert_eq!(files(&path), std::slice::from_ref(&path), "{}", source.path);
            included += 1;
        }
    }
    assert!(included > 20, "{included}");
}

/// `src/render` and `../../templates/a` is `templates/a`.
fn normal(folder: &Path, relative: &str) -> String {
    let mut parts = folder.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>();
    for part in relative.split('/') {
        match part {
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_copy_has_its_source() {
    let built = all("RUN").concat().join(" ");
    for copy in all("COPY") {
        let is_staged = copy.iter().any(|word| word == "--from=build");
        let paths = copy.iter().filter(|word| !word.starts_with("--")).collect::<Vec<_>>();
        let (_, sources) = paths.split_last().unwrap();
        for source in sources {
            match is_staged {
                true => assert!(built.contains(source.as_str()), "no step makes {source}"),
                false => assert!(*source == "." || !files(source).is_empty(), "{source} is not there"),
            }
        }
    }
    let name = cargo()["package"]["name"].as_str().unwrap().to_owned();
    assert!(built.contains(&format!("cp target/release/{name} /out/{name}")), "{built}");
    assert!(built.contains("cargo build --release --locked"), "{built}");
}

#[test]
fn the_compiler_is_one_that_the_program_takes_and_both_images_are_of_one_debian() {
    let from = all("FROM");
    let [build, run] = from.as_slice() else { panic!("{from:?}") };
    let image = build[0].strip_prefix("rust:").unwrap();
    let (version, debian) = image.split_once('-').unwrap();
    let number = |text: &str| text.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>();
    let needed = cargo()["package"]["rust-version"].as_str().unwrap().to_owned();
    assert!(number(version) >= number(&needed), "{version} is older than {needed}");
    // What is linked against the newer C library does not run on the older one.
    let releases = BTreeMap::from([("bookworm", "debian12"), ("trixie", "debian13")]);
    assert!(run[0].contains(releases[debian]), "built on {debian}, run on {}", run[0]);
    let dockerfile = text("Dockerfile");
    let named = dockerfile.matches("rust:").count();
    assert_eq!(
        dockerfile.matches(&format!("rust:{image}")).count(),
        named,
        "the comment names another image"
    );
}

#[test]
fn the_program_runs_as_nobody_in_particular_and_writes_below_its_volume() {
    let environment = environment();
    let volume = one("VOLUME").concat();
    let user = one("USER").concat();
    assert!(user.split(':').all(|id| id.parse::<u32>().unwrap() > 0), "{user}");
    assert!(all("FROM")[1][0].ends_with(":nonroot"));
    let data = all("COPY").into_iter().find(|words| words.last() == Some(&volume)).unwrap();
    assert!(data.contains(&format!("--chown={user}")), "{data:?}");

    let default = |name: &str| {
        let known = VARIABLES.iter().find(|variable| variable.name == name && variable.built);
        known.unwrap_or_else(|| panic!("{name} is no variable")).default.trim_matches('`').to_owned()
    };
    for name in environment.keys() {
        default(name);
    }
    assert_eq!(environment["PORT"], default("PORT"));
    assert_eq!(one("EXPOSE").concat(), environment["PORT"]);
    let file = default("DATABASE_URL").replace("sqlite://", "");
    assert_eq!(environment["DATABASE_URL"], format!("sqlite://{volume}/{file}"));
    assert_eq!(environment["HOST"], "0.0.0.0");
    assert_eq!(one("CMD").concat(), "[\"serve\"]");
    let binary =
        all("COPY").into_iter().find(|words| words.iter().any(|word| word.contains("/out/millwright")));
    assert_eq!(one("ENTRYPOINT").concat(), format!("[\"{}\"]", binary.unwrap().last().unwrap()));
}

#[test]
fn fly_runs_the_same() {
    let fly: toml::Table = text("fly.toml").parse().unwrap();
    let environment = environment();
    for (name, value) in fly["env"].as_table().unwrap() {
        assert_eq!(value.as_str(), environment.get(name).map(String::as_str), "{name}");
    }
    assert_eq!(files(fly["build"]["dockerfile"].as_str().unwrap()), ["Dockerfile"]);
    let port = fly["http_service"]["internal_port"].as_integer();
    assert_eq!(port.map(|port| port.to_string()).as_ref(), environment.get("PORT"));
    assert_eq!(fly["mounts"][0]["destination"].as_str().unwrap(), one("VOLUME").concat());
    assert_eq!(fly["kill_signal"].as_str().unwrap(), one("STOPSIGNAL").concat());
    let check = fly["http_service"]["checks"][0]["path"].as_str().unwrap();
    assert!(text("src/web/routes.rs").contains(&format!("\"{check}\"")), "{check}");
}
