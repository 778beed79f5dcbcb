//! What the runner asks for, and what it is told.

use std::collections::HashMap;
use std::fmt::{Display, Write};
use std::time::Duration;

/// What is to be done.
#[derive(Clone, Default)]
pub struct Job {
    pub size: u64,
    parameters: HashMap<String, u64>,
}

impl Job {
    /// Reads `<size> [<parameter>=<value> …]`.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Job, String> {
        let size = number(&arguments.next().ok_or("the size is missing")?)?;
        let parameters = arguments
            .map(|argument| match argument.split_once('=') {
                Some((name, value)) => Ok((name.to_owned(), number(value)?)),
                None => Err(format!("{argument:?} is not <parameter>=<value>")),
            })
            .collect::<Result<_, String>>()?;
        Ok(Job { size, parameters })
    }

    /// The same with a tenth of the size.
    pub fn warm_up(&self) -> Job {
        Job { size: (self.size / 10).max(1), ..self.clone() }
    }

    /// A parameter that the workload can't do without.
    pub fn parameter(&self, name: &str) -> u64 {
        *self.parameters.get(name).unwrap_or_else(|| panic!("the parameter {name} is missing"))
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

/// What came of it.
pub struct Sample {
    elapsed: Duration,
    pub check: String,
    /// Further measurements, each as the JSON it will be.
    pub values: Vec<(&'static str, String)>,
}

impl Sample {
    pub fn new(elapsed: Duration, check: impl Display) -> Sample {
        Sample { elapsed, check: check.to_string(), values: Vec::new() }
    }

    /// Adds a measurement, or leaves it out if it could not be made here.
    pub fn with(mut self, name: &'static str, value: Option<impl Display>) -> Sample {
        if let Some(value) = value {
            self.values.push((name, value.to_string()));
        }
        self
    }

    pub fn to_json(&self, id: &str, size: u64) -> String {
        let mut json = format!(
            r#"{{"workload":{},"size":{size},"ms":{},"check":{},"values":{{"#,
            quoted(id),
            milliseconds(self.elapsed),
            quoted(&self.check)
        );
        for (i, (name, value)) in self.values.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(json, r#"{comma}"{name}":{value}"#).expect("a string takes all that is written");
        }
        json + "}}"
    }
}

/// What is said of a workload that is not in the table.
pub fn missing(id: &str) -> String {
    format!(r#"{{"workload":{},"missing":true}}"#, quoted(id))
}

pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e6
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => {
                write!(quoted, "\\u{:04x}", control as u32).expect("a string takes all that is written")
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
