using System.Diagnostics.CodeAnalysis;

namespace Ambient.Core.Identity;

/// <summary>
/// A workload identity of the form <c>spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT</c>
/// (SPIFFE-ID specification §2, the layout that Istio uses).
/// </summary>
public readonly record struct SpiffeId
{
    /// <summary>The scheme with its two slashes; policies name principals without it.</summary>
    public const string Scheme = "spiffe://";

    /// <summary>SPIFFE-ID §2: an id is at most 2048 bytes.</summary>
    public const int MaxLength = 2048;

    public SpiffeId(string trustDomain, string @namespace, string serviceAccount)
    {
        if (!IsTrustDomain(trustDomain) || !IsSegment(@namespace) || !IsSegment(serviceAccount))
        {
            throw new FormatException(
                $"'{trustDomain}', '{@namespace}', '{serviceAccount}' do not make a SPIFFE id: a trust domain is lower-case "
                + "letters, digits, '.', '-' and '_'; a namespace and a service account are one path segment each");
        }

        TrustDomain = trustDomain;
        Namespace = @namespace;
        ServiceAccount = serviceAccount;
    }

    public string TrustDomain { get; }

    public string Namespace { get; }

    public string ServiceAccount { get; }

    /// <summary>The id as policies name it: without the scheme.</summary>
    public string Principal => $"{TrustDomain}/ns/{Namespace}/sa/{ServiceAccount}";

    /// <summary>Parses strictly: five parts, no empty segment, no percent-encoding, no query, no port.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SpiffeId id)
    {
        id = default;
        if (text is null || text.Length > MaxLength || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = text[Scheme.Length..].Split('/');
        if (parts is not [var trustDomain, "ns", var ns, "sa", var sa]
            || !IsTrustDomain(trustDomain) || !IsSegment(ns) || !IsSegment(sa))
        {
            return false;
        }

        id = new SpiffeId(trustDomain, ns, sa);
        return true;
    }

    public static SpiffeId Parse(string text) => TryParse(text, out SpiffeId id)
        ? id
        : throw new FormatException($"'{text}' is not a SPIFFE id of the form spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT");

    /// <summary>SPIFFE-ID §2.1: 1 to 255 lower-case letters, digits, '.', '-', '_'.</summary>
    public static bool IsTrustDomain([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 255 } && !text.AsSpan().ContainsAnyExcept(TrustDomainCharacters);

    public override string ToString() => Scheme + Principal;

    private static readonly System.Buffers.SearchValues<char> TrustDomainCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    private static readonly System.Buffers.SearchValues<char> SegmentCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    private static bool IsSegment([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 253 } and not "." and not ".."
        && !text.AsSpan().ContainsAnyExcept(SegmentCharacters);
}
