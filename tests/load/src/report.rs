//! The report: a raw row for every measurement, and a table of ratios against targets.

use std::{fmt::Write as _, fs, io::Write as _, path::Path};

use serde_json::{Value, json};

use crate::{Result, machine, stats::Spread};

/// Collects the results of one run.
#[derive(Debug)]
pub struct Report {
    rows: fs::File,
    lines: Vec<Line>,
}

/// What a target demands.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
    /// Nothing: the figure is only told.
    None,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// For example `W1`.
    pub workload: &'static str,
    /// What is compared, with its unit.
    pub measure: String,
    /// The product's figure.
    pub ours: Spread,
    /// The figure of what it is compared with.
    pub limit: Option<Spread>,
    /// What is held against the target: a ratio, or ours itself.
    pub judged: f64,
    /// The target.
    pub target: Target,
}

impl Report {
    /// Raw rows go to `rows.jsonl` in the folder.
    pub fn new(folder: &Path) -> Result<Self> {
        Ok(Self { rows: fs::File::create(folder.join("rows.jsonl"))?, lines: Vec::new() })
    }

    /// Keeps one measurement as it is; the load average is added.
    pub fn row(&mut self, workload: &str, side: &str, round: usize, facts: &Value) -> Result<()> {
        let load = machine::load_average();
        let row = json!({
            "workload": workload, "side": side, "round": round, "load": load, "facts": facts,
        });
        writeln!(self.rows, "{row}")?;
        println!("  {workload} {side} round {round} (load {load}): {facts}");
        Ok(())
    }

    /// Compares ours with a limit by medians: the ratio is ours ÷ limit.
    pub fn ratio(
        &mut self,
        (workload, measure): (&'static str, &str),
        ours: &[f64],
        limit: &[f64],
        target: Target,
    ) {
        let (Some(ours), Some(limit)) =
            (Spread::of(ours.iter().copied()), Spread::of(limit.iter().copied()))
        else {
            return;
        };
        let judged = ours.median / limit.median;
        let measure = measure.to_owned();
        self.lines.push(Line { workload, measure, ours, limit: Some(limit), judged, target });
    }

    /// Holds the median of ours against a target.
    pub fn figure(
        &mut self,
        (workload, measure): (&'static str, &str),
        ours: &[f64],
        target: Target,
    ) {
        if let Some(ours) = Spread::of(ours.iter().copied()) {
            let (measure, judged) = (measure.to_owned(), ours.median);
            self.lines.push(Line { workload, measure, ours, limit: None, judged, target });
        }
    }

    /// The table for people.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{:<4} {:<44} {:>28} {:>28} {:>7} {:>8}  {}\n",
            "", "measure", "ours [min-max]", "limit [min-max]", "ratio", "target", "verdict"
        );
        for line in &self.lines {
            let limit = line.limit.map(spread).unwrap_or_default();
            let ratio = line.limit.map(|_| format!("{:.2}", line.judged)).unwrap_or_default();
            let (target, verdict) = line.verdict();
            let _ = writeln!(
                text,
                "{:<4} {:<44} {:>28} {limit:>28} {ratio:>7} {target:>8}  {verdict}",
                line.workload,
                line.measure,
                spread(line.ours),
            );
        }
        text
    }
}

impl Line {
    fn verdict(&self) -> (String, &'static str) {
        let word = |is_met| if is_met { "met" } else { "MISSED" };
        match self.target {
            Target::AtLeast(least) => (format!("≥ {least}"), word(self.judged >= least)),
            Target::AtMost(most) => (format!("≤ {most}"), word(self.judged <= most)),
            Target::None => (String::new(), ""),
        }
    }
}

fn spread(Spread { median, min, max }: Spread) -> String {
    let digits = usize::from(median < 100.0);
    format!("{median:.digits$} [{min:.digits$}-{max:.digits$}]")
}
