using System.Net;

namespace Ambient.Core.Workloads;

/// <summary>An IP address in a named network; the unnamed network is the empty string.</summary>
public readonly record struct NetworkAddress(string Network, IPAddress Address)
{
    public override string ToString() => $"{Network}/{Address}";
}
