using System.CommandLine;
using System.Reflection;
using System.Text.Json.Nodes;
using Ambient.Cli.Output;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Option<OutputFormat> format = OutputOption.Create();
        Command command = new("version", "Print the version of this program and of its runtime.") { format };
        command.SetAction(parsed =>
        {
            string version = Version();
            string runtime = Environment.Version.ToString();
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => new JsonObject { ["version"] = version, ["runtime"] = runtime },
                output => output.WriteLine($"ambientctl {version} (.NET {runtime})"));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Version() =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
