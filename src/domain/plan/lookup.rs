//! Looks up every name of the issue in the tree: what is there, what is new, what nobody finds.

mod again; // lines that a link shows at another commit
mod code; // code that a text quotes
mod command; // the command that it is about
mod component; // the part that a form's field names
mod evidence; // what speaks for a place that nobody named
mod exact; // evidence that names a place exactly
mod issues; // other issues
mod likely; // the few places for which most speaks
mod linked; // lines that somebody links
mod manifests; // which manifest names a package
mod phrase; // a definition that the title names in words
mod pinned; // lines that somebody wrote down
mod siblings; // a new thing beside others of its kind
mod target; // what somebody asks a plan for
mod theirs; // names that are the reader's own

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::mentions::{self, Mention, MentionKind};
use crate::domain::plan::model::{Lookup, LookupKind, Place};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::roles::Role;
use crate::domain::plan::statement::{Origin, Reading, Statement};
use crate::domain::plan::trace;
use crate::domain::plan::unheard;

pub use self::command::Commanded;
pub use self::manifests::dependency;
pub use self::siblings::Siblings;

/// Most names that are looked up; the plan says how many more there were.
const LIMIT: usize = 80;

/// So many missing names are compared with those that are there; each costs a walk over the whole tree.
const COMPARED: usize = 12;

/// What the tree says to the issue's names.
#[derive(Debug, Default)]
pub struct Lookups {
    /// Every name, in the order of the issue.
    pub names: Vec<Lookup>,
    /// Per demand: where it is done.
    pub places: Vec<Vec<Place>>,
    /// Names that are missing and not about to be made.
    pub missing: Vec<Missing>,
    /// Names beyond the limit.
    pub omitted: usize,
    /// Paths that nobody named and that are taken, with what speaks for them.
    pub likely: Vec<(String, String)>,
    /// Is it a member that the code of a proposal wants of a type which is there?
    pub of_type: bool,
    /// Did somebody write down a line of the tree?
    pub is_pinned: bool,
    /// What a new thing is to stand beside.
    pub siblings: Option<Siblings>,
    /// The command of the program that the issue is about.
    pub command: Option<Commanded>,
    /// Sources that the talk around the demands names: title first, then the maintainers.
    hints: Vec<Place>,
    /// How many of them, the first, are linked with a line.
    linked: usize,
    /// How many members were searched for in all sources.
    searched: usize,
    /// Where the one name of code in the title is defined.
    title: Option<Place>,
}

/// A name the tree does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// As the issue spells it.
    pub name: String,
    /// What was looked for.
    pub kind: LookupKind,
    /// Index of the demand that names it; `None` where only talk does.
    pub demand: Option<usize>,
    /// What is there and close.
    pub similar: Vec<String>,
    /// Was it compared with what is there? The first `COMPARED` are.
    pub compared: bool,
}

static CREATES: Pattern = Pattern::new(
    r"\b(?:add|adds|added|addition of|create|creates|created|new|introduce|write|writes|written|generate|generates|generated|configur\w+|document\w*|described? in|move(?:d)? to|rename(?:d)? to|extract\w* (?:in)?to|store[sd]? in|saved? (?:in|to)|read from|put in(?:to)?|metric|counter|gauge|histogram|would like an?|neue[nrs]?|anlegen|angelegt|erstell\w+|hinzufüg\w+|schreib\w+|konfigurier\w+|dokumentier\w+)\b",
);

/// What is thrown is no place of the change.
static THROWN: Pattern = Pattern::new(r"(?:Exception|Error|Failure|Warning)$");
static APART: Pattern =
    Pattern::new(r"environment|version|steps|reproduc|alternativ|workaround|system info|schritte|umgebung");
/// Words that are joined.
static TYPE: Pattern = Pattern::new(r"(?-i:^[A-Z]+[a-z\d]+[A-Z]\w*$)");

/// `based on `is_quiet()``: what a change makes use of is not where it is made.
fn is_means(text: &str, name: &str) -> bool {
    text.find(name).and_then(|at| text.get(..at)).is_some_and(|before| MEANS.is_in(before))
}

static MEANS: Pattern = Pattern::new(
    r"\b(?:based on|by (?:calling|using|means of)|making use of|with the help of|thanks to)(?: the| our| its)? `?$",
);

/// Does the sentence call the name new?
fn names_new(statement: &Statement, name: &str) -> bool {
    statement.text.contains(&format!("new `{name}`")) || CREATES.is_in(&statement.text)
}

static RENAMES: Pattern = Pattern::new(r"\brenam|\bumbenen");

/// Looks up everything, demands first.
pub fn all(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Lookups {
    let mut lookups = Lookups { places: vec![Vec::new(); reading.demands.len()], ..Lookups::default() };
    if !places.known() {
        return lookups;
    }
    for (index, statement) in reading.demands.iter().enumerate() {
        lookups.statement(places, statement, Some(index));
    }
    let title = Statement {
        text: brief.title.clone(),
        said: None,
        line: 0,
        section: None,
        by: None,
        origin: Origin::Wish,
        role: Role::Wish,
        wish: 100,
        links: Vec::new(),
    };
    for statement in std::iter::once(&title).chain(&reading.talk).chain(&reading.ticked) {
        let before = lookups.missing.len();
        lookups.statement(places, statement, None);
        // What the steps of a report make and name is its reader's own.
        let section = statement.section.as_deref().unwrap_or_default();
        let steps = asks::is_steps(section) || unheard::is_numbered(reading, statement);
        if statement.line > 0 && (steps || theirs::is_theirs(&statement.text)) {
            lookups.missing.truncate(before);
        }
    }
    lookups.command = command::named(brief, reading, places);
    lookups.missing.retain(|missing| !theirs::is_called(reading, &missing.name));
    lookups.types(&brief.title, places);
    lookups.sketched(reading, places);
    lookups.pinned(brief, places);
    lookups.inherit(reading);
    lookups.linked(brief, reading, places);
    lookups.target(brief, places);
    lookups.beside(brief, reading, places);
    lookups.guess(brief, reading, places);
    lookups.issues(brief, reading);
    lookups
}

impl Lookups {
    /// The paths that exist and are meant, each once.
    pub fn existing(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for place in
            self.names.iter().filter(|lookup| lookup.found).filter_map(|lookup| lookup.place.as_ref())
        {
            if !out.contains(&place.path) {
                out.push(place.path.clone());
            }
        }
        out
    }

    fn statement(&mut self, places: &Places<'_>, statement: &Statement, demand: Option<usize>) {
        for link in statement.links.iter().filter(|link| link.is_of(&places.snapshot.repository)) {
            if let Some(path) = places.resolve(&link.path).filter(|path| places.has(path)) {
                let there = |line: &usize| places.text(path).is_none_or(|text| text.lines().count() >= *line);
                let today = link.line_today(places.snapshot).filter(there);
                let line = today.or_else(|| again::line(places, (path, link), &statement.text));
                let place = Place { line, ..places::existing(path) };
                // Whoever links lines shows where, below whichever heading.
                match link.line {
                    Some(_) => self.shown(place.clone()),
                    None => self.subject(statement, place.clone()),
                }
                self.found(path, LookupKind::Path, place, demand);
            }
        }
        for mention in mentions::mentions(&statement.text) {
            let known = self.names.iter().find(|lookup| lookup.name == mention.text).cloned();
            if let Some(known) = known {
                self.note(demand, known.place);
                continue;
            }
            if self.names.len() >= LIMIT {
                self.omitted += 1;
                continue;
            }
            match mention.kind {
                MentionKind::Path => self.path(places, statement, &mention, demand),
                MentionKind::Symbol => self.symbol(places, statement, &mention, demand),
                MentionKind::Code => self.code(places, statement, &mention, demand),
                MentionKind::Command => self.command(places, &mention.text),
                MentionKind::Flag | MentionKind::Endpoint => {}
            }
        }
    }

    /// Types that a title names without marks, each with a file of its name.
    fn types(&mut self, title: &str, places: &Places<'_>) {
        let words = title.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for word in words.filter(|word| TYPE.is_in(word)).take(4) {
            let known = self.names.iter().any(|lookup| lookup.name == word);
            let own = || {
                places.type_file(word).map(|path| {
                    let line = places.definition(path, word);
                    Place { line, ..places::existing(path) }
                })
            };
            let Some(place) = own().or_else(|| places.defined_once(word)).filter(|_| !known) else {
                continue;
            };
            self.found(word, LookupKind::Symbol, place.clone(), None);
            if !THROWN.is_in(word) {
                self.title.get_or_insert(place);
            }
        }
    }

    fn path(&mut self, places: &Places<'_>, statement: &Statement, mention: &Mention, demand: Option<usize>) {
        let name = &mention.text;
        let apart = manifests::is_read_only(statement, name) || theirs::is_users(places, name);
        if apart || theirs::stands_for_any(name) && !places.has(name) {
            return;
        }
        if let Some(path) = places.resolve(name) {
            let place = Place { line: mention.line, ..places::existing(path) };
            if demand.is_none() {
                self.subject(statement, place.clone());
            }
            return self.found(name, LookupKind::Path, place, demand);
        }
        // Where nobody could look, nobody can say that it is missing or new.
        if places.is_hidden(name) {
            return;
        }
        let bare = !name.contains('/');
        let alike = if self.missing.len() < COMPARED { places.similar(name) } else { Vec::new() };
        let similar: Vec<&str> = match bare {
            true => alike.into_iter().filter(|path| places::ending(path) == places::ending(name)).collect(),
            false => alike,
        };
        if let (true, [only]) = (bare, similar.as_slice())
            && places::name(only).eq_ignore_ascii_case(name)
        {
            return self.found(name, LookupKind::Path, places::existing(only), demand);
        }
        if bare && similar.is_empty() && !CREATES.is_in(&statement.text) {
            return;
        }
        let same_name = similar.iter().any(|path| places::name(path) == places::name(name));
        let fits = mentions::known_ending(name) || places.has_folder(places::folder(name));
        if !same_name && !fits {
            return;
        }
        if demand.is_some() && !same_name && CREATES.is_in(&statement.text) {
            let beside = places.beside(name).map(str::to_owned);
            let place = Place { path: name.clone(), new: true, beside, line: None };
            self.names.push(Lookup {
                name: name.clone(),
                kind: LookupKind::Path,
                found: false,
                place: Some(place.clone()),
                similar: Vec::new(),
            });
            return self.note(demand, Some(place));
        }
        // What only the talk names, and nothing is called alike, is a file of whoever writes.
        if demand.is_none() && bare && similar.is_empty() {
            return;
        }
        let similar = similar.into_iter().map(str::to_owned).collect();
        self.missing(mention, LookupKind::Path, similar, demand);
    }

    fn symbol(
        &mut self,
        places: &Places<'_>,
        statement: &Statement,
        mention: &Mention,
        demand: Option<usize>,
    ) {
        match places.symbol(&mention.text) {
            Some(symbol) => {
                let home = !places.holds_tests(symbol.path) && !places.is_beside(symbol.path);
                let clear = symbol.defined && !symbol.ambiguous && home;
                let own = demand.filter(|_| clear && !THROWN.is_in(&mention.text));
                let own = own.filter(|_| !is_means(&statement.text, &mention.text));
                self.found(&mention.text, LookupKind::Symbol, symbol.place(), own);
                if clear && statement.line == 0 && statement.by.is_none() && self.title.is_none() {
                    self.title = Some(symbol.place());
                }
                if symbol.defined && demand.is_none() && statement.by.is_some() {
                    self.subject(statement, symbol.place());
                }
            }
            // What is new of a type lies where the type does.
            None if (demand.is_some() || names_new(statement, &mention.text))
                && (CREATES.is_in(&statement.text) || RENAMES.is_in(&statement.text)) =>
            {
                self.names.push(Lookup {
                    name: mention.text.clone(),
                    kind: LookupKind::Symbol,
                    found: false,
                    place: None,
                    similar: Vec::new(),
                });
                self.note(demand, places.owner(&mention.text));
            }
            None if mention.text.contains('.') && theirs::is_tried(&statement.text) => {}
            None if theirs::is_member(places, &mention.text, &mut self.searched) => {}
            None if !places.snapshot.files.is_empty() && mention.code => {
                let similar = match self.missing.len() < COMPARED {
                    true => places.similar_symbols(&mention.text),
                    false => Vec::new(),
                };
                // A setting stands in a file that is no source.
                match places.standing(&mention.text) {
                    Some(place) => self.found(&mention.text, LookupKind::Symbol, place, None),
                    None => self.missing(mention, LookupKind::Symbol, similar, demand),
                }
            }
            None => {}
        }
    }

    fn command(&mut self, places: &Places<'_>, text: &str) {
        let held = manifests::running(places, text);
        self.names.push(Lookup {
            name: text.to_owned(),
            kind: LookupKind::Command,
            found: held.is_some(),
            place: held,
            similar: Vec::new(),
        });
    }

    fn code(&mut self, places: &Places<'_>, statement: &Statement, mention: &Mention, demand: Option<usize>) {
        // Whoever names the project means it, and neither what starts it nor the folder that is called so.
        if mention.text.eq_ignore_ascii_case(&places.snapshot.repository.name) {
            return;
        }
        if let Some(path) = places.resolve(&mention.text) {
            let own = demand.filter(|_| !places.is_launcher(path));
            return self.found(&mention.text, LookupKind::Path, places::existing(path), own);
        }
        if let Some((manifest, line)) = dependency(places, &mention.text) {
            let place = Place { line: Some(line), ..places::existing(manifest) };
            return self.found(&mention.text, LookupKind::Dependency, place, None);
        }
        let word = mention.text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        if word
            && mention.text.len() > 3
            && let Some(symbol) = places.symbol(&mention.text)
        {
            let home = !places.holds_tests(symbol.path)
                && !places.is_beside(symbol.path)
                && !places::declares_only(symbol.path);
            let own = demand.filter(|_| symbol.defined && !symbol.ambiguous && home);
            // What a maintainer names in the talk is the matter, too.
            if symbol.defined && !symbol.ambiguous && home && demand.is_none() && statement.by.is_some() {
                self.subject(statement, symbol.place());
            }
            self.found(&mention.text, LookupKind::Symbol, symbol.place(), own);
        }
    }

    /// Remembers a source that the talk names, unless it only tells how to see the fault.
    fn subject(&mut self, statement: &Statement, place: Place) {
        let apart = statement.section.as_deref().is_some_and(|section| APART.is_in(section));
        let source = places::is_source(&place.path) && !places::is_test(&place.path);
        if source
            && !places::declares_only(&place.path)
            && !apart
            && !self.hints.iter().any(|seen| seen.path == place.path)
        {
            self.hints.push(place);
        }
    }

    /// What the code of a proposal wants of a type lies where the type does, whatever the talk names besides.
    fn sketched(&mut self, reading: &Reading, places: &Places<'_>) {
        if self.places.iter().any(|own| !own.is_empty()) {
            return;
        }
        let Some(found) = evidence::sketched(reading, places) else { return };
        self.likely.push((found.place.path.clone(), found.because));
        self.of_type = true;
        self.places.iter_mut().for_each(|own| own.push(found.place.clone()));
    }

    /// Demands without a place of their own have that of the talk around them, where it names few.
    fn inherit(&mut self, reading: &Reading) {
        let named = self.places.iter().any(|own| !own.is_empty());
        let said_by_maintainer =
            reading.talk.iter().any(|said| said.by.is_some() && !mentions::mentions(&said.text).is_empty());
        let most = if said_by_maintainer { 4 } else { 1 };
        if named {
            let title = self.title.clone();
            for own in self.places.iter_mut().filter(|own| own.is_empty()) {
                own.extend(title.clone());
            }
        }
        if named || reading.demands.is_empty() || self.hints.is_empty() {
            return;
        }
        let mut paths: Vec<&Place> = Vec::new();
        for hint in &self.hints {
            if !paths.iter().any(|seen| seen.path == hint.path) {
                paths.push(hint);
            }
        }
        let first: Vec<Place> = paths.into_iter().take(most).cloned().collect();
        self.places.iter_mut().for_each(|own| own.clone_from(&first));
    }

    /// Where nobody names a place, a new thing lies beside those of its kind that the issue names.
    fn beside(&mut self, brief: &Brief, reading: &Reading, places: &Places<'_>) {
        let named = self.places.iter().flatten().any(|place| places::is_source(&place.path));
        self.siblings = if named { None } else { siblings::find(brief, reading, places) };
        let Some(found) = &self.siblings else { return };
        for own in self.places.iter_mut().filter(|own| own.is_empty()) {
            own.push(found.new.clone());
            own.extend(found.registry.clone());
        }
    }

    /// Where nobody names a place: the file that the issue's names point to.
    fn guess(&mut self, brief: &Brief, reading: &Reading, places: &Places<'_>) {
        let source = |place: &Place| places::is_source(&place.path) && !places::is_test(&place.path);
        let named = self.places.iter().flatten().any(source);
        let traced = trace::find(&brief.body)
            .is_some_and(|trace| trace.frames.iter().any(|frame| places.framing(frame).is_some()));
        if named || traced || reading.demands.is_empty() {
            return;
        }
        let report = reading.demands.iter().any(|demand| demand.origin == Origin::Report);
        if let Some((place, because)) =
            evidence::quoted(reading, places, self.title.as_ref()).filter(|_| report)
        {
            self.likely.extend(because.map(|because| (place.path.clone(), because)));
            self.places.iter_mut().filter(|own| own.is_empty()).for_each(|own| own.push(place.clone()));
            return;
        }
        self.take(exact::find(brief, reading, places));
        if self.places.iter().all(|own| !own.is_empty()) {
            return;
        }
        let part = component::named(reading, places);
        let within = part.as_ref().map(|part| likely::find(brief, reading, &Places::new(part)));
        let likely = within.filter(|found| !found.is_empty());
        let likely = likely.unwrap_or_else(|| likely::find(brief, reading, places));
        self.likely = likely.iter().map(|one| (one.place.path.clone(), one.because.clone())).collect();
        let found: Vec<Place> = likely.into_iter().map(|one| one.place).collect();
        for own in self.places.iter_mut().filter(|own| own.is_empty()) {
            own.clone_from(&found);
        }
    }

    fn found(&mut self, name: &str, kind: LookupKind, place: Place, demand: Option<usize>) {
        self.names.push(Lookup {
            name: name.to_owned(),
            kind,
            found: true,
            place: Some(place.clone()),
            similar: Vec::new(),
        });
        self.note(demand, Some(place));
    }

    fn missing(&mut self, mention: &Mention, kind: LookupKind, similar: Vec<String>, demand: Option<usize>) {
        let name = mention.text.clone();
        let compared = self.missing.len() < COMPARED;
        self.missing.push(Missing { name: name.clone(), kind, demand, similar: similar.clone(), compared });
        self.names.push(Lookup { name, kind, found: false, place: None, similar });
    }

    fn note(&mut self, demand: Option<usize>, place: Option<Place>) {
        let own = demand.and_then(|index| self.places.get_mut(index));
        if let (Some(own), Some(place)) = (own, place)
            && !own.iter().any(|seen| seen.path == place.path)
        {
            own.push(place);
        }
    }
}
