# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion of p25ctl's words for bash.

_p25ctl_words() {
	local object=$1 last=$2 verb=$3

	case $object in
	'')
		echo 'relay pool static optout block list flush set show check' \
			'save apply offenders help' ;;
	relay|pool|static|optout|block)
		case $verb in
		'') echo 'add del list flush help' ;;
		add) echo 'timeout expires comment' ;;
		esac ;;
	set)
		case $last in
		action) echo 'drop reject monitor' ;;
		inbound) echo 'on off' ;;
		*) echo 'action inbound limit' ;;
		esac ;;
	apply) echo '--all --dry-run --summary --max-delete --empty --force' \
		'--wide' ;;
	flush) echo '--all' ;;
	offenders) echo 'list flush' ;;
	help) echo 'relay pool static optout block list flush set show check' \
		'save apply offenders' ;;
	esac
}

_p25ctl() {
	local current=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]}
	local object='' verb='' i

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-n|--netns|-o|--owner|-b|--batch)
			((i++)) || true ;;
		-*) ;;
		*)
			if [[ -z $object ]]; then
				object=${COMP_WORDS[i]}
			elif [[ -z $verb ]]; then
				verb=${COMP_WORDS[i]}
			fi ;;
		esac
	done
	case $last in
	-n|--netns)
		mapfile -t COMPREPLY < <(compgen -W "$(ls /run/netns 2> /dev/null)" \
			-- "$current")
		return ;;
	-b|--batch)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return ;;
	-o|--owner)
		return ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$(_p25ctl_words "$object" "$last" \
		"$verb")" -- "$current")
	if [[ -z $object && $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--netns --owner --json --exist
			--quiet --verbose --wide --batch --help --version' -- "$current")
	elif [[ $object == apply && $current != -* ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}

complete -F _p25ctl p25ctl
