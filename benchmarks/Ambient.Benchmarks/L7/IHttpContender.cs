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

    /// <summary>The same for gRPC.</summary>
    string? GrpcTarget { get; }

    /// <summary>The proxy alone; empty when there is none.</summary>
    IReadOnlyList<int> ProxyPids { get; }

    /// <summary>For the whole path from application to application: every proxy of it; without a mesh the application itself. Empty: not measured.</summary>
    IReadOnlyList<int> PathPids { get; }

    Task StartAsync(CancellationToken ct);
}
