#!/usr/bin/env bash
# Writes the report of what the checkout would change on the sandbox of STACK, which runs.
set -euo pipefail

make preview STACK="$STACK" # builds the program, and brings the stack's file to the engine
eval "$(.sandbox/bin/dreamseed sandbox env --stack "$STACK")"
mkdir -p report
events=$(mktemp)
PULUMI_DEBUG_COMMANDS=true pulumi preview --stack "$STACK" --cwd ".sandbox/$STACK/project" \
  --non-interactive --event-log "$events"
.sandbox/bin/dreamseed report --stack "$STACK" --event-log "$events" --output "report/$STACK.comment.md" \
  --whole-output "report/$STACK.report.md" --digest-output "report/$STACK.digest"
