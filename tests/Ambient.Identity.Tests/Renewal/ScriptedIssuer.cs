using System.Collections.Concurrent;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Renewal;

/// <summary>A CA that fails and waits when a test says so.</summary>
internal sealed class ScriptedIssuer(TestCa ca) : ICertificateIssuer, IDisposable
{
    private readonly Lock _count = new();
    private readonly SemaphoreSlim _gate = new(0);
    private int _running;

    public ConcurrentQueue<SpiffeId> Asked { get; } = new();

    public int Peak { get; private set; }

    public string? FailsWith { get; set; }

    /// <summary>As an HttpClient does when it could not connect in time.</summary>
    public bool ConnectsTooSlowly { get; set; }

    public bool Gated { get; set; }

    public bool Hangs { get; set; }

    public void Dispose() => _gate.Dispose();

    public void Release(int count = 1) => _gate.Release(count);

    public async Task<IssuedChain> IssueAsync(SpiffeId id, string csrPem, TimeSpan lifetime, CancellationToken ct)
    {
        lock (_count)
        {
            Peak = Math.Max(Peak, ++_running);
        }

        Asked.Enqueue(id);
        try
        {
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, ct);
            }

            if (ConnectsTooSlowly)
            {
                throw new TaskCanceledException("cancelled", new TimeoutException("no connection within 5 s"));
            }

            if (Gated)
            {
                await _gate.WaitAsync(ct);
            }

            return FailsWith is null ? ca.Authority.Sign(id, csrPem, lifetime) : throw new InvalidOperationException(FailsWith);
        }
        finally
        {
            lock (_count)
            {
                _running--;
            }
        }
    }
}
