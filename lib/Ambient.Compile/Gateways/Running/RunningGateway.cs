using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Running;

/// <summary>A gateway program that runs, or will: one of a Gateway of ours, or pods that say they are one.</summary>
/// <param name="Labels">Of its pods: what Istio Gateways select by.</param>
/// <param name="Source">Null for pods without a Gateway.</param>
internal sealed record RunningGateway(
    NamespacedName Name, ProxyRole Role, NamespacedName ServiceAccount, IReadOnlyDictionary<string, string> Labels, GatewaySource? Source);
