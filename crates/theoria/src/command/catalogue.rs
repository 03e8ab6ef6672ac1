//! What a command is about, and what it is called.

use std::path::PathBuf;

use clap::CommandFactory;
use theoria_verification::Theorem;
use theoria_verification::evidence::{Program, Run};

use crate::command::arguments::Arguments;
use crate::command::error::CommandError;

/// The theorems that a program knows, and the program.
pub(crate) struct Catalogue {
    pub(crate) theorems: Vec<Theorem>,
    pub(crate) program: Option<Program>,
}

impl Catalogue {
    /// Of this process; an error if two theorems have one id.
    pub(crate) fn of(theorems: Vec<Theorem>) -> Result<Self, CommandError> {
        if let Some(id) = Theorem::repeated_id(&theorems) {
            return Err(CommandError::SameId { id: id.to_string() });
        }
        let program = std::env::args_os().next().and_then(|file| Program::of(&PathBuf::from(file)));
        Ok(Catalogue { theorems, program })
    }

    /// What this program is called.
    pub(crate) fn name(&self) -> &str {
        self.program.as_ref().map_or("theoria", Program::name)
    }

    /// The command that makes a run of a theorem again.
    pub(crate) fn check_command(&self, theorem: &str, run: &Run) -> String {
        match &self.program {
            Some(program) => program.check(theorem, run),
            None => run.test_command(&theorem.replace('/', "::")),
        }
    }

    /// The command line, whose examples name this program and a theorem that it knows.
    pub(crate) fn command_line(&self) -> clap::Command {
        let id = self.theorems.first().map(Theorem::id);
        let program = self.name();
        let words = [
            ("PROGRAM", program.to_owned()),
            ("THEOREM", id.map_or("chapter/name".into(), ToString::to_string)),
            ("CHAPTER", id.map_or("chapter", |id| id.chapter()).to_owned()),
            ("NAME", id.map_or("name", |id| id.name()).to_owned()),
        ];
        // Leaked once in a process: clap wants names that live as long as it does.
        let name: &'static str = Box::leak(program.to_owned().into_boxed_str());
        with_words(Arguments::command().name(name).bin_name(name), &words).mut_subcommands(|verb| {
            with_words(verb, &words).mut_subcommands(|verb| with_words(verb, &words))
        })
    }
}

/// The command with these words in the places for them in its help.
fn with_words(command: clap::Command, words: &[(&str, String)]) -> clap::Command {
    let Some(help) = command.get_after_help().map(ToString::to_string) else {
        return command;
    };
    let help = words.iter().fold(help, |help, (place, word)| help.replace(place, word));
    command.after_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_speaks_of_this_program_and_its_theorems() {
        let theorems = vec![Theorem::new("mine/heavy_ball", "# Monotone?")];
        let program = Program::of("target/debug/examples/own_claims".as_ref());
        let mut line = Catalogue { theorems, program }.command_line();
        let help = line.render_help().to_string();
        assert!(help.contains("own_claims check mine "), "{help}");
        let check = line.find_subcommand_mut("check").unwrap().render_help().to_string();
        assert!(check.contains("own_claims check heavy_ball"), "{check}");
        for text in [help, check] {
            assert!(!text.contains("PROGRAM") && !text.contains("theoria"), "{text}");
        }
    }

    #[test]
    fn two_theorems_of_one_id_are_an_error() {
        let twice = ["# One", "# Another"].map(|text| Theorem::new("mine/same", text)).to_vec();
        let error = Catalogue::of(twice).err().unwrap().to_string();
        assert!(error.contains("mine/same") && error.contains("rename"), "{error}");
    }
}
