# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests with pppd, PPPoE and FreeRADIUS share; to be sourced after
# ../kselftest/lib/lib.sh, in the virtual machine.
#
#	subscriber                         router                       server
#	pppd ppp100 ── PPPoE ── pppoe-server, pppd ppp0
#	eth0 ─────────────────────── sub          srv ───────────────── eth0, port 25
#	                                FreeRADIUS on lo, p25
#
# FreeRADIUS has the configuration of its package, and what p25 ships for it.

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
session=$tree/tools/session
raddb=/etc/freeradius/3.0
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"
chmod 755 "$scratch"
on_exit rm -rf "/etc/netns/$(netns subscriber)" /run/p25-session.sock

# shellcheck source=../kselftest/lib/log.sh
. "$tree/tests/kselftest/lib/log.sh"

# The package's own scripts would do this.
fix_packages()
{
	ldconfig
	echo "127.0.0.1 localhost $(hostname)" > /etc/hosts
	id freerad > /dev/null 2>&1 || useradd -r -U -d "$raddb" freerad
	mkdir -p /run/freeradius /var/log/freeradius/radacct /var/lib/freeradius
	chown -R freerad:freerad /run/freeradius /var/log/freeradius "$raddb"
	# A copy: FreeRADIUS' user can't look into root's home.
	cp "$tree/build/tools/p25-session" /usr/local/sbin/p25-session
}

# Those that Debian's package enables. EAP would need certificates: something of its name
# does nothing in its place.
enable_modules()
{
	local name

	for name in always attr_filter chap detail digest dynamic_clients exec expiration \
		    expr files linelog logintime mschap pap preprocess radutmp realm \
		    replicate sradutmp unix unpack utf8; do
		ln -sf "../mods-available/$name" "$raddb/mods-enabled/$name" || return
	done
	printf '%s\n' 'always eap {' 'rcode = noop' '}' > "$raddb/mods-enabled/eap"
}

# use_examples: what p25-session(8) says is to be done with the files that p25 ships
use_examples()
{
	cp "$tree/build/tools/freeradius/p25" "$raddb/mods-enabled/p25" &&
		cp "$session/freeradius/p25_mark" "$raddb/policy.d/p25_mark" &&
		cat "$session/freeradius/hints" >> "$raddb/mods-config/preprocess/hints" &&
		cp "$raddb/sites-available/default" "$raddb/sites-enabled/default" &&
		sed -i -e '/^accounting {/a p25' -e '/^post-auth {/a p25_mark' \
			"$raddb/sites-enabled/default"
}

# The users; what is said of each comes back in Access-Accept.
write_users()
{
	# A tab would be taken for the script's.
	cat > "$raddb/mods-config/files/authorize" <<-'END'
		alice	Cleartext-Password := "secret"
		  Framed-Protocol = PPP,
		  Framed-IP-Address = 198.51.100.7

		bob	Cleartext-Password := "secret"
		  Framed-Protocol = PPP,
		  Framed-IP-Address = 198.51.100.7

		carol	Cleartext-Password := "secret"
		  Framed-Protocol = PPP,
		  Framed-IP-Address = 198.51.100.8,
		  Filter-Id = "p25-optout",
		  Session-Timeout = 3600,
		  Framed-Route = "198.51.100.64/28 198.51.100.8 1",
		  Framed-IPv6-Prefix = 2001:db8:100:8::/64,
		  Delegated-IPv6-Prefix = 2001:db8:108::/56

		dave	Cleartext-Password := "secret"
		  Framed-Protocol = PPP,
		  Framed-IP-Address = 198.51.100.9,
		  Filter-Id = "p25-static"
	END
}

# start_radius: in the router, as its user, and with NoNewPrivileges as Debian's unit has it
start_radius()
{
	router setpriv --no-new-privs freeradius -f -l stdout \
		> "$scratch/radius.log" 2>&1 &
	wait_for grep -q 'Ready to process requests' "$scratch/radius.log" && return
	echo "FreeRADIUS doesn't start:"
	tail -n 20 "$scratch/radius.log"
	return 1
}

# Debian has no files for pppd's plugin radius.so.
configure_pppd()
{
	mkdir -p /etc/radiusclient &&
		cp "$session"/radiusclient/* /etc/radiusclient/ &&
		: > /etc/radiusclient/port-id-map && chmod 600 /etc/radiusclient/servers
	cat > /etc/ppp/pppoe-server-options <<-'END'
		require-pap
		plugin radius.so
		plugin radattr.so
		lcp-echo-interval 10
		lcp-echo-failure 3
		nodefaultroute
		+ipv6
		noproxyarp
	END
	: > /etc/ppp/options
	# The subscriber's pppd calls no scripts, and has a password.
	mkdir -p "/etc/netns/$(netns subscriber)/ppp"
	: > "/etc/netns/$(netns subscriber)/ppp/options"
	for name in alice alice.nofilter bob carol dave; do
		echo "\"$name\" * secret *"
	done > "/etc/netns/$(netns subscriber)/ppp/pap-secrets"
}

# make_links: what p25-session(8) says is to be done in /etc/ppp
make_links()
{
	local name

	for name in ip-pre-up ip-up ip-down ipv6-up ipv6-down; do
		mkdir -p "/etc/ppp/$name.d" &&
			cp "$tree/build/tools/session-hook" "/etc/ppp/$name.d/p25" || return
	done
}

# start_service: a socket as p25-session.socket has it, and the service behind it
start_service()
{
	(exec ip netns exec "$(netns router)" python3 -c 'if True:
		import grp, os, socket, sys
		path = "/run/p25-session.sock"
		sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		sock.bind(path)
		os.chown(path, 0, grp.getgrnam("freerad").gr_gid)
		os.chmod(path, 0o660)
		os.dup2(sock.fileno(), 4)
		os.dup2(4, 3)
		os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
		os.execv("/usr/local/sbin/p25-session", ["p25-session", "serve"])
	') > "$scratch/service.log" 2>&1 &
	echo $! > "$scratch/service"
	wait_for test -S /run/p25-session.sock
}

# has LINE...: the owner's entries are exactly these, before long
has()
{
	want=$([ $# = 0 ] || printf '%s\n' "$@" | sort)
	wait_for is_so && return
	printf 'wanted:\n%s\ngot:\n%s\n' "$want" "$got"
	tail -n 20 "$scratch/log"
	return 1
}

is_so()
{
	got=$(router p25ctl -o session list | cut -d ' ' -f 1,2 | sort)
	[ "$got" = "$want" ]
}

timeout_of()
{
	local left

	left=$(router p25ctl -j -o session list "$1" | jq '.[0].timeout')
	[ "$left" -ge "$2" ] && [ "$left" -le "$3" ] && return
	echo "$1: timeout $left"
	return 1
}
