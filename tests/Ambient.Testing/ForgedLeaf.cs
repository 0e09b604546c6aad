using System.Security.Cryptography.X509Certificates;

namespace Ambient.Testing;

/// <summary>What a forged certificate says; unchanged it is a proper SVID.</summary>
public sealed record ForgedLeaf
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public ForgedLeaf(params string[] uris) => Uris = uris;

    public string[] Uris { get; init; }

    public string[] DnsNames { get; init; } = [];

    public string[] ExtendedKeyUsages { get; init; } = [ServerAuth, ClientAuth];

    public X509KeyUsageFlags KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public bool IsAuthority { get; init; }

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Moves the beginning, which is five minutes ago.</summary>
    public TimeSpan StartsIn { get; init; }
}
