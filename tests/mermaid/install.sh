#!/bin/sh
# Installs the Mermaid package into the folder given; says so and goes on when that cannot be done here.
set -eu
target=$1
here=$(dirname "$0")
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  echo "node or npm is missing: the Mermaid pictures are not parsed by Mermaid itself" >&2
  exit 0
fi
mkdir -p "$target"
cp "$here/package.json" "$target/package.json"
if ! (cd "$target" && npm install --silent --no-audit --no-fund --no-package-lock --fetch-retries 0 >install.log 2>&1); then
  echo "npm cannot install Mermaid here (see $target/install.log): the pictures are not parsed by Mermaid itself" >&2
  exit 0
fi
touch "$target/installed"
