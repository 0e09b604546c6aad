using System.Collections.Concurrent;
using System.Threading.Channels;
using Ambient.Kube.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Kube.Tests.Support;

/// <summary>An API server that says what a test tells it to say, on loopback. Answers old-style discovery of a few kinds by itself.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new();
    private readonly Channel<OpenWatch> _watches = Channel.CreateUnbounded<OpenWatch>();

    private ScriptedApi(WebApplication app) => _app = app;

    public ConcurrentQueue<Recorded> Requests { get; } = new();

    public Uri Url { get; private set; } = null!;

    public static async Task<ScriptedApi> StartAsync(Action<ListenOptions>? listen = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, listen ?? (_ => { })));
        WebApplication app = builder.Build();
        var api = new ScriptedApi(app);
        app.Run(api.ServeAsync);
        await app.StartAsync();
        api.Url = new Uri(app.Urls.First());
        api.Json("GET /api", """{"kind":"APIVersions","versions":["v1"]}""");
        api.Json("GET /apis", """{"kind":"APIGroupList","groups":[{"name":"coordination.k8s.io","versions":[{"groupVersion":"coordination.k8s.io/v1","version":"v1"}],"preferredVersion":{"groupVersion":"coordination.k8s.io/v1","version":"v1"}}]}""");
        api.Json("GET /api/v1", """
            {"kind":"APIResourceList","groupVersion":"v1","resources":[
              {"name":"pods","kind":"Pod","namespaced":true,"verbs":["get","list","watch"]},{"name":"pods/status","kind":"Pod","namespaced":true},
              {"name":"namespaces","kind":"Namespace","namespaced":false},{"name":"events","kind":"Event","namespaced":true},
              {"name":"serviceaccounts","kind":"ServiceAccount","namespaced":true},{"name":"configmaps","kind":"ConfigMap","namespaced":true}]}
            """);
        api.Json("GET /apis/coordination.k8s.io/v1", """{"kind":"APIResourceList","groupVersion":"coordination.k8s.io/v1","resources":[{"name":"leases","kind":"Lease","namespaced":true}]}""");
        return api;
    }

    /// <summary>Routes are <c>METHOD /path</c>; watches are <c>WATCH /path</c> and held open for <see cref="NextWatchAsync"/> unless routed.</summary>
    public void On(string route, Func<HttpContext, Task> answer) => _routes[route] = answer;

    public void Json(string route, string body, int status = 200) => On(route, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    });

    public void Off(string route) => _routes.TryRemove(route, out _);

    public async Task<OpenWatch> NextWatchAsync() =>
        await _watches.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    public int Count(string method, string path) => Requests.Count(r => r.Method == method && r.Path == path);

    public KubeClient Client(TimeProvider? time = null, KubeClientOptions? options = null) =>
        new(new KubeConfig { Server = Url }, options, time);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        string path = context.Request.Path.Value ?? "";
        bool watch = context.Request.Query["watch"] == "true";
        string method = watch ? "WATCH" : context.Request.Method;
        Requests.Enqueue(new Recorded(method, path, context.Request.QueryString.Value ?? "", body,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        context.Items["body"] = body;
        if (_routes.TryGetValue($"{method} {path}", out Func<HttpContext, Task>? answer))
        {
            await answer(context);
        }
        else if (watch)
        {
            var open = new OpenWatch(context);
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            _watches.Writer.TryWrite(open);
            await open.Ended;
        }
        else
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("""{"kind":"Status","status":"Failure","reason":"NotFound","message":"nothing here","code":404}""");
        }
    }
}
