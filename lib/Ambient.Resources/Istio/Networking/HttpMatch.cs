using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Conditions on a request; all must hold.")]
public sealed record HttpMatch
{
    [Description("A name for telemetry.")]
    public string? Name { get; init; }

    [Description("Prefix of statistics; accepted, there are none by route.")]
    public string? StatPrefix { get; init; }

    [Description("The path.")]
    public StringCondition? Uri { get; init; }

    [Description("The scheme.")]
    public StringCondition? Scheme { get; init; }

    [Description("The method.")]
    public StringCondition? Method { get; init; }

    [Description("The authority.")]
    public StringCondition? Authority { get; init; }

    [Description("Headers by lower-case name.")]
    public IReadOnlyDictionary<string, StringCondition>? Headers { get; init; }

    [Description("Headers that must not match.")]
    public IReadOnlyDictionary<string, StringCondition>? WithoutHeaders { get; init; }

    [Description("Query parameters by name.")]
    public IReadOnlyDictionary<string, StringCondition>? QueryParams { get; init; }

    [Description("Compares paths without regard to case, except by regex.")]
    public bool? IgnoreUriCase { get; init; }

    [Description("Port of the service that is called.")]
    public int? Port { get; init; }

    [Description("Labels of the calling workload.")]
    public IReadOnlyDictionary<string, string>? SourceLabels { get; init; }

    [Description("Namespace of the calling workload.")]
    public string? SourceNamespace { get; init; }

    [Description("Gateways that the condition is for.")]
    public IReadOnlyList<string>? Gateways { get; init; }
}
