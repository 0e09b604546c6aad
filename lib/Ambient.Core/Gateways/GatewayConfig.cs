using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Gateways;

/// <summary>
/// What one running gateway listens to: the listeners of its own Gateway (Gateway API), and the servers of the Istio Gateways whose selector
/// chooses its pods. Where a request goes is in the <see cref="Routes.RouteTable"/>s of each listener's <see cref="GatewayListener.Owner"/>.
/// </summary>
public sealed record GatewayConfig : ProxyResource
{
    public override string Type => nameof(GatewayConfig);

    /// <summary>Namespace and name of the gateway that runs: a process finds its own by <c>POD_NAMESPACE/AMBIENT_GATEWAY</c>.</summary>
    public required NamespacedName Name { get; init; }

    public override string Key => Name.ToString();

    public ProxyRole Role { get; init; }

    /// <summary>Of its pods; only they may see the gateway's certificates.</summary>
    public required NamespacedName ServiceAccount { get; init; }

    /// <summary>Key of the <see cref="GatewayCertificate"/> that it shows to backends which ask for one (<c>tls.backend</c> of a Gateway); null: none.</summary>
    public string? BackendCertificate { get; init; }

    /// <summary>In order of precedence: what comes first stands where two cannot be served side by side.</summary>
    public ImmutableArray<GatewayListener> Listeners { get; init; } = [];
}
