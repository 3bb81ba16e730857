#!/usr/bin/env bash
# Posts $REPORTS/<stack>.comment.md to the open pull requests whose last commit is COMMIT. A comment with the stack's
# marker is rewritten. The number of a pull request is never read from an artifact: whoever opened the pull request
# decides what is in that.
set -euo pipefail
shopt -s nullglob

mapfile -t pulls < <(gh api --paginate "repos/$GITHUB_REPOSITORY/pulls?state=open&per_page=100" \
  --jq '.[] | select(.head.sha == env.COMMIT) | .number')

for report in "$REPORTS"/*.comment.md; do
  export MARKER="<!-- dreamseed-report stack=$(basename "$report" .comment.md) -->"
  if [[ $(<"$report") != *"$MARKER"* ]]; then
    echo "$report must have the marker $MARKER" >&2
    exit 1
  fi
  for pull in "${pulls[@]}"; do
    comments=repos/$GITHUB_REPOSITORY/issues/$pull/comments
    mapfile -t former < <(gh api --paginate "$comments?per_page=100" \
      --jq '.[] | select(.user.type == "Bot" and (.body | contains(env.MARKER))) | .id')
    if ((${#former[@]})); then
      gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/${former[0]}" --field "body=@$report" --silent
    else
      gh api --method POST "$comments" --field "body=@$report" --silent
    fi
  done
done
