using System.Collections.Immutable;
using System.Net;
using Ambient.Lab.Containers;
using Ambient.Lab.Network;
using Ambient.Lab.Probing;
using Ambient.Lab.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Nodes;

/// <summary>What everything on a node shares.</summary>
internal sealed record NodeContext
{
    public required int Number { get; init; }

    public required string Name { get; init; }

    public required ClusterMirror Cluster { get; init; }

    public required ClusterNetwork Network { get; init; }

    public required ImageMap Images { get; init; }

    public required Prober Prober { get; init; }

    public required EventWriter Events { get; init; }

    public required CniPlugin Cni { get; init; }

    /// <summary>The node's own folder of the lab's tmpfs: <c>host</c> is what hostPath volumes see, <c>pods</c> what the pods have.</summary>
    public required string Directory { get; init; }

    public AddressPool Addresses { get; } = new();

    public TimeProvider Time => Cluster.Time;

    public ILogger Logger => Cluster.Logger;

    public string NetnsPath => Netns.PathOf(Network.NodeNetns(Number));

    public string HostDirectory => Path.Combine(Directory, "host");

    public ImmutableArray<IPAddress> NodeAddresses => Network.Plan.NodeAddresses(Number);
}
