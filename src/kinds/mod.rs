//! The node kinds: one file each and one row in the table.
//!
//! A kind sees neither another kind nor the engine. It reads its fields from the configuration
//! and acts through the [`Host`] port.

mod benchmark;
mod command;
mod compose;
mod contract;
mod docs;
mod examples;
mod format;
mod libraries;
mod lint;
mod preflight;
mod program;
mod rule;
mod security;
mod service;
mod setup;
mod spec;
mod teardown;
mod test;

pub use examples::{EXAMPLES, example};

use std::time::Duration;

use crate::diag::Diags;
use crate::gate::Effects;
use crate::host::{Conclusion, Host};
use crate::preflight::Check;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, Fields, NodeRef, Table, TableSpec, Template, Value};
use crate::tools::Toolbox;

/// What every kind can do.
#[expect(
    async_fn_in_trait,
    reason = "an attempt is driven on one thread, so its futures need not be Send"
)]
pub trait NodeKind: Table + Value {
    /// Whether it brings something up for others.
    const ENVIRONMENT: bool = false;
    /// Whether it is taken down by a node that the plan adds, `ID.down`.
    const GENERATES_TEARDOWN: bool = false;

    /// Whether what it brings up lives on without `sdd`, so that somebody has to take it down when
    /// `sdd` died.
    const DETACHED: bool = false;

    /// Reports what no single field can know, such as fields that exclude each other.
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>);

    /// Names that it publishes for `{{node.ID.NAME}}`.
    fn publishes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether it may publish a value of that name.
    fn may_publish(&self, name: &str) -> bool {
        self.publishes().iter().any(|known| known == name)
    }

    /// Programs that it starts, as far as they can be told beforehand.
    fn programs(&self) -> Vec<Option<Template>> {
        Vec::new()
    }

    /// What the machine has to have for it, beside its programs.
    fn checks(&self) -> Vec<Check> {
        Vec::new()
    }

    /// Looks up the tools that it names; reports those that there are not.
    fn bind(&mut self, _toolbox: &mut dyn Toolbox, _diags: &mut Diags) {}

    /// What it reads and writes of the project, if it is one that checks, and mends when asked to.
    fn effects(&self) -> Option<Effects<'_>> {
        None
    }

    /// The work item that it names.
    fn work_item(&self) -> Option<&Spanned<String>> {
        None
    }

    /// Makes one attempt.
    async fn run(&self, host: &impl Host) -> Conclusion;

    /// How long taking it down may take. The time limit of the node is for coming up.
    fn down_limit(&self) -> Duration {
        Duration::from_mins(10)
    }

    /// Takes down what [`NodeKind::run`] brought up.
    async fn down(&self, _host: &impl Host) -> Conclusion {
        Conclusion::passed()
    }
}

/// A row of the table of kinds.
#[derive(Debug, Clone, Copy)]
pub struct KindRow {
    /// Its fields.
    pub spec: &'static TableSpec,
    /// Whether it brings something up for others.
    pub environment: bool,
}

macro_rules! kinds {
    ($($variant:ident $ty:path;)*) => {
        /// What a node does.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Kind {
            $(#[doc = concat!("See [`", stringify!($ty), "`].")] $variant(Box<$ty>),)*
        }

        /// Every kind, in the order of the documentation.
        pub const KINDS: &[KindRow] = &[$(KindRow {
            spec: <$ty as Table>::SPEC,
            environment: <$ty as NodeKind>::ENVIRONMENT,
        }),*];

        impl Kind {
            /// Takes the fields of the kind called `name` out of a block. `None` if there is no
            /// such kind or its fields can't be read.
            pub fn take(
                name: &str,
                owner: Span,
                fields: &mut Fields<'_>,
                decoder: &mut Decoder<'_>,
            ) -> Option<Self> {
                $(if name == <$ty as Table>::SPEC.name {
                    let kind = <$ty as Table>::take(fields, decoder)?;
                    if fields.are_settled() {
                        kind.check(owner, decoder);
                    }
                    return Some(Kind::$variant(Box::new(kind)));
                })*
                None
            }

            /// Looks up the tools that it names; reports those that there are not.
            pub fn bind(&mut self, toolbox: &mut dyn Toolbox, diags: &mut Diags) {
                match self { $(Kind::$variant(kind) => kind.bind(toolbox, diags),)* }
            }

            /// What it reads and writes, if it is one that checks.
            pub fn effects(&self) -> Option<Effects<'_>> {
                match self { $(Kind::$variant(kind) => kind.effects(),)* }
            }

            /// Its row.
            pub fn row(&self) -> KindRow {
                match self {
                    $(Kind::$variant(_) => KindRow {
                        spec: <$ty as Table>::SPEC,
                        environment: <$ty as NodeKind>::ENVIRONMENT,
                    },)*
                }
            }

            /// Whether the plan adds a node that takes it down.
            pub fn generates_teardown(&self) -> bool {
                match self {
                    $(Kind::$variant(_) => <$ty as NodeKind>::GENERATES_TEARDOWN,)*
                }
            }

            /// Names that it publishes.
            pub fn publishes(&self) -> Vec<String> {
                match self { $(Kind::$variant(kind) => kind.publishes(),)* }
            }

            /// Whether it may publish a value of that name.
            pub fn may_publish(&self, name: &str) -> bool {
                match self { $(Kind::$variant(kind) => kind.may_publish(name),)* }
            }

            /// Whether what it brings up lives on without `sdd`.
            pub fn is_detached(&self) -> bool {
                match self {
                    $(Kind::$variant(_) => <$ty as NodeKind>::DETACHED,)*
                }
            }

            /// Programs that it starts, as far as they can be told beforehand.
            pub fn programs(&self) -> Vec<Option<Template>> {
                match self { $(Kind::$variant(kind) => kind.programs(),)* }
            }

            /// What the machine has to have for it, beside its programs.
            pub fn checks(&self) -> Vec<Check> {
                match self { $(Kind::$variant(kind) => kind.checks(),)* }
            }

            /// The work item that it names.
            pub fn work_item(&self) -> Option<&Spanned<String>> {
                match self { $(Kind::$variant(kind) => kind.work_item(),)* }
            }

            /// Visits every template in its fields.
            pub fn templates(&self, visit: &mut dyn FnMut(&Template)) {
                match self { $(Kind::$variant(kind) => Value::templates(&**kind, visit),)* }
            }

            /// Makes one attempt.
            pub async fn run(&self, host: &impl Host) -> Conclusion {
                match self {
                    // Boxed, so that every attempt takes the room of its own kind only.
                    $(Kind::$variant(kind) => Box::pin(kind.run(host)).await,)*
                }
            }

            /// How long taking it down may take.
            pub fn down_limit(&self) -> Duration {
                match self { $(Kind::$variant(kind) => kind.down_limit(),)* }
            }

            /// Takes down what an attempt brought up.
            pub async fn down(&self, host: &impl Host) -> Conclusion {
                match self {
                    $(Kind::$variant(kind) => Box::pin(kind.down(host)).await,)*
                }
            }
        }
    };
}

kinds! {
    Command command::Command;
    Test test::Test;
    Lint lint::Lint;
    Format format::Format;
    Security security::Security;
    Docs docs::Docs;
    Libraries libraries::Libraries;
    Rule rule::Rule;
    Spec spec::Spec;
    Setup setup::Setup;
    Teardown teardown::Teardown;
    Service service::Service;
    Compose compose::Compose;
    Preflight preflight::Preflight;
    Benchmark benchmark::Benchmark;
    Contract contract::Contract;
}

impl Kind {
    /// Its name in the file.
    pub fn name(&self) -> &'static str {
        self.row().spec.name
    }

    /// Whether it brings something up for others.
    pub fn is_environment(&self) -> bool {
        self.row().environment
    }

    /// The environment that it takes down, as the file names it.
    pub fn finalises(&self) -> Option<&NodeRef> {
        match self {
            Kind::Teardown(teardown) => Some(&teardown.environment),
            _ => None,
        }
    }

    /// What it samples, if it is one that does.
    pub fn sampling(&self) -> Option<Sampling<'_>> {
        match self {
            Kind::Benchmark(benchmark) => Some(benchmark.sampling()),
            _ => None,
        }
    }

    /// What of it can be sampled; `None` if nothing can.
    pub fn consumers(&self) -> Option<Consumers> {
        match self {
            Kind::Service(_) => Some(Consumers {
                services: Vec::new(),
                may_be_more: false,
            }),
            Kind::Compose(compose) => Some(compose.consumers()),
            _ => None,
        }
    }
}

/// What a node samples.
#[derive(Debug)]
pub struct Sampling<'k> {
    /// The environments, as the file names them.
    pub environments: &'k [NodeRef],
    /// The names by which its limits mean one of what is sampled.
    pub names: Vec<Spanned<String>>,
}

/// What uses resources of an environment, besides the environment as a whole.
#[derive(Debug)]
pub struct Consumers {
    /// The services of a stack.
    pub services: Vec<String>,
    /// Whether there may be more than these.
    pub may_be_more: bool,
}

/// The table of the kind of that name.
pub fn kind_spec(name: &str) -> Option<&'static TableSpec> {
    KINDS
        .iter()
        .map(|row| row.spec)
        .find(|spec| spec.name == name)
}
