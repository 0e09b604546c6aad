using Ambient.Core.Mesh;

namespace Ambient.Core.Gateways;

/// <summary>Certificate and key of a Secret, for one gateway or waypoint: to be shown to clients, or to backends.</summary>
public sealed record GatewayCertificate : ProxyResource
{
    public override string Type => nameof(GatewayCertificate);

    /// <summary>The gateway that uses it.</summary>
    public required NamespacedName Gateway { get; init; }

    public required NamespacedName Secret { get; init; }

    /// <summary>Namespace and name of the service account that the gateway's pods run under: nobody else is sent the key.</summary>
    public required NamespacedName ServiceAccount { get; init; }

    public override string Key => KeyOf(Gateway, Secret);

    public override NamespacedName? OnlyFor => ServiceAccount;

    /// <summary>PEM, the leaf first; empty where the Secret has no pair that can be used, see <see cref="Problem"/>.</summary>
    public required string Chain { get; init; }

    /// <summary>PEM; empty where <see cref="Chain"/> is.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>PEM of the authorities beside the pair, by which backends are judged; empty: the Secret has none.</summary>
    public string Authorities { get; init; } = "";

    /// <summary>Why what a backend's policy needs of it is not there: what would use it refuses connections with this reason.</summary>
    public string? Problem { get; init; }

    public static string KeyOf(NamespacedName gateway, NamespacedName secret) => $"{gateway}/{secret}";

    /// <summary>Without the key.</summary>
    public override string ToString() => $"certificate {Secret} of gateway {Gateway}";
}
