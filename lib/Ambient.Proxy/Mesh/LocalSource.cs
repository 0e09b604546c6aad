using Ambient.Core;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// The mesh from a file or a directory of <c>*.json</c>, read again when one changes. A version that cannot be read is logged, and the last
/// good one stays.
/// </summary>
internal sealed class LocalSource(string path, MeshSink sink, TimeProvider time, ILogger log) : IMeshSource
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private MeshResources _last = new();
    private string _seen = "";

    public bool Connected => true;

    public DiscoveryCounters? Counters => null;

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            Look();
            try
            {
                await Task.Delay(s_look, time, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Look()
    {
        try
        {
            string[] files = [.. Files().Order(StringComparer.Ordinal)];
            string seen = string.Join('|', files.Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks} {new FileInfo(f).Length}"));
            if (seen == _seen)
            {
                return;
            }

            _seen = seen;
            var now = new MeshResources();
            foreach (string file in files)
            {
                LocalResources.Read(now, file, File.ReadAllText(file));
            }

            MeshUpdate update = now.Since(_last);
            _last = now;
            sink.Apply(update);
            foreach (string type in TypeUrls.All)
            {
                sink.Synced(type);
            }
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            LocalLog.Ignored(log, e.Message);
        }
    }

    private IEnumerable<string> Files() => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json") : [path];
}
