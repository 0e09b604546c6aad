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

            await TellSystemAsync(text);
        }
        catch (Exception e) when (e is KubeException or InvalidOperationException or HttpRequestException)
        {
            text.AppendLine(e.Message);
        }

        return text.ToString();
    }

    private async Task TellSystemAsync(StringBuilder text)
    {
        foreach (JsonObject pod in (await lab.Admin.Resource(Kinds[0]).ListAsync(Ztunnels.Namespace, new ListOptions(), CancellationToken.None)).Items)
        {
            string name = (string)pod["metadata"]!["name"]!;
            text.AppendLine($"--- {name}: {pod["status"]?["containerStatuses"]?.ToJsonString()}");
            if (name.StartsWith("ambient-operator", StringComparison.Ordinal))
            {
                ExecResult metrics = await LabCluster.ExecInNetnsAsync(
                    lab.PodNetnsPath(Ztunnels.Namespace, name), ["curl", "-s", "-m", "5", "http://127.0.0.1:15014/healthz/ready", "http://127.0.0.1:15014/metrics"]);
                text.AppendJoin('\n', metrics.Output.Split('\n').Where(l => !l.StartsWith('#'))).AppendLine(metrics.Error);
            }

            IEnumerable<string> lines = lab.ProcessId(Ztunnels.Namespace, name) is null ? [] : lab.Log(Ztunnels.Namespace, name).Split('\n');
            text.AppendJoin('\n', lines.Where(IsNews).TakeLast(25)).AppendLine();
        }
    }

    private static bool IsNews(string line) => line.StartsWith("20", StringComparison.Ordinal)
        && !line.Contains(" access ", StringComparison.Ordinal) && !line.Contains(" debug ", StringComparison.Ordinal) && !line.Contains(" dbug", StringComparison.Ordinal);

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
