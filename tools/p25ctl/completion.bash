# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion of p25ctl's words for bash.
#
# The functions share variables of _p25ctl: what the line says before the word that
# is completed (netns, owner, object, verb, and what follows in "args"), that word
# (current), and the one before it (last).

_p25ctl_kinds=(relay pool static optout block)
_p25ctl_objects=("${_p25ctl_kinds[@]}" list flush set show check save apply
		 convert monitor top senders offenders health metrics help)

# Of more entries than this none is looked for: a listing of them takes its time.
_p25ctl_most=20000

# _p25ctl_offer WORD...: those that begin as the current one does
_p25ctl_offer() {
	local word

	for word; do
		[[ $word != "$current"* ]] || COMPREPLY+=("$word")
	done
}

# Files: readline does it, with descent and quotes, if nothing else is offered.
_p25ctl_offer_files() {
	compopt -o default
	COMPREPLY=()
}

# _p25ctl_whole WORD NAME...: the only name that begins so, as p25ctl has it
_p25ctl_whole() {
	local word=$1 name found=()

	for name in "${@:2}"; do
		[[ $name != "$word" ]] || { echo "$name"; return; }
		[[ $name != "$word"* ]] || found+=("$name")
	done
	[[ ${#found[@]} != 1 ]] || echo "${found[0]}"
}

# _p25ctl_has WORD...: is one of them among the arguments?
_p25ctl_has() {
	local word

	for word; do
		[[ " ${args[*]} " != *" $word "* ]] || return 0
	done
	return 1
}

# _p25ctl_ask ARGUMENT...: p25ctl itself, in the same namespace
_p25ctl_ask() {
	"${words[0]}" ${netns:+-n "$netns"} "$@" 2> /dev/null < /dev/null
}

# _p25ctl_entries AWK ARGUMENT...: of each entry that is listed, what AWK prints
_p25ctl_entries() {
	local entries

	entries=$(_p25ctl_ask show | awk '
		/^counters/ { exit }
		inside { n += $2 }
		/^entries/ { inside = 1 }
		END { print n + 0 }')
	((entries <= _p25ctl_most)) || return
	_p25ctl_ask "${@:2}" | awk "$1" | sort -u
}

_p25ctl_offer_owners() {
	local owners

	# shellcheck disable=SC2016 # awk's own
	mapfile -t owners < <(_p25ctl_entries \
		'{ print $3 == "owner" ? $4 : "admin" }' list)
	_p25ctl_offer "${owners[@]}"
}

# _p25ctl_offer_prefixes [OWNER]: of this kind
_p25ctl_offer_prefixes() {
	local prefixes

	# shellcheck disable=SC2016 # awk's own
	mapfile -t prefixes < <(_p25ctl_entries '{ print $2 }' \
		${1:+-o "$1"} "$object" list)
	_p25ctl_offer "${prefixes[@]}"
}

_p25ctl_offer_netns() {
	local path

	if [[ $current == */* ]]; then
		_p25ctl_offer_files
		return
	fi
	for path in /run/netns/*; do
		[[ ! -e $path ]] || _p25ctl_offer "${path##*/}"
	done
}

# What stands behind the prefixes, each at most once
_p25ctl_offer_options() {
	case $last in
	timeout|expires|comment) return ;;
	action) _p25ctl_offer_actions; return ;;
	guard) _p25ctl_offer off; return ;;
	esac
	_p25ctl_has timeout expires || _p25ctl_offer timeout expires
	_p25ctl_has comment || _p25ctl_offer comment
	[[ $object != pool && $object != block ]] || _p25ctl_has action ||
		_p25ctl_offer action
	[[ $object != static && $object != optout ]] || _p25ctl_has guard ||
		_p25ctl_offer guard
}

_p25ctl_offer_actions() {
	_p25ctl_offer drop reject prohibit monitor
}

# What is to be deleted, or the comment that it must have
_p25ctl_del() {
	! _p25ctl_has comment || return
	_p25ctl_offer_prefixes "${owner:-admin}"
	[[ ${#args[@]} = 0 ]] || _p25ctl_offer comment
}

_p25ctl_kind() {
	case $verb in
	'') _p25ctl_offer add del list flush help ;;
	add) [[ ${#args[@]} = 0 ]] || _p25ctl_offer_options ;;
	del) _p25ctl_del ;;
	list) [[ ${#args[@]} != 0 ]] || _p25ctl_offer_prefixes "$owner" ;;
	esac
}

_p25ctl_set() {
	case $last in
	action) _p25ctl_offer_actions ;;
	inbound) _p25ctl_offer on off ;;
	guard) _p25ctl_offer off ;;
	limit|senders|for) ;;
	*) _p25ctl_offer action inbound limit senders guard ;;
	esac
}

_p25ctl_apply() {
	local option

	if [[ $current != -* ]]; then
		_p25ctl_offer_files
		return
	fi
	for option in --all --dry-run --summary --max-delete --empty --force \
		      --wide; do
		[[ " $verb ${args[*]} " == *" $option "* ]] ||
			_p25ctl_offer "$option"
	done
}

_p25ctl_convert() {
	local option

	if [[ $last == --format ]]; then
		_p25ctl_offer ipset nft mikrotik json csv list p25
	elif [[ $last == --set ]]; then
		return
	elif [[ $current == -* ]]; then
		_p25ctl_offer --set
		for option in --format --no-merge --wide; do
			_p25ctl_has "$option" || _p25ctl_offer "$option"
		done
	elif [[ -z $verb ]]; then
		_p25ctl_offer "${_p25ctl_kinds[@]}"
	else
		_p25ctl_offer_files
	fi
}

_p25ctl_monitor() {
	local word

	[[ $current != -* ]] || _p25ctl_offer --journal
	for word in entries senders guard settings; do
		[[ " $verb ${args[*]} " == *" $word "* ]] || _p25ctl_offer "$word"
	done
}

_p25ctl_top() {
	[[ $last != every ]] || return
	[[ " $verb ${args[*]} " == *" "@(blocked|exempt)" "* ]] ||
		_p25ctl_offer blocked exempt
	[[ " $verb ${args[*]} " == *" every "* ]] || _p25ctl_offer every
}

_p25ctl_senders() {
	case $verb in
	'') _p25ctl_offer blocked exempt list flush ;;
	blocked|exempt) [[ ${#args[@]} != 0 ]] || _p25ctl_offer list ;;
	esac
}

_p25ctl_health() {
	case $last in
	idle) ;;
	ignore) _p25ctl_offer bridge flowtable ;;
	*) _p25ctl_offer idle ignore ;;
	esac
}

_p25ctl_metrics() {
	if [[ $last = --file ]]; then
		_p25ctl_offer_files
	elif [[ -z $verb && $current == -* ]]; then
		_p25ctl_offer --http --file
	fi
}

_p25ctl_object() {
	case $object in
	'')
		if [[ $current == -* ]]; then
			_p25ctl_offer -n -o -j -4 -6 -e -q -v -b -h -V --netns \
				--owner --json --ipv4 --ipv6 --exist --quiet \
				--verbose --wide --only --batch --help --version
		else
			_p25ctl_offer "${_p25ctl_objects[@]}"
		fi ;;
	relay|pool|static|optout|block) _p25ctl_kind ;;
	set) _p25ctl_set ;;
	apply) _p25ctl_apply ;;
	convert) _p25ctl_convert ;;
	monitor) _p25ctl_monitor ;;
	top) _p25ctl_top ;;
	senders) _p25ctl_senders ;;
	health) _p25ctl_health ;;
	metrics) _p25ctl_metrics ;;
	offenders) [[ -n $verb ]] || _p25ctl_offer list flush ;;
	help) [[ -n $verb ]] || _p25ctl_offer "${_p25ctl_objects[@]}" ;;
	esac
	# Wherever it stands, but not in place of a comment
	if [[ -n $object && $current == -* && $last != comment ]]; then
		_p25ctl_offer --help
	fi
}

# The words up to the current one; bash has split them at each ':' and '='.
_p25ctl_split() {
	local rest=$COMP_LINE word

	for word in "${COMP_WORDS[@]:0:COMP_CWORD + 1}"; do
		if [[ ${#words[@]} = 0 || $rest == [[:blank:]]* || -z $rest ]]
		then
			words+=("$word")
		else
			words[-1]+=$word
		fi
		rest=${rest#"${rest%%[![:blank:]]*}"}
		rest=${rest#"$word"}
	done
}

# _p25ctl_argument WORD: the option in it that wants an argument, as a letter, and
# what there is of that: "o hooks" for -jo hooks or --owner=hooks
_p25ctl_argument() {
	local letters=${1#-}

	case $1 in
	--netns|--owner|--batch) echo "${1:2:1}" ;;
	--netns=*|--owner=*|--batch=*) echo "${1:2:1} ${1#*=}" ;;
	--*) ;;
	*)
		letters=${letters#"${letters%%[nob]*}"}
		echo "${letters:0:1} ${letters:1}" ;;
	esac
}

# _p25ctl_read WORD...: the words before the current one. "awaits" is the option
# whose argument that is.
_p25ctl_read() {
	local option value

	while [[ ${1-} == -* ]]; do
		read -r option value < <(_p25ctl_argument "$1")
		shift
		[[ -n $option ]] || continue
		if [[ -z $value && $# = 0 ]]; then
			awaits=$option
			return
		fi
		[[ -n $value ]] || { value=$1; shift; }
		case $option in
		n) netns=$value ;;
		o) owner=$value ;;
		esac
	done
	(($# > 0)) || return
	object=$(_p25ctl_whole "$1" "${_p25ctl_objects[@]}")
	object=${object:-none}
	verb=$(_p25ctl_whole "${2-}" add del list flush)
	verb=${verb:-${2-}}
	args=("${@:3}")
}

_p25ctl() {
	local words=() args=() netns='' owner='' object='' verb='' awaits=''
	local current last start

	COMPREPLY=()
	_p25ctl_split
	current=${words[-1]} last=${words[-2]-}
	_p25ctl_read "${words[@]:1:${#words[@]} - 2}"
	[[ -n $object || $current != --*=* ]] ||
		read -r awaits current < <(_p25ctl_argument "$current")
	case $awaits in
	n) _p25ctl_offer_netns ;;
	o) _p25ctl_offer_owners ;;
	b) _p25ctl_offer_files ;;
	*) _p25ctl_object ;;
	esac
	# bash replaces only what stands behind the last of these.
	start=${current%"${current##*[:=]}"}
	[[ -z $start || ${#COMPREPLY[@]} = 0 ]] ||
		COMPREPLY=("${COMPREPLY[@]#"$start"}")
}

complete -F _p25ctl p25ctl
