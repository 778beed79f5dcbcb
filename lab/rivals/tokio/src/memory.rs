//! Resident memory of this process, as Linux tells it. Elsewhere there is no number, and the runner is given none.

/// What is resident now, in bytes.
pub fn resident() -> Option<u64> {
    field("VmRSS:")
}

/// The most that ever was, in bytes.
pub fn peak() -> Option<u64> {
    field("VmHWM:")
}

/// How many more bytes for each of `count` are resident now than were `before`.
pub fn growth(before: Option<u64>, count: u64) -> Option<f64> {
    if count == 0 {
        return None;
    }
    Some((resident()? as f64 - before? as f64) / count as f64)
}

fn field(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
