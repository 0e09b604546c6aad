using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>A Prometheus as Debian packages it, in a pod outside the mesh, with addresses to scrape every second.</summary>
internal sealed class PrometheusServer(LabCluster lab, string @namespace)
{
    private const string Pod = "prometheus";

    /// <summary>Starts it, and waits until every target has been scraped once.</summary>
    public async Task StartAsync(IEnumerable<string> targets, CancellationToken ct)
    {
        string[] addresses = [.. targets];
        await lab.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: {{Pod}}, namespace: {{@namespace}} }
            spec:
              nodeName: node-1
              terminationGracePeriodSeconds: 1
              containers:
                - name: main
                  image: ambient/shop
                  command:
                    - sh
                    - -c
                    - |
                      mkdir -p /tmp/prometheus
                      cat >/tmp/prometheus/config.yml <<END
                      global: { scrape_interval: 1s, scrape_timeout: 1s }
                      scrape_configs: [{ job_name: waypoint, static_configs: [{ targets: [{{string.Join(", ", addresses.Select(static a => $"'{a}'"))}}] }] }]
                      END
                      exec prometheus --config.file=/tmp/prometheus/config.yml --storage.tsdb.path=/tmp/prometheus/data --web.listen-address=127.0.0.1:9090 --log.level=warn
            """,
            ct);
        await lab.WaitReadyAsync(@namespace, "", 1, TimeSpan.FromSeconds(60), ct);
        await Until.Async(() => QueryAsync("sum(up)"), up => up == addresses.Length, "every target was scraped");
    }

    /// <summary>The only value of an instant query; null when it has none, as for a division by nothing.</summary>
    public async Task<double?> QueryAsync(string expression)
    {
        ExecResult result = await lab.ExecInPodAsync(
            @namespace, Pod, ["curl", "-sS", "--max-time", "10", "--data-urlencode", $"query={expression}", "http://127.0.0.1:9090/api/v1/query"], null,
            TestContext.Current.CancellationToken);
        if (result.ExitCode != 0)
        {
            return null;
        }

        JsonNode answer = JsonNode.Parse(result.Output)!;
        Assert.True((string?)answer["status"] == "success", $"{expression}: {result.Output}");
        return answer["data"]!["result"]!.AsArray() is [{ } only]
            && double.Parse((string)only["value"]![1]!, CultureInfo.InvariantCulture) is var value && double.IsFinite(value) ? value : null;
    }
}
