# Made by scripts/shell_files.py of the program's --help.
_routerate_agent() {
  local command= word options current=${COMP_WORDS[COMP_CWORD]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
      ' check' | ' parse' | ' inject') command+=" $word" ;;
    esac
  done
  case "$command ${COMP_WORDS[COMP_CWORD - 1]}" in
    ' --config') COMPREPLY=() && return ;;
    ' check --config') COMPREPLY=() && return ;;
    ' parse --format') COMPREPLY=($(compgen -W 'auto nginx tomcat combined' -- "$current")) && return ;;
    ' parse --key') COMPREPLY=() && return ;;
    ' parse --config') COMPREPLY=() && return ;;
    ' inject -f' | ' inject --filename') COMPREPLY=() && return ;;
    ' inject --workload') COMPREPLY=() && return ;;
    ' inject --sidecar') COMPREPLY=() && return ;;
    ' inject --image') COMPREPLY=() && return ;;
    ' inject --brokers') COMPREPLY=() && return ;;
    ' inject --format') COMPREPLY=($(compgen -W 'nginx tomcat combined auto' -- "$current")) && return ;;
    ' inject --logs') COMPREPLY=() && return ;;
    ' inject --service') COMPREPLY=() && return ;;
    ' inject --container') COMPREPLY=() && return ;;
  esac
  case "$command" in
    '') word='check parse inject' options='-h --help --version --config' ;;
    ' check') word='' options='-h --help --config' ;;
    ' parse') word='' options='-h --help --format --key --config --summary' ;;
    ' inject') word='' options='-h --help -f --filename --remove --labelled --workload --sidecar --image --brokers --plain --format --logs --service --container' ;;
  esac
  [[ $current == -* ]] && word=$options
  COMPREPLY=($(compgen -W "$word" -- "$current"))
}
complete -o default -F _routerate_agent routerate-agent
