using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Policy.Tokens;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tokens;

/// <summary>
/// The key sets of the issuers that policies name. Those that are this gateway's by the policies' targets are fetched at once; others, since every
/// waypoint hears of every policy, when a request first asks for them. What no policy names any more is let go.
/// </summary>
internal sealed class RemoteKeys : ITokenKeys, IAsyncDisposable
{
    /// <summary>Issuers; further ones are refused.</summary>
    private const int Most = 1024;

    private readonly Lock _gate = new();
    private readonly KeySetFetcher _fetcher;
    private readonly KeyTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly NamespacedName _gateway;
    private readonly List<Task> _leaving = [];

    // Swapped whole, under the gate.
    private volatile ImmutableDictionary<TokenKeySource, KeySetFollower> _followed = ImmutableDictionary<TokenKeySource, KeySetFollower>.Empty;
    private ImmutableDictionary<TokenKeySource, TimeSpan> _known = ImmutableDictionary<TokenKeySource, TimeSpan>.Empty;
    private long _version = -1;
    private bool _stopped;

    internal RemoteKeys(NamespacedName gateway, IKeyTransport transport, KeyTimes times, TimeProvider time, ILogger log)
    {
        (_gateway, _times, _time, _log) = (gateway, times, time, log);
        _fetcher = new KeySetFetcher(transport, time);
    }

    /// <summary>Sets that are followed, with what went wrong last (empty: nothing), for the admin pages.</summary>
    internal IEnumerable<(TokenKeySource Source, int Keys, int Fetches, string Problem)> Status =>
        _followed.Select(static f => (f.Key, f.Value.Set?.Count ?? 0, f.Value.Fetches, f.Value.Problem));

    public JsonWebKeySet? Find(TokenKeySource source) =>
        _followed.TryGetValue(source, out KeySetFollower? follower) ? follower.Set : Begin(source)?.Set;

    public void Missed(TokenKeySource source)
    {
        if (_followed.TryGetValue(source, out KeySetFollower? follower))
        {
            follower.Miss();
        }
    }

    /// <summary>Follows what the policies of a new mesh name. Any thread.</summary>
    internal void Follow(MeshSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_stopped || snapshot.VersionOf<TokenPolicy>() is var version && version == _version)
            {
                return;
            }

            _version = version;
            ILookup<TokenKeySource, (TokenPolicy Policy, TokenRule Rule)> named = snapshot.All<TokenPolicy>()
                .SelectMany(static p => p.Rules.Where(static r => r.Source is not null).Select(r => (p, r))).ToLookup(static n => n.r.Source!.Value);
            _known = named.ToImmutableDictionary(static n => n.Key, static n => n.Max(static r => r.Rule.FetchTimeout));
            foreach ((TokenKeySource source, KeySetFollower follower) in _followed)
            {
                if (_known.TryGetValue(source, out TimeSpan timeout))
                {
                    follower.Timeout = timeout;
                    continue;
                }

                _followed = _followed.Remove(source);
                _leaving.RemoveAll(static t => t.IsCompleted);
                _leaving.Add(follower.DisposeAsync().AsTask());
            }

            foreach (var group in named.Where(n => n.Any(r => IsOurs(r.Policy))))
            {
                Start(group.Key);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] leaving;
        lock (_gate)
        {
            _stopped = true;
            leaving = [.. _leaving, .. _followed.Values.Select(static f => f.DisposeAsync().AsTask())];
            _followed = _followed.Clear();
        }

        await Task.WhenAll(leaving);
    }

    // On the request path: taken only once for each source.
    private KeySetFollower? Begin(TokenKeySource source)
    {
        lock (_gate)
        {
            return Start(source);
        }
    }

    private KeySetFollower? Start(TokenKeySource source)
    {
        if (_stopped || !_known.TryGetValue(source, out TimeSpan timeout) || _followed.TryGetValue(source, out KeySetFollower? follower) && follower is not null)
        {
            return _followed.GetValueOrDefault(source);
        }

        if (_followed.Count >= Most)
        {
            KeyLog.TooMany(_log, source.Uri, Most);
            return null;
        }

        KeySetFollower made = new(source, timeout, _fetcher, _times, _time, _log);
        _followed = _followed.Add(source, made);
        return made;
    }

    private bool IsOurs(TokenPolicy policy) => policy.Targets.Any(target => target.Kind switch
    {
        RequestPolicyTargetKind.Mesh => true,
        RequestPolicyTargetKind.Gateway => target.Key == _gateway.ToString(),
        _ => policy.Name.Namespace == _gateway.Namespace || target.Key.Length == 0,
    });
}
