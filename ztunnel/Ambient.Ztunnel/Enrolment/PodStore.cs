using System.Collections.Immutable;
using System.Text.Json;
using Ambient.Core.Workloads;
using Ambient.Ztunnel.Capture;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// What survives a restart: a file a pod that the runtime told of, and the operator's last word on each. A file that cannot be read is
/// left out with a log line, since the rest must still be captured.
/// </summary>
internal sealed class PodStore(string stateDirectory, ILogger log)
{
    private readonly string _pods = Path.Combine(stateDirectory, "pods");
    private readonly string _enrolments = Path.Combine(stateDirectory, "enrolments.json");

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

    internal void Forget(string uid) => StateFile.Delete(FileOf(uid));

    internal ImmutableArray<PodEnrolment> LoadEnrolments() =>
        File.Exists(_enrolments)
        && TryRead(_enrolments, text => JsonSerializer.Deserialize(text, EnrolmentJson.Default.ImmutableArrayKeptEnrolment)
            .Select(k => k.ToEnrolment()).ToArray()) is { } kept
            ? [.. kept]
            : [];

    internal void SaveEnrolments(IEnumerable<PodEnrolment> enrolments) => StateFile.Write(
        _enrolments,
        JsonSerializer.Serialize([.. enrolments.Select(KeptEnrolment.From)], EnrolmentJson.Default.ImmutableArrayKeptEnrolment));

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
