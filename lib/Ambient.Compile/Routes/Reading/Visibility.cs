using System.Collections.Immutable;

namespace Ambient.Compile.Routes.Reading;

/// <summary><c>exportTo</c>: none or <c>*</c> is everybody, <c>.</c> the own namespace, <c>~</c> nobody.</summary>
internal static class Visibility
{
    public static bool IsPublic(ImmutableArray<string> exportTo) => exportTo.IsEmpty || exportTo.Contains("*");

    /// <param name="client">Null: a client of a namespace that nothing names.</param>
    public static bool Includes(ImmutableArray<string> exportTo, string owner, string? client) =>
        IsPublic(exportTo) || (client is not null && Named(exportTo, owner).Contains(client, StringComparer.Ordinal));

    /// <summary>Namespaces that are named one by one.</summary>
    public static IEnumerable<string> Named(ImmutableArray<string> exportTo, string owner) =>
        exportTo.Where(static e => e is not ("*" or "~")).Select(e => e == "." ? owner : e);
}
