#!/bin/sh
# Every sound event on the terminal, one CloudEvents JSON object a line, with nothing but redis-cli.
#
#   examples/02_redis_cli.sh [GROUP]        Ctrl-C ends it; started again, it goes on where it was
#
# An entry is acknowledged after its line was written: what was not is read again at the next start.
set -eu

stream=${EARSHOT_KEY_PREFIX:-earshot:v1}:events
group=${1:-my-terminal}
consumer=terminal

redis() { redis-cli -e --raw -u "${EARSHOT_REDIS_URL:-redis://127.0.0.1:6379/0}" "$@"; }

# From 0: a new group sees everything that is kept. An error says that there is this group already.
redis XGROUP CREATE "$stream" "$group" 0 MKSTREAM >/dev/null 2>&1 || true

from=0 # first what this consumer was given and did not acknowledge, then what is new
while :; do
  # Lines: the stream, the entry's id, then field and value by turns: device, session, sequence,
  # flags, body.
  reply=$(redis XREADGROUP GROUP "$group" "$consumer" COUNT 1 BLOCK 5000 STREAMS "$stream" "$from")
  id=$(printf '%s\n' "$reply" | sed -n 2p)
  if [ -z "$id" ]; then
    from='>'
    continue
  fi
  printf '%s\n' "$reply" | awk 'NR > 2 && NR % 2 { field = $0; next } field == "body"'
  redis XACK "$stream" "$group" "$id" >/dev/null
done
