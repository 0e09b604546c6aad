using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Ztunnel.Capture;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>A pod's proxy and rules together. Only the pod's keeper changes it, one step at a time.</summary>
internal sealed class PodCapture(PodProxy proxy, SpiffeId identity, NodeMarks marks) : IDisposable
{
    // A peer that has not heard yet may still open tunnels, and captured connections may wait to be accepted.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly PodRedirect _redirect = new(proxy.Pod.Netns);
    private PodEnrolment? _installed;
    private volatile bool _ended;
    private int _epoch;

    internal PodProxy Proxy { get; } = proxy;

    /// <summary>Whose certificate is kept for it.</summary>
    internal SpiffeId Identity { get; } = identity;

    /// <summary>New connections are captured.</summary>
    internal bool Capturing => _installed is not null;

    /// <summary>Released, and the last captured connection has ended.</summary>
    internal bool HasEnded => _ended && !Capturing;

    internal bool IsIn(string netnsPath)
    {
        using Netns other = Netns.Open(netnsPath);
        return other.Id == Proxy.Pod.Netns.Id;
    }

    /// <summary>Rules as the enrolment wants them; puts them back when something changed them.</summary>
    /// <returns>True when the pod was not captured before.</returns>
    internal async Task<bool> InstallAsync(PodEnrolment answer)
    {
        _epoch++;
        _ended = false;
        Proxy.Pod.Enrolment = answer;
        if (_installed is { } before && ReferenceEquals(before, answer))
        {
            if (await _redirect.RestoreAsync())
            {
                PodLog.RulesRestored(Proxy.Pod.Log, Proxy.Pod.Pod.Uid);
                Proxy.Pod.Node.Metrics.Node.RulesRestored();
            }

            return false;
        }

        await _redirect.InstallAsync(RedirectPlan.For(answer, marks));
        bool first = _installed is null;
        _installed = answer;
        return first;
    }

    /// <param name="then">Called when the last captured connection has ended.</param>
    internal async Task ReleaseAsync(Action then)
    {
        await _redirect.ReleaseAsync();
        _installed = null;
        _ = WaitForEndAsync(++_epoch, then);
    }

    internal Task RemoveRulesAsync() => _redirect.RemoveAsync(marks);

    public void Dispose() => _redirect.Dispose();

    private async Task WaitForEndAsync(int epoch, Action then)
    {
        await Task.Delay(s_grace, Proxy.Pod.Node.Time, CancellationToken.None);
        await Proxy.Pod.Connections.WhenEmptyAsync();
        if (epoch == Volatile.Read(ref _epoch))
        {
            _ended = true;
            then();
        }
    }
}
