"""Completion of both programs' command lines for bash, zsh and fish, made of their --help."""

import shlex

HEAD = "# Made by scripts/shell_files.py of the program's --help.\n"


def _function(name):
    return "_" + name.replace("-", "_")


def _below(command):
    return " ".join(below.words[-1] for below in command.commands)


def _walk(root, words):
    """Lines of bash and zsh that leave in `command` the commands given so far, as " routes hpa"."""
    known = [" ".join(("", *command.words)) for command in root.all() if command.words]
    pattern = " | ".join(f"'{words_given}'" for words_given in known)
    return [f"  for word in {words}; do", "    case \"$command $word\" in",
            f"      {pattern}) command+=\" $word\" ;;", "    esac", "  done"]


def bash(name, root):
    lines = [HEAD.rstrip(), f"{_function(name)}() {{",
             "  local command= word options current=${COMP_WORDS[COMP_CWORD]}",
             *_walk(root, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"'),
             '  case "$command ${COMP_WORDS[COMP_CWORD - 1]}" in']
    for command in root.all():
        prefix = " ".join(("", *command.words))
        for option in command.options:
            if not option.value and not option.choices:
                continue
            pattern = " | ".join(f"'{prefix} {each}'" for each in option.names)
            choices = " ".join(option.choices)
            # Without choices: files, by -o default below.
            lines.append(f"    {pattern}) COMPREPLY=($(compgen -W '{choices}' -- \"$current\")) && return ;;"
                         if choices else f"    {pattern}) COMPREPLY=() && return ;;")
    lines += ["  esac", '  case "$command" in']
    for command in root.all():
        options = " ".join(name for option in command.options for name in option.names)
        lines.append(f"    '{' '.join(('', *command.words))}') word='{_below(command)}' options='{options}' ;;")
    lines += ["  esac", "  [[ $current == -* ]] && word=$options",
              '  COMPREPLY=($(compgen -W "$word" -- "$current"))', "}",
              f"complete -o default -F {_function(name)} {name}", ""]
    return "\n".join(lines)


def _zsh_option(option):
    text = option.text.replace("[", r"\[").replace("]", r"\]").replace(":", r"\:")
    takes = ""
    if option.value or option.choices:
        action = f"({' '.join(option.choices)})" if option.choices else "_files"
        takes = f":{option.value.split(' ')[0] or 'value'}:{action}"
    many = "*" if option.value.endswith("...") else ""
    return [shlex.quote(f"{many}{each}[{text}]{takes}") for each in option.names]


def zsh(name, root):
    lines = [f"#compdef {name}", HEAD.rstrip(), f"{_function(name)}() {{", "  local command= word",
             *_walk(root, '"${(@)words[2,CURRENT-1]}"'), '  case "$command" in']
    for command in root.all():
        specs = [spec for option in command.options for spec in _zsh_option(option)]
        below = _below(command)
        # Words that were given before it are arguments to _arguments, so any number may come.
        specs.append(shlex.quote(f"*:command:({below})" if below else "*:file:_files"))
        lines += [f"    '{' '.join(('', *command.words))}')", "      _arguments \\",
                  *(f"        {spec} \\" for spec in specs[:-1]), f"        {specs[-1]}", "      ;;"]
    lines += ["  esac", "}", f'{_function(name)} "$@"', ""]
    return "\n".join(lines)


def _fish_condition(command):
    seen = [f"__fish_seen_subcommand_from {word}" for word in command.words]
    below = _below(command)
    if below:
        seen.append(f"not __fish_seen_subcommand_from {below}")
    return "; and ".join(seen)


def fish(name, root):
    lines = [HEAD.rstrip()]
    for command in root.all():
        begin = f"complete -c {name} -n {shlex.quote(_fish_condition(command))}"
        for below in command.commands:
            lines.append(f"{begin} -f -a {below.words[-1]} -d {shlex.quote(below.text)}")
        for option in command.options:
            names = " ".join(f"-l {each[2:]}" if each.startswith("--") else f"-s {each[1:]}"
                             for each in option.names)
            takes = ""
            if option.choices:
                takes = f" -x -a {shlex.quote(' '.join(option.choices))}"
            elif option.value:
                takes = " -r -F"
            lines.append(f"{begin} {names}{takes} -d {shlex.quote(option.text)}")
    return "\n".join([*lines, ""])
