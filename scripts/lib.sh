# Shared by the scripts here: the Python environments with the emulators of AWS, a running
# emulator, and credentials that are good for nothing else. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
environments=${POOLKEEPER_TEST_VENV:-$root/target/venv}
# The clients of AWS that the sandbox is tried with come with the first one.
ministack_packages=(ministack==1.5.33 boto3==1.43.106 awscli==1.46.3)
moto_packages=('moto[server]==5.2.5')

# Nothing here may ever reach an account of whoever runs it.
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE AWS_ENDPOINT_URL

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# The first Python that is new enough.
python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.10 or newer, with its venv module, is needed for the emulators of AWS, and none was found."
}

# environment NAME PACKAGE...: a Python environment with these packages, made if it is not there.
environment() {
    local name=$1 folder=$environments/$1 interpreter
    shift
    if [[ -n ${POOLKEEPER_TEST_VENV:-} || $(cat "$folder/.packages" 2>/dev/null) == "$*" ]]; then
        [[ -x $folder/bin/python ]] || fail "$folder is not a Python environment."
        return
    fi
    interpreter=$(python)
    echo "Setting up $* in ${folder#"$root"/}" >&2
    rm -rf "$folder"
    "$interpreter" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    echo "$*" >"$folder/.packages"
}

# start_ministack: an emulator on a free port, stopped when the script ends. Sets `endpoint`.
start_ministack() {
    local port python=$environments/ministack/bin/python
    emulator_folder=$(mktemp -d)
    trap stop_ministack EXIT
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    endpoint=http://127.0.0.1:$port
    # In a group of its own, so that the functions that it runs end with it.
    set -m
    (
        cd "$emulator_folder"
        exec env HOME="$emulator_folder" TMPDIR="$emulator_folder" BIND_HOST=127.0.0.1 GATEWAY_PORT="$port" \
            MINISTACK_ACCOUNT_ID=123456789012 IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 "$environments/ministack/bin/ministack"
    ) >"$emulator_folder/log" 2>&1 &
    emulator=$!
    set +m
    local attempt
    for attempt in {1..300}; do
        kill -0 "$emulator" 2>/dev/null || break
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        sleep 0.1
    done
    cat "$emulator_folder/log" >&2
    fail "The emulator does not answer."
}

stop_ministack() {
    if [[ -n ${emulator:-} ]]; then
        kill -KILL -- "-$emulator" 2>/dev/null || true
        wait "$emulator" 2>/dev/null || true
    fi
    rm -rf "$emulator_folder"
}
