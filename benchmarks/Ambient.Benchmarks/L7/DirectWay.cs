using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;
using Ambient.Benchmarks.Load;

namespace Ambient.Benchmarks.L7;

/// <summary>No mesh at all: client and application on the same hosts' network. What counts as CPU is the application's own.</summary>
internal sealed class DirectWay(Backends backends) : IHttpContender
{
    public string Name => "direct";

    public string ClientHost => "plain-c";

    public string Target => $"{BenchNetwork.PlainServer}:8080";

    public string? Http2Target => $"{BenchNetwork.PlainServer}:8083";

    public string? GrpcTarget => $"{BenchNetwork.PlainServer}:8084";

    public IReadOnlyList<int> ProxyPids => [];

    public IReadOnlyList<int> PathPids => backends.Pids;

    public Task StartAsync(CancellationToken ct) => Ready.WaitAsync(ClientHost, Target, ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
