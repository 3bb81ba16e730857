#!/usr/bin/env bash
# Opens a pull request with the release of SERVICE at DIGEST to STACK, which the stack's file has. A token of a workflow
# starts no workflow but by hand, so the checks and the preview are started so.
set -euo pipefail

short=${DIGEST#sha256:}
branch=release/$STACK-$SERVICE-${short:0:12}
title="Release $SERVICE ${short:0:12} to $STACK"

git switch --create "$branch"
git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
  commit --message "$title" -- "Pulumi.$STACK.yaml"
git push --force origin "$branch"
gh api --method POST "repos/$GITHUB_REPOSITORY/pulls" --silent \
  --field "title=$title" --field "head=$branch" --field base=main --field "body=The image is \`$DIGEST\`."
for workflow in checks preview; do
  gh workflow run "$workflow.yml" --ref "$branch"
done
