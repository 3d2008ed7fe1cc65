#!/usr/bin/env bash
# Builds the images and proves them: with a container engine where one is running, otherwise with the tool that
# IMAGE_TOOL names (called as: TOOL --target STAGE -- COMMAND...).
#
#   scripts/image.sh build   the runtime image
#   scripts/image.sh test    the tests inside the test image, then the runtime image, serving and answering
#
# Exit status: 0 proven, 1 failed, 2 wrong usage, 69 nothing here can build an image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=llm-agent-control-plane
tool=${IMAGE_TOOL:-../shared/tools/build-image.sh}

find_engine() {
  local engine
  for engine in docker podman; do
    if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1; then echo "$engine"; return; fi
  done
  if [ -x "$tool" ]; then echo tool; return; fi
  echo 'image: no container engine is running here' >&2
  exit 69
}

# Builds a stage, and runs a command in it where one is given.
in_stage() {
  local stage=$1; shift
  if [ "$engine" = tool ]; then
    if [ $# -gt 0 ]; then "$tool" --target "$stage" -- "$@"; else "$tool" --target "$stage"; fi
  else
    "$engine" build --target "$stage" --tag "$name:$stage" .
    [ $# -eq 0 ] || "$engine" run --rm --init "$name:$stage" "$@"
  fi
}

engine=$(find_engine)
case ${1:-} in
  build) in_stage runtime ;;
  test)
    in_stage test npm test
    in_stage runtime node --input-type=module -e "$(cat scripts/image-smoke.mjs)"
    ;;
  *) echo 'usage: scripts/image.sh build|test' >&2; exit 2 ;;
esac
