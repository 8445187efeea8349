# For sourcing: an apt with a state of its own, which leaves the machine's packages alone. Sources,
# proxy and keys are the machine's.
# shellcheck shell=bash

# own_apt_state FOLDER: nothing is installed there yet.
own_apt_state() {
  mkdir -p "$1"/{lists,archives}/partial
  touch "$1"/status
}

# own_apt FOLDER ARGUMENT...: apt-get over that state.
own_apt() {
  local state=$1
  shift
  apt-get -q -o APT::Sandbox::User= -o Acquire::Languages=none \
    -o Dir::State="$state" -o Dir::State::lists="$state"/lists -o Dir::State::status="$state"/status \
    -o Dir::Cache="$state" -o Dir::Cache::archives="$state"/archives "$@"
}
