//! What the kernel tells about processes and the machine: processor time, memory, load.

use std::{fs, time::Duration};

use crate::Result;

/// Linux reports processor time in hundredths of a second.
const TICK_MICROS: u64 = 10_000;

/// A process whose processor time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// What the report calls it.
    pub name: &'static str,
    /// Its id.
    pub pid: u32,
}

/// The processor time of some processes at one moment.
#[derive(Clone, Debug)]
pub struct Meter(Vec<(Process, Duration)>);

impl Meter {
    /// Reads the time that each process has used since it began.
    pub fn start(processes: &[Process]) -> Result<Self> {
        let read = |process: &Process| Ok((*process, processor_time(process.pid)?));
        Ok(Self(processes.iter().map(read).collect::<Result<_>>()?))
    }

    /// What each process has used since the start, in µs.
    pub fn stop(&self) -> Result<Vec<(&'static str, u64)>> {
        let used = |(process, before): &(Process, Duration)| {
            let micros = processor_time(process.pid)?.saturating_sub(*before).as_micros();
            Ok((process.name, u64::try_from(micros)?))
        };
        self.0.iter().map(used).collect()
    }
}

/// utime + stime of all threads, ended ones included (`proc_pid_stat(5)`, fields 14 and 15).
fn processor_time(pid: u32) -> Result<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in field 2 may hold blanks and brackets; the last bracket ends it.
    let after_name = text.rsplit_once(')').ok_or("no process")?.1;
    let ticks = |field: usize| -> Result<u64> {
        Ok(after_name.split_whitespace().nth(field - 3).ok_or("too few fields")?.parse()?)
    };
    Ok(Duration::from_micros((ticks(14)? + ticks(15)?) * TICK_MICROS))
}

/// Proportional set size in KiB: shared pages are counted by share.
pub fn pss_kib(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = text.lines().find(|line| line.starts_with("Pss:")).ok_or("no Pss")?;
    Ok(line.split_whitespace().nth(1).ok_or("no Pss")?.parse()?)
}

/// The most memory that a process has had at once (RSS), in MiB.
pub fn peak_mib(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    let kib: u32 = line.split_whitespace().nth(1).ok_or("no VmHWM")?.parse()?;
    Ok(f64::from(kib) / 1024.0)
}

/// The load average of the last minute, as the kernel writes it.
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_time_passes() {
        let own = Process { name: "own", pid: std::process::id() };
        let meter = Meter::start(&[own]).unwrap();
        let mut sum = 0u64;
        while meter.stop().unwrap()[0].1 == 0 {
            sum = (0..100_000u64).fold(sum, |sum, n| sum ^ n.wrapping_mul(31));
        }
        assert!(pss_kib(own.pid).unwrap() > 0, "{sum}");
    }
}
