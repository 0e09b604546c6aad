namespace Ambient.Kube.Http;

/// <summary>Bounds of a client.</summary>
public sealed record KubeClientOptions
{
    /// <summary>From sending a request to the end of its answer; watches and streams only to their headers.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest event of a watch, in bytes; etcd holds 1.5 MB an object.</summary>
    public int MaxEventBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How often a 429 (or 503 with Retry-After) is tried again after the time that the server named.</summary>
    public int MaxRetries { get; init; } = 5;

    public string UserAgent { get; init; } = "ambient";
}
