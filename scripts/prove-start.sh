#!/usr/bin/env bash
# Starts Viaggio in the places where a start can go wrong, one line each; exits non-zero if one is wrong.
# Walks copies of this project with its installed packages; what is not built yet is built in the first copy.
# Places that need another user than the present one are passed over, and said so.
set -u

project=$(cd "$(dirname "$0")/.." && pwd)
source=$project
room=$(mktemp -d "${TMPDIR:-/tmp}/viaggio-prove.XXXXXX")
chmod 755 "$room"
port=$((20000 + RANDOM % 20000))
wrong=0
server=0
start_limit_s=60

say() { printf '%-5s %s\n' "$1" "$2"; }
right() { say right "$1"; }
bad() {
  say WRONG "$1"
  [ -s "$room/output" ] && sed 's/^/      /' "$room/output"
  wrong=1
}

clean() {
  [ "$server" != 0 ] && kill -9 "$server" 2>/dev/null
  local note
  for note in "$room"/*/.viaggio/pg18/postmaster.pid "$room"/*/pg18/postmaster.pid; do
    [ -e "$note" ] && kill -INT "$(head -n 1 "$note")" 2>/dev/null
  done
  for note in "$room"/*/.viaggio/pg18.location; do
    [ -e "$note" ] || continue
    local home
    home=$(cat "$note")
    [ -e "$home/pg18/postmaster.pid" ] && kill -INT "$(head -n 1 "$home/pg18/postmaster.pid")" 2>/dev/null && sleep 1
    rm -rf "$home"
  done
  rm -rf "$room"
}
trap clean EXIT
trap 'exit 1' INT TERM

# A project in a folder of its own: hard links to what is not written, so it costs no time and no space.
copy_project() {
  mkdir -p "$1/apps" "$1/packages"
  # Where another user's files may not be linked, they are copied.
  if ! cp -al "$source/node_modules" "$1/node_modules" 2>/dev/null; then
    rm -rf "$1/node_modules"
    cp -a "$source/node_modules" "$1/node_modules"
  fi
  # npm start writes its stamps, which must not be those of the original.
  local stamp folder
  for stamp in .viaggio-lock .viaggio-build; do
    [ -e "$source/node_modules/$stamp" ] || continue
    rm -f "$1/node_modules/$stamp"
    cp "$source/node_modules/$stamp" "$1/node_modules/$stamp"
  done
  for folder in apps/server apps/web packages/journey-model scripts package.json package-lock.json turbo.json \
    tsconfig.base.json e2e/package.json; do
    mkdir -p "$(dirname "$1/$folder")"
    cp -a "$source/$folder" "$1/$folder"
  done
}

# start FOLDER [COMMAND PREFIX …]: starts in the background; the output goes to $room/output.
start() {
  local folder=$1
  shift
  : >"$room/output"
  (cd "$folder" && PORT=$port exec "$@" node scripts/start.mjs) >"$room/output" 2>&1 &
  server=$!
}

ready() {
  local until=$((SECONDS + start_limit_s))
  while [ $SECONDS -lt $until ]; do
    node -e "fetch('http://localhost:$port/readyz').then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))" && return 0
    kill -0 "$server" 2>/dev/null || return 1
  done
  return 1
}

# Signals the whole start, also where another program carries it out for another user.
stop() {
  kill -TERM "$server" 2>/dev/null
  wait "$server"
  local code=$?
  server=0
  return $code
}

location() {
  if [ -e "$1/.viaggio/pg18.location" ]; then cat "$1/.viaggio/pg18.location"; else echo "$1/.viaggio"; fi
}
postgres_of() { head -n 1 "$(location "$1")/pg18/postmaster.pid" 2>/dev/null; }
alive() { [ -n "$1" ] && [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status"; }

# walk TITLE FOLDER [COMMAND PREFIX …]: a start that must come up, answer, and stop without leaving anything.
walk() {
  local title=$1 folder=$2
  shift 2
  start "$folder" "$@"
  if ! ready; then
    bad "$title: not ready"
    [ "$server" != 0 ] && kill -9 "$server" 2>/dev/null
    server=0
    return
  fi
  local postgres
  postgres=$(postgres_of "$folder")
  if ! grep -q "/setup?token=" "$room/output"; then bad "$title: no set-up link"; fi
  if ! stop; then bad "$title: the stop failed"; return; fi
  if alive "$postgres"; then bad "$title: PostgreSQL outlived a clean stop"; return; fi
  right "$title"
}

# refused TITLE PATTERN COMMAND …: a start that must end by itself with one sentence.
refused() {
  local title=$1 pattern=$2
  shift 2
  "$@" >"$room/output" 2>"$room/errors"
  local code=$?
  if [ $code -ne 0 ] && [ "$(wc -l <"$room/errors")" = 1 ] && grep -q "$pattern" "$room/errors"; then
    right "$title: $(cat "$room/errors")"
  else
    cat "$room/errors" >>"$room/output"
    bad "$title (ended with $code)"
  fi
}

root=$([ "$(id -u)" = 0 ] && echo yes || echo no)
plain="$room/plain"
copy_project "$plain"
node "$plain/scripts/start.mjs" --build-only || exit 1
source=$plain

# 1. An ordinary user
if [ "$root" = no ]; then
  walk "ordinary user" "$plain"
elif command -v setpriv >/dev/null && id nobody >/dev/null 2>&1; then
  copy_project "$room/ordinary"
  chown "$(id -u nobody):$(id -g nobody)" "$room/ordinary"
  walk "ordinary user (nobody)" "$room/ordinary" \
    setpriv --reuid "$(id -u nobody)" --regid "$(id -g nobody)" --clear-groups
else
  say skip "ordinary user: there is no setpriv or no user nobody"
fi

# 2. and 3. Root, also where only root can enter
if [ "$root" = yes ]; then
  walk "root" "$plain"
  mkdir -m 700 "$room/closed"
  copy_project "$room/closed/project"
  walk "root in a folder of mode 700" "$room/closed/project"
  home=$(location "$room/closed/project")
  rm -rf "$room/closed"
  case $home in /var/lib/viaggio/*) rm -rf "$home" ;; esac
else
  say skip "root: this is an ordinary user"
  say skip "root in a folder of mode 700: this is an ordinary user"
fi

# 4. A long path with a space
long="$room/a path with spaces $(printf 'x%.0s' $(seq 150))"
copy_project "$long"
walk "a path with a space and ${#long} characters" "$long"
rm -rf "$long"

# 5. The port is in use
node -e "require('net').createServer().listen($port, () => console.log('listening'))" >"$room/holder" &
holder=$!
until [ -s "$room/holder" ]; do :; done
refused "port in use" "PORT" env -C "$plain" PORT="$port" node scripts/start.mjs
kill "$holder"
wait "$holder" 2>/dev/null

# 6. Data that cannot be written
if [ "$root" = yes ]; then
  unwritable=/proc/viaggio
else
  mkdir -m 500 "$room/unwritable"
  unwritable="$room/unwritable/data"
fi
refused "unwritable data" "VIAGGIO_DATA" env -C "$plain" PORT="$port" VIAGGIO_DATA="$unwritable" node scripts/start.mjs

# 7. A second start on the same data, while the first runs
start "$plain"
if ready; then
  refused "second start on the same data" "Another Viaggio (process $server)" \
    env -C "$plain" PORT=$((port + 1)) node scripts/start.mjs

  # 8. Node is killed, PostgreSQL lives on
  postgres=$(postgres_of "$plain")
  kill -9 "$server"
  wait "$server" 2>/dev/null
  if ! alive "$postgres"; then
    bad "kill -9 of Node: PostgreSQL went too"
  else
    start "$plain"
    if ready && [ "$(postgres_of "$plain")" = "$postgres" ] && grep -q "Took over" "$room/output"; then
      right "kill -9 of Node with PostgreSQL alive: adopted"
    else
      bad "kill -9 of Node with PostgreSQL alive"
    fi
  fi
else
  bad "second start on the same data: the first is not ready"
fi

# 9. A clean stop and a restart, which is at /readyz within 4 s
postgres=$(postgres_of "$plain")
if stop && ! alive "$postgres"; then
  started=$(date +%s%N)
  start "$plain"
  if ready; then
    took=$((($(date +%s%N) - started) / 1000000))
    if [ $took -lt 4000 ]; then right "clean stop and restart: ready in $took ms"; else bad "restart took $took ms"; fi
    stop || bad "the last stop failed"
  else
    bad "restart: not ready"
  fi
else
  bad "clean stop"
fi

exit $wrong
