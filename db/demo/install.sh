#!/bin/sh
# Installs the Debian packages named that are missing; on another system says what is needed and stops.
# A new server package must not make a system-wide cluster: postgresql-common is told so for as long as this takes. A server
# that is there already is not touched: its packages count as installed.
set -eu

# A server new enough, with the extensions that come in postgresql-contrib.
has_server()
{
	for initdb in /usr/lib/postgresql/*/bin/initdb; do
		version=${initdb#/usr/lib/postgresql/}
		version=${version%%/*}
		if [ -x "$initdb" ] && [ "${version%%.*}" -ge 15 ] &&
			[ -e "/usr/share/postgresql/$version/extension/pg_trgm.control" ]; then
			return 0
		fi
	done
	return 1
}

installed=$(dpkg-query -W -f '|${db:Status-Status} ${Package}|' "$@" 2>/dev/null || true)
missing=''
for package in "$@"; do
	case $package in
	postgresql | postgresql-contrib) has_server && continue ;;
	esac
	case $installed in
	*"|installed $package|"*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "loyalty: packages are missing, and this is no Debian; install what your system calls:$missing" >&2
	exit 1
fi
as=''
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "loyalty: packages are missing; run as root: apt-get install$missing" >&2
		exit 1
	fi
	as=sudo
fi

folder=/etc/postgresql-common/createcluster.d
made_file=''
made_folders=''

forbid_cluster()
{
	for path in /etc/postgresql-common $folder; do
		if [ ! -d "$path" ]; then
			$as mkdir "$path"
			made_folders="$path $made_folders"
		fi
	done
	made_file=$folder/loyalty.conf
	echo 'create_main_cluster = false' | $as tee "$made_file" >/dev/null
}

# Folders that a package has put something into stay.
allow_cluster()
{
	[ -z "$made_file" ] || $as rm -f "$made_file"
	for path in $made_folders; do
		$as rmdir "$path" 2>/dev/null || true
	done
}

trap allow_cluster EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
case "$missing " in
*" postgresql "* | *" postgresql-contrib "*) forbid_cluster ;;
esac
echo "installing:$missing"
$as apt-get update -qq >/dev/null
# shellcheck disable=SC2086
$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
