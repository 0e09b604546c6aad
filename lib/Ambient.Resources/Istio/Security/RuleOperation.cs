using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("What is called: all fields must match, one value of each suffices.")]
public sealed record RuleOperation
{
    [Description("Host names of the request; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Hosts { get; init; }

    [Description("Host names that do not match; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotHosts { get; init; }

    [Description("Port numbers of the workload.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Ports { get; init; }

    [Description("Port numbers that do not match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotPorts { get; init; }

    [Description("HTTP methods; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Methods { get; init; }

    [Description("HTTP methods that do not match; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotMethods { get; init; }

    [Description("Paths of the request; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Paths { get; init; }

    [Description("Paths that do not match; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotPaths { get; init; }
}
