using System.Globalization;
using System.Net;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>Counts packets that a node forwards to a port of a pod without a tunnel around them. Tunnelled ones go to another port.</summary>
internal sealed class PlaintextWatch
{
    private readonly LabNode _node;

    private PlaintextWatch(LabNode node) => _node = node;

    public static async Task<PlaintextWatch> StartAsync(LabNode node, IPAddress pod, int port)
    {
        ExecResult result = await LabCluster.ExecInNetnsAsync(node.NetnsPath,
        [
            "nft", "add table inet watch; flush table inet watch; add counter inet watch plain; "
                + "add chain inet watch forward { type filter hook forward priority -10 ; }; "
                + $"add rule inet watch forward ip daddr {pod} tcp dport {port} counter name plain",
        ]);
        Assert.True(result.ExitCode == 0, result.Error);
        return new PlaintextWatch(node);
    }

    public async Task<long> PacketsAsync()
    {
        ExecResult result = await LabCluster.ExecInNetnsAsync(_node.NetnsPath, ["nft", "list", "counter", "inet", "watch", "plain"]);
        Assert.True(result.ExitCode == 0, result.Error);
        string[] words = result.Output.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[Array.IndexOf(words, "packets") + 1], CultureInfo.InvariantCulture);
    }

    public Task StopAsync() => LabCluster.ExecInNetnsAsync(_node.NetnsPath, ["nft", "delete table inet watch"]);
}
