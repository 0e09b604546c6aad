using System.Diagnostics;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>The applications behind every contender: nginx on 8080 and 8082, iperf3 on 8081, one set a server host.</summary>
internal sealed class Backends : IDisposable
{
    private readonly List<Process> processes = [];

    public void Start(string host, string workFolder, string peersFolder)
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
    }

    public void Dispose() => processes.ForEach(Command.End);
}
