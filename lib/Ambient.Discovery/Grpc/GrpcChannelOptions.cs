using System.Collections.Immutable;

namespace Ambient.Discovery.Grpc;

/// <summary>How a control plane is reached. Token and roots are read anew for every connection, since both are replaced on disk.</summary>
public abstract record GrpcChannelOptions
{
    /// <summary><c>https://host:port</c>; nothing else, since a bearer token goes over it.</summary>
    public required Uri Address { get; init; }

    /// <summary>The current bearer token, e.g. the content of the projected token's file.</summary>
    public required Func<string> Token { get; init; }

    /// <summary>PEM file with the roots that the server's certificate must lead to. Null: the machine's own.</summary>
    public string? RootCertificatesPath { get; init; }

    /// <summary>Name that the server's certificate must have, when it is not the address's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>Sent as <c>clusterid</c>; empty: not sent.</summary>
    public string ClusterId { get; init; } = Core.MeshDefaults.ClusterId;

    /// <summary>Further request headers.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
