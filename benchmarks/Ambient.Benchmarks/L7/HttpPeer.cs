using System.Diagnostics;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.L7;

/// <summary>A peer as an HTTP reverse proxy; nginx's stream module stands before and behind it, for all peers the same.</summary>
internal sealed class HttpPeer(string name, bool http2, string workFolder, string peersFolder) : IHttpContender
{
    private readonly List<Process> _around = [];
    private Process? _proxy;

    public string Name => name;

    public string ClientHost => "plain-c";

    public string Target => "127.0.0.1:7080";

    public string? Http2Target => http2 ? "127.0.0.1:7083" : null;

    // nginx 1.22 speaks HTTP/2 only where ALPN says so, which what stands before it here does not offer.
    public string? GrpcTarget => http2 ? "127.0.0.1:7084" : null;

    public IReadOnlyList<int> ProxyPids => _proxy is null ? [] : [_proxy.Id];

    public IReadOnlyList<int> PathPids => [];

    public async Task StartAsync(CancellationToken ct)
    {
        _around.Add(Start("l7-server.conf", "nginx", "plain-s"));
        _proxy = Start($"{name}-l7.conf", name, "plain-p");
        _around.Add(Start("l7-client.conf", "nginx", ClientHost));
        await Ready.WaitAsync(ClientHost, Target, ct);
    }

    public ValueTask DisposeAsync()
    {
        _around.ForEach(Command.End);
        _around.Clear();
        if (_proxy is not null)
        {
            Command.End(_proxy);
            _proxy = null;
        }

        return ValueTask.CompletedTask;
    }

    private Process Start(string file, string program, string host)
    {
        string folder = Path.Combine(workFolder, $"l7-{name}-{Path.GetFileNameWithoutExtension(file)}");
        Directory.CreateDirectory(folder);
        string configuration = Path.Combine(folder, "configuration");
        File.WriteAllText(configuration, File.ReadAllText(Path.Combine(peersFolder, file))
            .Replace("@CERTS@", Path.Combine(workFolder, "certs"), StringComparison.Ordinal)
            .Replace("@DIR@", folder, StringComparison.Ordinal));
        string[] arguments = program == "nginx" ? ["-p", folder, "-c", configuration, "-g", "daemon off;"] : ["-db", "-f", configuration];
        return Command.StartBackground($"/usr/sbin/{program}", arguments, host, Path.Combine(folder, "log"));
    }
}
