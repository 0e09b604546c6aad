using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;

namespace Ambient.Kube.Emulator.Types;

/// <summary>One resource in one served version, as discovery tells it. Immutable.</summary>
internal sealed record ResourceType
{
    /// <summary>"" for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public required string ListKind { get; init; }

    public required bool Namespaced { get; init; }

    public required Schema Schema { get; init; }

    public string[] ShortNames { get; init; } = [];

    public string[] Categories { get; init; } = [];

    public bool HasStatus { get; init; }

    /// <summary>Null where there is no scale subresource.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>Only POST, nothing stored.</summary>
    public bool IsReview { get; init; }

    /// <summary>Served as a subresource or only known to OpenAPI.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Defined by a CRD: its printer columns, and the version in which it is stored.</summary>
    public CustomType? Custom { get; init; }

    /// <summary>Shelf of the store: all versions of a resource share one.</summary>
    public required string Shelf { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string GroupKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public string Root => Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";

    public JsonObject GroupVersionKind() => new() { ["group"] = Group, ["version"] = Version, ["kind"] = Kind };
}
