using System.Collections.Immutable;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>
/// What the server serves: read once, aggregated when the server offers that, otherwise group by group; read again when a kind is
/// missing, at most once in <see cref="MinAge"/>.
/// </summary>
public sealed class ApiDiscovery : IDisposable
{
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);

    private readonly KubeTransport _transport;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Catalog? _catalog;

    internal ApiDiscovery(KubeTransport transport, TimeProvider time)
    {
        _transport = transport;
        _time = time;
    }

    /// <summary>Null when the server has no such kind in one of the versions (any, when empty; best first).</summary>
    public async ValueTask<ApiResource?> FindAsync(
        GroupKind kind, ImmutableArray<string> versions = default, CancellationToken cancellation = default)
    {
        Catalog catalog = _catalog ?? await ReadAsync(null, cancellation);
        if (catalog.Find(kind, versions) is { } found || _time.GetElapsedTime(catalog.ReadAt) < MinAge)
        {
            return catalog.Find(kind, versions);
        }

        return (await ReadAsync(catalog, cancellation)).Find(kind, versions);
    }

    /// <summary>Null when no group serves that plural name; the group may be named after a dot, as on kubectl's command line.</summary>
    public async ValueTask<ApiResource?> FindByNameAsync(string name, CancellationToken cancellation = default)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string plural = dot < 0 ? name : name[..dot];
        string? group = dot < 0 ? null : name[(dot + 1)..];
        return (await ResourcesAsync(cancellation)).FirstOrDefault(r => (group is null || r.Type.Group == group)
            && (r.Plural == plural || r.Singular == plural || r.ShortNames.Contains(plural)
                || string.Equals(r.Type.Kind, plural, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Everything served, each group's preferred version first.</summary>
    public async ValueTask<ImmutableArray<ApiResource>> ResourcesAsync(CancellationToken cancellation = default) =>
        (_catalog ?? await ReadAsync(null, cancellation)).Resources;

    /// <summary>Asks the server again, whatever is known.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default) => await ReadAsync(_catalog, cancellation);

    public void Dispose() => _reading.Dispose();

    // stale: what the caller found wanting; when another has read since, that is the answer.
    private async ValueTask<Catalog> ReadAsync(Catalog? stale, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_catalog is { } current && !ReferenceEquals(current, stale))
            {
                return current;
            }

            ImmutableArray<ApiResource> resources = await DiscoveryReader.ReadAsync(_transport, cancellation);
            return _catalog = new Catalog(resources, _time.GetTimestamp());
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed class Catalog(ImmutableArray<ApiResource> resources, long readAt)
    {
        private readonly ILookup<GroupKind, ApiResource> _byKind = resources.ToLookup(r => r.Type.GroupKind);

        public ImmutableArray<ApiResource> Resources { get; } = resources;

        public long ReadAt { get; } = readAt;

        public ApiResource? Find(GroupKind kind, ImmutableArray<string> versions) => versions.IsDefaultOrEmpty
            ? _byKind[kind].FirstOrDefault()
            : versions.Select(v => _byKind[kind].FirstOrDefault(r => r.Type.Version == v)).FirstOrDefault(r => r is not null);
    }
}
