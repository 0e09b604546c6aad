using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Contenders;

/// <summary>Pods on the first node that send nothing: for what a captured pod costs.</summary>
internal sealed class ExtraPods(int count)
{
    public const string Node = "node-a";

    public IReadOnlyList<(string Pod, string Address, string Node)> All { get; } =
        [.. Enumerable.Range(1, count).Select(i => ($"extra-{i}", $"10.98.0.{i}", Node))];

    /// <summary>A network namespace each, with its address on the loopback.</summary>
    public Task CreateAsync(CancellationToken ct) => Command.RunAsync("bash", ["-ec", string.Join('\n', All.Select(p =>
        $"ip netns add {p.Pod}; ip -n {p.Pod} link set lo up; ip -n {p.Pod} addr add {p.Address}/32 dev lo"))], ct);
}
