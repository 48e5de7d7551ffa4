//! The command line.

pub mod project;

use std::process::ExitCode;

/// temporary
pub fn main() -> ExitCode {
    let args: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    if !crate::run::guardian::is_worker() && args.first().is_some_and(|a| a == "run") {
        return ExitCode::from(crate::run::guardian::guard(&args, &["recover".into()]).unwrap());
    }
    let project = project::Project::find(&std::env::current_dir().unwrap()).unwrap();
    let load = |name: &str| {
        let file = project.file_of(name).unwrap();
        let l = project.load(&file, &[]);
        for d in &l.diags {
            eprintln!(
                "{} {} {:?} {:?}",
                d.code.name(),
                d.message,
                d.help,
                d.labels
                    .iter()
                    .map(|x| (l.sources.position(x.span), &x.text))
                    .collect::<Vec<_>>()
            );
        }
        if l.diags.has_errors() {
            std::process::exit(2)
        }
        let world = crate::run::World::new(
            &project.root,
            None,
            None,
            crate::store::History::read(&project.root, name),
        );
        let plan = crate::plan::plan(
            &l.pipeline,
            &l.graph,
            &l.sources,
            &Default::default(),
            &world,
        )
        .unwrap();
        Ok(crate::run::Job {
            root: project.root.clone(),
            pipeline: l.pipeline,
            graph: l.graph,
            plan,
            sinks: vec![],
            base: None,
            work_item: None,
        })
    };
    if args[0] == "recover" {
        println!("{:?}", crate::run::recover(&project.root, &load));
        return ExitCode::SUCCESS;
    }
    let job: Result<_, String> = load(args[1].to_str().unwrap());
    let state = crate::run::execute(job.unwrap()).unwrap();
    for n in &state.nodes {
        println!(
            "{:20} {:?} {:?} {:?}",
            n.id(),
            n.outcome,
            n.detail.reason,
            n.findings
        );
    }
    println!("{:?} {} ms", state.verdict(), state.elapsed_ms);
    ExitCode::from(state.exit_code())
}
