using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What is told of a scenario that failed.</summary>
internal sealed class Aftermath(LabCluster lab, Ztunnels ztunnels, IReadOnlyList<string> namespaces)
{
    private static readonly GroupKind[] Kinds =
    [
        new("", "Pod"), new("security.istio.io", "PeerAuthentication"), new("security.istio.io", "AuthorizationPolicy"),
    ];

    public async Task<string> TellAsync()
    {
        StringBuilder text = new();
        try
        {
            text.AppendLine("--- access log");
            foreach (AccessEntry entry in (await ztunnels.AccessLogAsync()).Where(e => namespaces.Any(n => e.Line.Contains(n, StringComparison.Ordinal))).TakeLast(60))
            {
                text.AppendLine(entry.Line);
            }

            foreach (GroupKind kind in Kinds)
            {
                await TellAsync(text, kind);
            }

            text.AppendLine("--- other lines of the ztunnels");
            foreach (Pod pod in await ztunnels.PodsAsync())
            {
                text.AppendJoin('\n', lab.Log(Ztunnels.Namespace, pod.Metadata.Name).Split('\n').Where(l => !l.Contains(" access ", StringComparison.Ordinal)).TakeLast(25)).AppendLine();
            }
        }
        catch (Exception e) when (e is KubeException or InvalidOperationException or HttpRequestException)
        {
            text.AppendLine(e.Message);
        }

        return text.ToString();
    }

    private async Task TellAsync(StringBuilder text, GroupKind kind)
    {
        foreach (string ns in namespaces)
        {
            foreach (JsonObject item in (await lab.Admin.Resource(kind).ListAsync(ns, new ListOptions(), CancellationToken.None)).Items)
            {
                string name = (string)item["metadata"]!["name"]!;
                text.AppendLine($"--- {kind.Kind} {ns}/{name}: {item["status"]?.ToJsonString()}");
                if (kind.Kind == "Pod" && lab.ProcessId(ns, name) is not null)
                {
                    text.AppendJoin('\n', lab.Log(ns, name).Split('\n').TakeLast(10)).AppendLine();
                }
            }
        }
    }
}
