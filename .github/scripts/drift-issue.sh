#!/usr/bin/env bash
# Keeps one issue for the drift of each stack. $FOUND/<stack>.md says what drifted, and $FOUND/<stack>.code is the exit
# code of `dreamseed drift`. The issue is found by its marker, rewritten, closed when nothing drifts, and opened again
# when something does.
set -euo pipefail
shopt -s nullglob

issues=repos/$GITHUB_REPOSITORY/issues
for drift in "$FOUND"/*.md; do
  stack=$(basename "$drift" .md)
  export MARKER="<!-- dreamseed-drift stack=$stack -->"
  code=$(<"$FOUND/$stack.code")
  case $code in
  0) state=closed title="No drift in $stack" ;;
  9) state=open title="Suspicious drift in $stack" ;;
  10) state=open title="Dangerous drift in $stack" ;;
  *) echo "$FOUND/$stack.code is $code: it must be 0, 9 or 10" >&2 && exit 1 ;;
  esac
  if [[ $(<"$drift") != "$MARKER"* ]]; then
    echo "$drift must begin with $MARKER" >&2
    exit 1
  fi
  mapfile -t former < <(gh api --paginate "$issues?state=all&per_page=100" --jq '.[] |
    select(.pull_request == null and .user.type == "Bot" and ((.body // "") | startswith(env.MARKER))) | .number')
  if ((${#former[@]})); then
    gh api --method PATCH "$issues/${former[0]}" --silent \
      --field "title=$title" --field "state=$state" --field "body=@$drift"
  elif [[ $state == open ]]; then
    gh api --method POST "$issues" --silent --field "title=$title" --field "body=@$drift"
  fi
done
