using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Tests.Support;
using Ambient.Kube.Working;
using Ambient.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Kube.Tests.Working;

public sealed class EventRecorderTests
{
    [Fact]
    public async Task Record_TheSameTwice_CountsUp()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.On("POST /api/v1/namespaces/shop/events", context =>
        {
            string name = (string)JsonNode.Parse((string)context.Items["body"]!)!["metadata"]!["name"]!;
            api.Json($"PATCH /api/v1/namespaces/shop/events/{name}", "{}");
            return context.Response.WriteAsync("{}");
        });
        using KubeClient client = api.Client();
        var recorder = new EventRecorder(client, "ambient-operator", "op-1", new ManualTime(), NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        Task running = recorder.RunAsync(stop.Token);
        var about = new ObjectReference { Kind = "Pod", Namespace = "shop", Name = "orders", Uid = "u" };
        recorder.Record(about, "Warning", "NotEnrolled", "because");
        recorder.Record(about with { ResourceVersion = "8" }, "Warning", "NotEnrolled", "because");
        await Eventually.True(() => api.Requests.Any(r => r.Method == "PATCH"));
        await stop.CancelAsync();
        await running;
        Recorded created = api.Requests.Single(r => r.Method == "POST");
        Assert.Contains("\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"orders\",\"uid\":\"u\"}", created.Body, StringComparison.Ordinal);
        Assert.Contains("\"firstTimestamp\":\"2030-05-17T09:30:00Z\"", created.Body, StringComparison.Ordinal);
        Assert.Equal("""{"count":2,"lastTimestamp":"2030-05-17T09:30:00Z"}""", api.Requests.Single(r => r.Method == "PATCH").Body);
    }
}
