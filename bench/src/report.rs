//! Samples as JSON lines, and tables of medians and ratios.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
struct Sample {
    measure: String,
    contestant: &'static str,
    round: u32,
    value: f64,
}

/// All that a run has measured so far.
pub(crate) struct Report {
    file: File,
    samples: Vec<Sample>,
}

impl Report {
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Self {
            file: File::create(path)?,
            samples: Vec::new(),
        })
    }

    /// Keeps a figure, in the file at once.
    pub(crate) fn sample(
        &mut self,
        measure: &str,
        contestant: &'static str,
        round: u32,
        value: f64,
    ) -> anyhow::Result<()> {
        let sample = Sample {
            measure: measure.to_owned(),
            contestant,
            round,
            value,
        };
        writeln!(self.file, "{}", serde_json::to_string(&sample)?)?;
        eprintln!("{measure}: {contestant}, round {}: {value:.2}", round + 1);
        self.samples.push(sample);
        Ok(())
    }

    /// Prints a measure: for each contestant the median, lowest and highest figure, and the median, lowest and highest of
    /// its ratios to `reference` in the same round, which drift of the machine touches least.
    pub(crate) fn table(&self, measure: &str, reference: &str) {
        let mut contestants = Vec::new();
        for sample in self
            .samples
            .iter()
            .filter(|sample| sample.measure == measure)
        {
            if !contestants.contains(&sample.contestant) {
                contestants.push(sample.contestant);
            }
        }
        println!(
            "\n{measure:<34} {:>26}    of {reference}",
            "median (lowest-highest)"
        );
        for contestant in contestants {
            let values = self.values(measure, contestant);
            let ratios = values.iter().zip(self.values(measure, reference));
            let ratios = ratios.map(|(value, reference)| value / reference).collect();
            println!(
                "  {contestant:<32} {:>26}    {}",
                spread(values, 3),
                spread(ratios, 2)
            );
        }
    }

    fn values(&self, measure: &str, contestant: &str) -> Vec<f64> {
        let of_both =
            |sample: &&Sample| sample.measure == measure && sample.contestant == contestant;
        self.samples
            .iter()
            .filter(of_both)
            .map(|sample| sample.value)
            .collect()
    }
}

/// The median, with lowest and highest where there is more than one value.
fn spread(mut values: Vec<f64>, digits: i32) -> String {
    values.sort_by(f64::total_cmp);
    let (Some(lowest), Some(highest)) = (values.first(), values.last()) else {
        return String::new();
    };
    let median = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
    match values.len() {
        1 => short(median, digits),
        _ => format!(
            "{} ({}-{})",
            short(median, digits),
            short(*lowest, digits),
            short(*highest, digits)
        ),
    }
}

/// So many digits that count, at least.
fn short(value: f64, digits: i32) -> String {
    let before_point = if value >= 1.0 {
        value.log10() as i32 + 1
    } else {
        0
    };
    let decimals = usize::try_from(digits - before_point).unwrap_or(0).min(2);
    format!("{value:.decimals$}")
}
