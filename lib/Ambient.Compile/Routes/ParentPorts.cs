using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>Ports of a Service or ServiceEntry that a parentRef means (Gateway API v1, ParentReference: <c>port</c> and, as a port's name, <c>sectionName</c>).</summary>
internal static class ParentPorts
{
    /// <summary>All of them for a parent that names none; empty when it names one that is not there, or there is no such object.</summary>
    public static ImmutableArray<int> Of(MeshIndex index, ObjectKey key, ParentRef parent) =>
        [.. All(index, key).Where(p => Means(parent, p.Name, p.Number)).Select(static p => p.Number)];

    public static bool IsWhole(ParentRef parent) => parent.Port is null && parent.SectionName is null;

    private static bool Means(ParentRef parent, string name, int number) =>
        (parent.Port is null || parent.Port == number) && (parent.SectionName is null || parent.SectionName == name);

    private static IEnumerable<(string Name, int Number)> All(MeshIndex index, ObjectKey key) => key.Kind == KnownKinds.Service
        ? index.Services.Find(key)?.Ports.Select(static p => (p.Name, p.Port)) ?? []
        : index.ServiceEntries.Find(key)?.Spec?.Ports?.Select(static p => (p.Name ?? "", p.Number ?? 0)) ?? [];
}
