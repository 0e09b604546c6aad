using System.Collections.Immutable;

namespace Ambient.Benchmarks.L7;

/// <summary>Another build or other settings of the waypoint, measured beside it while tuning.</summary>
/// <param name="Folder">Where its program lies; null: the one built here.</param>
/// <param name="Environment">Variables that it gets besides.</param>
internal sealed record WaypointVariant(string Name, string? Folder, ImmutableDictionary<string, string> Environment)
{
    /// <summary><c>NAME[@FOLDER][,VARIABLE=VALUE]...</c></summary>
    public static WaypointVariant Parse(string text)
    {
        string[] parts = text.Split(',');
        string[] name = parts[0].Split('@', 2);
        return new WaypointVariant(name[0], name.Length > 1 ? name[1] : null, parts.Skip(1)
            .Select(p => p.Split('=', 2))
            .ToImmutableDictionary(p => p[0], p => p[1]));
    }
}
