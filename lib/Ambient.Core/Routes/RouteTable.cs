using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Routes;

/// <summary>
/// All rules for one host on one port, at one gateway listener or in the mesh. One rule decides a request; no rule matching is 404.
/// A host without a table is forwarded to its service as if there were one rule for everything.
/// </summary>
public sealed record RouteTable : ProxyResource
{
    public override string Type => nameof(RouteTable);

    /// <summary>Lower-case host without port; <c>*.example.com</c> and <c>*</c> are wildcards. In the mesh the service's host name.</summary>
    public required string Host { get; init; }

    /// <summary>Port of the service or listener; 0 is every port that has no table of its own.</summary>
    public int Port { get; init; }

    public RouteScope Scope { get; init; }

    /// <summary>Set when <see cref="Scope"/> is <see cref="RouteScope.Gateway"/>.</summary>
    public NamespacedName? Gateway { get; init; }

    /// <summary>Name of the gateway's listener (or server); empty: all listeners on <see cref="Port"/>.</summary>
    public string Listener { get; init; } = "";

    /// <summary>Only for callers from this namespace (consumer routes), whose table replaces the one for everybody. Null: everybody.</summary>
    public string? ClientNamespace { get; init; }

    public ImmutableArray<HttpRule> Http { get; init; } = [];

    public ImmutableArray<TlsRule> Tls { get; init; } = [];

    public ImmutableArray<TcpRule> Tcp { get; init; } = [];

    /// <summary>Resource name on the wire: scope or gateway, listener, client namespace, host and port.</summary>
    public override string Key =>
        $"{(Gateway is { } gateway ? $"gateway/{gateway}/{Listener}" : "mesh")}/{ClientNamespace}/{Host}:{Port}";
}
