using System.CommandLine;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl completion bash|zsh|fish</c>: a script that asks this program itself what could come next.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for ambientctl; load with: source <(ambientctl completion bash)
        _ambientctl() {
          local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
          COMPREPLY=($(compgen -W "$(ambientctl "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _ambientctl ambientctl
        """;

    private const string Zsh = """
        #compdef ambientctl
        # zsh completion for ambientctl; load with: source <(ambientctl completion zsh)
        _ambientctl() {
          local line="$BUFFER[1,$CURSOR]"
          local -a words_found
          words_found=("${(@f)$(ambientctl "[suggest:${#line}]" "$line" 2>/dev/null)}")
          compadd -a words_found
          (( ${#words_found} )) || _files
        }
        compdef _ambientctl ambientctl
        """;

    private const string Fish = """
        # fish completion for ambientctl; load with: ambientctl completion fish | source
        function __ambientctl_complete
            set -l line (commandline -cp)
            ambientctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c ambientctl -a '(__ambientctl_complete)'
        """;

    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Print a completion script for a shell.") { shell };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCodes.Ok;
        });
        return command;
    }
}
