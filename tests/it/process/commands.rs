//! The commands beside `serve`, as a terminal or a script sees them.

use super::program::{run, variables};

#[tokio::test]
async fn help_lists_the_commands() {
    let ended = run(&["--help"], &variables(&[])).await;
    assert_eq!(ended.code, Some(0));
    for command in ["serve", "migrate", "replay", "pause", "simulate", "plan", "check-config", "docs"] {
        assert!(ended.out.iter().any(|line| line.trim_start().starts_with(command)), "{command}");
    }
}
