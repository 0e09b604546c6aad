using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Proxy.Names;

/// <summary>
/// Addresses of hosts outside the mesh, by the nameservers that the given question goes to. One question a name at a time, whoever asks; answers
/// are kept as long as they say, within bounds. When no nameserver answers, the last answer stands for a while. Thread-safe.
/// </summary>
/// <param name="ask">Sends the bytes of a question (over TCP when the last is true) and gives the bytes of the answer; null: nobody answered.</param>
/// <param name="time">The clock.</param>
internal sealed class NameResolver(Func<byte[], AddressFamily, bool, Task<byte[]?>> ask, TimeProvider time)
{
    private const int MaxNames = 2048;
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1), s_longest = TimeSpan.FromMinutes(5), s_nobody = TimeSpan.FromSeconds(2), s_stale = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>IPv4 addresses first; none of this machine itself.</summary>
    /// <exception cref="SocketException">The name has no address, or nobody could say.</exception>
    public async ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string name, CancellationToken ct)
    {
        if (IPAddress.TryParse(name, out IPAddress? literal))
        {
            return [literal];
        }

        ImmutableArray<IPAddress> addresses = name.StartsWith('*') ? [] : await Current(name).Task.WaitAsync(ct);
        return addresses.IsEmpty ? throw new SocketException((int)SocketError.HostNotFound) : addresses;
    }

    /// <summary>One of the addresses, another each time; of the wished family if there is one.</summary>
    /// <exception cref="SocketException">As <see cref="ResolveAsync"/>.</exception>
    public async ValueTask<IPEndPoint> PickAsync(string name, int port, AddressFamily? wished, CancellationToken ct)
    {
        ImmutableArray<IPAddress> all = await ResolveAsync(name, ct);
        ImmutableArray<IPAddress> some = [.. all.Where(a => a.AddressFamily == (wished ?? all[0].AddressFamily))];
        some = some.IsEmpty ? all : some;
        return new IPEndPoint(some[Random.Shared.Next(some.Length)], port);
    }

    private Entry Current(string name)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_names.TryGetValue(name, out Entry? entry) && !entry.IsOver(time, now))
            {
                return entry;
            }

            if (entry is null && _names.Count >= MaxNames)
            {
                foreach (string gone in _names.Where(n => n.Value.IsOver(time, now)).Select(n => n.Key).ToList())
                {
                    _names.Remove(gone);
                }
            }

            var next = new Entry(now);
            next.Task = AskAsync(name, next, entry);
            if (entry is not null || _names.Count < MaxNames)
            {
                _names[name] = next;
            }

            return next;
        }
    }

    private async Task<ImmutableArray<IPAddress>> AskAsync(string name, Entry entry, Entry? before)
    {
        await Task.Yield();
        try
        {
            NameAnswer[] answers = await Task.WhenAll(AskAsync(name, AddressFamily.InterNetwork), AskAsync(name, AddressFamily.InterNetworkV6));
            NameAnswer[] full = [.. answers.Where(static a => !a.Addresses.IsEmpty)];
            TimeSpan lives = full.Length == 0 ? s_nobody : full.Min(static a => a.Lives);
            entry.Answered(lives < s_shortest ? s_shortest : lives > s_longest ? s_longest : lives);
            return [.. full.SelectMany(static a => a.Addresses).Where(static a => !IsOfThisMachine(a))];
        }
        catch (Exception e) when (e is FormatException or IOException or SocketException or TimeoutException or OperationCanceledException)
        {
            entry.Answered(s_nobody);
            if (before?.Known is { IsEmpty: false } known && time.GetElapsedTime(before.KnownSince) < s_stale)
            {
                entry.KnownSince = before.KnownSince;
                return known;
            }

            return [];
        }
    }

    // A name outside must not lead to what listens on the loopback of the proxy, or of its pod.
    private static bool IsOfThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private async Task<NameAnswer> AskAsync(string name, AddressFamily family)
    {
        byte[] question = NameMessage.Question(name, family);
        byte[] reply = await ask(question, family, false) ?? throw new IOException($"no nameserver answered for {name}");
        NameAnswer answer = NameMessage.Answer(question, reply);
        return answer.Truncated && await ask(question, family, true) is { } whole ? NameMessage.Answer(question, whole) : answer;
    }

    private sealed class Entry
    {
        private readonly long _asked;
        private TimeSpan? _lives;

        public Entry(long asked) => KnownSince = _asked = asked;

        public Task<ImmutableArray<IPAddress>> Task { get; set; } = null!;

        /// <summary>When what is known was learned.</summary>
        public long KnownSince { get; set; }

        public ImmutableArray<IPAddress>? Known => Task.IsCompletedSuccessfully ? Task.Result : null;

        public void Answered(TimeSpan lives) => _lives = lives;

        // One that is still being asked is not over; the askers themselves are bounded in time.
        public bool IsOver(TimeProvider time, long now) => Task.IsCompleted && time.GetElapsedTime(_asked, now) > (_lives ?? TimeSpan.Zero);
    }
}
