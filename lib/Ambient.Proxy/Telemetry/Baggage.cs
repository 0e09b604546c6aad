using System.Runtime.CompilerServices;
using System.Text;
using Ambient.Core.Workloads;

namespace Ambient.Proxy.Telemetry;

/// <summary>A workload as labels in a <c>baggage</c> header (reference 1.3): for people and dashboards, never for a decision.</summary>
internal static class Baggage
{
    private static readonly ConditionalWeakTable<Workload, string> s_made = [];

    internal static string Of(Workload workload) => s_made.GetValue(workload, Make);

    private static string Make(Workload w)
    {
        var text = new StringBuilder();
        Add(text, "k8s.cluster.name", w.ClusterId);
        Add(text, "k8s.namespace.name", w.Namespace);
        Add(text, $"k8s.{w.Kind.ToString().ToLowerInvariant()}.name", w.WorkloadName);
        Add(text, "service.name", w.CanonicalName);
        Add(text, "service.version", w.CanonicalRevision);
        Add(text, "cloud.region", w.Locality.Region);
        Add(text, "cloud.availability_zone", w.Locality.Zone);
        return text.ToString();
    }

    // Values go into a header as they are: one that could end the entry or the header is left out.
    private static void Add(StringBuilder text, string key, string value)
    {
        if (value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('!', '~') && !value.AsSpan().ContainsAny(",;="))
        {
            text.Append(text.Length > 0 ? "," : "").Append(key).Append('=').Append(value);
        }
    }
}
