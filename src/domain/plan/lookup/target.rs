//! The path or the name that somebody asks a plan for.

use super::Lookups;
use crate::domain::brief::{Brief, Target};
use crate::domain::plan::mentions::{Mention, MentionKind};
use crate::domain::plan::model::LookupKind;
use crate::domain::plan::places::{self, Places};

impl Lookups {
    /// The place of every demand that names none.
    pub(super) fn target(&mut self, brief: &Brief, places: &Places<'_>) {
        let (name, kind, place) = match &brief.target {
            Target::Path(path) => (path, LookupKind::Path, places.resolve(path).map(places::existing)),
            Target::Symbol(symbol) => {
                (symbol, LookupKind::Symbol, places.symbol(symbol).map(|symbol| symbol.place()))
            }
            Target::Issue | Target::Text(_) => return,
        };
        let Some(place) = place else {
            let mention = Mention { text: name.clone(), kind: MentionKind::Code, line: None, code: true };
            let similar = places.similar(name).into_iter().map(str::to_owned).collect();
            return self.missing(&mention, kind, similar, None);
        };
        for own in self.places.iter_mut().filter(|own| own.is_empty()) {
            own.push(place.clone());
        }
        self.found(name, kind, place, None);
    }
}
