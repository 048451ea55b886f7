//! Functions as a client of Lambda's REST sees them: what takes its time, what is shown and what is
//! refused, with which status.

use std::io::{Cursor, Write};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::sandbox::testing::call;
use crate::sandbox::wire::Request;
use crate::sandbox::{Reply, Sandbox, Settings};

const ROLE: &str = "arn:aws:iam::123456789012:role/basic";
const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:confirm";
const ALL: &str = "/2015-03-31/functions";
const ONE: &str = "/2015-03-31/functions/confirm";
const POOL: &str = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf123";

fn sandbox() -> Sandbox {
    Sandbox::new(Settings { quotas: false, ..Settings::default() })
}

/// Status, error code and body of an answer.
type Answer = (u16, String, Value);

async fn ask(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> Answer {
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
    };
    let Reply::Answer(answer) = sandbox.answer(request).await else { panic!("{method} {path} was cut off") };
    let code = answer.headers.iter().find(|(name, _)| name == "x-amzn-errortype").map(|(_, code)| code.clone());
    (answer.status, code.unwrap_or_default(), serde_json::from_slice(&answer.body).unwrap_or_default())
}

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    let (status, _, body) = ask(sandbox, "GET", path, Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// A zip file, and its hash.
fn zipped(content: &str) -> (String, String) {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("index.py", SimpleFileOptions::default()).expect("an entry");
    writer.write_all(content.as_bytes()).expect("content");
    let bytes = writer.finish().expect("a zip").into_inner();
    (STANDARD.encode(&bytes), STANDARD.encode(Sha256::digest(&bytes)))
}

fn minimal() -> Value {
    json!({
        "FunctionName": "confirm",
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": ROLE,
        "Code": {"ZipFile": zipped("one").0},
    })
}

fn with(members: &Value) -> Value {
    let mut input = minimal();
    for (member, value) in members.as_object().expect("members") {
        if value.is_null() {
            input.as_object_mut().expect("an object").remove(member);
        } else {
            input[member] = value.clone();
        }
    }
    input
}

/// A function that is ready.
async fn made(sandbox: &Sandbox, members: Value) {
    let (status, code, body) = ask(sandbox, "POST", ALL, with(&members)).await;
    assert_eq!(status, 201, "{code}: {body}");
    sandbox.clock().advance(Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_function_takes_its_time_to_come_and_to_change() {
    let sandbox = sandbox();
    let (status, _, created) = ask(&sandbox, "POST", &format!("{ALL}/"), minimal()).await;
    assert_eq!(status, 201);
    for (member, value) in [
        ("FunctionArn", json!(ARN)),
        ("State", json!("Pending")),
        ("StateReasonCode", json!("Creating")),
        ("Timeout", json!(3)),
        ("MemorySize", json!(128)),
        ("Architectures", json!(["x86_64"])),
        ("PackageType", json!("Zip")),
        ("EphemeralStorage", json!({"Size": 512})),
        ("TracingConfig", json!({"Mode": "PassThrough"})),
        ("Description", json!("")),
        ("Version", json!("$LATEST")),
        ("CodeSha256", json!(zipped("one").1)),
        ("Environment", Value::Null),
        ("Layers", Value::Null),
    ] {
        assert_eq!(created[member], value, "{member}");
    }
    let change = async || {
        let change = json!({"Timeout": 5, "Environment": {"Variables": {"KEY": "value"}}});
        ask(&sandbox, "PUT", &format!("{ONE}/configuration"), change).await
    };
    let (status, code, body) = change().await;
    assert_eq!((status, code.as_str()), (409, "ResourceConflictException"));
    assert_eq!(body["Type"], "User");
    let text =
        "The operation cannot be performed at this time. The function is currently in the following state: Pending";
    assert_eq!(body["Message"], text);

    sandbox.clock().advance(Duration::from_secs(2));
    assert_eq!(get(&sandbox, &format!("{ONE}/configuration")).await["State"], "Active");
    let (status, _, body) = change().await;
    assert_eq!((status, &body["LastUpdateStatus"], &body["State"]), (200, &json!("InProgress"), &json!("Active")));
    let (code_zip, sha) = zipped("two");
    let put_code = async || {
        let code = json!({"ZipFile": code_zip, "Architectures": ["arm64"]});
        ask(&sandbox, "PUT", &format!("{ONE}/code"), code).await
    };
    let (status, _, body) = put_code().await;
    assert_eq!(status, 409);
    let text = format!("The operation cannot be performed at this time. An update is in progress for resource: {ARN}");
    assert_eq!(body["Message"], text);

    sandbox.clock().advance(Duration::from_secs(2));
    assert_eq!(put_code().await.0, 200);
    sandbox.clock().advance(Duration::from_secs(2));
    let live = get(&sandbox, ONE).await["Configuration"].clone();
    assert_eq!(live["LastUpdateStatus"], "Successful");
    assert_eq!(live["CodeSha256"], json!(sha));
    assert_eq!(live["Architectures"], json!(["arm64"]));
    // What the other change set is still there, and what none set is as it was.
    assert_eq!((&live["Timeout"], &live["MemorySize"]), (&json!(5), &json!(128)));
    assert_eq!(live["Environment"], json!({"Variables": {"KEY": "value"}}));
    assert_ne!(live["RevisionId"], created["RevisionId"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_given_empty_is_taken_away() {
    let sandbox = sandbox();
    let layer = "arn:aws:lambda:us-east-1:123456789012:layer:tools:3";
    made(&sandbox, json!({"Description": "d", "Layers": [layer], "Environment": {"Variables": {"KEY": "v"}}})).await;
    assert_eq!(get(&sandbox, &format!("{ONE}/configuration")).await["Layers"][0]["Arn"], layer);
    let empty = json!({"Description": "", "Layers": [], "Environment": {}});
    let (status, _, body) = ask(&sandbox, "PUT", &format!("{ONE}/configuration"), empty).await;
    assert_eq!((status, &body["Description"]), (200, &json!("")));
    assert_eq!((&body["Layers"], &body["Environment"]), (&Value::Null, &Value::Null));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_made_is_refused() {
    let sandbox = sandbox();
    let invalid = "InvalidParameterValueException";
    let layer = |number: usize| format!("arn:aws:lambda:us-east-1:123456789012:layer:tools{number}:1");
    let layers: Vec<String> = (0..6).map(layer).collect();
    let no_zip = STANDARD.encode("PK but no zip file");
    let broken = "Could not unzip uploaded file. Please check your file, then try to upload again.";
    let cases = [
        (json!({"Code": {"ZipFile": STANDARD.encode("no zip")}}), invalid, broken),
        (json!({"Code": {"ZipFile": no_zip}}), invalid, broken),
        (json!({"Code": {"S3Bucket": "a-bucket", "S3Key": "a-key"}}), invalid, "NoSuchBucket"),
        (json!({"Code": {}}), invalid, "Please provide a source for function code."),
        (json!({"Runtime": null}), invalid, "Runtime and Handler are mandatory"),
        (json!({"Runtime": "cobol"}), invalid, "or be a valid ARN"),
        (json!({"Role": "arn:aws:iam::999999999999:role/basic"}), "AccessDeniedException", "Cross-account pass role"),
        (json!({"MemorySize": 32_769}), "ValidationException", "less than or equal to 32768"),
        (json!({"Timeout": 5401}), "ValidationException", "less than or equal to 5400"),
        (json!({"Environment": {"Variables": {"KEY": "x".repeat(4096)}}}), invalid, "exceeded the 4KB limit"),
        (
            json!({"Environment": {"Variables": {"AWS_REGION": "here"}}}),
            invalid,
            "Reserved keys used in this request: AWS_REGION",
        ),
        (json!({"Layers": layers}), invalid, "more than 5 layers"),
        (json!({"Layers": [layer(1), layer(1)]}), invalid, "Two different versions of the same layer"),
        (json!({"Tags": {"aws:mine": "x"}}), invalid, "aws:"),
    ];
    for (members, expected, text) in cases {
        let (status, code, body) = ask(&sandbox, "POST", ALL, with(&members)).await;
        assert_eq!(code, expected, "{members}: {body}");
        assert_eq!(status, if code == "AccessDeniedException" { 403 } else { 400 });
        assert!(body["Message"].as_str().is_some_and(|message| message.contains(text)), "{body} instead of {text}");
    }
    assert_eq!(get(&sandbox, ALL).await, json!({"Functions": []}), "what is refused is not made");
    made(&sandbox, json!({})).await;
    let (status, code, body) = ask(&sandbox, "POST", ALL, minimal()).await;
    assert_eq!((status, code.as_str()), (409, "ResourceConflictException"));
    assert_eq!(body["Message"], "Function already exist: confirm");
    let (status, code, _) =
        ask(&sandbox, "PUT", &format!("{ONE}/configuration"), json!({"RevisionId": "another", "Timeout": 1})).await;
    assert_eq!((status, code.as_str()), (412, "PreconditionFailedException"));
}

#[tokio::test(start_paused = true)]
async fn a_function_goes_by_its_name_or_arn() {
    let sandbox = sandbox();
    made(&sandbox, json!({})).await;
    for name in [
        "confirm",
        "function:confirm",
        "123456789012:function:confirm",
        ARN,
        "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aconfirm",
    ] {
        assert_eq!(get(&sandbox, &format!("{ALL}/{name}")).await["Configuration"]["FunctionArn"], ARN, "{name}");
    }
    let latest = get(&sandbox, &format!("{ONE}?Qualifier=%24LATEST")).await;
    assert_eq!(latest["Configuration"]["FunctionArn"], format!("{ARN}:$LATEST"));
    for (name, status, code) in [
        ("other", 404, "ResourceNotFoundException"),
        ("confirm:7", 404, "ResourceNotFoundException"),
        ("confirm:7?Qualifier=8", 400, "InvalidParameterValueException"),
        ("arn:aws:lambda:us-west-2:123456789012:function:confirm", 404, "ResourceNotFoundException"),
        ("arn:aws:lambda:us-east-1:999999999999:function:confirm", 403, "AccessDeniedException"),
    ] {
        let (answered, refused, body) = ask(&sandbox, "GET", &format!("{ALL}/{name}"), Value::Null).await;
        assert_eq!((answered, refused.as_str()), (status, code), "{name}: {body}");
    }
    let (_, _, body) = ask(&sandbox, "GET", &format!("{ALL}/other"), Value::Null).await;
    assert_eq!(body["Message"], "Function not found: arn:aws:lambda:us-east-1:123456789012:function:other");
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_written_as_aws_writes_it() {
    let sandbox = sandbox();
    made(&sandbox, json!({})).await;
    let policy = format!("{ONE}/policy");
    let (status, code, body) = ask(&sandbox, "GET", &policy, Value::Null).await;
    assert_eq!((status, code.as_str()), (404, "ResourceNotFoundException"));
    assert_eq!(body["Message"], "The resource you requested does not exist.");
    let permission = |id: &str| {
        json!({
            "StatementId": id,
            "Action": "lambda:InvokeFunction",
            "Principal": "cognito-idp.amazonaws.com",
            "SourceArn": POOL,
            "SourceAccount": "123456789012",
        })
    };
    let expected = json!({
        "Sid": "one",
        "Effect": "Allow",
        "Principal": {"Service": "cognito-idp.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
        "Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}, "ArnLike": {"AWS:SourceArn": POOL}},
    });
    let (status, _, body) = ask(&sandbox, "POST", &policy, permission("one")).await;
    assert_eq!(status, 201);
    let read = |value: &Value| serde_json::from_str::<Value>(value.as_str().expect("a text")).expect("JSON");
    assert_eq!(read(&body["Statement"]), expected);
    let answer = get(&sandbox, &policy).await;
    assert_eq!(read(&answer["Policy"]), json!({"Version": "2012-10-17", "Id": "default", "Statement": [expected]}));
    assert!(answer["RevisionId"].is_string());

    let (status, code, _) = ask(&sandbox, "POST", &policy, permission("one")).await;
    assert_eq!((status, code.as_str()), (409, "ResourceConflictException"));
    let (_, code, _) = ask(&sandbox, "POST", &format!("{policy}?Qualifier=%24LATEST"), permission("two")).await;
    assert_eq!(code, "InvalidParameterValueException");
    let (status, _, _) = ask(&sandbox, "POST", &format!("{policy}?Qualifier=live"), permission("two")).await;
    assert_eq!(status, 404);
    let mut number = 0;
    let refused = loop {
        let (status, code, _) = ask(&sandbox, "POST", &policy, permission(&format!("n{number}"))).await;
        if status != 201 {
            break code;
        }
        number += 1;
    };
    assert_eq!(refused, "PolicyLengthExceededException");
    assert!((20..200).contains(&number), "{number} statements");

    let (status, _, body) = ask(&sandbox, "DELETE", &format!("{policy}/one"), Value::Null).await;
    assert_eq!((status, body), (204, Value::Null));
    assert_eq!(ask(&sandbox, "DELETE", &format!("{policy}/one"), Value::Null).await.0, 404);
}

#[tokio::test(start_paused = true)]
async fn versions_and_aliases_are_named_and_hold_policies_of_their_own() {
    let sandbox = sandbox();
    made(&sandbox, json!({})).await;
    let publish = async || ask(&sandbox, "POST", &format!("{ONE}/versions"), json!({})).await;
    let (status, _, first) = publish().await;
    assert_eq!((status, &first["Version"], &first["FunctionArn"]), (201, &json!("1"), &json!(format!("{ARN}:1"))));
    assert_eq!(publish().await.2["Version"], "1", "nothing was changed");
    ask(&sandbox, "PUT", &format!("{ONE}/configuration"), json!({"Timeout": 9})).await;
    assert_eq!(publish().await.0, 409, "a change is under way");
    sandbox.clock().advance(Duration::from_secs(2));
    assert_eq!(publish().await.2["Version"], "2");

    let aliases = format!("{ONE}/aliases");
    let (status, _, alias) = ask(&sandbox, "POST", &aliases, json!({"Name": "live", "FunctionVersion": "1"})).await;
    assert_eq!((status, &alias["AliasArn"]), (201, &json!(format!("{ARN}:live"))));
    for (version, name, expected) in [("1", "live", 409), ("3", "next", 404)] {
        let input = json!({"Name": name, "FunctionVersion": version});
        assert_eq!(ask(&sandbox, "POST", &aliases, input).await.0, expected);
    }
    let behind = get(&sandbox, &format!("{ONE}:live")).await["Configuration"].clone();
    assert_eq!((&behind["Version"], &behind["Timeout"]), (&json!("1"), &json!(3)));
    assert_eq!(ask(&sandbox, "DELETE", &format!("{ONE}?Qualifier=1"), Value::Null).await.0, 409, "the alias needs it");
    let moved = ask(&sandbox, "PUT", &format!("{aliases}/live"), json!({"FunctionVersion": "2"})).await;
    assert_eq!((moved.0, &moved.2["FunctionVersion"]), (200, &json!("2")));
    assert_eq!(ask(&sandbox, "DELETE", &format!("{ONE}?Qualifier=1"), Value::Null).await.0, 204);

    let permission =
        json!({"StatementId": "one", "Action": "lambda:InvokeFunction", "Principal": "cognito-idp.amazonaws.com"});
    let policy = format!("{ONE}/policy?Qualifier=live");
    let (_, _, body) = ask(&sandbox, "POST", &policy, permission).await;
    assert!(body["Statement"].as_str().is_some_and(|text| text.contains(&format!("\"Resource\":\"{ARN}:live\""))));
    assert_eq!(ask(&sandbox, "GET", &format!("{ONE}/policy"), Value::Null).await.0, 404, "the function has none");
    let versions = get(&sandbox, &format!("{ONE}/versions")).await;
    let numbers: Vec<&Value> =
        versions["Versions"].as_array().expect("a list").iter().map(|one| &one["Version"]).collect();
    assert_eq!(numbers, ["$LATEST", "2"]);
    assert_eq!(ask(&sandbox, "DELETE", &format!("{aliases}/live"), Value::Null).await.0, 204);
    assert_eq!(get(&sandbox, &aliases).await, json!({"Aliases": []}));
    assert_eq!(ask(&sandbox, "GET", &policy, Value::Null).await.0, 404, "the policy went with the alias");
}

#[tokio::test(start_paused = true)]
async fn tags_are_told_to_the_tag_query() {
    let sandbox = sandbox();
    made(&sandbox, json!({"Tags": {"team": "a"}})).await;
    let tags = format!("/2017-03-31/tags/{}", ARN.replace(':', "%3A"));
    assert_eq!(ask(&sandbox, "POST", &tags, json!({"Tags": {"more": "b", "and": "c"}})).await.0, 204);
    assert_eq!(ask(&sandbox, "DELETE", &format!("{tags}?tagKeys=more&tagKeys=and"), Value::Null).await.0, 204);
    assert_eq!(get(&sandbox, &tags).await, json!({"Tags": {"team": "a"}}));
    assert_eq!(get(&sandbox, ONE).await["Tags"], json!({"team": "a"}));
    let known = async || {
        let input =
            json!({"TagFilters": [{"Key": "team", "Values": ["a"]}], "ResourceTypeFilters": ["lambda:function"]});
        let answer =
            call(&sandbox, "ResourceGroupsTaggingAPI_20170126", "GetResources", &input).await.expect("an answer");
        answer["ResourceTagMappingList"].clone()
    };
    sandbox.clock().advance(Duration::from_secs(11));
    assert_eq!(known().await, json!([{"ResourceARN": ARN, "Tags": [{"Key": "team", "Value": "a"}]}]));
    assert_eq!(ask(&sandbox, "DELETE", ONE, Value::Null).await.0, 204);
    sandbox.clock().advance(Duration::from_secs(11));
    assert_eq!(known().await, json!([]));
    for (method, path) in [("GET", ONE), ("DELETE", ONE), ("GET", tags.as_str())] {
        assert_eq!(ask(&sandbox, method, path, Value::Null).await.0, 404, "{method} {path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_goes_on_at_a_marker() {
    let sandbox = sandbox();
    for number in 0..5 {
        made(&sandbox, json!({"FunctionName": format!("f{number}")})).await;
    }
    let first = get(&sandbox, &format!("{ALL}?MaxItems=3")).await;
    let marker = first["NextMarker"].as_str().expect("there is more");
    let rest = get(&sandbox, &format!("{ALL}?Marker={marker}")).await;
    let names: Vec<&Value> = [&first, &rest]
        .iter()
        .flat_map(|page| page["Functions"].as_array().expect("a list"))
        .map(|function| &function["FunctionName"])
        .collect();
    assert_eq!(names, ["f0", "f1", "f2", "f3", "f4"]);
    assert_eq!(rest["NextMarker"], Value::Null);
    assert_eq!(ask(&sandbox, "GET", &format!("{ALL}?Marker=nonsense"), Value::Null).await.0, 400);
    assert_eq!(ask(&sandbox, "POST", ALL, json!("no object")).await.0, 400);
}
