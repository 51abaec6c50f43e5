#!/bin/sh
# Chromium for the browser tests, from Debian's own packages where this user may install them.
# The headless shell draws the same pages for a third less work; where only the whole browser is, that one is taken.
SHELL_PACKAGE=chromium-headless-shell
FONTS="fonts-noto-core fonts-noto-color-emoji"
install() { apt-get install -y -qq --no-install-recommends -o Acquire::Retries=0 "$@" >/dev/null 2>&1; }
# Whether the shell can be had without touching the browser that is there.
fits() { apt-get install -s --no-install-recommends "$SHELL_PACKAGE" 2>/dev/null | grep -q '^0 upgraded.* 0 to remove'; }

command -v $SHELL_PACKAGE >/dev/null 2>&1 && exit 0
may=$([ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && echo yes)
if command -v chromium >/dev/null 2>&1; then
  [ "$may" ] && fits && install $SHELL_PACKAGE
  exit 0
fi
[ "$may" ] && apt-get update -qq && { install $SHELL_PACKAGE $FONTS || install chromium $FONTS; } && exit 0
echo "Chromium is not here and cannot be installed by this user: run 'apt-get install $SHELL_PACKAGE $FONTS' as root." >&2
echo "The browser tests will be reported as skipped." >&2
exit 0
