#!/usr/bin/env bash
# Logs docker in to the registry of STACK, as the identity that the job has in the cloud.
set -euo pipefail

registry=$(pulumi stack output registry --stack "$STACK")
host=${registry%%/*}
case $host in
*.pkg.dev) gcloud auth print-access-token | docker login --username oauth2accesstoken --password-stdin "$host" ;;
*.amazonaws.com) aws ecr get-login-password | docker login --username AWS --password-stdin "$host" ;;
*.azurecr.io) az acr login --name "${host%%.*}" ;;
*) echo "the registry is $host: it must be that of a cloud" >&2 && exit 1 ;;
esac
