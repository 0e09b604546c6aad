namespace Ambient.Benchmarks.Contenders;

/// <summary>A way from a client to a server: nothing between, a pair of peers, or a pair of ztunnels.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Host where the load generator runs.</summary>
    string ClientHost { get; }

    /// <summary>Host where the backends run.</summary>
    string ServerHost { get; }

    /// <summary>Where the client connects for a backend port.</summary>
    string TargetFor(int backendPort);

    /// <summary>Where a TLS client can shake hands with the server-side proxy; null when there is none.</summary>
    string? HandshakeTarget { get; }

    /// <summary>Root processes of both proxies together; empty when there is no proxy.</summary>
    IReadOnlyList<int> ProxyPids { get; }

    Task StartAsync(CancellationToken ct);
}
