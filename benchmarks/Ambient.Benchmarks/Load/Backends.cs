using System.Diagnostics;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>
/// The applications behind every contender, one set a server host: nginx on 8080, 8082 and (HTTP/2) 8083, iperf3 on 8081, gRPC on 8084 when asked for.
/// </summary>
internal sealed class Backends : IDisposable
{
    private readonly List<Process> processes = [];

    /// <param name="grpc">With the gRPC service.</param>
    public void Start(string host, string workFolder, string peersFolder, bool grpc = false)
    {
        string folder = Path.Combine(workFolder, "backend-" + host);
        Directory.CreateDirectory(folder);
        string configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, File.ReadAllText(Path.Combine(peersFolder, "backend.conf"))
            .Replace("@DIR@", folder, StringComparison.Ordinal)
            .Replace("@BODY@", new string('x', 1024), StringComparison.Ordinal));
        processes.Add(Command.StartBackground(
            "/usr/sbin/nginx", ["-p", folder, "-c", configuration, "-g", "daemon off;"], host, Path.Combine(folder, "log")));
        processes.Add(Command.StartBackground("iperf3", ["-s", "-p", "8081"], host, Path.Combine(folder, "iperf.log")));
        if (grpc)
        {
            processes.Add(Command.StartBackground(Environment.ProcessPath!, ["grpc-server", "8084"], host, Path.Combine(folder, "grpc.log")));
        }
    }

    /// <summary>Root processes of all of them.</summary>
    public IReadOnlyList<int> Pids => [.. processes.Select(p => p.Id)];

    public void Dispose() => processes.ForEach(Command.End);
}
