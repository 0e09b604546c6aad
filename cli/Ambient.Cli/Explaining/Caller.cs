using System.Net;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Explaining;

/// <summary>Who connects: a pod, or somebody outside the mesh.</summary>
/// <param name="Text">As the person wrote it.</param>
/// <param name="Pod">Null for somebody outside.</param>
/// <param name="Address">The address that the destination sees.</param>
internal sealed record Caller(string Text, Workload? Pod, IPAddress Address)
{
    /// <summary>An address from the documentation range, for a caller of whom nothing is known (RFC 5737).</summary>
    public static IPAddress OutsideAddress { get; } = IPAddress.Parse("203.0.113.1");

    public string Namespace => Pod?.Namespace ?? "";
}
