//! What becomes of a call that AWS refuses, with paused time and without a connection.

use std::cell::Cell;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::pace::Request;
use super::{Answer, Aws, Operation, PATIENCE};
use crate::error::{AwsError, Error};
use crate::event::{Event, Events};
use crate::plan::Action;

fn aws(events: Events) -> Aws {
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("eu-west-1"));
    Aws::of(&config.build(), 100, events)
}

fn create(pool: &str) -> Request {
    Request::of(Operation::CreateUserPoolClient, &serde_json::json!({"UserPoolId": pool}))
}

fn failure(code: &str, message: &str) -> AwsError {
    AwsError {
        address: None,
        operation: "CreateUserPoolClient",
        code: Some(code.to_owned()),
        message: message.to_owned(),
        request_id: None,
        ambiguous: false,
        help: None,
    }
}

/// How often a call was made until it came back, and after how long, if AWS refuses it this often.
async fn tried(aws: &Aws, refused: usize, code: &str, message: &str) -> (usize, Duration, Result<(), Error>) {
    let (count, begin) = (&Cell::new(0), Instant::now());
    let send = || async move {
        count.set(count.get() + 1);
        sleep(Duration::from_millis(20)).await;
        if count.get() > refused { Answer::Success((), None) } else { Answer::Failure(failure(code, message)) }
    };
    let result = aws.run(create("eu-west-1_abc"), send).await;
    (count.get(), begin.elapsed(), result)
}

#[tokio::test(start_paused = true)]
async fn what_aws_refuses_for_the_moment_is_made_again_until_it_is_taken() {
    for (code, message) in [
        ("TooManyRequestsException", "Too many requests"),
        ("ThrottlingException", "Rate exceeded"),
        ("SomeException", "Rate exceeded"),
        ("ConcurrentModificationException", "Concurrent modification"),
        ("InvalidParameterException", "Only one request to update a user pool client can be processed at a time"),
    ] {
        let aws = aws(Events::default());
        let (count, took, result) = tried(&aws, 3, code, message).await;
        assert!(result.is_ok(), "{code}: {result:?}");
        assert_eq!((count, aws.calls()), (4, 4), "{code}");
        let seen = aws.pacing();
        assert_eq!(seen.throttles + seen.conflicts, 3, "{code}: {seen:?}");
        assert!(took < Duration::from_secs(10), "{code}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_for_good_is_refused_at_last() {
    for code in ["TooManyRequestsException", "ConcurrentModificationException"] {
        let aws = aws(Events::default());
        let (count, took, result) = tried(&aws, usize::MAX, code, "Rate exceeded").await;
        assert_eq!(result.expect_err("a refusal").code(), Some(code));
        assert!(took >= PATIENCE && took < PATIENCE + Duration::from_secs(15), "{code}: {took:?}");
        assert!((10..100).contains(&count), "{code}: {count}");
        // The next one like it does not wait as long again.
        let (count, took, result) = tried(&aws, usize::MAX, "TooManyRequestsException", "no").await;
        assert!(result.is_err());
        if code == "TooManyRequestsException" {
            assert!(count == 1 && took < Duration::from_secs(15), "{count} in {took:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_does_not_slow_the_pace_and_holds_nothing_back() {
    let aws = aws(Events::default());
    let (_, _, result) = tried(&aws, 4, "ConcurrentModificationException", "no").await;
    assert!(result.is_ok());
    sleep(Duration::from_secs(5)).await;
    let begin = Instant::now();
    for _ in 0..27 {
        aws.run(create("eu-west-1_abc"), || async { Answer::Success((), None) }).await.expect("a success");
    }
    // 27 calls, two of them at once: 25 at five in a second.
    assert!(begin.elapsed() < Duration::from_millis(5_100), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_quota_of_resources_is_no_throttle() {
    for code in ["LimitExceededException", "InvalidParameterException", "AccessDeniedException"] {
        let aws = aws(Events::default());
        let (count, took, result) = tried(&aws, 1, code, "no").await;
        assert_eq!(count, 1, "{code}");
        assert!(result.is_err() && took < Duration::from_secs(1), "{code}: {took:?}");
    }
    let aws = aws(Events::default());
    let (count, ..) = tried(&aws, 1, "LimitExceededException", "Rate exceeded").await;
    assert_eq!(count, 1);
}

#[tokio::test(start_paused = true)]
async fn an_interruption_calls_off_what_has_not_begun_and_nothing_else() {
    let (events, mut told) = Events::channel();
    let (aws, cancel) = (aws(events), CancellationToken::new());
    let address: crate::path::Path = "userPools.customers".parse().expect("an address");
    let started = || Some(Event::Started { address: address.clone(), action: Action::Create });
    let slow = || async {
        sleep(Duration::from_mins(1)).await;
        Answer::Success((), None)
    };
    let (first, second) = (aws.starting(&cancel, started()), aws.starting(&cancel, started()));
    let begin = Instant::now();
    let (one, other, ()) = tokio::join!(
        async {
            first.run(create("eu-west-1_abc"), slow).await?;
            first.run(create("eu-west-1_abc"), slow).await
        },
        async {
            sleep(Duration::from_secs(1)).await;
            let result = second.run(create("eu-west-1_abc"), slow).await;
            assert_eq!(begin.elapsed(), Duration::from_secs(10));
            result
        },
        async {
            sleep(Duration::from_secs(10)).await;
            cancel.cancel();
        }
    );
    assert!(one.is_ok() && first.begun() == Some(begin), "{one:?}");
    assert!(other.is_err() && second.begun().is_none(), "{other:?}");
    assert_eq!((begin.elapsed(), aws.calls()), (Duration::from_mins(2), 2));
    drop((aws, first, second));
    let mut starts = 0;
    while let Some(event) = told.recv().await {
        starts += usize::from(matches!(event, Event::Started { .. }));
    }
    assert_eq!(starts, 1);
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_disorder_is_tried_a_few_times_each_in_its_turn_and_a_create_never() {
    let pool = serde_json::json!({"UserPoolId": "eu-west-1_abc"});
    for (operation, tries) in [
        (Operation::DescribeUserPoolClient, 4),
        (Operation::UpdateUserPoolClient, 4),
        (Operation::CreateUserPoolClient, 1),
    ] {
        for fails in [1, 3, 9] {
            let (aws, count) = (aws(Events::default()), &Cell::new(0));
            let send = || async move {
                count.set(count.get() + 1);
                if count.get() > fails {
                    Answer::Success((), None)
                } else {
                    Answer::Disorder(failure("InternalErrorException", ""))
                }
            };
            let result = aws.run(Request::of(operation, &pool), send).await;
            let expected = tries.min(fails + 1);
            assert_eq!((count.get(), aws.calls(), aws.pacing().turns), (expected, expected, expected), "{operation:?}");
            assert_eq!(result.is_ok(), fails < tries, "{operation:?} {fails}: {result:?}");
        }
    }
}
