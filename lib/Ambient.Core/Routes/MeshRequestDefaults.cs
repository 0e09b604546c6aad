using System.Collections.Immutable;
using Ambient.Core.Mesh;
using Ambient.Core.Services;

namespace Ambient.Core.Routes;

/// <summary>What the Mesh resource says about requests and connections of which nothing else says anything. There is one.</summary>
public sealed record MeshRequestDefaults : ProxyResource
{
    /// <summary>Where no Mesh resource is.</summary>
    public static MeshRequestDefaults None { get; } = new();

    public const string TheKey = "default";

    public override string Type => nameof(MeshRequestDefaults);

    public override string Key => TheKey;

    /// <summary>For rules that say nothing about retries; null: what is safe (<c>RetryDecision.Default</c>).</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>For requests that no other limit is for: a bucket for each service that was addressed. Null: none.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>How long a proxy waits for the first bytes of a connection of unknown protocol; null: the proxy's own time.</summary>
    public TimeSpan? DetectTime { get; init; }

    /// <summary>Ports of services that are TCP where the service does not declare what they speak.</summary>
    public ImmutableArray<int> OpaquePorts { get; init; } = [];

    /// <summary>What a port of a service counts as.</summary>
    public AppProtocol ProtocolOf(AppProtocol declared, int port) => declared == AppProtocol.Unknown && OpaquePorts.Contains(port) ? AppProtocol.Tcp : declared;
}
