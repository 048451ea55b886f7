//! What an excerpt or a message must not show, in files with all kinds of slips around a secret.

use super::tests::{faults, stack};
use crate::plan::known::not_given;
use crate::stack::{Inputs, Resource, Stack};

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

/// A file in which each kind of secret that cannot be had stands somewhere.
const LACKING: &str = r#"
stack: shop
variables:
  none: {secret: true}
  unset: {secret: true, default: "${env:UNSET}"}
  around: {secret: true, default: "a-${env:UNSET}-b"}
  given: {secret: true, default: "${env:GIVEN}"}
  pem: {secret: true, default: "${file:none.pem}"}
  derived: "x-${var.none}"
functions:
  f: {runtime: java21, handler: i.h, code: tests/stacks/function, role: "arn:aws:iam::123456789012:role/f",
    environment: {DIRECT: "${env:UNSET}", FILE: "${file:none.pem}", GIVEN_FILE: "${var.pem}", GIVEN: "${var.given}", PLAIN: plain}}
userPools:
  main:
    identityProviders:
      Google:
        providerDetails: {client_id: "${var.given}", client_secret: "pre-${env:UNSET}", authorize_scopes: openid}
      Okta: {providerType: OIDC, providerDetails: {client_id: "${var.derived}", client_secret: "${var.around}",
        oidc_issuer: "${var.unset}", authorize_scopes: openid, attributes_request_method: GET}}
"#;

fn without_secrets() -> Inputs {
    Inputs { process: [("GIVEN".to_owned(), "geheim".to_owned())].into(), without_secrets: true, ..Inputs::default() }
}

#[test]
fn secrets_that_are_not_given_stay_open_where_a_run_does_without_them() {
    let all = faults(LACKING, &Inputs { without_secrets: false, ..without_secrets() });
    assert!(all.contains("`none` has no value") && all.contains("`UNSET` is not set") && all.contains("`none.pem`"));
    let stack = stack(LACKING, &without_secrets());
    let open = |stack: &Stack| -> Vec<String> {
        let of = |resource: &Resource| {
            let paths = not_given(&resource.declared).into_iter();
            paths.map(|path| resource.address.join(&path).to_string()).collect::<Vec<_>>()
        };
        stack.resources.iter().flat_map(of).collect()
    };
    let (google, okta) = ("userPools.main.identityProviders.Google", "userPools.main.identityProviders.Okta");
    assert_eq!(
        open(&stack),
        [
            "functions.f.environment.DIRECT".to_owned(),
            "functions.f.environment.FILE".to_owned(),
            "functions.f.environment.GIVEN_FILE".to_owned(),
            format!("{google}.providerDetails.client_secret"),
            format!("{okta}.providerDetails.client_id"),
            format!("{okta}.providerDetails.client_secret"),
            format!("{okta}.providerDetails.oidc_issuer"),
        ]
    );
    // What is given is used, and kept quiet.
    assert_eq!(stack.resources[0].declared["environment"]["GIVEN"], "geheim");
    assert_eq!(stack.secrets, ["geheim"]);
    // A pipeline gives an empty text for what it does not have.
    let mut empty = without_secrets();
    empty.process.extend([("UNSET".to_owned(), String::new()), ("POOLKEEPER_VAR_none".to_owned(), String::new())]);
    assert_eq!(open(&super::tests::stack(LACKING, &empty)), open(&stack));
}

#[test]
fn what_is_no_secret_must_be_given_even_then() {
    let file = |variables: &str, pool: &str| {
        format!("stack: shop\nvariables:\n  s: {{secret: true}}\n{variables}userPools:\n  main:\n{pool}")
    };
    for (variables, pool, expected) in [
        ("  plain: {}\n", "", "4:3: error: the variable `plain` has no value"),
        ("  plain: \"${env:UNSET}\"\n", "", "4:10: error: the environment variable `UNSET` is not set"),
        ("  t: {secret: true, default: \"${var.p}\"}\n  p: \"${env:UNSET}\"\n", "", "5:6: error: the environment"),
        ("", "    smsAuthenticationMessage: \"${env:UNSET}\"\n", "6:31: error: the environment variable `UNSET`"),
        ("", "    smsAuthenticationMessage: \"${file:none}\"\n", "6:31: error: the file `none` cannot be read"),
        // Without these nobody knows what to read.
        ("", "    name: a-${var.s}\n", "6:11: error: needs a secret that was not given"),
        ("", "    id: ${var.s}\n", "6:9: error: needs a secret that was not given"),
        ("", "    clients: {web: {name: \"${var.s}\"}}\n", "6:27: error: needs a secret that was not given"),
        ("", "    clients: {\"${var.s}\": {}}\n", "6:15: error: a key must not come from a secret source"),
        ("region: ${var.s}\n", "", "4:9: error: needs a secret that was not given"),
        ("account: ${var.s}\n", "", "4:10: error: needs a secret that was not given"),
        ("assumeRole: ${var.s}\n", "", "4:13: error: needs a secret that was not given"),
        ("  p: \"${env:${var.s}}\"\n", "", "4:6: error: needs a secret that was not given"),
    ] {
        let pool = if pool.is_empty() { "    {}\n" } else { pool };
        let found = faults(&file(variables, pool), &without_secrets());
        assert!(found.starts_with(&format!("stack.yaml:{expected}")), "{expected}: {found}");
        assert_eq!(found.matches("error:").count(), 1, "{found}");
    }
}
