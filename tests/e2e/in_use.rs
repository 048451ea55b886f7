//! What the examples are for: programs get tokens, tokens have claims, codes are sent, and users are
//! taken over. The emulator runs the stacks' own functions.

use std::net::TcpListener;
use std::thread;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::aws::Refusal;
use crate::http::Message;
use crate::sign_up::sign_in;
use crate::world::{World, example};

const LAMBDA_ROLE: &str = "lambdaRoleArn=arn:aws:iam::123456789012:role/lambda-basic";
const ADDRESS: &str = "ada@example.com";
const PASSWORD: &str = "Correct-Horse-7";

/// The claims of a token.
fn claims(token: &Value) -> Value {
    let part = token.as_str().and_then(|token| token.split('.').nth(1)).expect("a token");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

/// Makes a user who has a password.
fn make_user(world: &World, pool: &str, attributes: &Value) {
    let user = json!({"UserPoolId": pool, "Username": ADDRESS, "UserAttributes": attributes});
    world.aws.idp("AdminCreateUser", &user);
    let password = json!({"UserPoolId": pool, "Username": ADDRESS, "Password": PASSWORD, "Permanent": true});
    world.aws.idp("AdminSetUserPassword", &password);
}

/// Asks the emulator for something that is no operation of the API.
fn ask(world: &World, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let answer = Message::request(method, path, headers, body.as_bytes()).exchange(world.emulator.port);
    let answer = answer.expect("the emulator answers");
    (answer.status(), serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[test]
fn a_program_gets_a_token_with_its_scopes_and_no_other() {
    let world = World::ministack();
    world.apply(&[&example("machine-to-machine")]);
    let pool = world.aws.pool_id("Machines");
    let token = |client: &str, secret: Option<&str>, scope: &str| {
        let client = world.aws.client(&pool, client);
        let secret = secret.or(client["ClientSecret"].as_str()).expect("a secret");
        let basic = BASE64_STANDARD.encode(format!("{}:{secret}", client["ClientId"].as_str().expect("an id")));
        let headers =
            [("authorization", &*format!("Basic {basic}")), ("content-type", "application/x-www-form-urlencoded")];
        ask(&world, "POST", "/oauth2/token", &headers, &format!("grant_type=client_credentials{scope}"))
    };
    let (read, write) = ("https://orders.example.com/read", "https://orders.example.com/write");
    let (status, answer) = token("reporting", None, "");
    assert_eq!((status, &answer["expires_in"]), (200, &json!(15 * 60)), "{answer}");
    let claimed = claims(&answer["access_token"]);
    assert_eq!((&claimed["scope"], &claimed["token_use"]), (&json!(read), &json!("access")), "{claimed}");
    let (_, answer) = token("checkout", None, "");
    let claimed = claims(&answer["access_token"]);
    let mut scopes: Vec<_> = claimed["scope"].as_str().expect("scopes").split(' ').collect();
    scopes.sort_unstable();
    assert_eq!(scopes, [read, write]);
    let (status, answer) = token("reporting", None, &format!("&scope={write}"));
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")), "more than it may have");
    let (status, answer) = token("reporting", Some("not-the-secret"), "");
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_client")));
}

#[test]
fn the_tenant_and_the_role_of_a_user_stand_in_both_tokens() {
    let world = World::ministack();
    world.apply(&["--var", LAMBDA_ROLE, &example("multi-tenant")]);
    let pool = world.aws.pool_id("Users of All Tenants");
    let client = world.aws.client(&pool, "web")["ClientId"].as_str().expect("an id").to_owned();
    make_user(&world, &pool, &json!([{"Name": "email", "Value": ADDRESS}, {"Name": "custom:tenant", "Value": "acme"}]));
    let told = || {
        let tokens = sign_in(&world, &pool, &client, ADDRESS, PASSWORD);
        ["AccessToken", "IdToken"].map(|token| {
            let claims = claims(&tokens[token]);
            json!([claims["tenant"], claims["role"]])
        })
    };
    assert_eq!(told(), [json!(["acme", "member"]), json!(["acme", "member"])], "{}", world.emulator.log());
    world.aws.idp("AdminAddUserToGroup", &json!({"UserPoolId": pool, "Username": ADDRESS, "GroupName": "admins"}));
    assert_eq!(told(), [json!(["acme", "admin"]), json!(["acme", "admin"])]);
    // To who has no tenant AWS gives no token, since the function fails. ministack gives one all the
    // same, so all there is to see here is that it is without claims that nobody gave it.
    let none = json!([{"Name": "custom:tenant", "Value": ""}]);
    let update = json!({"UserPoolId": pool, "Username": ADDRESS, "UserAttributes": none});
    world.aws.idp("AdminUpdateUserAttributes", &update);
    assert_eq!(told(), [json!([null, null]), json!([null, null])]);
}

#[test]
fn a_code_by_email_signs_in_and_three_wrong_ones_do_not() {
    let world = World::ministack();
    world.apply(&["--var", LAMBDA_ROLE, "--var", "emailFrom=no-reply@example.com", &example("custom-challenge")]);
    let pool = world.aws.pool_id("Custom Challenge");
    let client = world.aws.client(&pool, "web")["ClientId"].take();
    make_user(&world, &pool, &json!([{"Name": "email", "Value": ADDRESS}]));
    let scope = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ses/aws4_request";
    let headers = [("authorization", &*format!("{scope}, SignedHeaders=host, Signature=0"))];
    let verified = json!({"EmailIdentity": "example.com"}).to_string();
    let (status, answer) = ask(&world, "POST", "/v2/email/identities", &headers, &verified);
    assert_eq!(status, 200, "{answer}");
    let start = || {
        let parameters = json!({"USERNAME": ADDRESS});
        let body = json!({"ClientId": client, "AuthFlow": "CUSTOM_AUTH", "AuthParameters": parameters});
        let challenge = world.aws.idp("InitiateAuth", &body);
        assert_eq!(challenge["ChallengeName"], "CUSTOM_CHALLENGE", "{challenge}\n{}", world.emulator.log());
        assert_eq!(challenge["ChallengeParameters"], json!({"medium": "email"}), "the code is not told");
        challenge["Session"].clone()
    };
    let answer = |session: &Value, code: &str| {
        let body = json!({
            "ClientId": client, "ChallengeName": "CUSTOM_CHALLENGE", "Session": session,
            "ChallengeResponses": {"USERNAME": ADDRESS, "ANSWER": code},
        });
        world.aws.try_idp("RespondToAuthChallenge", &body)
    };
    let mails = || {
        let (_, answer) = ask(&world, "GET", "/_ministack/ses/messages", &[], "");
        let by_account = answer["messages"].as_object().cloned().unwrap_or_default();
        let mails = by_account.values().flat_map(|mails| mails.as_array().cloned().unwrap_or_default());
        mails.filter(|mail| mail["Source"] == "no-reply@example.com").collect::<Vec<_>>()
    };

    let session = start();
    let sent = mails();
    assert_eq!(sent.len(), 1, "{sent:?}\n{}", world.emulator.log());
    assert_eq!(sent[0]["To"], json!([ADDRESS]));
    let text = sent[0].to_string();
    let at = text.find("Your code is ").expect("the code") + "Your code is ".len();
    let code = &text[at..at + 6];
    let again = answer(&session, "wrong").expect("another challenge");
    assert_eq!(again["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(mails().len(), 1, "the same code holds, and is not sent again");
    let tokens = answer(&again["Session"], code).expect("tokens");
    assert!(tokens["AuthenticationResult"]["AccessToken"].is_string(), "{tokens}");

    let mut session = start();
    for _ in 0..2 {
        session = answer(&session, code).expect("another challenge")["Session"].take();
    }
    assert!(matches!(answer(&session, code), Err(Refusal(why)) if why.contains("NotAuthorized")), "an old code");

    // Who begins with SRP has a round before the first challenge that went well, and answers it all the same.
    let parameters = json!({"USERNAME": ADDRESS, "SRP_A": "ab"});
    let body = json!({"ClientId": client, "AuthFlow": "CUSTOM_AUTH", "AuthParameters": parameters});
    let challenge = world.aws.idp("InitiateAuth", &body);
    assert_eq!(challenge["ChallengeName"], "CUSTOM_CHALLENGE", "{challenge}");
}

/// Answers one question as the old directory would; the question is what the thread ends with.
fn old_directory(listener: TcpListener, status: u16, answer: Value) -> thread::JoinHandle<(String, Value, Value)> {
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("the function asks");
        let question = Message::read(&connection).expect("a request").expect("a request");
        Message::json_answer(status, &answer.to_string()).write(&mut connection).expect("it is answered");
        let body = serde_json::from_slice(&question.body).expect("JSON");
        (question.start.clone(), json!(question.header("authorization")), body)
    })
}

#[test]
fn a_user_of_the_old_directory_is_taken_over() {
    let world = World::ministack();
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("oldDirectoryUrl=http://{}", listener.local_addr().expect("an address"));
    let arguments = ["apply", "--yes", "--var", LAMBDA_ROLE, "--var", &url, &example("user-migration")];
    world.run_with(&arguments, &[("OLD_DIRECTORY_KEY", "directory-key")]).expect(0);

    // ministack does not call this trigger when somebody signs in, so the function is called with
    // what AWS documents that Cognito sends.
    let migrate = |source: &str, request: Value| {
        let path = "/2015-03-31/functions/user-migration-migrate/invocations";
        let scope = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request";
        let headers = [("authorization", &*format!("{scope}, SignedHeaders=host, Signature=0"))];
        let event = json!({"triggerSource": source, "userName": ADDRESS, "request": request, "response": {}});
        ask(&world, "POST", path, &headers, &event.to_string()).1
    };
    let another = || listener.try_clone().expect("the port again");
    let found = json!({"email": ADDRESS, "name": "Ada"});

    let directory = old_directory(another(), 200, found.clone());
    let answer = migrate("UserMigration_Authentication", json!({"password": PASSWORD}));
    let taken_over = json!({"email": ADDRESS, "email_verified": "true", "name": "Ada"});
    assert_eq!(
        answer["response"],
        json!({"finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS", "userAttributes": taken_over}),
        "{answer}\n{}",
        world.emulator.log()
    );
    let (start, key, asked) = directory.join().expect("the directory");
    assert_eq!((&*start, key), ("POST /sign-in HTTP/1.1", json!("Bearer directory-key")));
    assert_eq!(asked, json!({"email": ADDRESS, "password": PASSWORD}));

    let directory = old_directory(another(), 200, found);
    let answer = migrate("UserMigration_ForgotPassword", json!({}));
    assert_eq!(answer["response"], json!({"messageAction": "SUPPRESS", "userAttributes": taken_over}), "{answer}");
    let (start, _, asked) = directory.join().expect("the directory");
    assert_eq!((&*start, asked), ("POST /find HTTP/1.1", json!({"email": ADDRESS})));

    let directory = old_directory(another(), 401, json!({}));
    let answer = migrate("UserMigration_Authentication", json!({"password": "wrong"}));
    assert!(answer["errorMessage"].as_str().is_some_and(|why| why.contains("401")), "{answer}");
    directory.join().expect("the directory");
}
