using System.Net;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// Keeps <see cref="ProbeRules"/> in the node's netns in step with the enrolled pods. One caller at a time.
/// Not removed when the process ends: the pods stay captured, and their probes must go on.
/// </summary>
internal sealed class NodeProbes(int kubeletUser) : IDisposable
{
    private readonly RuleWatch _watch = new();
    private IReadOnlyCollection<IPAddress>? _installed;

    /// <param name="pods">Addresses of all enrolled pods of the node.</param>
    internal async Task SetAsync(IReadOnlyCollection<IPAddress> pods)
    {
        if (_installed is not null && _installed.Count == pods.Count && _installed.All(pods.Contains))
        {
            return;
        }

        await Netns.Home.RunAsync(() =>
        {
            _watch.MarkBeforeOwnChange();
            return Tool.Run("nft", ProbeRules.Install(kubeletUser, pods), "-f", "-");
        });
        _installed = pods;
    }

    /// <summary>Another program's flush may have taken our table (kube-proxy's nftables mode does not; a person may).</summary>
    internal async Task RestoreAsync()
    {
        if (_installed is { } pods && _watch.MayHaveChanged() && !await Netns.Home.RunAsync(IsInPlace))
        {
            _installed = null;
            await SetAsync(pods);
        }
    }

    public void Dispose() => _watch.Dispose();

    private bool IsInPlace()
    {
        _watch.Mark();
        (int code, string output, _) = Tool.TryRun("nft", "", "list", "table", "inet", "ambient-probes");
        bool there = code == 0 && output.Contains("snat ip to", StringComparison.Ordinal)
            && output.Contains("snat ip6 to", StringComparison.Ordinal);
        _watch.Looked(!there);
        return there;
    }
}
