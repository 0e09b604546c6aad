namespace Ambient.Discovery.Publishing;

/// <summary>Bounds of the server.</summary>
public sealed record DiscoveryServerOptions
{
    /// <summary>Streams beyond this are refused with RESOURCE_EXHAUSTED.</summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>Of a request: large enough for the versions of every resource of a big mesh.</summary>
    public int MaxRequestBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>A larger state goes in several responses. Receivers take up to 200 MiB.</summary>
    public int MaxResponseBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Names that one stream may ask for one by one.</summary>
    public int MaxNames { get; init; } = 100_000;

    /// <summary>After this a stream is ended in good order, so that tokens are checked anew and streams spread over replicas. ± 10 %.</summary>
    public TimeSpan MaxStreamAge { get; init; } = TimeSpan.FromMinutes(30);
}
