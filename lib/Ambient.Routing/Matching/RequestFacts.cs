using Ambient.Core.Requests;

namespace Ambient.Routing.Matching;

/// <summary>What routes can know of a request.</summary>
public sealed record RequestFacts
{
    /// <summary>As sent; methods are case-sensitive.</summary>
    public required string Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>As sent, with its port if it has one.</summary>
    public required string Authority { get; init; }

    /// <summary>Canonical (<see cref="Canonicalising.PathCanonicaliser"/>), without query.</summary>
    public required string Path { get; init; }

    /// <summary>Without the question mark.</summary>
    public string Query { get; init; } = "";

    public IRequestHeaders Headers { get; init; } = NoHeaders.Instance;

    /// <summary>Port that the request was sent to: the service's or the listener's.</summary>
    public int Port { get; init; }

    /// <summary>Of the caller; null when not known.</summary>
    public string? SourceNamespace { get; init; }

    /// <summary>Of the calling workload; null when not known.</summary>
    public IReadOnlyDictionary<string, string>? SourceLabels { get; init; }
}
