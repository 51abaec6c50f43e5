#!/bin/sh
# Chromium for the browser tests, from Debian's own packages where this user may install them.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-color-emoji >/dev/null && exit 0
fi
echo "Chromium is not here and cannot be installed by this user: run 'apt-get install chromium fonts-noto-core fonts-noto-color-emoji' as root." >&2
echo "The browser tests will be reported as skipped." >&2
exit 0
