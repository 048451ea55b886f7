//! Stacks made at random are stacks without fault.

use poolkeeper::view::diagnostic;
use proptest::prelude::*;

use crate::generate;
use crate::stack_file::StackFile;

/// Fails with what is drawn for a file that has faults.
pub(crate) fn assert_valid(file: &StackFile) {
    if let Err(diagnostics) = file.load().stack {
        panic!("{}{file:?}", diagnostic::render(&diagnostics, false));
    }
}

proptest! {
    #[test]
    fn every_stack_is_without_fault(file in generate::stack()) {
        assert_valid(&file);
    }
}
