using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("What is demanded, and of whom.")]
public sealed record PeerAuthenticationSpec
{
    [Description("The workloads meant. Left out: the whole namespace, or the whole mesh in a root namespace.")]
    public WorkloadSelector? Selector { get; init; }

    [Description("The mode for all ports that portLevelMtls does not name.")]
    public MutualTls? Mtls { get; init; }

    [Description("Modes by port number of the workload (not of a service). Needs a selector.")]
    [Limits(MaxItems = 256)]
    public IReadOnlyDictionary<string, MutualTls>? PortLevelMtls { get; init; }
}
