//! The documents that managed login links to.

use serde_json::json;

use super::row::{Table, row};
use super::run::run;

const URLS: [&str; 2] = ["https://example.com/one", "https://example.com/two"];

/// The links by language, besides that of the default.
const LINKS: [&str; 12] = [
    r#"links["cognito:english"]"#,
    r#"links["cognito:dutch"]"#,
    r#"links["cognito:french"]"#,
    r#"links["cognito:spanish"]"#,
    r#"links["cognito:german"]"#,
    r#"links["cognito:bahasa-indonesia"]"#,
    r#"links["cognito:italian"]"#,
    r#"links["cognito:japanese"]"#,
    r#"links["cognito:korean"]"#,
    r#"links["cognito:portuguese-brazil"]"#,
    r#"links["cognito:chinese-simplified"]"#,
    r#"links["cognito:chinese-traditional"]"#,
];

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {
        "domains": {"cycle-terms": {"managedLoginVersion": 2}}, "clients": {"web": {}},
    }}});
    let more = |language: &str| json!({"links": {language: "https://example.com/"}});
    let mut rows = vec![
        row(r#"links["cognito:default"]"#, URLS[0], URLS[1]).with(more("cognito:german")),
        row(r#"links["cognito:default"]"#, URLS[0], URLS[1])
            .with(more("cognito:german"))
            .at(r#"userPools.p.clients.web.terms["privacy-policy"]"#),
    ];
    rows.extend(LINKS.map(|path| row(path, URLS[0], URLS[1]).with(more("cognito:default"))));
    Table { address: r#"userPools.p.clients.web.terms["terms-of-use"]"#, stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_document() {
    run(&table()).await;
}
