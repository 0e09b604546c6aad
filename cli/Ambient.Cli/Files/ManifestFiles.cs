using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Files;

/// <summary>Reads the files that a command was given.</summary>
internal static class ManifestFiles
{
    public static (ImmutableArray<JsonObject> Objects, ImmutableArray<ManifestError> Errors) Read(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            if (path != "-" && !File.Exists(path) && !Directory.Exists(path))
            {
                throw CliException.Usage($"cannot read '{path}'", "--filename", "there is no such file or directory", "name files, directories, or - for standard input");
            }
        }

        ManifestSet set = ManifestReader.Read(paths);
        return ([.. set.Objects.Select(o => o.Content)], set.Errors);
    }
}
