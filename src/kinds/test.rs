//! `test`: runs a test suite and reads what it says of every test.

use std::path::Path;

use super::{NodeKind, program};
use crate::diag::{Diagnostic, Diags};
use crate::gate::coverage::{self, CoverageSpec};
use crate::gate::covered;
use crate::gate::results::{self, Demands, Expected};
use crate::gate::{Check, judge};
use crate::host::{Conclusion, Ended, Host, Invocation, Job};
use crate::parsers::findings::Stream;
use crate::parsers::results::{ResultsFormat, TestResults};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Glob, Template};
use crate::tools::{Purpose, Tool, ToolRef, Toolbox};

crate::spec! {
    /// Runs a test suite. It passes if the command succeeds, its results, written by this attempt, hold no failure, and enough is covered.
    pub struct Test = "test" {
        /// A tool by its name, which knows how its results are read; `sdd tools` lists them.
        "tool" tool: Option<ToolRef>,
        /// A program and its arguments. One single text is split into words as a shell would, without any expansion.
        "run" run: Option<Argv>,
        /// A script for `sh -eu`.
        "shell" shell: Option<Template>,
        /// Words that are added to the command of the tool.
        "args" args: Vec<Template>,
        /// The tests that the tool runs, instead of all. Patterns stand for the files that match.
        "paths" paths: Vec<Glob>,
        /// Where the results of the single tests are found, and how many there have to be.
        "results" results: Option<Results>,
        /// What has to be covered.
        "coverage" coverage: Option<CoverageSpec>,
        /// Every scenario in the specification of the current work item has a test that ran: `test_happy_path` covers `Happy path`.
        "scenarios" scenarios: bool = "false",
    }
}

crate::spec! {
    /// Where the results of the single tests are found, and how many there have to be.
    pub struct Results = "results" {
        /// The format; a tool knows its own.
        "format" format: Option<ResultsFormat>,
        /// The file, relative to the root; `{{out}}/NAME` is a fresh folder of each attempt. Without it a stream is read; a tool knows its own.
        "path" path: Option<Template>,
        /// The stream that is read if there is no `path`.
        "stream" stream: Stream = "stdout",
        /// The least number of tests that have to run, skipped ones not counted.
        "min-tests" min_tests: Option<u64>,
        /// How many of the slowest tests are named.
        "slowest" slowest: u64 = "0",
    }
}

impl NodeKind for Test {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let choices = [
            ("tool", self.tool.as_ref().map(|tool| tool.name.span)),
            ("run", self.run.as_ref().map(Argv::span)),
            ("shell", self.shell.as_ref().map(|script| script.span)),
        ];
        crate::spec::exactly_one(&choices, owner, decoder);
        if self.tool.is_some() {
            return;
        }
        let format = self.results.as_ref().and_then(|results| results.format);
        if format.is_none() {
            decoder.diags.push(
                Diagnostic::new("missing-field", "the test does not say how its results are read")
                    .at(owner, "whose tests nobody could count")
                    .help("for instance `results format=\"junit\" path=\"{{out}}/results.xml\"`, or name a `tool`"),
            );
        }
        let unknown =
            |coverage: &&CoverageSpec| coverage.format.is_none() || coverage.path.is_none();
        if self
            .coverage
            .as_ref()
            .is_some_and(|coverage| unknown(&coverage))
        {
            decoder.diags.push(
                Diagnostic::new("missing-field", "`coverage` does not say what is read")
                    .at(owner, "needs `format` and `path`")
                    .help(
                        "for instance `coverage format=\"lcov\" path=\"{{out}}/lcov.info\" min=80`",
                    ),
            );
        }
    }

    fn programs(&self) -> Vec<Option<Template>> {
        let check = self.preset().map(|tool| &tool.check);
        program::programs(self.run.as_ref().or(check))
    }

    fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        let Some(named) = &mut self.tool else { return };
        named.bind(Purpose::Test, toolbox, diags);
        let measures = named
            .tool
            .as_ref()
            .is_none_or(|tool| tool.coverage.is_some());
        let told = |coverage: &CoverageSpec| coverage.format.is_some() && coverage.path.is_some();
        if !measures
            && self
                .coverage
                .as_ref()
                .is_some_and(|coverage| !told(coverage))
        {
            diags.push(
                Diagnostic::new(
                    "missing-field",
                    format!("`{}` measures no coverage by itself", *named.name),
                )
                .at(named.name.span, "its file says not how")
                .help("give `coverage` a `format` and a `path`, and the flags in `args`"),
            );
        }
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        match self.attempt(host).await {
            Ok(conclusion) | Err(conclusion) => conclusion,
        }
    }
}

impl Test {
    fn preset(&self) -> Option<&Tool> {
        self.tool.as_ref()?.tool.as_deref()
    }

    async fn attempt(&self, host: &impl Host) -> Result<Conclusion, Conclusion> {
        let expected = self.expected(host)?;
        let coverage = self.coverage(host)?;
        let exit_code = self.execute(host).await?;
        let read = expected.read(host);
        let conclusion = match read {
            Ok(results) => self.judge(host, results, exit_code),
            // Some runners write no results where there is no test, and say so by their exit code.
            Err(_) if self.says_nothing(exit_code) => {
                self.judge(host, TestResults::default(), exit_code)
            }
            Err(conclusion) => self.without_results(exit_code, conclusion),
        };
        let conclusion = match coverage {
            Some(coverage) if conclusion.outcome == Outcome::Passed => coverage.judge(host).await,
            _ => conclusion,
        };
        Ok(conclusion.exit_code(exit_code))
    }

    fn judge(&self, host: &impl Host, results: TestResults, exit_code: i32) -> Conclusion {
        let wanted = self.results.as_ref();
        let demands = Demands {
            min_tests: wanted.and_then(|results| results.min_tests),
            exit: self.preset().map(|tool| &tool.exit),
            slowest: wanted.map_or(0, |results| results.slowest),
        };
        let ran = self.scenarios.then(|| results.ran());
        let conclusion = results::judge(host, results, exit_code, &demands);
        match ran {
            Some(ran) => covered::scenarios(host, ran.as_deref(), conclusion),
            None => conclusion,
        }
    }

    /// Where the results will stand.
    fn expected(&self, host: &impl Host) -> Result<Expected, Conclusion> {
        let own = self.results.as_ref();
        let preset = self.preset().and_then(|tool| tool.results.as_ref());
        let format = own
            .and_then(|results| results.format)
            .or(preset.map(|results| results.format))
            .ok_or_else(|| {
                let reason = "nobody says in which format its results are";
                Conclusion::new(Outcome::Error, "results-missing", reason)
            })?;
        let path = own
            .and_then(|results| results.path.as_ref())
            .or(preset.and_then(|results| results.path.as_ref()));
        match path {
            Some(path) => Expected::note(host, format, path),
            None => Ok(Expected::stream(format, streamed(host))),
        }
    }

    /// The stream that the results stand in, if they stand in no file.
    fn stream(&self) -> Option<Stream> {
        let own = self.results.as_ref();
        let preset = self.preset().and_then(|tool| tool.results.as_ref());
        let in_file = own.is_some_and(|results| results.path.is_some())
            || preset.is_some_and(|results| results.path.is_some());
        let stream = preset.map(|results| results.stream);
        let stream = stream.or(own.map(|results| results.stream));
        stream.filter(|_| !in_file)
    }

    fn coverage<'a>(
        &'a self,
        host: &impl Host,
    ) -> Result<Option<coverage::Expected<'a>>, Conclusion> {
        let Some(spec) = &self.coverage else {
            return Ok(None);
        };
        let preset = self.preset().and_then(|tool| tool.coverage.as_ref());
        let known = preset.map(|coverage| (coverage.format, &coverage.path));
        coverage::Expected::note(host, spec, known)
    }

    async fn execute(&self, host: &impl Host) -> Result<i32, Conclusion> {
        let streamed = streamed(host);
        let stream = (self.stream(), streamed.as_ref());
        let ended = if let (Some(named), Some(tool)) = (&self.tool, self.preset()) {
            self.run_tool(host, &named.name, tool, stream).await?
        } else {
            let own = program::invocation(self.run.as_ref(), self.shell.as_ref());
            let Some(invocation) = own else {
                return Err(Conclusion::passed());
            };
            host.exec_job(&into(stream, Job::new(invocation))).await
        };
        match ended {
            Ended::Exited(code) => Ok(code),
            other => Err(judge::could_not_tell(&other)),
        }
    }

    async fn run_tool(
        &self,
        host: &impl Host,
        name: &str,
        tool: &Tool,
        stream: (Option<Stream>, &Path),
    ) -> Result<Ended, Conclusion> {
        let paths: Vec<String> = self.paths.iter().map(|glob| glob.text.clone()).collect();
        let basis = Check::of_tool(tool, name);
        let check = Check {
            args: &self.args,
            paths: if paths.is_empty() {
                basis.paths
            } else {
                &paths
            },
            ..basis
        };
        let mut words = tool.check.words.clone();
        if self.coverage.is_some() {
            let measuring = tool.coverage.iter().flat_map(|coverage| &coverage.args);
            words.extend(measuring.cloned());
        }
        let more = check.words(host).await?;
        let more = more
            .iter()
            .map(|word| Template::literal(word, Span::default()));
        words.extend(more);
        check.write_files(host)?;
        let env = check.variables(host)?;
        let command = Argv { words };
        let job = Job {
            env: &env,
            ..Job::new(Invocation::Run(&command))
        };
        let ended = host.exec_job(&into(stream, job)).await;
        match ended {
            Ended::NotFound { .. } => Err(check.could_not_tell(&ended)),
            other => Ok(other),
        }
    }

    fn says_nothing(&self, exit_code: i32) -> bool {
        self.preset()
            .is_some_and(|tool| tool.exit.nothing.contains(&exit_code))
    }

    /// A suite that left no results: its exit code may still say that there was none.
    fn without_results(&self, exit_code: i32, conclusion: Conclusion) -> Conclusion {
        let clean = self
            .preset()
            .map_or(exit_code == 0, |tool| tool.exit.clean.contains(&exit_code));
        if clean {
            return conclusion;
        }
        let reason = conclusion.reason.unwrap_or_default();
        Conclusion {
            reason: Some(format!("it exited with {exit_code}, and {reason}")),
            ..conclusion
        }
    }
}

/// The file that takes the stream of a suite whose results stand there.
fn streamed(host: &impl Host) -> String {
    host.out().join("results").to_string_lossy().into_owned()
}

fn into<'a>((stream, path): (Option<Stream>, &'a Path), job: Job<'a>) -> Job<'a> {
    Job {
        stdout: (stream == Some(Stream::Stdout)).then_some(path),
        stderr: (stream == Some(Stream::Stderr)).then_some(path),
        ..job
    }
}
