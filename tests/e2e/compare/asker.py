"""Asks one side, and keeps its answers by the name of the question.

A call that is refused leaves its error code as the answer.
"""

import json
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/functions"
NO_POOL = "us-east-1_Nobody000"


class Asker:
    def __init__(self, url, is_sandbox):
        self.url = url
        self.is_sandbox = is_sandbox
        self.answers = {}
        self.idp = self.client("cognito-idp")

    def client(self, service):
        once = Config(retries={"total_max_attempts": 1})
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", config=once, **keys)

    def call(self, name, function, **arguments):
        try:
            answer = function(**arguments)
        except ClientError as error:
            answer = {"refused": error.response["Error"]["Code"]}
        answer.pop("ResponseMetadata", None)
        if len(answer) == 1 and isinstance(next(iter(answer.values())), dict):
            answer = next(iter(answer.values()))
        assert name not in self.answers, name
        self.answers[name] = answer
        return answer

    def pages(self, name, function, member, key, size, token="NextToken", **arguments):
        """Walks a list by twos: how long its pages are, what it has, whether its last page shows a token."""
        answer = {"sizes": {}, "items": []}
        more = {}
        try:
            for number in range(9):
                page = function(**arguments, **{size: 2}, **more)
                answer["sizes"][f"page {number}"] = len(page[member])
                answer["items"] += [item[key] for item in page[member]]
                if not page.get(token):
                    answer["last page has the member"] = token in page
                    break
                more = {"Marker" if token == "NextMarker" else token: page[token]}
        except ClientError as error:
            answer = {"refused": error.response["Error"]["Code"]}
        self.answers[name] = answer

    def settle(self):
        """Lets time pass where it is the sandbox's own: functions get ready, the index of tags catches up."""
        if self.is_sandbox:
            body = json.dumps({"advance": 60}).encode()
            urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/clock", body, method="POST")).close()
