//! Stacks made at random are without fault, and so are those that may follow them.

use proptest::prelude::*;

use crate::generate;

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn every_stack_is_without_fault(file in generate::stack()) {
        file.load();
    }
}
