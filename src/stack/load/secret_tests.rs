//! What an excerpt or a message must not show, in files with all kinds of slips around a secret.

use super::tests::faults;
use crate::stack::Inputs;

fn pool(client: &str) -> String {
    format!("stack: s\nuserPools:\n  main:\n    clients:\n      web: {client}\n")
}

fn provider(details: &str) -> String {
    let head = "stack: s\nuserPools:\n  main:\n    identityProviders:\n      Google:\n        providerDetails: ";
    format!("{head}{details}\n        sdf: 1\n")
}

fn function(line: &str) -> String {
    format!("stack: s\nfunctions:\n  f:\n    runtime: python3.13\n    timeout: x\n    {line}\n")
}

#[test]
fn no_slip_puts_a_secret_on_the_screen() {
    let mut files = vec![
        pool("{clientSecret: [geheim-1]}"),
        pool("{clientSecret: {a: geheim-1}}"),
        pool("{clientSecert: geheim-1}"),
        pool("{clientSecret: \"${geheim-1}\"}"),
        pool("{clientSecret: \"${geheim-1\"}"),
        pool("{clientSecret: !geheim-1 x}"),
        pool("{clientSecret: !geheim-1 }"),
        pool("{clientSecret: a, clientSecret: geheim-1}"),
        pool("{x: 1, ? [geheim-1] : geheim-1, ? {a: b} : geheim-1}"),
        pool("{clientSecret: abcdefghijklmnopqrstuvwxyz0123, geheim: 1}\n  x: abcdefghijklmnopqrstuvwxyz0123")
            .replace("geheim", "oops")
            .replace("abcdefghijklmnopqrstuvwxyz0123", "geheimabcdefghijklmnopqrstu0123"),
        "stack: s\nfunctoins: {f: {environment: {A_B: geheim-1}}}\n".to_owned(),
        "stack: s\nvarables: {s: {secret: true, default: geheim-1}}\n".to_owned(),
        "stack: s\nvariables: [{s: {secret: true, default: geheim-1}}]\n".to_owned(),
        "stack: s\nvariables: {s: [geheim-1]}\n".to_owned(),
        "stack: s\nvariables: {s: {secret: geheim-1}}\n".to_owned(),
        "stack: s\nvariables: {s: {secret: true}}\nenvironments: {dev: {variables: {S: geheim-1}}}\n".to_owned(),
        "stack: s\nvariables: {s: {secret: true}}\nenvironments: {dev: {variables: [geheim-1]}}\n".to_owned(),
        "stack: s\nvariables: {s: {secret: true, default: \"${geheim-1\"}}\n".to_owned(),
        "stack: s\nvariables: {s: {secret: true, default: \"${geheim-1}\"}}\n".to_owned(),
        "stack: s\nvariables: {s: {default: geheim-1, secret: yes}}\nuserPools: {main: {mfaConfiguration: \"${var.s}\"}}\n"
            .to_owned(),
    ];
    for details in [
        "geheim-1",
        "[geheim-1]",
        "{client_secret: [geheim-1]}",
        "{client_secret: {a: [geheim-1]}}",
        "{client_sercet: geheim-1}",
        "{Client_Secret: geheim-1}",
    ] {
        files.push(provider(details));
    }
    for line in [
        "environment: {A_B: [x, geheim-1]}",
        "environment: {Variables: {A_B: geheim-1}}",
        "environment: \"A_B=geheim-1\"",
        "environment: [\"A_B=geheim-1\"]",
        "enviroment: {A_B: geheim-1}",
        "environment: {DB: !geheim-1 , X: [a]}",
        "environment: {DB: !geheim-1 {a: b}, X: [a]}",
        "environment: {DB: \"${geheim-1}\"}",
    ] {
        files.push(function(line));
    }
    for entry in [
        "{secret: true, defualt: geheim-1}",
        "{secret: true, value: geheim-1}",
        "{secret: yes, default: geheim-1}",
        "{sercet: true, default: geheim-1}",
        "{secret: true, default: [geheim-1]}",
    ] {
        files.push(format!("stack: s\nvariables: {{s: {entry}}}\nuserPools: {{main: {{name: \"${{var.s}}\"}}}}\n"));
    }
    for unreadable in ["  a: [geheim-1\nb: geheim-1\n", "a: geheim-1\n\tb: geheim-1\n", "a: 'geheim-1\nb: !geheim-1 x"]
    {
        files.push(unreadable.to_owned());
    }
    for file in files {
        for lenient in [true, false] {
            let found = faults(&file, &Inputs { lenient, ..Inputs::default() });
            assert!(found.contains("error:") && !found.contains("geheim"), "{file}\n{found}");
        }
    }
}

#[test]
fn what_is_no_secret_stays_to_be_read() {
    for (file, shown) in [
        ("stack: s\nvariables: {s: {secret: false, defualt: offen}}\n", "defualt: offen"),
        ("stack: s\nregion: offen\nfunctions: {f: {environment: {A: x}}}\n", "region: offen"),
        ("stack: s\nuserPools: {main: {clients: {web: {clientSecret: \"${var.offen}\"}}}}\n", "${var.offen}"),
        ("stack: s\nuserPools: {main: {arn: !Ref offen}}\n", "the tag `!Ref`"),
    ] {
        let found = faults(file, &Inputs::default());
        assert!(found.contains(shown), "{found}");
    }
}
