using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Identity;

namespace Ambient.Hbone.Pool;

/// <summary>Connections are shared only by callers that agree in all of this. Equality is by value, the order of identities does not matter.</summary>
public sealed record PoolKey
{
    /// <summary>Whose certificate we present.</summary>
    public required SpiffeId Source { get; init; }

    /// <summary>Identities that the peer may have; kept sorted.</summary>
    public required ImmutableArray<SpiffeId> Expected
    {
        get;
        init => field = value.IsDefault ? [] : value.Sort(static (a, b) => string.CompareOrdinal(a.Principal, b.Principal));
    }

    /// <summary>Where to connect to.</summary>
    public required IPEndPoint Destination { get; init; }

    /// <summary>The address to connect from; null leaves it to the system.</summary>
    public IPAddress? SourceAddress { get; init; }

    public bool Equals(PoolKey? other) =>
        other is not null && Source == other.Source && Destination.Equals(other.Destination)
        && Equals(SourceAddress, other.SourceAddress) && Expected.AsSpan().SequenceEqual(other.Expected.AsSpan());

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Source);
        hash.Add(Destination);
        hash.Add(SourceAddress);
        foreach (SpiffeId id in Expected)
        {
            hash.Add(id);
        }

        return hash.ToHashCode();
    }
}
