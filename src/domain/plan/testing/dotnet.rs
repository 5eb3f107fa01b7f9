//! What `dotnet test` is given: at a root without a project and a solution it runs nothing by itself.

use super::above;
use crate::domain::plan::places::{self, Places};

fn is_project(path: &str) -> bool {
    matches!(places::ending(path), "csproj" | "fsproj" | "vbproj")
}

fn is_solution(path: &str) -> bool {
    matches!(places::ending(path), "sln" | "slnx" | "slnf")
}

/// The folder of the project that a test lies in, else the project that takes its folder in, else the only solution;
/// none where the root has one, and where nothing is sure.
pub(super) fn project<'a>(places: &Places<'a>, path: &'a str) -> Option<&'a str> {
    let projects: Vec<&str> = places.files().filter(|path| is_project(path)).collect();
    let holds = |folder: &&str| projects.iter().any(|project| places::folder(project) == *folder);
    if let Some(own) = above(path).find(holds) {
        return Some(own);
    }
    if places.files().any(|path| places::folder(path).is_empty() && (is_project(path) || is_solution(path))) {
        return None;
    }
    let mut tests: Vec<&str> = projects
        .iter()
        .copied()
        .filter(|project| places::stem(places::name(project)).contains("Test"))
        .collect();
    tests.sort_by_key(|project| project.len());
    let takes = |project: &&str| {
        let text = places.text(project).unwrap_or_default().replace('\\', "/");
        above(path).any(|folder| text.contains(&format!("../{}/", places::name(folder))))
    };
    // Sources that several projects share are called after the one that they came from.
    let like = |project: &&str| {
        let stem = places::stem(places::name(project));
        above(path).any(|folder| places::name(folder).starts_with(stem))
    };
    let shared = tests.iter().copied().find(takes).or_else(|| tests.iter().copied().find(like));
    shared.or_else(|| {
        let mut solutions = places.files().filter(|path| is_solution(path));
        solutions.next().filter(|_| solutions.next().is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_test_is_run_by_the_project_that_has_it() {
        let shared = "<Compile Include=\"..\\Hull.Tests.Common\\**\\*.cs\" />";
        let told = |files: &[(&str, &str)]| {
            let snapshot = repository("acme/x", "5a1ad00", files);
            let places = Places::new(&snapshot);
            project(&places, "src/Hull.Tests.Common/KeelTests.cs").unwrap_or("–").to_owned()
        };
        let (keel, hull) = (("src/Keel.Tests/Keel.Tests.csproj", shared), ("src/Hull/Hull.csproj", ""));
        assert_eq!(told(&[keel, hull]), "src/Keel.Tests/Keel.Tests.csproj");
        assert_eq!(
            told(&[("src/Hull.Tests/Hull.Tests.csproj", ""), hull]),
            "src/Hull.Tests/Hull.Tests.csproj"
        );
        assert_eq!(told(&[("src/Hull.Tests.Common/A.csproj", ""), keel]), "src/Hull.Tests.Common");
        assert_eq!(told(&[hull, ("src/Hull.sln", "")]), "src/Hull.sln");
        assert_eq!(told(&[keel, ("Hull.sln", "")]), "–");
        assert_eq!(told(&[hull]), "–");
    }
}
