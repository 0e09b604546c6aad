namespace Ambient.Lab.Containers;

/// <summary>What an image's name means here: a program that was built beside the lab, or nothing, and then the container must bring a command of the machine.</summary>
internal sealed class ImageMap
{
    private static readonly Dictionary<string, (string Project, string Program)> Built = new(StringComparer.Ordinal)
    {
        ["ambient/echo"] = ("Ambient.Echo", "ambient-echo"),
        ["ambient/shop"] = ("Ambient.Shop", "ambient-shop"),
        ["ambient/operator"] = ("Ambient.Operator", "Ambient.Operator"),
        ["ambient/ztunnel"] = ("Ambient.Ztunnel", "Ambient.Ztunnel"),
        ["ambient/waypoint"] = ("Ambient.Waypoint", "Ambient.Waypoint"),
        ["ambient/cni"] = ("Ambient.Cni", "ambient-cni"),
        ["myregistry/orders-service"] = ("Ambient.Echo", "ambient-echo"),
    };

    private readonly string artifacts;
    private readonly IReadOnlyDictionary<string, string> more;

    public ImageMap(string artifacts, IReadOnlyDictionary<string, string> more)
    {
        this.artifacts = artifacts;
        this.more = more;
    }

    /// <summary>Folders of the built programs, for PATH.</summary>
    public IEnumerable<string> Folders => Built.Values.Select(b => FolderOf(b.Project)).Distinct().Where(Directory.Exists);

    /// <summary>The built programs where a container's own /tmp would hide them: a checkout may lie there.</summary>
    public IEnumerable<MountPlan> Mounts()
    {
        var programs = Path.Combine(artifacts, "bin");
        return programs.StartsWith("/tmp/", StringComparison.Ordinal) ? [new MountPlan(programs, programs, true)] : [];
    }

    public string Program(string image) => Find(image) ?? throw new InvalidOperationException($"no program for image {image}");

    /// <summary>The program of an image, or null.</summary>
    public string? Find(string image)
    {
        var name = Name(image);
        if (more.TryGetValue(name, out var path) || more.TryGetValue(image, out path))
        {
            return path;
        }

        return Built.TryGetValue(name, out var built) ? Path.Combine(FolderOf(built.Project), built.Program) : null;
    }

    /// <summary>One of the examples, whose answers name their pod.</summary>
    public bool IsExample(string image) => Find(image) is { } program
        && (program.EndsWith("/ambient-echo", StringComparison.Ordinal) || program.EndsWith("/ambient-shop", StringComparison.Ordinal));

    /// <summary>Without registry host, tag and digest: <c>ghcr.io/ambient/echo:1.2</c> is <c>ambient/echo</c>.</summary>
    internal static string Name(string image)
    {
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            name = name[..colon];
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && (name[..slash].Contains('.', StringComparison.Ordinal) || name[..slash].Contains(':', StringComparison.Ordinal) || name[..slash] == "localhost")
            ? name[(slash + 1)..]
            : name;
    }

    private string FolderOf(string project) => Path.Combine(artifacts, "bin", project, "release");
}
