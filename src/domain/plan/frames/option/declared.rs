//! The files that declare options, and where one that is declared is carried out.

use std::cell::OnceCell;
use std::cmp::Reverse;

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

static DECLARES: Pattern = Pattern::new(
    r#"(?:clap::|structopt|#\[arg|#\[clap|#\[command|argparse|add_argument|click\.option|flag\.(?:String|Bool|Int|Parse)|cobra\.|Flags\(\)|commander|yargs|\.option\(|OptionParser|picocli|System\.CommandLine|docopt|optparse)"#,
);

/// A line that declares one, rather than one that speaks of it.
static WRITTEN: Pattern = Pattern::new(
    r#"^\s*(?:#\[(?:arg|command|clap|structopt)\b|@?[\w.]*(?:add_argument|option|Option|addOption|parameter)\(|[\w.()]*(?:Flags\(\)|flags?)\.\w+\(|\.(?:arg|opt|option)\(|Arg::|(?:opts|parser|op)\.on\b)"#,
);
/// Does a line compare something with the option?
fn is_read(line: &str, flag: &str) -> bool {
    let quoted = |(at, _): (usize, &str)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + flag.len()..).and_then(|text| text.chars().next());
        let mark = |c: Option<char>| c.is_some_and(|c| matches!(c, '"' | '\'' | '`'));
        mark(before) && mark(after)
    };
    line.len() < 1_000 && line.match_indices(flag).any(quoted) && COMPARES.is_in(line) && !PASSES.is_in(line)
}

/// `port: u16` of a type that options are made from.
fn is_field(line: &str, name: &str) -> bool {
    let bare = line.trim_start();
    let bare = bare.strip_prefix("pub ").unwrap_or(bare);
    bare.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(':'))
}

static DERIVES: Pattern = Pattern::new(r"^\s*#\[(?:arg|clap|structopt)\(.*\blong\b");

static COMPARES: Pattern = Pattern::new(
    r"==|=>|\bcase\b|\bmatch\b|\bargv\b|\bargs?\b|includes\(|contains\(|\bin \(|\bin \[|['\x22`]--[\w-]+['\x22`]\s*:",
);
static PASSES: Pattern =
    Pattern::new(r"(?-i:Command)|\bexec\w*\b|\bspawn\w*\b|\bsubprocess\b|\.args?\(|\bPopen\b|\brun\(");

/// Where a program declares most of them.
static MAIN: Pattern =
    Pattern::new(r"^(?:cli|args?|options?|flags|main|app|opts|parser|arguments|argparser)$");
/// What starts all commands, or what each is made from.
static ROOT: Pattern =
    Pattern::new(r"^(?:root|main|mod|index|__init__|cli|app|common|base\w*|shared|global\w*)$");
/// More options than these in a file say no more.
const MANY: usize = 10;

/// Looked for once, by the first demand that needs it: it means a walk through every file read.
pub struct Declared<'a> {
    /// What is planned.
    pub scene: &'a Scene<'a>,
    files: OnceCell<Vec<(&'a str, &'a str)>>,
    home: OnceCell<Option<&'a str>>,
}

impl<'a> Declared<'a> {
    /// Nothing looked for yet.
    pub fn new(scene: &'a Scene<'a>) -> Self {
        Self { scene, files: OnceCell::new(), home: OnceCell::new() }
    }

    fn files(&self) -> &[(&'a str, &'a str)] {
        self.files.get_or_init(|| {
            let own = self.scene.places.read_sources();
            let all: Vec<(&str, &str)> = own.filter(|(_, text)| DECLARES.is_in(text)).collect();
            // A script of the workshop has options of its own.
            let product: Vec<(&str, &str)> =
                all.iter().filter(|(path, _)| !places::is_aside(path)).copied().collect();
            if product.is_empty() { all } else { product }
        })
    }

    /// The source of the command that the issue names.
    fn commanded(&self) -> Option<&'a str> {
        self.scene.lookups.command.as_ref().map(|found| found.place.path.as_str())
    }

    /// Another command that has the option, where the one that the issue names has none of its name.
    pub fn model(&self, flag: &str) -> Option<&'a str> {
        let own = self.commanded()?;
        self.declared(flag).filter(|path| self.is_sibling(own, path))
    }

    /// Is it another command's source? What starts them all, or what they are made from, holds options of every one.
    fn is_sibling(&self, own: &str, path: &str) -> bool {
        let (stem, read) = (places::stem(places::name(path)), self.scene.places.text(own).is_some());
        read && path != own && places::folder(path) == places::folder(own) && !ROOT.is_in(stem)
    }

    /// The file that declares options today.
    pub fn home(&self) -> Option<&'a str> {
        if let Some(own) = self.commanded() {
            return Some(own);
        }
        *self.home.get_or_init(|| {
            let about = words::nouns(&self.scene.whole());
            let best = self.files().iter().max_by_key(|(path, text)| {
                let spoken = words::nouns(&path.replace(['_', '-'], " ")).intersection(&about).count();
                let main = usize::from(MAIN.is_in(places::stem(places::name(path)))) * 4;
                let written = text.lines().filter(|line| WRITTEN.is_in(line)).count();
                (spoken * 3 + main + written.min(MANY), DECLARES.all(text, 0).len(), Reverse(path.len()))
            });
            best.map(|(path, _)| *path)
        })
    }

    /// The file that declares most of the options that begin as this one does: `--export-html` goes beside `--export-json`.
    pub fn beside(&self, flag: &str) -> Option<&'a str> {
        if self.commanded().is_some() {
            return None;
        }
        let (first, _) = flag.trim_start_matches('-').split_once('-').filter(|(first, _)| first.len() > 2)?;
        let (option, name, field) = (format!("--{first}-"), format!("\"{first}-"), format!("{first}_"));
        let tells = |line: &&str| {
            let bare = line.trim_start();
            line.contains(&option)
                || line.contains(&name)
                || bare.strip_prefix("pub ").unwrap_or(bare).starts_with(&field)
        };
        let told = self.files().iter().map(|(path, text)| (text.lines().filter(tells).count(), *path));
        let most = told.max_by_key(|(count, path)| (*count, Reverse(path.len())))?;
        (most.0 > 0).then_some(most.1)
    }

    /// The file that declares the option already; that of another command is none where the issue names one.
    pub fn declaring(&self, flag: &str) -> Option<&'a str> {
        let Some(own) = self.commanded() else { return self.declared(flag) };
        let bare = flag.trim_start_matches('-');
        let forms = [flag.to_owned(), format!("\"{bare}\""), format!("'{bare}'")];
        let holds = |text: &str| forms.iter().any(|form| words::holds(text, form));
        if self.scene.places.text(own).is_some_and(holds) {
            return Some(own);
        }
        self.declared(flag).filter(|path| !self.is_sibling(own, path))
    }

    fn declared(&self, flag: &str) -> Option<&'a str> {
        let quoted = format!("\"{}\"", flag.trim_start_matches('-'));
        let mut files = self.files().iter();
        let own = files.find(|(_, text)| text.contains(flag) || text.contains(&quoted));
        // A program may read its options by hand; what it passes to another one is none of its own.
        let read = || {
            let sources = self.scene.places.read_sources().filter(|(path, _)| !places::is_aside(path));
            let mut holding = sources.filter(|(_, text)| words::holds(text, flag));
            holding.find(|(_, text)| text.lines().any(|line| is_read(line, flag)))
        };
        own.copied().or_else(|| self.deriving(flag)).or_else(read).map(|(path, _)| path)
    }

    /// The file with a field of its name below an attribute that makes an option of it; of several the one that the issue names.
    fn deriving(&self, flag: &str) -> Option<(&'a str, &'a str)> {
        let name = flag.trim_start_matches('-').replace('-', "_");
        let derives = |text: &str| {
            let mut above = "";
            text.lines().any(|line| {
                let is_field = is_field(line, &name) && DERIVES.is_in(above);
                above = line;
                is_field
            })
        };
        let found: Vec<_> =
            self.files().iter().filter(|(_, text)| words::holds(text, &name) && derives(text)).collect();
        let about = words::nouns(&self.scene.whole());
        let spoken =
            |path: &str| words::nouns(&path.replace(['/', '_', '-', '.'], " ")).intersection(&about).count();
        found.into_iter().max_by_key(|(path, _)| (spoken(path), Reverse(path.len()))).copied()
    }

    /// Is there a field of its name among the options, from which a library makes one by itself?
    pub fn has_field(&self, flag: &str) -> bool {
        let name = flag.trim_start_matches('-').replace('-', "_");
        let field = |line: &str| is_field(line, &name);
        self.files().iter().any(|(_, text)| text.contains(&name) && text.lines().any(field))
    }

    /// Where an option that is there already is carried out: the source that bears its name, else the only function that does.
    pub fn taking(&self, flag: &str) -> Option<Place> {
        self.declaring(flag)?;
        let letters = |name: &str| name.replace(['-', '_'], "").to_lowercase();
        let wanted = letters(flag);
        let is_home =
            |path: &str| places::is_source(path) && !places::is_test(path) && !places::is_aside(path);
        let places = self.scene.places;
        let mut named = places
            .files()
            .filter(|path| is_home(path) && letters(places::stem(places::name(path))) == wanted);
        if let (Some(only), None) = (named.next(), named.next()) {
            return Some(places::existing(only));
        }
        let mut functions = places.defined(is_home).filter(|(_, _, name)| letters(name) == wanted);
        match (functions.next(), functions.next()) {
            (Some((path, line, _)), None) => Some(Place { line: Some(line), ..places::existing(path) }),
            _ => None,
        }
    }
}
