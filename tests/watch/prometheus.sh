#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prometheus and node_exporter read what p25 has for them, by its units, started by a real
# systemd: with the module and without it. promtool finds nothing wrong with metrics, alerts
# and the dashboard's queries.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/../kselftest/lib/lib.sh"
tree=$(cd "$(dirname "$0")/../.." && pwd)
plan 23
scratch=$(mktemp -d)
chmod 755 "$scratch"
on_exit rm -rf "$scratch"
. "$tree/tests/kselftest/lib/systemd.sh"

units=(p25-metrics.socket p25-metrics@.service p25-textfile.service p25-textfile.timer)
prometheus=$tree/tools/prometheus
textfiles=/var/lib/prometheus/node-exporter

topology
router p25ctl pool add 198.51.100.0/24
router p25ctl -o desk block add 198.51.100.9
router p25ctl set guard 20/60s for 1h
attempt()
{
	subscriber nc -w 1 203.0.113.25 25 < /dev/null
	router p25ctl metrics | grep 'verdict="drop",reason="pool"} [1-9]'
}
wait_for attempt

# ---- promtool ----

# Without a word, if there is nothing to say.
metrics_are_clean()
{
	router p25ctl metrics > "$scratch/metrics" &&
		promtool check metrics < "$scratch/metrics" > "$scratch/said" 2>&1 &&
		! grep . "$scratch/said"
}
check "promtool: metrics" metrics_are_clean
check "promtool: alerts" promtool check rules "$prometheus/rules.yml"

tested()
{
	cp "$prometheus/rules.yml" "$tree"/tests/watch/rules*.test.yml "$scratch" &&
		promtool test rules "$scratch"/rules*.test.yml
}
check "promtool: when alerts fire" tested

# Each alert is tried.
all_alerts_tested()
{
	local alert

	while read -r alert; do
		grep -h -A 4 "alertname: $alert$" "$tree"/tests/watch/rules*.test.yml |
			grep -q exp_labels || { echo "$alert"; return 1; }
	done < <(sed -n 's/^ *- alert: //p' "$prometheus/rules.yml")
}
check "each alert fires in a test" all_alerts_tested

# queries: of the dashboard, with values in place of Grafana's variables
queries()
{
	jq -r '.. | .expr? // empty' "$prometheus/dashboard.json" |
		sed -e 's/\$__rate_interval/5m/g' -e 's/\$instance/.*/g'
}
dashboard_is_valid()
{
	jq -e '(.panels | length > 10) and .uid == "p25"' "$prometheus/dashboard.json" &&
		queries | jq -Rn '{groups: [{name: "d", rules: [inputs |
			{record: "x", expr: .}]}]}' > "$scratch/queries.yml" &&
		# Panels may ask the same.
		promtool check rules --lint=none "$scratch/queries.yml"
}
check "promtool: queries of the dashboard" dashboard_is_valid

# exist FILE: each metric of p25 that it names is one
exist()
{
	local name

	while read -r name; do
		grep -q "^${name}[ {]" "$scratch/metrics" || { echo "no metric $name"; return 1; }
	done < <(grep -ohE '\bp25_[a-z0-9_]+' "$1" | sort -u)
}
queries > "$scratch/queries"
sed -n 's/ expr: //p; /|$/,/for:/p' "$prometheus/rules.yml" > "$scratch/exprs"
printf 'pool 198.51.100.0/24\n' | router p25ctl apply -
on_exit rm -f /run/p25/apply.admin
# What is there only with kernels in /boot, and when a file was applied.
router p25ctl metrics > "$scratch/metrics"
check "the dashboard's metrics exist" exist "$scratch/queries"
check "the alerts' metrics exist" exist "$scratch/exprs"

all_in_manual()
{
	local name

	while read -r name; do
		grep -qw "$name" "$tree/Documentation/p25-metrics.8" ||
			{ echo "p25-metrics(8) lacks $name"; return 1; }
	done < <(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$scratch/metrics")
}
check "the manual has each metric" all_in_manual
no_customer()
{
	! grep -E '198\.51\.100|203\.0\.113' "$scratch/metrics"
}
check "no label names a customer" no_customer

# ---- the units ----

if ! has_systemd; then
	for i in {1..14}; do
		skip "units" "there is no systemd"
	done
	finish
fi
check "the units are installed" install_units "${units[@]}"
on_exit remove_units "${units[@]}"
boot_systemd
check "systemd finds nothing wrong with them" in_it systemd-analyze verify --man=no \
	"${units[@]/#//etc/systemd/system/}"
check "the socket" in_it systemctl start p25-metrics.socket

# ask REQUEST: the answer's first line, then all of it
ask()
{
	router bash -c 'exec 3<> /dev/tcp/127.0.0.1/9925 && printf "$1" >&3 && cat <&3' \
		ask "$1" > "$scratch/answer" && head -n 1 "$scratch/answer"
}
request='GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'
serves()
{
	ask "$request" | grep '^HTTP/1.1 200 OK' && grep '^p25_up 1$' "$scratch/answer" &&
		grep '^p25_entries{kind="pool"} 1$' "$scratch/answer" &&
		grep '^p25_last_apply_success{owner="admin"} ' "$scratch/metrics"
}
check "it answers" eval 'serves || journal "p25-metrics@*"'
check "it answers nothing else" eval '
	ask "GET / HTTP/1.1\r\n\r\n" | grep " 404 " &&
	ask "GET /metricsx HTTP/1.1\r\n\r\n" | grep " 404 " &&
	ask "POST /metrics HTTP/1.1\r\n\r\n" | grep " 405 " &&
	ask "nonsense\r\n\r\n" | grep " 405 "'

# It has to ask nft and the devices, with what rights it has.
sees_ways_past()
{
	router nft -f - <<-END || return
		table inet f {
			flowtable f { hook ingress priority 0; devices = { sub, srv }; }
			chain forward {
				type filter hook forward priority 0;
				meta l4proto tcp flow add @f
			}
		}
	END
	router ip link add br25 type bridge &&
		router ip link add one25 master br25 type dummy &&
		router ip link add two25 master br25 type dummy &&
		ask "$request" && grep '^p25_problem{check="flowtable"} 1$' "$scratch/answer" &&
		grep '^p25_problem{check="bridge"} 1$' "$scratch/answer"
}
check "it sees ways past p25" sees_ways_past
router nft delete table inet f
router ip link del br25

not_exposed()
{
	in_it systemd-analyze security --no-pager --offline=true --threshold=29 \
		/etc/systemd/system/p25-metrics@.service
}
check "it has few rights" not_exposed

# ---- Prometheus ----

cat > "$scratch/prometheus.yml" <<-END
	global: {scrape_interval: 1s, evaluation_interval: 1s}
	rule_files: [$prometheus/rules.yml]
	scrape_configs:
	  - job_name: p25
	    scrape_timeout: 1s
	    static_configs: [{targets: ["127.0.0.1:9925"]}]
END
# On a slow machine, an answer takes its time.
sed -i -e 's/scrape_interval: 1s/scrape_interval: 15s/' -e 's/timeout: 1s/timeout: 15s/' \
	"$scratch/prometheus.yml"
check "promtool: the configuration" promtool check config "$scratch/prometheus.yml"
router prometheus --config.file="$scratch/prometheus.yml" \
	--storage.tsdb.path="$scratch/data" --web.listen-address=127.0.0.1:9090 \
	> "$scratch/prometheus.log" 2>&1 &

# finds QUERY: it has a result
finds()
{
	router promtool query instant http://127.0.0.1:9090 "$1" | grep '=>'
}
check "Prometheus scrapes it" wait_for finds 'p25_up == 1 and on (instance) up == 1'
check "with what it has counted" wait_for finds \
	'p25_mail_packets_total{verdict="drop", reason="pool"} > 0'

if modprobe -r p25; then
	check "without the module, it says so" wait_for finds \
		'p25_up == 0 and on (instance) up == 1 and on (instance) p25_problem{check="module"} == 1'
	check "which is an alert" wait_for finds \
		'ALERTS{alertname="P25NotEnforcing", check="module"}'
	modprobe p25
	router p25ctl pool add 198.51.100.0/24
	check "and with it again" wait_for finds 'p25_up == 1 and on (instance) p25_healthy == 1'
else
	for i in 1 2 3; do
		skip "without the module" "the module is in use"
	done
fi

# ---- node_exporter ----

mkdir -p "$textfiles"
router prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory="$textfiles" --web.listen-address=127.0.0.1:9100 \
	> "$scratch/exporter.log" 2>&1 &
exported()
{
	router bash -c 'exec 3<> /dev/tcp/127.0.0.1/9100 &&
		printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && cat <&3' > "$scratch/exported" &&
		grep '^p25_up 1$' "$scratch/exported" &&
		grep '^node_textfile_mtime_seconds{file=".*p25.prom"}' "$scratch/exported" &&
		grep '^node_textfile_scrape_error 0$' "$scratch/exported"
}
in_it systemctl start p25-textfile.timer p25-textfile.service
check "node_exporter has it" eval 'wait_for exported || journal p25-textfile'
finish
