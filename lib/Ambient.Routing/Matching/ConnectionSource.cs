using System.Net;

namespace Ambient.Routing.Matching;

/// <summary>What TLS and TCP rules can know of a connection.</summary>
public sealed record ConnectionSource
{
    public required IPAddress Destination { get; init; }

    public required int Port { get; init; }

    /// <summary>Of the caller; null when not known.</summary>
    public string? Namespace { get; init; }

    /// <summary>Of the calling workload; null when not known.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
