"""Asks the sandbox and another emulator the same, and compares the answers member by member.

Arguments: the sandbox's URL, the emulator's name, its URL. Where they differ, the difference is in the
table of differences.py with its reason, or it is told and this ends with 1; so does a line of the table
that nothing needs. What is empty counts as what is not there, since emulators show members that were
never set as empty ones. Prints how many answers were compared.
"""

import datetime
import json
import re
import sys
from fnmatch import fnmatchcase

import members
import other_services
import sign_in
import user_pools
from asker import Asker
from differences import KNOWN

# Each is made up by whoever answers, in no form that could be compared.
OWN = {
    "AccessKeyId",
    "AssumedRoleId",
    "ClientId",
    "ClientSecret",
    "LastModified",
    "Location",
    "RevisionId",
    "SecretAccessKey",
    "SessionToken",
    "UserId",
}
# A list whose items have one of these is compared item by item.
NAMES = ("Name", "Sid", "Version", "ScopeName", "GroupName", "Username", "ProviderName")
# What is made up inside a text: the rest of the text is compared.
MADE_UP = [
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r"us-east-1_\w+"), "us-east-1_POOL"),
]


def plain(value, name=""):
    """A value in a form that can be compared: nothing empty, no dates, lists by name."""
    if name in OWN:
        return "made up"
    if isinstance(value, datetime.datetime):
        return "a date"
    if isinstance(value, dict):
        shown = {key: plain(inner, key) for key, inner in value.items()}
        return {key: inner for key, inner in shown.items() if inner not in ("", [], {}, None)}
    if isinstance(value, list):
        items = [plain(item) for item in value]
        for key in NAMES:
            if all(isinstance(item, dict) and key in item for item in items):
                named = {item[key]: item for item in items}
                if len(named) == len(items):
                    return named
        return sorted(items, key=str)
    if isinstance(value, str):
        if name in ("Policy", "Statement"):
            return plain(json.loads(value))
        for pattern, instead in MADE_UP:
            value = pattern.sub(instead, value)
    return value


def differences(path, ours, theirs):
    """Each path at which they differ. That only one of them refuses is one difference."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ("refused" in ours) == ("refused" in theirs):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from differences(f"{path}.{key}", ours.get(key, {}), theirs.get(key, {}))
    elif ours != theirs:
        yield path, ours, theirs


def ask(url, is_sandbox):
    asker = Asker(url, is_sandbox)
    for questions in (user_pools, members, sign_in, other_services):
        questions.ask(asker)
    return asker.answers


def main():
    url, emulator, other = sys.argv[1:]
    ours, theirs = ask(url, is_sandbox=True), ask(other, is_sandbox=False)
    known = {path: why for why, paths in KNOWN[emulator].items() for path in paths}
    needed, wrong = set(), []
    for name, answer in ours.items():
        for path, one, two in differences(name, plain(answer), plain(theirs[name])):
            lines = {line for line in known if fnmatchcase(path, line) or fnmatchcase(path, f"{line}.*")}
            needed |= lines
            if not lines:
                wrong.append(f"{path}: the sandbox says {one}, {emulator} {two}")
    wrong += [f"{line}: they agree, so the table need not have it" for line in known if line not in needed]
    print(f"{len(ours)} answers compared")
    sys.exit("\n".join(wrong) or 0)


main()
