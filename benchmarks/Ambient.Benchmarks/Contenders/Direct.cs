using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Contenders;

/// <summary>No proxy at all: what the machine itself costs.</summary>
internal sealed class Direct : IContender
{
    public string Name => "direct";

    public string ClientHost => "plain-c";

    public string ServerHost => "plain-s";

    public string? HandshakeTarget => null;

    public IReadOnlyList<int> ProxyPids => [];

    public string TargetFor(int backendPort) => $"{BenchNetwork.PlainServer}:{backendPort}";

    public Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
