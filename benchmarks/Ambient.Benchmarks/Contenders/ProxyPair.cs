using System.Diagnostics;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Contenders;

/// <summary>
/// A plaintext→mTLS→plaintext pair of a peer: its committed configuration (benchmarks/peers) with the folder of certificates
/// put in. The client side listens on 7000 + n, the server side on 8400 + n for backend port 8080 + n.
/// </summary>
internal abstract class ProxyPair(string workFolder, string peersFolder) : IContender
{
    private readonly List<Process> processes = [];

    public abstract string Name { get; }

    public string ClientHost => "plain-c";

    public string ServerHost => "plain-s";

    public string? HandshakeTarget => $"{BenchNetwork.PlainServer}:8443";

    public IReadOnlyList<int> ProxyPids => [.. processes.Select(p => p.Id)];

    public string TargetFor(int backendPort) => $"127.0.0.1:{backendPort - 1000}";

    protected abstract (string Program, string[] Arguments) CommandFor(string configurationFile, string sideFolder);

    public async Task StartAsync(CancellationToken ct)
    {
        foreach ((string side, string host) in (ReadOnlySpan<(string, string)>)[("server", ServerHost), ("client", ClientHost)])
        {
            string folder = Path.Combine(workFolder, Name, side);
            Directory.CreateDirectory(folder);
            string text = File.ReadAllText(Path.Combine(peersFolder, $"{Name}-{side}.conf"))
                .Replace("@CERTS@", Path.Combine(workFolder, "certs"), StringComparison.Ordinal)
                .Replace("@DIR@", folder, StringComparison.Ordinal);
            string configuration = Path.Combine(folder, "configuration");
            File.WriteAllText(configuration, text);
            (string program, string[] arguments) = CommandFor(configuration, folder);
            processes.Add(Command.StartBackground(program, arguments, host, Path.Combine(folder, "log")));
        }

        await Ready.WaitAsync(ClientHost, TargetFor(8080), ct);
    }

    public ValueTask DisposeAsync()
    {
        processes.ForEach(Command.End);
        processes.Clear();
        return ValueTask.CompletedTask;
    }
}
