using System.Collections.Immutable;

namespace Ambient.Cli.Explaining;

/// <summary>Whether the way is mutual TLS, and between whom.</summary>
/// <param name="Client">SPIFFE id that the caller presents; null without TLS.</param>
/// <param name="Server">SPIFFE id of the chosen destination; null without TLS.</param>
/// <param name="Expected">Ids that the caller accepts.</param>
/// <param name="Reason">Why there is TLS or none.</param>
internal sealed record MutualTls(bool Used, string? Client, string? Server, ImmutableArray<string> Expected, string Reason)
{
    public static MutualTls None(string reason) => new(false, null, null, [], reason);
}
