using System.Text.Json.Nodes;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Compile.Telemetry;

namespace Ambient.Compile.Intake;

/// <summary>Telemetry resources into the index.</summary>
internal sealed class TelemetryIntake(MeshIndex index, DirtySet dirty)
{
    public void Telemetry(ObjectKey key, JsonObject? manifest, SourceMeta? meta)
    {
        var old = index.Telemetries.Find(key);
        var now = manifest is null ? null : TelemetryReader.Read(manifest, meta!, old);
        index.Telemetries.Set(key, now);
        foreach (var target in old?.Targets ?? [])
        {
            index.PoliciesAt.Remove(target, key);
        }

        foreach (var target in now?.Targets ?? [])
        {
            index.PoliciesAt.Add(target, key);
        }

        dirty.Add(key);
        if (old is { IsForNamespace: true } || now is { IsForNamespace: true })
        {
            // Which of them is the oldest may have changed.
            dirty.Add(index.Telemetries.In(key.Namespace).Keys);
        }
    }

    /// <summary>Providers may have come or gone, and names of services changed.</summary>
    public void MeshChanged() => dirty.Add(index.Telemetries.Keys);
}
