using Ambient.Discovery.Publishing;
using Ambient.Kube.Working;
using Ambient.Operator.Issuing;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Watching;

namespace Ambient.Operator.Admin;

/// <summary><c>/metrics</c>: what was counted, and what the parts are at this moment.</summary>
internal sealed class MetricsPage(
    OperatorMetrics metrics, MeshWatches watches, MeshPublisher publisher, AuthorityKeeper authority, LeaderElector elector)
{
    public string Write()
    {
        var text = new PrometheusText();
        Counters(text);
        Watches(text);
        Proxies(text);
        text.Family("ambient_operator_leader", "gauge", "1 on the replica that writes to Kubernetes.")
            .Sample("ambient_operator_leader", elector.IsLeader ? 1 : 0);
        text.Family("ambient_operator_ca_not_after_seconds", "gauge", "Unix time at which the CA's certificate ends; 0 without a CA.")
            .Sample("ambient_operator_ca_not_after_seconds", authority.Current?.NotAfter.ToUnixTimeSeconds() ?? 0);
        text.Family("ambient_operator_ca_roots", "gauge", "Roots handed out, retiring ones included.")
            .Sample("ambient_operator_ca_roots", authority.Current?.Bundle.Roots.Length ?? 0);
        return text.ToString();
    }

    private void Counters(PrometheusText text)
    {
        text.Histogram("ambient_operator_compile_seconds", "Time to compile a batch of changes.", metrics.CompileSeconds);
        Count("ambient_operator_compile_failures_total", "Compilations that ended in a fault of the compiler.", metrics.CompileFailures);
        Count("ambient_operator_publishes_total", "Differences handed to the discovery server.", metrics.Publishes);
        text.Family("ambient_operator_callers_total", "counter", "Tokens reviewed.")
            .Sample("ambient_operator_callers_total", metrics.CallersAccepted.Value, ("result", "accepted"))
            .Sample("ambient_operator_callers_total", metrics.CallersRefused.Value, ("result", "refused"));
        text.Family("ambient_operator_certificates_total", "counter", "Certificates asked for.")
            .Sample("ambient_operator_certificates_total", metrics.CertificatesIssued.Value, ("result", "issued"))
            .Sample("ambient_operator_certificates_total", metrics.CertificatesRefused.Value, ("result", "refused"));
        text.Family("ambient_operator_status_writes_total", "counter", "Writes of status conditions.")
            .Sample("ambient_operator_status_writes_total", metrics.StatusWritten.Value, ("result", "written"))
            .Sample("ambient_operator_status_writes_total", metrics.StatusFailed.Value, ("result", "failed"));
        Count("ambient_operator_roots_written_total", "ConfigMaps with the mesh's roots written.", metrics.RootsWritten);

        void Count(string name, string help, Counter counter) => text.Family(name, "counter", help).Sample(name, counter.Value);
    }

    private void Watches(PrometheusText text)
    {
        Family("ambient_operator_objects", "gauge", "Objects known of a kind.", k => k.Objects);
        Family("ambient_operator_kind_served", "gauge", "1 when the API server serves the kind.", k => k.Reflector.IsServed ? 1 : 0);
        Family("ambient_operator_object_changes_total", "counter", "Changes of objects taken in.", k => k.Changes);
        Family("ambient_operator_lists_total", "counter", "Lists made; many of them mean lost watches.", k => k.Reflector.Lists);
        Family("ambient_operator_watches_total", "counter", "Watches begun.", k => k.Reflector.Watches);

        void Family(string name, string type, string help, Func<KindWatch, double> value)
        {
            text.Family(name, type, help);
            foreach (KindWatch watch in watches.Kinds)
            {
                text.Sample(name, value(watch), ("kind", watch.Kind.Kind.ToString()));
            }
        }
    }

    private void Proxies(PrometheusText text)
    {
        IReadOnlyList<ProxyStatus> proxies = publisher.Proxies;
        text.Family("ambient_operator_proxies", "gauge", "Proxies that follow a type, by how far they are.");
        foreach (var group in proxies.GroupBy(p => (Type: p.TypeUrl[(p.TypeUrl.LastIndexOf('.') + 1)..], State: StateOf(p))))
        {
            text.Sample("ambient_operator_proxies", group.Count(), ("type", group.Key.Type), ("state", group.Key.State));
        }
    }

    private static string StateOf(ProxyStatus proxy) =>
        proxy.LastNack is not null ? "refused" : proxy.AckedVersion == proxy.SentVersion ? "synced" : "behind";
}
