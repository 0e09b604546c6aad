using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>
/// An Istio Gateway (networking.istio.io v1, v1beta1, v1alpha3). When the newest version was refused, the rest is the last good one's. An empty
/// selector chooses every gateway.
/// </summary>
internal sealed record IstioGatewaySource(
    SourceMeta Meta, IReadOnlyDictionary<string, string> Selector, ImmutableArray<IstioServerSource> Servers, Refusal? Refusal, ImmutableArray<Finding> Notes)
{
    /// <summary>As VirtualServices name it.</summary>
    public string FullName => $"{Meta.Namespace}/{Meta.Name}";
}
