//! The command of the program that the issue is about, and the source that carries it out.

use crate::domain::brief::Brief;
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// A command of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commanded {
    /// Such as `moor`.
    pub command: String,
    /// The source that carries it out.
    pub place: Place,
}

/// The command that the title writes as code, else the first of a demand; none where its source is in doubt.
pub(super) fn named(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Option<Commanded> {
    let demands = reading.demands.iter().map(|demand| demand.text.as_str());
    let mut texts = std::iter::once(brief.title.as_str()).chain(demands.take(20));
    let command = texts.find_map(|text| of_text(text, places))?;
    places.commanding(&command).map(|place| Commanded { command, place })
}

/// As evidence of a place that nobody names.
pub(super) fn carried_out(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let told = |found: Commanded| {
        let verb = if found.place.line.is_some() { "registers" } else { "is called like" };
        Likely { because: format!("{verb} the command {}", words::code(&found.command)), place: found.place }
    };
    named(brief, reading, places).into_iter().map(told).collect()
}

/// The first command of a text that is not only typed around the matter.
fn of_text(text: &str, places: &Places<'_>) -> Option<String> {
    let mut before = String::new();
    for (span, is_code) in mentions::spans(text) {
        if is_code && !AROUND.is_in(&before) {
            let mut typed = span.trim_start_matches("$ ").split_whitespace();
            if let (Some(program), Some(command)) = (typed.next(), typed.next())
                && WORD.is_in(command)
                && places.is_program(program)
            {
                return Some(command.to_owned());
            }
        }
        before = span.to_owned();
    }
    None
}

static WORD: Pattern = Pattern::new(r"^(?-i:[a-z][a-z\d:-]+)$");
/// What is typed around the matter: `after `ferry moor``.
static AROUND: Pattern = Pattern::new(
    r"\b(?:without|before|after|once|until|like|than|unlike|with|via|using|running|ran|(?:as|when|if|that) [\w ]{1,20})(?: (?:an?|the|first|calling|running|doing|having run))* $",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::world::{comment, issue, repository};
    use crate::domain::snapshot::Snapshot;

    const HARBOR: &str = "class Harbor:\n    def ships(self):\n        return self.moored_ships()\n\n    def list_of_moored_ships(self):\n        return []\n";

    fn ferry() -> Snapshot {
        let files = [
            ("ferry/commands/moor.py", "@cli.command(\"moor\")\ndef run(ship):\n    pass\n"),
            ("ferry/commands/ships.py", "@cli.command(\"ships\")\ndef run():\n    pass\n"),
            (
                "ferry/commands/tides.py",
                "@cli.command(\"tides\")\n@click.option(\"--planned\")\ndef run(planned):\n    pass\n",
            ),
            ("ferry/harbor.py", HARBOR),
        ];
        repository("acme/ferry", "5a1ad00", &files)
    }

    fn found(title: &str) -> Option<String> {
        let (brief, snapshot) = (issue(4, title, "It does."), ferry());
        named(&brief, &statement::read(&brief), &Places::new(&snapshot)).map(|found| found.command)
    }

    #[test]
    fn the_command_that_a_title_is_about_is_the_first_that_is_not_typed_around_it() {
        assert_eq!(
            found("`ferry ships` should work without a `ferry moor` before it").as_deref(),
            Some("ships")
        );
        assert_eq!(found("After `ferry moor`, `ferry ships` is empty").as_deref(), Some("ships"));
        for none in
            ["`git moor` fails", "`ferry sail` fails", "`ferry` fails", "Ships are lost after `ferry moor`"]
        {
            assert_eq!(found(none), None, "{none}");
        }
    }

    #[test]
    fn the_source_of_the_command_comes_before_what_has_the_words_of_the_issue() {
        let body = "I want `ferry ships` to print the list of moored ships of the harbor.";
        let told = comment(
            &issue(4, "`ferry ships` should print the list of moored ships of the harbor", body),
            &ferry(),
        );
        assert!(told.contains("most likely in `ferry/commands/ships.py`"), "{told}");
        assert!(told.contains("registers the command `ships`"), "{told}");
    }

    #[test]
    fn an_option_of_another_command_is_a_model_and_not_the_place() {
        let body = "It must print the ships that are to come.";
        let told = comment(&issue(4, "Add `--planned` to `ferry ships`", body), &ferry());
        assert!(!told.contains("Is that the same option?"), "{told}");
        assert!(!told.contains("get again what"), "{told}");
        assert!(told.contains("`--planned` as `ferry/commands/tides.py` has it"), "{told}");
        assert!(
            told.contains("ferry/commands/ships.py") && !told.contains("likely in `ferry/commands/tides"),
            "{told}"
        );
        let told = comment(&issue(4, "Add `--planned` to `ferry tides`", body), &ferry());
        assert!(told.contains("Is that the same option?"), "{told}");
    }
}
