namespace Ambient.Benchmarks.L7;

/// <summary>An HTTP proxy with mutual TLS on both sides, between something that begins TLS for the client and something that ends it for the server.</summary>
internal interface IHttpContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Host where the load generator runs.</summary>
    string ClientHost { get; }

    /// <summary>Where the client connects.</summary>
    string Target { get; }

    /// <summary>The same for HTTP/2 by prior knowledge; null where the proxy cannot.</summary>
    string? Http2Target { get; }

    /// <summary>The proxy alone.</summary>
    IReadOnlyList<int> ProxyPids { get; }

    Task StartAsync(CancellationToken ct);
}
