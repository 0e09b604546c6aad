using System.Collections.Immutable;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>One served resource, as discovery tells it.</summary>
public sealed record ApiResource
{
    public required GroupVersionKind Type { get; init; }

    /// <summary>Plural name as it stands in URLs.</summary>
    public required string Plural { get; init; }

    public required bool Namespaced { get; init; }

    public string Singular { get; init; } = "";

    public ImmutableArray<string> ShortNames { get; init; } = [];

    public ImmutableArray<string> Verbs { get; init; } = [];

    /// <summary>E.g. status, scale, log.</summary>
    public ImmutableArray<string> Subresources { get; init; } = [];

    public GroupResource GroupResource => new(Type.Group, Plural);

    /// <summary>
    /// URL path of the collection, of one object, or of its subresource. A null namespace stands for all of them; cluster-scoped kinds ignore it.
    /// </summary>
    public string Path(string? @namespace, string? name = null, string? subresource = null)
    {
        string root = Type.Group.Length == 0 ? $"/api/{Type.Version}" : $"/apis/{Type.Group}/{Type.Version}";
        string scope = Namespaced && !string.IsNullOrEmpty(@namespace) ? $"/namespaces/{Uri.EscapeDataString(@namespace)}" : "";
        string one = name is null ? "" : "/" + Uri.EscapeDataString(name);
        return root + scope + "/" + Plural + one + (subresource is null ? "" : "/" + subresource);
    }
}
