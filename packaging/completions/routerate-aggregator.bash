# Made by scripts/shell_files.py of the program's --help.
_routerate_aggregator() {
  local command= word options current=${COMP_WORDS[COMP_CWORD]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
      ' check' | ' routes' | ' routes list' | ' routes explain' | ' routes hpa' | ' probe' | ' top') command+=" $word" ;;
    esac
  done
  case "$command ${COMP_WORDS[COMP_CWORD - 1]}" in
    ' --config') COMPREPLY=() && return ;;
    ' --broker-address-file') COMPREPLY=() && return ;;
    ' check --config') COMPREPLY=() && return ;;
    ' routes list --config') COMPREPLY=() && return ;;
    ' routes explain --config') COMPREPLY=() && return ;;
    ' routes explain --host') COMPREPLY=() && return ;;
    ' routes hpa --config') COMPREPLY=() && return ;;
    ' routes hpa --namespace') COMPREPLY=() && return ;;
    ' routes hpa --service') COMPREPLY=() && return ;;
    ' routes hpa --workload') COMPREPLY=() && return ;;
    ' routes hpa --target') COMPREPLY=() && return ;;
    ' routes hpa --min') COMPREPLY=() && return ;;
    ' routes hpa --max') COMPREPLY=() && return ;;
    ' routes hpa --host') COMPREPLY=() && return ;;
    ' probe --ca-file') COMPREPLY=() && return ;;
    ' probe --token-file') COMPREPLY=() && return ;;
    ' probe --timeout') COMPREPLY=() && return ;;
    ' top --url') COMPREPLY=() && return ;;
    ' top --ca-file') COMPREPLY=() && return ;;
    ' top --token-file') COMPREPLY=() && return ;;
    ' top --interval') COMPREPLY=() && return ;;
    ' top --namespace') COMPREPLY=() && return ;;
    ' top --service') COMPREPLY=() && return ;;
    ' top --grep') COMPREPLY=() && return ;;
    ' top --sort') COMPREPLY=() && return ;;
  esac
  case "$command" in
    '') word='check routes probe top' options='-h --help --version --config --embedded-broker --broker-address-file' ;;
    ' check') word='' options='-h --help --config --embedded-broker' ;;
    ' routes') word='list explain hpa' options='-h --help' ;;
    ' routes list') word='' options='-h --help --config' ;;
    ' routes explain') word='' options='-h --help --config --host' ;;
    ' routes hpa') word='' options='-h --help --config --namespace --service --workload --target --min --max --host' ;;
    ' probe') word='' options='-h --help --ca-file --token-file --timeout' ;;
    ' top') word='' options='-h --help --url --ca-file --token-file --interval --once --namespace --service --grep --sort' ;;
  esac
  [[ $current == -* ]] && word=$options
  COMPREPLY=($(compgen -W "$word" -- "$current"))
}
complete -o default -F _routerate_aggregator routerate-aggregator
