//! Which source carries out a command of the program: the one that registers it, or that is called like it.

use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::likely::flat;
use crate::domain::plan::places::{LINE, Places, existing, folder, literals, name, stem};

/// What stands before the name of a command where it is registered.
static REGISTERS: Pattern = Pattern::new(
    r"(?:\bsetName\(|\bUse:|\b(?:sub)?command\(|\badd_parser\(|#\[(?:command|clap)\(name ?=|\bCommand::new\(|\bSubCommand::with_name\(|\bAsCommand\((?:name: ?)?|\$(?:defaultName|signature) ?=|\bcommand_name ?=|^\s*desc|@(?:\w+\.)?command\((?:name=)?)\s*[\x22'`]([\w:-]+)[\x22'` ]",
);
/// Folders whose files are one command each.
const FOLDERS: [&str; 7] = ["cmd", "cmds", "command", "commands", "subcommand", "subcommands", "cli"];

impl<'a> Places<'a> {
    /// Is a program of the repository called so? The repository's own name is one.
    pub fn is_program(&self, called: &str) -> bool {
        let is_file = |path: &&str| {
            let (above, own) = (folder(path), stem(name(path)));
            matches!(above, "bin" | "exe" | "src/bin") && own == called
                || above.strip_prefix("cmd/").is_some_and(|rest| rest.split('/').next() == Some(called))
        };
        let keys = [format!("\"{called}\": \""), format!("name = \"{called}\""), format!("\n{called} = \"")];
        let declares = |path: &str, text: &str| {
            let list = match name(path) {
                "package.json" => "\"bin\"",
                "Cargo.toml" => "[[bin]]",
                "pyproject.toml" => "scripts]",
                _ => return false,
            };
            text.split_once(list).is_some_and(|(_, rest)| keys.iter().any(|key| rest.contains(key)))
        };
        called.eq_ignore_ascii_case(&self.snapshot.repository.name)
            || self.files().any(|path| is_file(&path))
            || self.snapshot.files.iter().any(|(path, text)| declares(path, text))
    }

    /// The one source that registers a command, else the one that is called like it.
    pub fn commanding(&self, command: &str) -> Option<Place> {
        let registers = |line: &str| {
            line.len() < LINE
                && line.contains(command)
                && !literals::is_comment(line)
                && REGISTERS.all(line, 1).contains(&command)
        };
        let lines = self.sources.iter().filter(|(_, text)| text.contains(command));
        let registering =
            lines.filter_map(|(path, text)| Some((*path, text.lines().position(registers)? + 1)));
        let registering: Vec<(&str, usize)> = registering.collect();
        let called = self.called_command(command);
        let place = |(path, line): (&str, usize)| Place { line: Some(line), ..existing(path) };
        match (registering.as_slice(), called.as_slice()) {
            ([only], _) => Some(place(*only)),
            (several, [only]) => {
                let own = several.iter().find(|(path, _)| path == only);
                Some(own.map_or_else(|| existing(only), |own| place(*own)))
            }
            _ => None,
        }
    }

    /// The sources that are called like a command.
    pub fn called_command(&self, command: &str) -> Vec<&'a str> {
        let own = flat(command);
        let names =
            [format!("{own}command"), format!("command{own}"), format!("cmd{own}"), format!("{own}cmd")];
        let is_called = |path: &&str| {
            let (called, above) = (flat(stem(name(path))), folder(path));
            let lists = |folder: &str| FOLDERS.iter().any(|one| folder.eq_ignore_ascii_case(one));
            let head = matches!(called.as_str(), "index" | "mod" | "main" | "init");
            names.contains(&called)
                || called == own && lists(name(above))
                || (head || called == own) && flat(name(above)) == own && lists(name(folder(above)))
        };
        self.products().filter(is_called).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::repository;

    fn commanding(files: &[(&str, &str)]) -> Option<(String, Option<usize>)> {
        let snapshot = repository("acme/ferry", "5a1ad00", files);
        Places::new(&snapshot).commanding("moor").map(|place| (place.path, place.line))
    }

    #[test]
    fn a_command_is_carried_out_where_it_is_registered() {
        for line in [
            "$this->setName('moor')",
            "\tUse:   \"moor [ship]\",",
            "@cli.command(\"moor\")",
            "sub = parsers.add_parser(\"moor\", help=\"x\")",
            "program.command('moor <ship>')",
            "#[command(name = \"moor\")]",
            "#[AsCommand(name: 'moor')]",
        ] {
            let other = line.replace("moor", "unmoor");
            let files = [("src/a.x", format!("x\n{line}\n")), ("src/b.x", format!("{other}\n"))];
            let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
            assert_eq!(commanding(&files), Some(("src/a.x".to_owned(), Some(2))), "{line}");
        }
    }

    #[test]
    fn a_command_is_carried_out_by_what_is_called_like_it_and_by_nothing_where_two_are() {
        for path in
            ["src/MoorCommand.php", "app/commands/moor.ts", "src/cmd/moor/mod.rs", "ferry/cmd_moor.py"]
        {
            let files = [(path, "x\n"), ("src/ship/moor.rs", "x\n")];
            assert_eq!(commanding(&files), Some((path.to_owned(), None)));
        }
        assert_eq!(commanding(&[("src/a/MoorCommand.php", "x\n"), ("src/b/MoorCommand.php", "x\n")]), None);
        assert_eq!(commanding(&[("src/ship/moor.rs", "fn moor() {}\n")]), None);
        assert_eq!(commanding(&[("src/a.php", "// setName('moor')\n")]), None);
    }

    #[test]
    fn a_program_is_called_like_the_repository_or_like_what_it_builds() {
        let manifest = "[package]\nname = \"harbor\"\n\n[[bin]]\nname = \"quay\"\n";
        let snapshot = repository(
            "acme/ferry",
            "5a1ad00",
            &[("Cargo.toml", manifest), ("cmd/tide/main.go", "package main\n")],
        );
        let places = Places::new(&snapshot);
        assert!(["ferry", "Ferry", "quay", "tide"].iter().all(|name| places.is_program(name)));
        assert!(!["harbor", "git", "main"].iter().any(|name| places.is_program(name)));
    }
}
