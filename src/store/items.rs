//! The list of work items and their specifications on disk.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::write_atomically;
use crate::diag::{Diagnostic, Diags};
use crate::span::Sources;
use crate::work::{self, Item, Items, LIST};

/// Reads the list; what is wrong with it is reported. A list that is not there is empty.
pub fn work_items(root: &Path, sources: &mut Sources, diags: &mut Diags) -> Option<Items> {
    match text_of(root, LIST) {
        Ok(None) => Some(Items::default()),
        Ok(Some(text)) => {
            let source = sources.add(LIST, text.as_str());
            work::read_items(&text, source, diags)
        }
        Err(error) => {
            let message = format!("`{LIST}` can't be read: {error}");
            diags.push(Diagnostic::new("work-items-broken", message).in_file(LIST));
            None
        }
    }
}

/// The text of a file below the root; `None` if it is not there.
pub fn text_of(root: &Path, path: &str) -> io::Result<Option<String>> {
    match fs::read(root.join(path)) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why an item could not be added.
#[derive(Debug)]
pub enum AddError {
    /// Its id was taken meanwhile.
    Taken,
    /// Its specification is there already, with another text.
    SpecThere,
    /// What is wrong with the list.
    Broken(String),
    /// A file can't be written.
    Io(io::Error),
}

impl From<io::Error> for AddError {
    fn from(error: io::Error) -> Self {
        AddError::Io(error)
    }
}

/// Adds an item and its specification. Who adds one at the same time waits, so that neither loses
/// the other's; if anything goes wrong, nothing is there that was not there before.
pub fn add_work_item(root: &Path, item: &Item, spec: &str) -> Result<(), AddError> {
    add(root, item, spec, write_atomically)
}

type Write = fn(&Path, &[u8]) -> io::Result<()>;

fn add(root: &Path, item: &Item, spec: &str, write_list: Write) -> Result<(), AddError> {
    let list = root.join(LIST);
    let folder = list.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
    // The folder itself is the lock: it leaves no file behind, and replacing the list keeps it.
    let lock = File::open(folder)?;
    lock.lock()?;
    if listed(root)?.find(&item.id).is_ok() {
        return Err(AddError::Taken);
    }
    let text = text_of(root, LIST)?;
    let after = work::insert(text.as_deref(), item)
        .ok_or_else(|| AddError::Broken("it is no list".to_owned()))?;
    let path = root.join(item.spec_path());
    let before = text_of(root, &item.spec_path())?;
    if before.as_ref().is_some_and(|before| before != spec) {
        return Err(AddError::SpecThere);
    }
    if before.is_none() {
        write_atomically(&path, spec.as_bytes())?;
    }
    let written = write_list(&list, after.as_bytes());
    // A list can be written and the writing fail: what it names stays.
    let is_unknown = || listed(root).is_ok_and(|items| items.find(&item.id).is_err());
    if written.is_err() && before.is_none() && is_unknown() {
        let _ = fs::remove_file(&path);
    }
    Ok(written?)
}

/// The list as it is now.
fn listed(root: &Path) -> Result<Items, AddError> {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let items = work_items(root, &mut sources, &mut diags);
    items.ok_or_else(|| AddError::Broken(diags.summary().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str) -> Item {
        Item::new(id, "bug", id, "not_started", &work::default_spec_file(id))
    }

    #[test]
    fn b118_items_that_are_added_at_the_same_time_are_all_there() {
        let root = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for index in 0..16 {
                let root = root.path();
                scope.spawn(move || add_work_item(root, &item(&format!("i{index}")), "x").unwrap());
            }
        });
        let (mut sources, mut diags) = (Sources::default(), Diags::default());
        let items = work_items(root.path(), &mut sources, &mut diags).unwrap();
        assert_eq!(items.0.len(), 16);
        let folder = root.path().join(".session/tracking");
        assert_eq!(
            fs::read_dir(folder).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }

    #[test]
    fn b118_what_can_not_be_added_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        add_work_item(root.path(), &item("a"), "x").unwrap();
        assert!(matches!(
            add_work_item(root.path(), &item("a"), "x"),
            Err(AddError::Taken)
        ));
        fs::write(root.path().join(LIST), "[]").unwrap();
        assert!(matches!(
            add_work_item(root.path(), &item("b"), "x"),
            Err(AddError::Broken(_))
        ));
        assert!(!root.path().join(".session/specs/b.md").exists());
        assert_eq!(fs::read_to_string(root.path().join(LIST)).unwrap(), "[]");
    }

    #[test]
    fn a_specification_stays_if_the_list_names_it_though_writing_it_failed() {
        let root = tempfile::tempdir().unwrap();
        let written_and_failed: Write = |path, bytes| {
            fs::write(path, bytes)?;
            Err(io::Error::other("the folder could not be synced"))
        };
        let failed: Write = |_, _| Err(io::Error::other("the disk is full"));
        let spec = |id: &str| root.path().join(work::default_spec_file(id));
        assert!(add(root.path(), &item("a"), "x", written_and_failed).is_err());
        assert_eq!(fs::read_to_string(spec("a")).unwrap(), "x");
        assert!(add(root.path(), &item("b"), "x", failed).is_err());
        assert!(!spec("b").exists(), "no list names it");
    }

    #[test]
    fn nothing_is_added_to_a_list_with_a_mistake() {
        let root = tempfile::tempdir().unwrap();
        add_work_item(root.path(), &item("a"), "x").unwrap();
        let list = root.path().join(LIST);
        let broken = fs::read_to_string(&list).unwrap().replace("bug", "bugs");
        fs::write(&list, &broken).unwrap();
        let refused = add_work_item(root.path(), &item("b"), "x").unwrap_err();
        assert!(
            matches!(&refused, AddError::Broken(reason) if reason.contains("can't be `bugs`")),
            "{refused:?}"
        );
        assert_eq!(fs::read_to_string(&list).unwrap(), broken);
    }
}
