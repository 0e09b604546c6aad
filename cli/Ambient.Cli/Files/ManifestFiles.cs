using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Files;

/// <summary>Reads the files that a command was given.</summary>
internal static class ManifestFiles
{
    public static ReadManifests Read(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            if (path != "-" && !File.Exists(path) && !Directory.Exists(path))
            {
                throw CliException.Usage($"cannot read '{path}'", "--filename", "there is no such file or directory", "name files, directories, or - for standard input");
            }
        }

        ManifestSet set = ManifestReader.Read(paths);
        if (set.Objects.IsEmpty && set.Errors.IsEmpty)
        {
            throw new CliException(
                ExitCodes.Negative, $"there is no object in {string.Join(", ", paths.Select(p => p == "-" ? "standard input" : p))}", "--filename",
                "files are empty or hold comments only; of a directory its own *.yaml, *.yml and *.json are read", "name files with Kubernetes objects");
        }

        return new ReadManifests([.. set.Objects.Select(o => o.Content)], set.Errors, [.. Twice(set.Objects)]);
    }

    /// <summary>kubectl would apply one after the other, so that the last one counts.</summary>
    private static IEnumerable<Finding> Twice(ImmutableArray<ManifestObject> objects)
    {
        foreach (var group in objects.GroupBy(o => ObjectKey.Of(o.Content)).Where(g => g.Key is not null && g.Skip(1).Any()))
        {
            string[] places = [.. group.Select(o => $"{o.File}:{o.Line}")];
            string kind = group.Key!.Value.Kind;
            yield return new Finding(
                FindingCodes.DuplicateObject, FindingLevel.Warning, kind[(kind.LastIndexOf('/') + 1)..], group.Key.Value.Namespace, group.Key.Value.Name, "",
                $"stands more than once, in {string.Join(" and ", places.Take(4))}; only the last one counts, remove the others");
        }
    }
}
