using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Services;
using Ambient.Hbone.Connect;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Draining;

public sealed class DrainTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Theory]
    [InlineData(AppProtocol.Http11, HttpProtocols.Http1)]
    [InlineData(AppProtocol.Http2, HttpProtocols.Http2)]
    public async Task Drain_OneOfTwoReplicasUnderLoad_NoRequestFails(AppProtocol protocol, HttpProtocols server)
    {
        MeshService orders = _mesh.Service("orders", protocol);
        await _mesh.Pod("orders-1", orders).ServeAsync(
            async http =>
            {
                await Task.Delay(20);
                await http.Response.WriteAsync("ok");
            },
            server);
        TestPod client = _mesh.Pod("client");
        TestWaypoint leaving = await ReplicaAsync(leaveSeconds: 2), staying = await ReplicaAsync();
        TestWaypoint[] known = [leaving, staying];
        int next = 0;
        var failures = new ConcurrentBag<string>();
        int answered = 0;
        using var stop = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, 8).Select(_ => LoadAsync())];
        await Until(() => Volatile.Read(ref answered) > 200);

        Task draining = leaving.Node.DrainAsync();
        int then = Volatile.Read(ref answered);
        await Until(() => Volatile.Read(ref answered) > then + 20);
        Volatile.Write(ref known, [staying]);
        await draining;
        await leaving.DisposeAsync();
        int before = Volatile.Read(ref answered);
        await Until(() => Volatile.Read(ref answered) > before + 100);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.True(failures.IsEmpty, string.Join('\n', failures));

        async Task LoadAsync()
        {
            HttpMessageInvoker http = client.Client(() =>
            {
                TestWaypoint[] now = Volatile.Read(ref known);
                return now[(uint)Interlocked.Increment(ref next) % now.Length];
            }, $"{orders.Addresses[0].Address}:80");
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/")
                    {
                        Version = server == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                        Content = new StringContent("body"),
                    };
                    using HttpResponseMessage answer = await http.SendAsync(request, Ct);
                    if (await answer.Content.ReadAsStringAsync(Ct) != "ok")
                    {
                        failures.Add(answer.StatusCode.ToString());
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    failures.Add(e.ToString());
                }

                Interlocked.Increment(ref answered);
            }
        }
    }

    [Fact]
    public async Task Drain_LongAnswer_IsWaitedFor()
    {
        MeshService orders = _mesh.Service("orders");
        var begun = new TaskCompletionSource();
        await _mesh.Pod("orders-1", orders).ServeAsync(async http =>
        {
            await http.Response.WriteAsync("first ");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Delay(1500);
            await http.Response.WriteAsync("last");
        });
        TestWaypoint waypoint = await ReplicaAsync();
        HttpMessageInvoker client = _mesh.Pod("client").Client(waypoint, $"{orders.Addresses[0].Address}:80");
        Task<HttpResponseMessage> asking = client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/"), Ct);
        await begun.Task;

        Task draining = waypoint.Node.DrainAsync();
        using HttpResponseMessage answer = await asking;

        Assert.Equal("first last", await answer.Content.ReadAsStringAsync(Ct));
        client.Dispose(); // or its idle connection is waited for too
        await draining;
    }

    [Fact]
    public async Task Drain_IdleHttp2Connection_IsToldToGoAndEndsInOrder()
    {
        MeshService orders = _mesh.Service("orders", AppProtocol.Http2);
        await _mesh.Pod("orders-1", orders).ServeAsync(static http => http.Response.WriteAsync("ok"), HttpProtocols.Http2);
        TestWaypoint waypoint = await ReplicaAsync();
        await using HboneStream stream = await _mesh.Pod("client").OpenAsync(waypoint, $"{orders.Addresses[0].Address}:80", Ct);
        RawHttp2 frames = await RawHttp2.GreetAsync(new PipeStream(stream, static () => { }));
        await frames.HeadersAsync(1, end: true, ":method: GET", ":scheme: http", ":path: /", ":authority: orders");
        Assert.Equal("200", await frames.EndOfAsync(1));
        TaskCompletionSource<string> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.OnFault(e => fault.TrySetResult(e.Message));

        Task draining = waypoint.Node.DrainAsync();

        Assert.Equal("GOAWAY", await frames.EndOfAsync(3));
        for (ReadResult read = default; !read.IsCompleted;)
        {
            read = await stream.Input.ReadAsync(Ct);
            stream.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.False(fault.Task.IsCompleted, fault.Task.IsCompleted ? await fault.Task : "");
        await stream.Output.CompleteAsync();
        await draining;
        Assert.False(fault.Task.IsCompleted, fault.Task.IsCompleted ? await fault.Task : "");
    }

    // Draining ends when nothing is open any more: the time is only for a machine that is busy.
    private Task<TestWaypoint> ReplicaAsync(double leaveSeconds = 0.1) =>
        _mesh.WaypointAsync(with: c => c with { LeaveTime = TimeSpan.FromSeconds(leaveSeconds), DrainTime = TimeSpan.FromSeconds(60) });

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, Ct);
        }
    }
}
