//! `sdd graph`.

use std::io::Write;

use super::args::{GraphArgs, SelectionArgs};
use super::run::prepare;
use super::{Cx, Failure, Outcome};
use crate::graph::render::{self, Style};
use crate::store;

/// Draws a pipeline, perhaps with the outcomes of a run.
pub(super) fn graph(cx: &Cx, args: &GraphArgs) -> Outcome {
    let project = cx.project()?;
    let prepared = prepare(cx, &project, &args.pipeline, &SelectionArgs::default())?;
    let run = match &args.run {
        None => None,
        Some(wanted) => {
            let folder = store::find_run(&project.root, wanted)
                .map_err(|message| Failure::Usage(message, None))?;
            Some(store::read_run(&folder)?)
        }
    };
    if let Some(run) = &run
        && run.pipeline != prepared.plan.pipeline
    {
        return Err(Failure::Usage(
            format!(
                "run {} is one of `{}`, not of `{}`",
                run.run, run.pipeline, prepared.plan.pipeline
            ),
            Some(format!("sdd graph {} --run {}", run.pipeline, run.run)),
        ));
    }
    let Some(renderer) = render::renderer(&args.format) else {
        return Err(Failure::Usage(
            format!("there is no format `{}`", args.format),
            None,
        ));
    };
    let answer = cx.console().answer;
    let to_file = args.output.is_some();
    let style = Style {
        colour: answer.style.colour && !to_file,
        ascii: answer.style.ascii,
        width: if to_file { 0 } else { answer.style.size.width },
    };
    let mut drawing = Vec::new();
    (renderer.render)(&prepared.plan.picture(run.as_ref()), &style, &mut drawing)?;
    if let Some(file) = &args.output {
        store::write_atomically(&cx.dir()?.join(file), &drawing)?;
    } else {
        let mut out = answer.writer;
        out.write_all(&drawing)?;
    }
    Ok(0)
}
