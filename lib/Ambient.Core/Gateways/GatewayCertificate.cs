using Ambient.Core.Mesh;

namespace Ambient.Core.Gateways;

/// <summary>Certificate and key of a Secret, for one gateway.</summary>
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

    /// <summary>PEM, the leaf first.</summary>
    public required string Chain { get; init; }

    /// <summary>PEM.</summary>
    public required string PrivateKey { get; init; }

    public static string KeyOf(NamespacedName gateway, NamespacedName secret) => $"{gateway}/{secret}";

    /// <summary>Without the key.</summary>
    public override string ToString() => $"certificate {Secret} of gateway {Gateway}";
}
