//! Functions: that their code is there, and holds what the handler names.

use super::{Resource, is_open};
use crate::diagnostic::Finding;
use crate::kind::function::package;
use crate::stack::Stack;

pub(super) fn check(stack: &Stack, function: &Resource, findings: &mut Vec<Finding>) {
    let Some(code) = function.text("code").filter(|code| !is_open(code)) else { return };
    let path = stack.folder.join(code);
    if !path.exists() {
        let message = format!("there is no folder or .zip file `{code}`");
        let help = format!("it is looked for from the stack file's folder: `{}`", path.display());
        findings.push(Finding::new(function.path("code"), message).help(help));
        return;
    }
    match package::file_names(&path) {
        Err(reason) => findings.push(Finding::new(function.path("code"), reason)),
        Ok(files) => findings.extend(handler_fault(function, code, &files)),
    }
}

/// The missing file that the handler names, for languages where that is easily told. With layers it
/// may come from one of them.
fn handler_fault(function: &Resource, code: &str, files: &[String]) -> Option<Finding> {
    let (runtime, handler) = (function.text("runtime")?, function.text("handler")?);
    if is_open(runtime) || is_open(handler) || function.has("layers") {
        return None;
    }
    let (file, endings): (String, &[&str]) = if runtime.starts_with("python") {
        let (module, _) = handler.rsplit_once('.')?;
        (module.replace('.', "/"), &[".py", ".pyc", ".so", "/__init__.py"])
    } else if runtime.starts_with("nodejs") {
        let (folder, name) =
            handler.rsplit_once('/').map_or(("", handler), |(_, name)| handler.split_at(handler.len() - name.len()));
        let (module, _) = name.split_once('.')?;
        (format!("{folder}{module}"), &[".js", ".mjs", ".cjs", "/index.js"])
    } else {
        return None;
    };
    let file = file.trim_start_matches("./");
    let holds = |name: &String| {
        name.strip_prefix(file).is_some_and(|rest| endings.iter().any(|ending| is_ending(rest, ending)))
    };
    if files.iter().any(holds) {
        return None;
    }
    let message = format!("the handler `{handler}` is in `{file}{}`, which `{code}` does not hold", endings[0]);
    Some(Finding::new(function.path("handler"), message))
}

/// Whether what follows the module's name is this ending. Compiled modules name their platform before it.
fn is_ending(rest: &str, ending: &str) -> bool {
    rest == ending || (ending == ".so" && rest.starts_with('.') && rest.ends_with(ending))
}
