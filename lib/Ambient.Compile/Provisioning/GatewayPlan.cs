using System.Text.Json.Nodes;

namespace Ambient.Compile.Provisioning;

/// <summary>
/// All that a Gateway needs, as manifests for server-side apply. None of them holds <c>spec.replicas</c>, which would fight with autoscalers:
/// <paramref name="Replicas"/> is the number that the Gateway asks for, null when it leaves it to others; <paramref name="FirstReplicas"/> is that
/// of a Deployment that is new.
/// </summary>
public sealed record GatewayPlan(
    JsonObject ServiceAccount, JsonObject Deployment, JsonObject Service, JsonObject Budget, JsonObject? Autoscaler, int? Replicas, int FirstReplicas)
{
    /// <summary>Who made an object: value of label <see cref="ManagedByLabel"/>. What lacks it is somebody else's.</summary>
    public const string ManagedBy = "ambient-operator";

    public const string ManagedByLabel = "app.kubernetes.io/managed-by";

    public const string GatewayLabel = "gateway.networking.k8s.io/gateway-name";

    public const string ClassLabel = "gateway.networking.k8s.io/gateway-class-name";
}
