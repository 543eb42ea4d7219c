#!/bin/sh
# Installs the Debian packages named that are missing; on another system says what is needed and stops.
# A new server package must not leave a system-wide cluster behind: postgresql-common is told not to make one first.
set -eu
missing=''
for package in "$@"; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "loyalty: this is not a Debian system: please install, under the names your system has for them:$missing" >&2
	exit 1
fi
as=''
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || { echo "loyalty: missing packages:$missing; run as root: apt-get install$missing" >&2; exit 1; }
	as=sudo
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as apt-get update -qq >/dev/null
case $missing in
*postgresql*)
	if [ ! -d /usr/share/postgresql-common ]; then
		# Before postgresql-common: its maintainer script reads this file, so no cluster is ever made.
		$as mkdir -p /etc/postgresql-common/createcluster.d
		printf 'create_main_cluster = false\n' | $as tee /etc/postgresql-common/createcluster.d/loyalty.conf >/dev/null
		$as apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
	fi
	;;
esac
# shellcheck disable=SC2086
$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
