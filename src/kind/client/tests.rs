#[test]
fn zz_dump() {
    for kind in crate::kind::Kind::ALL {
        eprintln!("{kind:?} {}", serde_json::to_string(kind.schema()).unwrap());
    }
}
