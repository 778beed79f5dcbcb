//! Each workload, small, on both runtimes; and what is printed.

use crate::contract::{self, Job, Sample};
use crate::{runtime, sample, workloads};
use std::time::Duration;

/// What must come of each, computed by hand.
const EXPECTED: &[(&str, &[&str], &str)] = &[
    ("empty", &["0"], "0"),
    ("headline", &["20000", "actors=100", "inflight=50"], "20000"),
    ("headline", &["1000", "actors=7", "inflight=64"], "1000"),
    ("rendezvous", &["1000"], "499500"),
    ("buffered", &["1000"], "499500"),
    ("ping-pong", &["1000"], "2000"),
    ("spawn-join", &["2500"], "3123750"),
    ("oneshot", &["1000"], "500500"),
    // Four times 0 + … + 249.
    ("select", &["1000"], "124500"),
    ("select-anew", &["1000"], "124500"),
    ("timers", &["200000"], "1000"),
    ("timeout", &["1000"], "500500"),
    ("mutex", &["10000"], "10000"),
    ("mutex-held", &["10000"], "10000"),
    ("semaphore", &["10000"], "10000/10"),
    // Eight times 0 + … + 1999: three batches of 512, and 464 more.
    ("broadcast", &["2000"], "15992000"),
    ("watch", &["1000"], "4/0"),
    // 1 + 3 + … + 999: five hundred odd numbers.
    ("stream-sync", &["1000"], "250000"),
    ("stream-async", &["1000"], "250000"),
    ("stream-loop", &["1000"], "250000"),
    ("map-concurrent", &["1000"], "1000"),
    ("sieve", &["100"], "541"),
    // 0² + … + 999²: none of them is as large as 1,000,003.
    ("pipeline", &["1000"], "332833500"),
    ("wake", &["1000"], "1000"),
    ("cancel-tree", &["1000"], "1000"),
    ("parked-memory", &["1000"], "1000"),
    ("parked-task", &["1000"], "1000"),
    ("timer-flood", &["20"], "20"),
];

#[test]
fn one_thread_gets_the_right_results() {
    all_are_right_on(1);
}

#[test]
fn two_workers_get_the_right_results() {
    all_are_right_on(2);
}

fn all_are_right_on(workers: usize) {
    let runtime = runtime(Some(workers));
    for (id, arguments, expected) in EXPECTED {
        let workload = workloads::find(id).expect("it is in the table");
        let result = sample(&runtime, workload, job(arguments).unwrap());
        assert_eq!(result.check, *expected, "{id}, {workers} workers");
    }
}

#[test]
fn every_workload_is_tested() {
    for workload in workloads::WORKLOADS {
        assert!(EXPECTED.iter().any(|(id, ..)| *id == workload.id), "{}", workload.id);
    }
}

#[test]
fn the_headline_tells_its_latencies() {
    let workload = workloads::find("headline").unwrap();
    let sample = sample(&runtime(Some(2)), workload, job(&["20000", "actors=100", "inflight=50"]).unwrap());
    let value = |name| -> f64 { sample.values.iter().find(|(it, _)| *it == name).unwrap().1.parse().unwrap() };
    let rising = [value("p50"), value("p99"), value("p999"), value("max")];
    assert!(rising.is_sorted() && rising[0] > 0.0, "{rising:?}");
    if cfg!(target_os = "linux") {
        assert!(value("peak") >= value("parked") && value("parked") > 0.0);
    }
}

#[test]
#[should_panic(expected = "the parameter actors is missing")]
fn a_parameter_that_is_needed_must_be_there() {
    job(&["1"]).unwrap().parameter("actors");
}

#[test]
fn arguments_that_mean_nothing_are_refused() {
    for arguments in [&[] as &[&str], &["many"], &["-1"], &["1", "actors"], &["1", "actors=few"]] {
        assert!(job(arguments).is_err(), "{arguments:?}");
    }
}

#[test]
fn a_sample_is_one_line_of_json() {
    let sample =
        Sample::new(Duration::from_micros(1_234_500), "a \"b\"\n").with("p50", Some(0.25)).with("bytes", None::<u64>);
    assert_eq!(
        sample.to_json("wake", 7),
        r#"{"workload":"wake","size":7,"ms":1234.5,"check":"a \"b\"\u000a","values":{"p50":0.25}}"#
    );
    assert_eq!(contract::missing("tour"), r#"{"workload":"tour","missing":true}"#);
}

#[test]
fn a_warm_up_is_a_tenth_and_at_least_one() {
    for (size, tenth) in [("1000", 100), ("5", 1)] {
        assert_eq!(job(&[size]).unwrap().warm_up().size, tenth);
    }
}

fn job(arguments: &[&str]) -> Result<Job, String> {
    Job::parse(arguments.iter().map(|argument| argument.to_string()))
}
