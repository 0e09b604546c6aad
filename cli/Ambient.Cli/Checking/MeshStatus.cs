using System.Collections.Immutable;
using Ambient.Cli.Cluster;
using Ambient.Compile;
using Ambient.Core;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Checking;

/// <summary>The mesh at a glance: its own parts, who is in it, and which resources it would not accept, as compiled here and now.</summary>
internal sealed record MeshStatus(
    ImmutableArray<MeshStatus.Component> Components,
    ImmutableArray<MeshStatus.NamespaceCount> Namespaces,
    int Policies,
    ImmutableArray<MeshStatus.Refusal> NotAccepted)
{
    public bool IsWell => Components.All(c => c.Ready > 0 && c.Ready >= c.Desired);

    public static async Task<MeshStatus> ReadAsync(KubeClient client, CancellationToken cancellation)
    {
        Deployment? operators = await client.FindAsync<Deployment>(MeshDefaults.SystemNamespace, "ambient-operator", cancellation);
        DaemonSet? proxies = await client.FindAsync<DaemonSet>(MeshDefaults.SystemNamespace, "ambient-ztunnel", cancellation);
        CompileResult compiled = MeshCompiler.Compile(new CompileInput(await ClusterObjects.ReadAsync(client, cancellation)));
        return new MeshStatus(
            [
                new Component("Deployment", "ambient-operator", operators?.Status?.ReadyReplicas ?? 0, operators?.Spec?.Replicas ?? 1),
                new Component("DaemonSet", "ambient-ztunnel", proxies?.Status?.NumberReady ?? 0, proxies?.Status?.DesiredNumberScheduled ?? 1),
            ],
            [
                .. compiled.Enrolments.GroupBy(e => e.Enrolment.Namespace)
                    .Select(g => new NamespaceCount(g.Key, g.Count(), g.Count(e => e.Enrolment.Enrolled)))
                    .OrderBy(n => n.Name, StringComparer.Ordinal),
            ],
            compiled.Policies.Count(p => p.Origin is not null),
            [
                .. from report in compiled.Status
                   from condition in report.Conditions
                   where condition is { Type: Ambient.Compile.Reports.Condition.Accepted, Status: "False" }
                   select new Refusal(report.Kind, report.Namespace, report.Name, condition.Message),
            ]);
    }

    internal sealed record Component(string Kind, string Name, int Ready, int Desired);

    internal sealed record NamespaceCount(string Name, int Pods, int Enrolled);

    internal sealed record Refusal(string Kind, string Namespace, string Name, string Message);
}
