//! `compose`: a stack of containers as environment.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Consumers, NodeKind};
use crate::compose::{
    ComposeFiles, Container, Model, Ready, Stack, Until, Wish, project, readiness,
};
use crate::diag::Diags;
use crate::gate::judge;
use crate::host::{Conclusion, Ended, Host, Invocation, Job};
use crate::preflight::{Check, ThroughHost};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Delay, Limit, Named, Template};
use crate::tools::Toolbox;

crate::spec! {
    /// Brings up a stack of containers with Docker Compose, waits until its services are ready, loads fixtures, and takes it down when its users are over.
    ///
    /// Each run brings the stack up under a name of its own, so that what else is up of the same files is never touched. The host's port of a container's port is `{{node.ID.port.SERVICE.PORT}}`; let Docker choose it (`ports: ["8000"]`), so that nothing is in the way.
    pub struct Compose = "compose" {
        /// Compose files; later ones are laid over earlier ones.
        "file" file: ComposeFiles,
        /// Compose profiles that are switched on.
        "profile" profile: Vec<String>,
        /// Services with what they are waited for to be. All others are waited for as well: until their health check passes, until they run if they have none, or until they ended with 0.
        "service" service: Named<Wish>,
        /// Commands that fill the stack with data, one after the other, once its services are ready.
        "fixture" fixture: Named<Fixture>,
        /// How long the services may take to be ready, all together.
        "ready-timeout" ready_timeout: Limit = "60s",
        /// How the stack is taken down.
        "down" down: Option<Down>,
        /// Whether the logs of the containers are kept, in the folder of the node that takes the stack down.
        "logs" logs: bool = "true",
    }
}

crate::spec! {
    /// A command that fills the stack with data.
    pub struct Fixture = "fixture" {
        /// A program and its arguments.
        "run" run: Argv,
    }
}

crate::spec! {
    /// How a stack is taken down.
    pub struct Down = "down" {
        /// Whether its volumes are removed with it.
        "volumes" volumes: bool = "true",
        /// How long containers have to end by themselves, instead of what the compose files say.
        "grace" grace: Option<Delay>,
        /// How long Compose may take; then what is left is removed by force.
        "timeout" timeout: Limit = "60s",
    }
}

/// Pause between two looks at the containers.
const INTERVAL: Duration = Duration::from_millis(200);
/// How long it may take to keep logs and to remove by force what Compose left.
const TIME_OF_FORCE: Duration = Duration::from_mins(1);
/// How long it may take to keep the logs of all containers.
const TIME_OF_LOGS: Duration = Duration::from_secs(20);
/// How long Compose may take to take a stack down, unless the file says otherwise.
const TIME_OF_DOWN: Duration = Duration::from_mins(1);
/// How long a container that was started again has to run until it counts as running.
const STEADY: Duration = Duration::from_secs(2);
/// Lines of a container's log that are shown when it is why the stack can't be used.
const SHOWN_LINES: usize = 50;

impl NodeKind for Compose {
    const ENVIRONMENT: bool = true;
    const GENERATES_TEARDOWN: bool = true;
    const DETACHED: bool = true;

    fn check(&self, _: Span, decoder: &mut Decoder<'_>) {
        for (name, wish) in &self.service.0 {
            wish.check(name, decoder);
        }
    }

    fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
        self.file.bind(toolbox, diags);
        let Some(model) = &self.file.model else {
            return;
        };
        for (name, wish) in &self.service.0 {
            wish.compare(name, model, diags);
        }
    }

    fn publishes(&self) -> Vec<String> {
        let services = self.file.model.iter().flat_map(|model| &model.services);
        services
            .flat_map(|service| {
                let ports = service.ports.iter();
                ports.map(|port| format!("port.{}.{port}", service.name))
            })
            .collect()
    }

    fn may_publish(&self, name: &str) -> bool {
        let Some((service, port)) = name
            .strip_prefix("port.")
            .and_then(|rest| rest.rsplit_once('.'))
        else {
            return false;
        };
        let open = |model: &Model| match model.service(service) {
            Some(service) => service.more_ports,
            None => model.open,
        };
        let unknown = self.file.model.as_deref().is_none_or(open);
        self.publishes().iter().any(|known| known == name)
            || (unknown && port.parse::<u16>().is_ok())
    }

    fn programs(&self) -> Vec<Option<Template>> {
        let fixtures = self.fixture.0.iter();
        fixtures
            .map(|(_, fixture)| fixture.run.words.first().cloned())
            .collect()
    }

    fn checks(&self) -> Vec<Check> {
        vec![Check::Docker, Check::Compose]
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let stack = self.stack(host);
        match self.bring_up(&stack).await {
            Ok(()) => Conclusion::passed(),
            Err(conclusion) => conclusion,
        }
    }

    fn down_limit(&self) -> Duration {
        self.time_of_down() + TIME_OF_FORCE
    }

    async fn down(&self, host: &impl Host) -> Conclusion {
        let stack = self.stack(host);
        let data = self.down.as_ref().is_none_or(|down| down.volumes);
        if self.logs {
            self.keep_logs(&stack).await;
        }
        let grace = self.down.as_ref().and_then(|down| down.grace);
        let grace = grace.map(|grace| grace.0.as_secs_f64().ceil().to_string());
        let mut words = vec!["stop"];
        if let Some(grace) = &grace {
            words.extend(["--timeout", grace]);
        }
        let compose = stack.compose().await;
        // Compose only asks the containers to end. Removing is done by the mark of the stack: by
        // name, Compose would remove volumes that are not the stack's own.
        let _ = run_within(
            host,
            &stack.call(compose, &words),
            Some(self.time_of_down()),
        )
        .await;
        let left = stack.remove(data).await;
        if left.is_empty() {
            return Conclusion::passed();
        }
        left_behind(Outcome::Failed, &left)
    }
}

impl Compose {
    /// Its services, as far as they are known.
    pub(super) fn consumers(&self) -> Consumers {
        let model = self.file.model.as_deref();
        let services = model.map_or(&[][..], |model| &model.services);
        Consumers {
            services: services
                .iter()
                .map(|service| service.name.clone())
                .collect(),
            may_be_more: model.is_none_or(|model| model.open),
        }
    }

    fn stack<'s, H: Host>(&'s self, host: &'s H) -> Stack<'s, H> {
        Stack {
            host,
            project: project(host.worktree(), host.run_id(), &host.subject()),
            files: self
                .file
                .paths
                .iter()
                .map(|path| path.path.as_str())
                .collect(),
            profiles: &self.profile,
        }
    }

    fn time_of_down(&self) -> Duration {
        self.down
            .as_ref()
            .map_or(TIME_OF_DOWN, |down| down.timeout.0)
    }

    async fn bring_up<H: Host>(&self, stack: &Stack<'_, H>) -> Result<(), Conclusion> {
        let daemon = Check::Docker.make(&ThroughHost(stack.host)).await;
        daemon.map_err(|problem| {
            Conclusion::new(Outcome::Error, problem.rule, problem.message).remedy(problem.remedy)
        })?;
        let compose = stack.compose().await;
        // What an earlier attempt left would be taken for this one's, data included.
        let left = stack.remove(true).await;
        if !left.is_empty() {
            return Err(left_behind(Outcome::Error, &left));
        }
        let up = stack.call(compose, &["up", "--detach", "--build"]);
        match run_within(stack.host, &up, None).await {
            Ended::Exited(0) => {}
            ended => return Err(self.not_up(stack, &ended).await),
        }
        let containers = self.await_ready(stack).await?;
        for container in containers.iter().rev() {
            for (inside, outside) in &container.ports {
                let name = format!("port.{}.{inside}", container.service);
                stack.host.publish(&name, outside.to_string());
            }
        }
        self.load_fixtures(stack.host).await
    }

    /// Why `up` did not come to a good end, with the logs of the containers that ended badly.
    async fn not_up<H: Host>(&self, stack: &Stack<'_, H>, ended: &Ended) -> Conclusion {
        let Ended::Exited(code) = ended else {
            return judge::could_not_tell(ended);
        };
        for container in stack.containers().await.unwrap_or_default() {
            if let Ready::Never(why) = readiness(Until::Running, &[&container]) {
                show_log(stack, &container, &why).await;
            }
        }
        let said = String::from_utf8_lossy(&stack.host.printed()).into_owned();
        let last = said
            .lines()
            .rev()
            .find(|line| line.to_lowercase().contains("error"));
        let last = last.or_else(|| said.lines().rev().find(|line| !line.trim().is_empty()));
        let why = last.map_or_else(
            || format!("exit code {code}"),
            |line| line.trim().to_owned(),
        );
        Conclusion::new(
            Outcome::Failed,
            "up-failed",
            format!("Compose could not bring it up: {why}"),
        )
        .exit_code(*code)
    }

    /// Looks at all services again and again until each is ready, one never will be, or the time
    /// for all of them is over.
    async fn await_ready<H: Host>(
        &self,
        stack: &Stack<'_, H>,
    ) -> Result<Vec<Container>, Conclusion> {
        let deadline = Instant::now() + self.ready_timeout.0;
        let mut restarts = Restarts::default();
        loop {
            let told = |why| Conclusion::new(Outcome::Error, "docker-unreachable", why);
            let mut containers = stack.containers().await.map_err(told)?;
            restarts.note(&mut containers);
            if let Some(ended) = stack.host.interruption() {
                return Err(judge::could_not_tell(&ended));
            }
            if containers.is_empty() {
                let reason = "nothing came up; are the profiles of its services switched on?";
                return Err(Conclusion::new(Outcome::Failed, "not-ready", reason));
            }
            let waiting = self.look(stack, &containers).await?;
            if waiting.is_empty() {
                return Ok(containers);
            }
            if Instant::now() >= deadline {
                return Err(self.not_ready(stack, &containers, &waiting).await);
            }
            stack.host.sleep(INTERVAL).await;
        }
    }

    /// The services that are not ready yet, each with the reason.
    async fn look<H: Host>(
        &self,
        stack: &Stack<'_, H>,
        containers: &[Container],
    ) -> Result<Vec<(String, String)>, Conclusion> {
        let mut waiting = Vec::new();
        for (service, wish) in self.wishes(containers) {
            let own: Vec<&Container> = containers.iter().filter(|c| c.service == service).collect();
            let until = wish.map_or(Until::Unsaid, Wish::until);
            if own.is_empty() {
                let reason = format!(
                    "the stack has no container of `{service}`; is its profile switched on?"
                );
                return Err(Conclusion::new(Outcome::Failed, "not-ready", reason));
            }
            let why = match (readiness(until, &own), wish) {
                (Ready::NotYet(why), _) => why,
                (Ready::Never(why), _) => {
                    for container in &own {
                        show_log(stack, container, &why).await;
                    }
                    return Err(never(&service, &why));
                }
                (Ready::Ask, Some(wish)) => match wish.ask(stack, &own).await {
                    Ok(()) => continue,
                    Err(why) => why,
                },
                (Ready::Yes, _) | (Ready::Ask, None) => continue,
            };
            waiting.push((service, why));
        }
        Ok(waiting)
    }

    /// Every service that is waited for: those of the file first, then all that have containers.
    fn wishes<'w>(&'w self, containers: &[Container]) -> Vec<(String, Option<&'w Wish>)> {
        let named = self.service.0.iter();
        let mut all: Vec<(String, Option<&Wish>)> = named
            .map(|(name, wish)| (name.value.clone(), Some(wish)))
            .collect();
        for container in containers {
            if all.iter().all(|(name, _)| *name != container.service) {
                all.push((container.service.clone(), None));
            }
        }
        all
    }

    async fn not_ready<H: Host>(
        &self,
        stack: &Stack<'_, H>,
        containers: &[Container],
        waiting: &[(String, String)],
    ) -> Conclusion {
        for (service, why) in waiting {
            for container in containers.iter().filter(|c| c.service == *service) {
                show_log(stack, container, why).await;
            }
        }
        let each: Vec<String> = waiting
            .iter()
            .map(|(service, why)| format!("`{service}`: {why}"))
            .collect();
        let limit = crate::spec::print_duration(self.ready_timeout.0);
        let reason = format!("not ready within {limit}: {}", each.join("; "));
        Conclusion::new(Outcome::Failed, "not-ready", reason)
            .remedy("look at the containers' logs in the node's log; if they only need longer, raise `ready-timeout`")
    }

    async fn load_fixtures(&self, host: &impl Host) -> Result<(), Conclusion> {
        for (name, fixture) in &self.fixture.0 {
            let conclusion =
                judge::by_exit_code(&host.exec(Invocation::Run(&fixture.run)).await, &[0], &[]);
            if conclusion.outcome != Outcome::Passed {
                let why = conclusion.reason.clone().unwrap_or_default();
                return Err(Conclusion {
                    reason: Some(format!("the fixture `{}` was not loaded: {why}", **name)),
                    code: Some("fixture-failed"),
                    ..conclusion
                });
            }
        }
        Ok(())
    }

    /// Writes what each container printed into the folder of the attempt.
    async fn keep_logs<H: Host>(&self, stack: &Stack<'_, H>) {
        let end = Instant::now() + TIME_OF_LOGS;
        for container in stack.containers().await.unwrap_or_default() {
            let name = format!("{}.{}.log", container.service, container.number);
            let file = stack.host.out().join(name.replace('/', "_"));
            // A log that can't be kept is no reason to leave the stack up.
            let left = end.saturating_duration_since(Instant::now());
            stack.keep_log(&container, &file, left).await;
        }
    }
}

/// When each container was last seen to have been started again.
#[derive(Default)]
struct Restarts(HashMap<String, (u32, Instant)>);

impl Restarts {
    /// Notes which containers have run for a while since they were last started again. One that
    /// ends and starts in turns would now and then be seen running.
    fn note(&mut self, containers: &mut [Container]) {
        for container in containers
            .iter_mut()
            .filter(|container| container.restarts > 0)
        {
            let now = (container.restarts, Instant::now());
            let known = self.0.entry(container.id.clone()).or_insert(now);
            if known.0 != container.restarts {
                *known = now;
            }
            container.steady = known.1.elapsed() >= STEADY;
        }
    }
}

fn left_behind(outcome: Outcome, left: &[String]) -> Conclusion {
    let reason = format!("something of the stack is left: {}", left.join(", "));
    Conclusion::new(outcome, "left-behind", reason)
        .remedy("see what Docker says in the log; `sdd recover` tries again")
}

fn never(service: &str, why: &str) -> Conclusion {
    Conclusion::new(Outcome::Failed, "not-ready", format!("`{service}`: {why}"))
        .remedy("the end of its log is in the node's log")
}

/// Runs a command of plain words; it is the node's own, and its output goes to the log.
async fn run_within(host: &impl Host, words: &[String], limit: Option<Duration>) -> Ended {
    let literal = |word: &String| Template::literal(word, Span::default());
    let argv = Argv {
        words: words.iter().map(literal).collect(),
    };
    let job = Job {
        dir: Some(host.root()),
        limit,
        ..Job::new(Invocation::Run(&argv))
    };
    host.exec_job(&job).await
}

/// Puts the end of a container's log into the log of the node.
async fn show_log<H: Host>(stack: &Stack<'_, H>, container: &Container, why: &str) {
    let end = stack.log_end(container, SHOWN_LINES).await;
    let end = end.unwrap_or_default();
    let name = format!("{} {}", container.service, container.number);
    let text = format!("--- {name}: {why}; the end of its log:\n{end}\n");
    stack.host.note(&text);
}
