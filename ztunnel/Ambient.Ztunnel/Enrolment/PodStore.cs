using System.Text.Json;
using Ambient.Proxy.Keeping;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// The runtime's word over a restart: a file a pod. A file that cannot be read is left out with a log line, since the rest must still
/// be captured.
/// </summary>
internal sealed class PodStore(string stateDirectory, ILogger log)
{
    private readonly string _pods = Path.Combine(stateDirectory, "pods");

    internal IReadOnlyList<PodRecord> LoadPods()
    {
        List<PodRecord> pods = [];
        foreach (string file in Directory.Exists(_pods) ? Directory.GetFiles(_pods, "*.json") : [])
        {
            if (TryRead(file, text => JsonSerializer.Deserialize(text, EnrolmentJson.Default.PodRecord)) is { } pod
                && PodUids.IsValid(pod.Uid))
            {
                pods.Add(pod);
            }
        }

        return pods;
    }

    internal void Save(PodRecord pod) =>
        StateFile.Write(FileOf(pod.Uid), JsonSerializer.Serialize(pod, EnrolmentJson.Default.PodRecord));

    /// <summary>A file that cannot be removed only means that its pod is looked for once more after a restart.</summary>
    internal void Forget(string uid)
    {
        try
        {
            StateFile.Delete(FileOf(uid));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            PodLog.NotForgotten(log, FileOf(uid), e.Message);
        }
    }

    private string FileOf(string uid) => Path.Combine(_pods, uid + ".json");

    private T? TryRead<T>(string file, Func<string, T?> parse)
        where T : class
    {
        try
        {
            return parse(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException or UnauthorizedAccessException)
        {
            PodLog.StateIgnored(log, file, e.Message);
            return null;
        }
    }
}
