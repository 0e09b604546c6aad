using Ambient.Compile;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Operator.Indexing;

namespace Ambient.Operator.Status;

/// <summary>
/// The newest report about each object, kept by every replica, so that whoever becomes the leader can write what is missing.
/// </summary>
internal sealed class StatusDesk : IMeshConsumer
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, StatusReport> _reports = [];

    /// <summary>A report is new or differs.</summary>
    public event Action<ObjectKey>? Changed;

    public void Consume(CompileDelta delta)
    {
        foreach (StatusReport report in delta.Status)
        {
            ObjectKey key = KeyOf(report);
            lock (_lock)
            {
                _reports[key] = report;
            }

            Changed?.Invoke(key);
        }
    }

    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _reports.Remove(key);
        }
    }

    public StatusReport? Find(ObjectKey key)
    {
        lock (_lock)
        {
            return _reports.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<ObjectKey> Keys()
    {
        lock (_lock)
        {
            return [.. _reports.Keys];
        }
    }

    private static ObjectKey KeyOf(StatusReport report) => ObjectKey.Of(report.ApiVersion, report.Kind, report.Namespace, report.Name);
}
