using Ambient.Kube.Emulator.Schemas;

namespace Ambient.Kube.Emulator.Types;

/// <summary>Makes resource types of the <c>kind</c> lines of the .schema files.</summary>
internal static class BuiltInTypes
{
    private static readonly ScalePaths WorkloadScale = new(".spec.replicas", ".status.replicas", ".status.selector");

    public static ResourceType From(KindLine line)
    {
        string? Word(string prefix) => line.Words.FirstOrDefault(w => w.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        return new ResourceType
        {
            Group = line.Group,
            Version = line.Version,
            Kind = line.Kind,
            ListKind = line.Kind + "List",
            Plural = line.Plural,
            Singular = line.Kind.ToLowerInvariant(),
            ShortNames = line.ShortNames,
            Categories = Word("cat=")?.Split(',') ?? [],
            Namespaced = line.Words.Contains("ns"),
            HasStatus = line.Words.Contains("status"),
            Scale = line.Words.Contains("scale") ? WorkloadScale : null,
            IsReview = line.Words.Contains("review"),
            IsHidden = line.Words.Contains("hidden"),
            Schema = line.Schema,
            Shelf = Word("store=") ?? $"{line.Group}/{line.Plural}",
        };
    }
}
