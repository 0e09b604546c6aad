using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>AND of what is set; an empty match takes every request.</summary>
public sealed record HttpMatch
{
    /// <summary>
    /// Order among all matches of all rules of the table: the lowest that fits wins; equals are tried in written order. 0 everywhere is
    /// "first match wins" (VirtualService); Gateway API's compiler numbers by its precedence.
    /// </summary>
    public int Ordinal { get; init; }

    /// <summary>Name of the match where the format has one.</summary>
    public string Name { get; init; } = "";

    public PathMatch? Path { get; init; }

    /// <summary>The path fits these too.</summary>
    public ImmutableArray<PathMatch> AlsoPaths { get; init; } = [];

    /// <summary>The path fits none of these.</summary>
    public ImmutableArray<PathMatch> WithoutPaths { get; init; } = [];

    public TextMatch? Method { get; init; }

    /// <summary>The method is none of these.</summary>
    public ImmutableArray<string> WithoutMethods { get; init; } = [];

    public TextMatch? Scheme { get; init; }

    /// <summary>Compared with the request's authority as sent, with its port if it has one.</summary>
    public TextMatch? Authority { get; init; }

    public ImmutableArray<NamedMatch> Headers { get; init; } = [];

    /// <summary>None of these may match.</summary>
    public ImmutableArray<NamedMatch> WithoutHeaders { get; init; } = [];

    /// <summary>Names are case-sensitive; the first value of a repeated name counts.</summary>
    public ImmutableArray<NamedMatch> QueryParameters { get; init; } = [];

    /// <summary>Port that the request was sent to; 0: any.</summary>
    public int Port { get; init; }

    /// <summary>Namespace of the caller. A caller whose namespace is not known does not match.</summary>
    public string? SourceNamespace { get; init; }

    /// <summary>Labels that the calling workload must have. A caller whose labels are not known does not match.</summary>
    public ImmutableSortedDictionary<string, string> SourceLabels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
