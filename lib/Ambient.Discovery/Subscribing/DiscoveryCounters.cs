using System.Collections.Concurrent;

namespace Ambient.Discovery.Subscribing;

/// <summary>What a <see cref="DiscoveryClient"/> has seen since it was made. Any thread may read.</summary>
public sealed class DiscoveryCounters
{
    private readonly ConcurrentDictionary<string, long> _terminations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long Count, long Bytes)> _messages = new(StringComparer.Ordinal);

    /// <summary>Ended streams by reason: see <see cref="StreamEnd"/>.</summary>
    public IReadOnlyDictionary<string, long> Terminations => _terminations;

    /// <summary>Responses and their bytes, before decoding, by type URL; those of a type that was not asked for are <c>unknown</c>.</summary>
    public IReadOnlyDictionary<string, (long Count, long Bytes)> Messages => _messages;

    internal void Ended(string reason) => _terminations.AddOrUpdate(reason, 1, static (_, n) => n + 1);

    internal void Received(string typeUrl, long bytes)
    {
        string type = TypeUrls.All.Contains(typeUrl) ? typeUrl : "unknown";
        _messages.AddOrUpdate(type, (1, bytes), (_, seen) => (seen.Count + 1, seen.Bytes + bytes));
    }
}
