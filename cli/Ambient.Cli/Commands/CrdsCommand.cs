using System.CommandLine;
using Ambient.Resources.Schemas;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl crds --output DIR</c>: writes the CustomResourceDefinitions that the C# types make.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        Option<string?> directory = new("--output")
        {
            Description = "directory to write to, one file a definition; other .yaml files in it are removed; without it they are printed",
            HelpName = "dir",
        };
        Command command = new("crds", "Write the CustomResourceDefinitions of every resource that is served.") { directory };
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(directory) is { } target)
            {
                Write(target);
                output.WriteLine($"{CrdManifests.All().Count} definitions written to {target}");
                return ExitCodes.Ok;
            }

            foreach (string yaml in CrdManifests.All().Values)
            {
                output.WriteLine("---");
                output.Write(yaml);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(string target)
    {
        try
        {
            Directory.CreateDirectory(target);
            CrdManifests.Write(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Unreachable, "cannot write the definitions", target, e.Message, "name a directory that you may write to", e);
        }
    }
}
