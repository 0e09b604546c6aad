using System.Collections.Immutable;
using System.Net;

namespace Ambient.Lab.Nodes;

/// <summary>A pod's network namespace and addresses; the node's for hostNetwork, and then <see cref="Index"/> is 0.</summary>
internal sealed record PodNetwork(string NetnsName, string NetnsPath, string Link, int Index, ImmutableArray<IPAddress> Addresses)
{
    public bool IsOwn => Index != 0;
}
