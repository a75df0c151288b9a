//! The program as people and scripts use it: its verbs, its files, its standard output, its end.

#[cfg(test)]
mod alert;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod dev;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod log_lines;
#[cfg(test)]
mod migrate;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod providers;
#[cfg(test)]
mod serve_and_work;
#[cfg(test)]
mod support;
#[cfg(test)]
mod terminal;
mod token;
#[cfg(test)]
#[cfg(feature = "otlp")]
mod traces;
